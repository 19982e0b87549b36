// The cascade of a deletion in steps: what SQLite would delete in the statement that deletes the owner.
import type { Cell } from '../row.ts';
import type { Database } from '../storage/database.ts';
import { ranges } from '../storage/table-rows.ts';

/** Rows that are changed at a time. */
const ROWS = 200;

interface ForeignKey {
  /** The referring table and column. */
  readonly table: string;
  readonly from: string;
  /** The table and the column it refers to. */
  readonly parent: string;
  readonly to: string;
  readonly action: string;
}

interface GoneValue {
  readonly seq: number;
  readonly source: string;
  readonly value: Cell;
}

/** Foreign keys of several columns do not occur. */
const FOREIGN_KEYS = `select child.name as "table", "from", fk."table" as parent, "to", on_delete as action
  from sqlite_schema as child, pragma_foreign_key_list(child.name) as fk where child.type = 'table'`;

/**
 * Deletes in steps what the deletions of a private copy take along. SQLite's own cascade runs within one statement, so
 * it is switched off: `begin` first, then delete the owners, run `steps`, and `end`. Rows are deleted in the order
 * of SQLite's cascade, owner by owner, so that the ledger lists them in the same order.
 */
export class Cascade {
  readonly #db: Database;
  /** The foreign keys by what they refer to: a table and a column, separated by a dot. */
  readonly #keys = new Map<string, ForeignKey[]>();

  private constructor(db: Database) {
    this.#db = db;
    for (const key of db.all<ForeignKey>(FOREIGN_KEYS)) {
      const source = `${key.parent}.${key.to}`;
      this.#keys.set(source, [...(this.#keys.get(source) ?? []), key]);
    }
  }

  /** Switches SQLite's cascade off; from here on, `db` notes the deleted values that foreign keys refer to. */
  static begin(db: Database): Cascade {
    // On disk, the notes would be copies of deleted ids.
    db.execute(`pragma temp_store = memory; pragma foreign_keys = off;
      create temp table gone (seq integer primary key, source text not null, value)`);
    const cascade = new Cascade(db);
    for (const [source, [key]] of cascade.#keys) {
      const { parent, to } = key as ForeignKey;
      db.execute(`create temp trigger "gone ${source}" after delete on main."${parent}" begin
        insert into gone (source, value) values ('${source}', old."${to}"); end`);
    }
    return cascade;
  }

  /**
   * Deletes or detaches the rows that refer to deleted ones, and those that refer to these. Each step takes less
   * than a few milliseconds.
   *
   * @throws Error when a row without a cascade still refers to a deleted one; SQLite refuses such a deletion
   */
  *steps(): Generator<void> {
    for (const page of this.#gone()) {
      for (const { source, value } of page) {
        for (const key of this.#keys.get(source) as ForeignKey[]) {
          if (key.action !== 'NO ACTION') yield* this.#follow(key, value);
        }
      }
      yield;
    }
    for (const [source, keys] of this.#keys) {
      for (const key of keys) if (key.action === 'NO ACTION') yield* this.#assertNoneLeft(source, key);
    }
  }

  /** Switches SQLite's cascade on again; call it outside a transaction, where SQLite heeds the setting. */
  end(): void {
    for (const source of this.#keys.keys()) this.#db.execute(`drop trigger temp."gone ${source}"`);
    this.#db.execute('drop table temp.gone; pragma foreign_keys = on');
  }

  /** The deleted values in lists, those that the steps add meanwhile included. */
  *#gone(): Generator<readonly GoneValue[]> {
    const sql = `select seq, source, value from gone where seq > ? order by seq limit ${ROWS}`;
    for (let after = 0, page = this.#db.all<GoneValue>(sql, after); page.length > 0; ) {
      yield page;
      after = (page.at(-1) as GoneValue).seq;
      page = this.#db.all<GoneValue>(sql, after);
    }
  }

  /** Deletes or detaches the rows that refer to a deleted value, oldest first. */
  *#follow({ table, from, action }: ForeignKey, value: Cell): Generator<void> {
    const change = action === 'CASCADE' ? `delete from "${table}"` : `update "${table}" set "${from}" = null`;
    const found = `select count(*) as rows from (select 1 from "${table}" where "${from}" = ? limit ${ROWS + 1})`;
    const { rows } = this.#db.get(found, value) as { rows: number };
    if (rows > ROWS) {
      // By the index, the rows would not come in the order in which they are deleted.
      for (const range of ranges(this.#db, table, ROWS)) {
        this.#db.run(`${change} where seq > ? and seq <= ? and +"${from}" = ?`, ...range, value);
        yield;
      }
    } else if (rows > 0) this.#db.run(`${change} where "${from}" = ?`, value);
    yield;
  }

  *#assertNoneLeft(source: string, { table, from, parent }: ForeignKey): Generator<void> {
    const sql = `select 1 from gone join "${table}" as child on child."${from}" = gone.value
      where gone.seq > ? and gone.seq <= ? and gone.source = ? limit 1`;
    for (const range of ranges(this.#db, 'gone', ROWS)) {
      if (this.#db.get(sql, ...range, source) !== undefined)
        throw new Error(`a row of ${table} refers to a deleted row of ${parent}`);
      yield;
    }
  }
}
