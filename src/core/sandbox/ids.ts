// Object ids: random by default, deterministic when the sandbox has a seed.
import { createHash } from 'node:crypto';
import { type ByteSource, draw, pooledBytes } from '../random-ids.ts';
import type { Database } from '../storage/database.ts';

/** Selects every column with a single-column unique index. */
const UNIQUE = `select t.name as "table", min(c.name) as "column"
  from sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
  where t.type = 'table' and i."unique" and not i.partial
  group by t.name, i.name having count(*) = 1 and "column" is not null`;

/** The counter of ids that depend on their order; every sandbox has it. */
const COUNTER = 'id_counter';
const COUNT = `insert into meta (key, value) values (?, 1)
  on conflict (key) do update set value = value + 1 returning value`;

/** Generates the ids of one sandbox. */
export class Ids {
  readonly #db: Database;
  readonly #seed: string | null;
  /** The request that ids are drawn for; null when they depend on the order in which they are drawn. */
  #request: string | null = null;
  #taken: string | null = null;

  constructor(db: Database, seed: string | null) {
    this.#db = db;
    this.#seed = seed;
  }

  /**
   * A new id: `prefix` followed by `length` characters of `alphabet`. With a seed, the id depends on the seed and on
   * the number of ids generated before; that counter is stored in the database, so a rollback restores it. Ids in use
   * are skipped: the counter may have been reset without the rows, or rows imported from a sandbox with the same seed.
   * After `drawFor`, the number is that of the ids generated for such requests, so that the order of others does not
   * matter.
   */
  next(prefix: string, length: number, alphabet: string): string {
    if (this.#seed === null) return prefix + draw(length, alphabet, pooledBytes);
    for (;;) {
      const id = prefix + draw(length, alphabet, this.#sequence(this.#request));
      if (!this.#isTaken(id)) return id;
    }
  }

  /** Draws ids for a request from here on: `digest` is what identifies it; see `requestDigest`. */
  drawFor(digest: string): void {
    this.#request = digest;
  }

  /** Bytes for the ids of a request itself: they depend on the seed, its digest, and how many such requests came before. */
  bytesOfRequest(digest: string): ByteSource {
    return this.#counted(`request:${digest}`);
  }

  /** Whether any unique column contains the id. */
  #isTaken(id: string): boolean {
    this.#taken ??= `with made(id) as (select ?) ${this.#db
      .all<{ table: string; column: string }>(UNIQUE)
      .map(({ table, column }) => `select 1 from made join "${table}" as one on one."${column}" = made.id`)
      .join(' union all ')}`;
    return this.#db.get(this.#taken, id) !== undefined;
  }

  #sequence(request: string | null): ByteSource {
    return this.#counted(request === null ? COUNTER : `id_for:${request}`);
  }

  #counted(key: string): ByteSource {
    const row = this.#db.get<{ value: number }>(COUNT, key);
    const name = key === COUNTER ? '' : `${key}:`;
    let block = 0;
    return () => createHash('sha512').update(`${this.#seed}:${name}${row?.value}:${block++}`).digest();
  }
}
