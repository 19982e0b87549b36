// Reads and writes rows and settings objects of a sandbox, for fixtures, state and resets.
import type { z } from 'zod';
import type { Provider } from '../provider/provider.ts';
import { type ApiRow, columnsOf, fromCells, type Resource, rowsSql, tableOf, toCells } from '../provider/resource.ts';
import type { Cell, Row } from '../row.ts';
import type { Database } from './database.ts';
import { isDuplicate } from './database-file.ts';
import { clearLinks } from './identity-links.ts';

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
  { replace = false, repeats = false, validated = false, onRows }: Insertion = {},
): void {
  let stored = 0;
  const count = () => {
    if (++stored % PROGRESS_EVERY === 0) onRows?.(stored);
  };
  db.transaction(() => {
    db.execute('pragma defer_foreign_keys = on');
    for (const provider of providers) {
      if (replace) {
        for (const table of tablesOf(provider)) db.run(`delete from "${table}"`);
        clearLinks(db, provider.name);
      }
      for (const resource of provider.resources) {
        insertResource(db, provider, resource, rowsOf(rows, provider, resource), { repeats, validated, count });
      }
    }
    checkReferences(db, providers, rows);
  });
}

function tablesOf({ name, resources }: Provider): Set<string> {
  return new Set(resources.map((resource) => tableOf(name, resource)));
}

function rowsOf(rows: RowsByProvider, provider: Provider, resource: Resource): readonly ApiRow[] {
  return rows[provider.name]?.[resource.name] ?? [];
}

function insertResource(
  db: Database,
  provider: Provider,
  resource: Resource,
  rows: readonly ApiRow[],
  { repeats, validated, count }: { repeats: boolean; validated: boolean; count: () => void },
): void {
  const { within } = resource;
  const names = [...columnsOf(resource).keys(), ...(within === undefined ? [] : [within.column])];
  const sql = `insert into "${tableOf(provider.name, resource)}" (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map(() => '?').join(', ')})`;
  const fixed = within === undefined ? [] : [resource.name];
  const unique = repeats ? [] : (resource.unique ?? []);
  rows.forEach((row, index) => {
    const fail = (field: string, reason: string) => {
      throw new RowError(provider.name, resource.name, index, field, reason);
    };
    const checked = validated ? { success: true as const, data: row } : resource.row.safeParse(row);
    if (!checked.success) {
      const issue = checked.error.issues[0] as z.core.$ZodIssue;
      const [unknownKey] = issue.code === 'unrecognized_keys' ? issue.keys : [];
      fail([...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].join('.'), issue.message);
    }
    for (const field of unique) {
      if (
        db.get(`select 1 from ${rowsSql(provider.name, resource)} where "${field}" = ?`, row[field] as Cell) !==
        undefined
      )
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
    count();
  });
}

/** Throws for the first dangling reference: SQLite's own error at commit does not name the row. */
function checkReferences(db: Database, providers: readonly Provider[], rows: RowsByProvider): void {
  for (const provider of providers) {
    for (const table of tablesOf(provider)) {
      const [broken] = db.pragma<{ rowid: number; fkid: number; parent: string }>(`foreign_key_check("${table}")`);
      if (broken === undefined) continue;
      const key = db
        .pragma<{ id: number; from: string; to: string }>(`foreign_key_list("${table}")`)
        .find((key) => key.id === broken.fkid) as { from: string; to: string };
      const field = key.from;
      const row = db.get(`select * from "${table}" where seq = ?`, broken.rowid) as Row;
      const resource = provider.resources.find(
        (one) =>
          tableOf(provider.name, one) === table && (one.within === undefined || row[one.within.column] === one.name),
      ) as Resource;
      const index = rowsOf(rows, provider, resource).findIndex((given) => given[resource.key] === row[resource.key]);
      const parent = broken.parent.slice(provider.name.length + 1);
      throw new RowError(
        provider.name,
        resource.name,
        index,
        field,
        `no row of ${parent} has ${key.to} ${JSON.stringify(row[field])}`,
      );
    }
  }
}

/** The rows of a resource, oldest first. */
export function readRows(db: Database, provider: Provider, resource: Resource): ApiRow[] {
  return db
    .all(`select * from ${rowsSql(provider.name, resource)} order by seq`)
    .map((row) => fromCells(resource, row));
}

/** The newest `count` rows of a resource, oldest first; after an insertion, the rows it stored. */
export function readNewest(db: Database, provider: Provider, resource: Resource, count: number): ApiRow[] {
  return db
    .all(`select * from ${rowsSql(provider.name, resource)} order by seq desc limit ?`, count)
    .map((row) => fromCells(resource, row))
    .reverse();
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
