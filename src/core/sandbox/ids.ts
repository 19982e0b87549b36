// Ids: random by default, repeatable when the sandbox has a seed.
import { createHash } from 'node:crypto';
import { draw, pooledBytes } from '../random-ids.ts';
import type { Database } from '../storage/database.ts';

/** Every column that alone is a key. */
const UNIQUE = `select t.name as "table", min(c.name) as "column"
  from sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
  where t.type = 'table' and i."unique" and not i.partial
  group by t.name, i.name having count(*) = 1 and "column" is not null`;

/** Makes the ids of one sandbox. */
export class Ids {
  readonly #db: Database;
  readonly #seed: string | null;
  #taken: string | null = null;

  constructor(db: Database, seed: string | null) {
    this.#db = db;
    this.#seed = seed;
  }

  /**
   * A new id: `prefix` and `length` characters of `alphabet`. With a seed it depends on the seed and on how
   * many ids the sandbox has given; the count is a row of the database, so a rolled back call gives its
   * number back. Ids that rows have already are passed over: the count may have been put back without the rows, or
   * rows brought in that another sandbox of that seed made.
   */
  next(prefix: string, length: number, alphabet: string): string {
    if (this.#seed === null) return prefix + draw(length, alphabet, pooledBytes);
    for (;;) {
      const id = prefix + draw(length, alphabet, this.#sequence(this.#seed));
      if (!this.#isTaken(id)) return id;
    }
  }

  /** Whether a column whose values are unique holds that one. */
  #isTaken(id: string): boolean {
    this.#taken ??= `with made(id) as (select ?) ${this.#db
      .all<{ table: string; column: string }>(UNIQUE)
      .map(({ table, column }) => `select 1 from made join "${table}" as one on one."${column}" = made.id`)
      .join(' union all ')}`;
    return this.#db.get(this.#taken, id) !== undefined;
  }

  #sequence(seed: string): (size: number) => Uint8Array {
    const row = this.#db.get<{ value: number }>(
      "update meta set value = value + 1 where key = 'id_counter' returning value",
    );
    let block = 0;
    return () => createHash('sha512').update(`${seed}:${row?.value}:${block++}`).digest();
  }
}
