// Examples for the served document: the bodies of the table, with ids of the built-in fixtures.
import { readFileSync } from 'node:fs';
import { FIXTURES } from '../../../places.ts';
import type { Json } from './company-file.ts';
import { camelCase, PUBLISHED_OPERATIONS } from './operations.ts';
import type { ResourceEntry } from './resource-entry.ts';

/** The end-user of the fixtures whose company file has an object of every resource. */
export const EXAMPLE_END_USER = 'end_usr_millrace000002';

/** Finds the id that a placeholder of an example stands for. */
export type FindId = (path: string, name: string | undefined) => string;

/** An example with its placeholders replaced: `@path` by the id of an object, `@path:name` by that of a named one. */
export function resolved<T>(example: T, find: FindId): T {
  if (typeof example === 'string') {
    const [, path, name] = /^@([a-z-]+)(?::(.+))?$/.exec(example) ?? [];
    return (path === undefined ? example : find(path, name)) as T;
  }
  if (Array.isArray(example)) return example.map((one) => resolved(one, find)) as T;
  if (typeof example !== 'object' || example === null) return example;
  return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, resolved(value, find)])) as T;
}

/** A body that creates another object beside that of the example, with a name of its own. */
export function another(create: Json, mark: string): Json {
  const field = ['name', 'initial', 'firstName'].find((one) => create[one] !== undefined);
  return field === undefined ? create : { ...create, [field]: `${String(create[field])}${mark}` };
}

/** Bodies and parameters of the QuickBooks operations, by operation. */
export interface OperationExamples {
  readonly operations: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bodies: Readonly<Record<string, Json>>;
}

interface FixtureRow {
  readonly id: string;
  readonly endUserId: string;
  readonly revisionNumber: string;
  readonly body: Json;
}

/** The examples of all operations of the table; reads the fixtures, so it is called when a document is served. */
export function operationExamples(table: readonly ResourceEntry[]): OperationExamples {
  const files = new Map<string, FixtureRow[]>();
  const rowsOf = (path: string): FixtureRow[] => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const file = new URL(`${FIXTURES.href}/conductor/${camelCase(path)}.json`);
    const rows = (JSON.parse(readFileSync(file, 'utf8')) as FixtureRow[]).filter(
      ({ endUserId }) => endUserId === EXAMPLE_END_USER,
    );
    files.set(path, rows);
    return rows;
  };
  const find: FindId = (path, name) =>
    (rowsOf(path).find(({ body }) => name === undefined || body.name === name) as FixtureRow).id;
  const operations: Record<string, Record<string, string>> = {};
  const bodies: Record<string, Json> = {};
  for (const { name, resource, verb, path } of PUBLISHED_OPERATIONS) {
    const entry = table.find((one) => one.path === resource);
    if (entry === undefined) continue;
    const {
      create = {},
      update = { ...(entry.kind === 'list' ? { isActive: true } : { memo: 'Checked' }) },
      query = {},
    } = entry.example ?? {};
    const row = path.includes('{id}') ? rowsOf(resource).at(-1) : undefined;
    operations[name] = {
      'Conductor-End-User-Id': EXAMPLE_END_USER,
      ...(row === undefined ? {} : { id: row.id }),
      ...query,
    };
    if (verb === 'create') bodies[name] = resolved(another(create, '2'), find);
    if (verb === 'update') bodies[name] = { revisionNumber: row?.revisionNumber, ...resolved(update, find) };
  }
  return { operations, bodies };
}
