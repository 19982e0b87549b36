// Rows a page at a time, for people who look: filtered, by owner, with how many rows each of them owns.
import { pointersOf } from '../provider/ownership.ts';
import type { Provider } from '../provider/provider.ts';
import { type ApiRow, columnsOf, fromCells, type Resource, tableOf } from '../provider/resource.ts';
import type { Cell, Row } from '../row.ts';
import type { Database } from './database.ts';

/** Which rows are wanted. */
export interface RowsWanted {
  /** Only rows where this column has this value. */
  readonly owner?: { readonly column: string; readonly value: string } | undefined;
  /** Only rows with this text in some column; ASCII case does not count. */
  readonly text?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** How many rows of a resource the rows of a page own, by the value that the column points at. */
export interface Owned {
  readonly resource: string;
  readonly column: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Some rows of a resource, oldest first. */
export interface RowsPage {
  readonly rows: ApiRow[];
  readonly owned: Owned[];
  /** How many fit without limit and offset. */
  readonly total: number;
}

/** Reads a page of a resource's rows. */
export function readPage(
  db: Database,
  provider: Provider,
  resource: Resource,
  { owner, text, limit, offset }: RowsWanted,
): RowsPage {
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
  const fitting = `from "${tableOf(provider.name, resource)}"${conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''}`;
  const rows = db
    .once(`select * ${fitting} order by seq limit ? offset ?`, ...values, limit, offset)
    .map((row) => fromCells(resource, row));
  const total = db.once<{ total: number }>(`select count(*) as total ${fitting}`, ...values)[0]?.total as number;
  return { rows, owned: ownedBy(db, provider, resource, rows), total };
}

/** One row, as it is stored. */
export function findRow(db: Database, provider: Provider, resource: Resource, id: string): Row | undefined {
  return db.get(`select * from "${tableOf(provider.name, resource)}" where "${resource.key}" = ?`, id);
}

/** How many rows a resource holds. */
export function countRows(db: Database, provider: Provider, resource: Resource): number {
  return db.get<{ total: number }>(`select count(*) as total from "${tableOf(provider.name, resource)}"`)
    ?.total as number;
}

/** Counted for the whole page at once; foreign keys have an index each. */
function ownedBy(db: Database, provider: Provider, resource: Resource, rows: readonly ApiRow[]): Owned[] {
  return provider.resources.flatMap((child) =>
    pointersOf(db, provider, child)
      .filter(({ owner, tie }) => owner === resource && tie !== 'loose')
      .map(({ column, field }) => {
        const counts = db.once<{ value: string; total: number }>(
          `select "${column}" as value, count(*) as total from "${tableOf(provider.name, child)}"
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
