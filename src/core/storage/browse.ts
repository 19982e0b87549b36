// Pages of a resource's rows for browsing: filtered by text or owner, with counts of the rows that each owns.
import { pointersOf } from '../provider/ownership.ts';
import type { Provider } from '../provider/provider.ts';
import { type ApiRow, columnsOf, fromCells, type Resource, rowsSql } from '../provider/resource.ts';
import type { Cell, Row } from '../row.ts';
import type { Database } from './database.ts';
import { Slices } from './slices.ts';
import { ranges } from './table-rows.ts';

/** Rows that are searched for a text at a time. */
const SEARCHED_ROWS = 2000;

/** Filter and page of rows. */
export interface RowsWanted {
  /** Only rows where this column has this value. */
  readonly owner?: { readonly column: string; readonly value: string } | undefined;
  /** Only rows with this text in any column; ASCII case-insensitive. */
  readonly text?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Counts of the rows of a resource that the rows of a page own, by the value of the referring column. */
export interface Owned {
  readonly resource: string;
  readonly column: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** A page of a resource's rows, oldest first. */
export interface RowsPage {
  readonly rows: ApiRow[];
  readonly owned: Owned[];
  /** The number of matching rows without limit and offset. */
  readonly total: number;
}

/** Reads a page of a resource's rows; other requests are served in between, so the caller must hold the sandbox. */
export async function readPage(
  db: Database,
  provider: Provider,
  resource: Resource,
  { owner, text, limit, offset }: RowsWanted,
): Promise<RowsPage> {
  const conditions: string[] = [];
  const values: Cell[] = [];
  if (owner !== undefined) {
    conditions.push(`"${owner.column}" = ?`);
    values.push(owner.value);
  }
  if (text !== undefined) {
    const columns = [...columnsOf(resource).keys()].map((name) => `"${name}"`);
    conditions.push(`instr(lower(concat_ws(char(10), ${columns.join(', ')})), lower(?))`);
    values.push(text);
  }
  const source = rowsSql(provider.name, resource);
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  if (text !== undefined) {
    const found = await search(db, source, where, values);
    const page = JSON.stringify(found.slice(offset, offset + limit));
    const rows = db
      .once(`select * from ${source} where seq in (select value from json_each(?)) order by seq`, page)
      .map((row) => fromCells(resource, row));
    return { rows, owned: ownedBy(db, provider, resource, rows), total: found.length };
  }
  const rows = db
    .once(`select * from ${source}${where} order by seq limit ? offset ?`, ...values, limit, offset)
    .map((row) => fromCells(resource, row));
  const total = db.once<{ total: number }>(`select count(*) as total from ${source}${where}`, ...values)[0]
    ?.total as number;
  return { rows, owned: ownedBy(db, provider, resource, rows), total };
}

/** The `seq` of all matching rows, in order; no index helps to find a text. */
async function search(db: Database, source: string, where: string, values: readonly Cell[]): Promise<number[]> {
  const slices = new Slices(1);
  const found: number[] = [];
  for (const range of ranges(db, source, SEARCHED_ROWS)) {
    const sql = `select seq from ${source}${where} and seq > ? and seq <= ? order by seq`;
    for (const { seq } of db.once<{ seq: number }>(sql, ...values, ...range)) found.push(seq);
    await slices.afterStep();
  }
  return found;
}

/** A row as it is stored, or undefined. */
export function findRow(db: Database, provider: Provider, resource: Resource, id: string): Row | undefined {
  return db.get(`select * from ${rowsSql(provider.name, resource)} where "${resource.key}" = ?`, id);
}

/** The number of rows of a resource. */
export function countRows(db: Database, provider: Provider, resource: Resource): number {
  return db.get<{ total: number }>(`select count(*) as total from ${rowsSql(provider.name, resource)}`)
    ?.total as number;
}

/** Counts for the whole page with one query per foreign key, each of which has an index. */
function ownedBy(db: Database, provider: Provider, resource: Resource, rows: readonly ApiRow[]): Owned[] {
  return provider.resources.flatMap((child) =>
    pointersOf(db, provider, child)
      .filter(({ owner, tie }) => owner === resource && tie !== 'loose')
      .map(({ column, field }) => {
        const counts = db.once<{ value: string; total: number }>(
          `select "${column}" as value, count(*) as total from ${rowsSql(provider.name, child)}
            where "${column}" in (select value from json_each(?)) group by "${column}"`,
          JSON.stringify(rows.map((row) => row[field])),
        );
        return {
          resource: child.name,
          column,
          counts: Object.fromEntries(counts.map(({ value, total }) => [value, total])),
        };
      }),
  );
}
