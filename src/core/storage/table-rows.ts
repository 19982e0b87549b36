// Reads, checks and empties a large table a few rows at a time, so that the work on it can be cut into slices.
import type { Row } from '../row.ts';
import type { Database } from './database.ts';

/** Rows that are read or deleted at a time. */
const ROWS = 200;
/** Rows whose references are checked at a time. */
const CHECKED_ROWS = 2000;
/** Below every `seq`. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/** The rows of a source (SQL) with a `seq` above `after`, oldest first, read a few at a time. */
export function* rowsInOrder(db: Database, source: string, after = BEFORE_ALL): Generator<Row> {
  const sql = `select * from ${source} where seq > ? order by seq limit ${ROWS}`;
  for (let rows = db.all(sql, after); rows.length > 0; ) {
    yield* rows;
    rows = db.all(sql, rows.at(-1)?.seq as number);
  }
}

/** The highest `seq` of a table; below the first one when it is empty. */
export function lastRow(db: Database, table: string): number {
  return (db.get(`select max(seq) as last from "${table}"`) as { last: number | null }).last ?? BEFORE_ALL;
}

/** The rows of a source (SQL) in ranges: each covers up to `size` rows, with a `seq` above `after` and up to `last`. */
export function* ranges(
  db: Database,
  source: string,
  size: number,
  from = BEFORE_ALL,
): Generator<readonly [after: number, last: number]> {
  const sql = `select max(seq) as last from (select seq from ${source} where seq > ? order by seq limit ${size})`;
  const lastAfter = (after: number) => (db.get(sql, after) as { last: number | null }).last;
  for (let after = from, last = lastAfter(after); last !== null; last = lastAfter(after)) {
    yield [after, last];
    after = last;
  }
}

/** Deletes all rows of a table, or those that `where` selects, a few in each step. */
export function* deleteAll(db: Database, table: string, where = 'true'): Generator<void> {
  const sql = `delete from "${table}" where seq > ? and seq <= ? and ${where}`;
  for (const range of ranges(db, `"${table}"`, ROWS)) {
    db.run(sql, ...range);
    yield;
  }
}

/** A row whose foreign key has no target. */
export interface DanglingReference {
  readonly row: Row;
  /** The column, and the column and the table it refers to. */
  readonly from: string;
  readonly to: string;
  readonly parent: string;
}

/** The rows with a `seq` above `after` with a foreign key that has no target; null after each step that found none. */
export function* danglingReferences(db: Database, table: string, after: number): Generator<DanglingReference | null> {
  const keys = db.pragma<{ from: string; to: string; table: string }>(`foreign_key_list("${table}")`);
  for (const { from, to, table: parent } of keys) {
    const sql = `select * from "${table}" as child where seq > ? and seq <= ? and "${from}" is not null
      and not exists (select 1 from "${parent}" as target where target."${to}" = child."${from}") order by seq limit 1`;
    for (const range of ranges(db, `"${table}"`, CHECKED_ROWS, after)) {
      const row = db.get(sql, ...range);
      yield row === undefined ? null : { row, from, to, parent };
    }
  }
}
