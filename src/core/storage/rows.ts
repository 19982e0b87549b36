// Reads and writes rows and settings objects of a sandbox, for fixtures, state and resets.
import type { z } from 'zod';
import type { Provider } from '../provider/provider.ts';
import { type ApiRow, columnsOf, fromCells, type Resource, rowsSql, tableOf, toCells } from '../provider/resource.ts';
import type { Cell, Row } from '../row.ts';
import type { Database } from './database.ts';
import { isDuplicate } from './database-file.ts';
import { clearLinks } from './identity-links.ts';
import { Slices } from './slices.ts';
import { danglingReferences, deleteAll, lastRow } from './table-rows.ts';

/** API rows by provider and resource. */
export type RowsByProvider = Record<string, Record<string, ApiRow[]>>;

/** A row that cannot be stored; the message is the reason. */
export class RowError extends Error {
  readonly provider: string;
  readonly resource: string;
  /** From 0; -1 when the error is not in one of the given rows. */
  readonly index: number;
  readonly field: string;

  constructor(provider: string, resource: string, index: number, field: string, reason: string) {
    super(reason);
    this.provider = provider;
    this.resource = resource;
    this.index = index;
    this.field = field;
  }
}

/** Options of `insertRows`. */
export interface Insertion {
  /** Delete the providers' existing rows and identity links first. */
  readonly replace?: boolean;
  /** Allow duplicates in columns that only the provider's handlers keep unique. */
  readonly repeats?: boolean;
  /** The rows have been validated already. */
  readonly validated?: boolean;
  /** They are known to pass the checks of their resources, which take long to read. */
  readonly known?: boolean;
  /** Called every `PROGRESS_EVERY` rows with the number stored so far. */
  readonly onRows?: (stored: number) => void;
}

/** Rows between calls of `onRows`. */
const PROGRESS_EVERY = 1000;

/**
 * Stores rows in one transaction; they may refer to each other in any order, and to existing rows.
 *
 * @throws RowError for the first invalid row; nothing is stored then
 */
export function insertRows(
  db: Database,
  providers: readonly Provider[],
  rows: RowsByProvider,
  options: Insertion = {},
): void {
  db.transaction(() => {
    db.execute('pragma defer_foreign_keys = on');
    // Runs all steps at once.
    for (const _ of insertionSteps(db, providers, rows, options));
  });
}

/**
 * The same in slices, for many rows in a database that nobody else uses; other requests are served in between.
 *
 * @throws RowError for the first invalid row; some rows may be stored then
 */
export async function insertRowsInSlices(
  db: Database,
  providers: readonly Provider[],
  rows: RowsByProvider,
  options: Insertion = {},
): Promise<void> {
  const slices = new Slices(16);
  // References are checked at the end, so SQLite's own check would only take time.
  db.execute('pragma foreign_keys = off; begin');
  for (const _ of insertionSteps(db, providers, rows, options)) if (slices.over()) await slices.next();
  db.execute('commit; pragma foreign_keys = on');
}

/** Stores rows step by step; each step takes less than a few milliseconds. */
function* insertionSteps(
  db: Database,
  providers: readonly Provider[],
  rows: RowsByProvider,
  { replace = false, repeats = false, validated = false, known = validated, onRows }: Insertion,
): Generator<void> {
  let stored = 0;
  const before = new Map<string, number>();
  for (const provider of providers) {
    if (replace) {
      for (const table of tablesOf(provider)) yield* deleteAll(db, table);
      yield* clearLinks(db, provider.name);
    }
    for (const table of tablesOf(provider)) before.set(table, lastRow(db, table));
    for (const resource of provider.resources) {
      for (const _ of insertResource(db, provider, resource, rowsOf(rows, provider, resource), {
        repeats,
        validated,
        known,
      })) {
        if (++stored % PROGRESS_EVERY === 0) onRows?.(stored);
        yield;
      }
    }
  }
  yield* checkReferences(db, providers, rows, before);
}

function tablesOf({ name, resources }: Provider): Set<string> {
  return new Set(resources.map((resource) => tableOf(name, resource)));
}

function rowsOf(rows: RowsByProvider, provider: Provider, resource: Resource): readonly ApiRow[] {
  return rows[provider.name]?.[resource.name] ?? [];
}

function* insertResource(
  db: Database,
  provider: Provider,
  resource: Resource,
  rows: readonly ApiRow[],
  { repeats, validated, known }: { repeats: boolean; validated: boolean; known: boolean },
): Generator<void> {
  const { within } = resource;
  const names = [...columnsOf(resource).keys(), ...(within === undefined ? [] : [within.column])];
  const fixed = within === undefined ? [] : [resource.name];
  const sql = `insert into "${tableOf(provider.name, resource)}" (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map(() => '?').join(', ')})`;
  const unique = repeats ? [] : (resource.unique ?? []);
  for (const [index, row] of rows.entries()) {
    const fail = (field: string, reason: string) => {
      throw new RowError(provider.name, resource.name, index, field, reason);
    };
    const checked = validated ? { success: true as const, data: row } : resource.row.safeParse(row);
    if (!checked.success) {
      const issue = checked.error.issues[0] as z.core.$ZodIssue;
      const [unknownKey] = issue.code === 'unrecognized_keys' ? issue.keys : [];
      fail([...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].join('.'), issue.message);
    }
    const fault = known ? undefined : resource.check?.(row as Row);
    if (fault) fail(fault.path.join('.'), fault.message);
    for (const field of unique) {
      const sql = `select 1 from ${rowsSql(provider.name, resource)} where "${field}" = ?`;
      if (db.get(sql, row[field] as Cell) !== undefined)
        fail(field, `${JSON.stringify(row[field])} is used by an earlier row`);
    }
    try {
      db.run(sql, ...toCells(resource, checked.data as ApiRow), ...fixed);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // `UNIQUE constraint failed: table.a, table.b`
      const field = (error as Error).message.split('.').at(-1) as string;
      fail(field, `${JSON.stringify(row[field])} is used by an earlier row`);
    }
    yield;
  }
}

/** Throws for the first new row with a dangling reference: SQLite's own error at commit does not name the row. */
function* checkReferences(
  db: Database,
  providers: readonly Provider[],
  rows: RowsByProvider,
  before: ReadonlyMap<string, number>,
): Generator<void> {
  for (const provider of providers) {
    for (const table of tablesOf(provider)) {
      for (const found of danglingReferences(db, table, before.get(table) as number)) {
        if (found === null) {
          yield;
          continue;
        }
        const { row, from, to, parent } = found;
        const resource = provider.resources.find((one) => isOf(one, row, provider.name, table)) as Resource;
        throw new RowError(
          provider.name,
          resource.name,
          rowsOf(rows, provider, resource).findIndex((given) => given[resource.key] === row[resource.key]),
          from,
          `no row of ${parent.slice(provider.name.length + 1)} has ${to} ${JSON.stringify(row[from])}`,
        );
      }
    }
  }
}

/** Whether a row of a table is of a resource. */
function isOf(resource: Resource, row: Row, provider: string, table: string): boolean {
  const { within } = resource;
  return tableOf(provider, resource) === table && (within === undefined || row[within.column] === resource.name);
}

/** The rows of a resource, oldest first. */
export function readRows(db: Database, provider: Provider, resource: Resource): ApiRow[] {
  return db
    .all(`select * from ${rowsSql(provider.name, resource)} order by seq`)
    .map((row) => fromCells(resource, row));
}

/** A provider's settings objects (keys, replies …) by name. */
export function readDocuments(db: Database, provider: Provider): Record<string, unknown> {
  const stored = db.all<{ name: string; json: string }>(
    'select name, json from documents where provider = ?',
    provider.name,
  );
  return Object.fromEntries(stored.map(({ name, json }) => [name, JSON.parse(json)]));
}

/** Stores a settings object. */
export function writeDocument(db: Database, provider: string, name: string, value: unknown): void {
  const values: Cell[] = [provider, name, JSON.stringify(value)];
  db.run(
    'insert into documents (provider, name, json) values (?, ?, ?) on conflict do update set json = excluded.json',
    ...values,
  );
}
