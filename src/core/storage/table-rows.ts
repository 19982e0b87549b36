// Reads a large table a few rows at a time, so that the work on them can be cut into slices.
import type { Row } from '../row.ts';
import type { Database } from './database.ts';

/** Rows that are read at a time. */
const ROWS = 200;

/** The rows of a table or of another source (SQL), oldest first, read a few at a time. */
export function* rowsInOrder(db: Database, source: string): Generator<Row> {
  const sql = `select * from ${source} where seq > ? order by seq limit ${ROWS}`;
  for (let rows = db.all(sql, Number.MIN_SAFE_INTEGER); rows.length > 0; ) {
    yield* rows;
    rows = db.all(sql, rows.at(-1)?.seq as number);
  }
}
