// A resource: a table of a provider, the schema of its rows, and the conversion between stored and API rows.
import { z } from 'zod';
import type { Cell, Row } from '../row.ts';

/** A kind of object of a provider. Its name is used for table, fixture file, state and receipts. */
export interface Resource {
  readonly name: string;
  /** The column by which the API identifies it. */
  readonly key: string;
  /** A row as in fixtures and state: flat, with the API's field names, hidden columns included. */
  readonly row: z.ZodObject;
  /** Columns that the handlers keep unique without a unique index. */
  readonly unique?: readonly string[];
  /**
   * Fields that identify a person: a row belongs to the person named by one of them, and the values of one row are
   * linked. A field is a column, or a JSON column and a path: `body.email.address`.
   */
  readonly identity?: readonly string[];
  /** Fields that contain a person's name, in one or several parts: `[['first_name', 'last_name']]`. */
  readonly names?: readonly (readonly string[])[];
  /** Columns that contain the key of another resource of this provider without a foreign key, by resource name. */
  readonly refersTo?: Readonly<Record<string, string>>;
  /**
   * Template of the path, below the provider's base, whose DELETE removes the row itself or its nearest owner;
   * `{column}` is replaced by the row's value.
   */
  readonly removal: string;
  /** The table of its rows, and the column with the name of each row's resource, if it shares a table with others. */
  readonly within?: { readonly table: string; readonly column: string };
  /** Its rows are records about others that their owner keeps, such as an invoice in the books of a company. */
  readonly kept?: KeptRecords;
  /** What is wrong with a row that fits `row`; for schemas that take long to read, and are not needed at the start. */
  check?(row: Row): RowFault | null;
}

/** What is wrong with a row, and where in it. */
export interface RowFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What erasure checks have to know of records about persons who are not their owner. */
export interface KeptRecords {
  /** Fields with the key of the person a record is about, and the resources it may be in. Without any it is nobody's. */
  readonly about: readonly { readonly field: string; readonly resources: readonly string[] }[];
  /** Fields that repeat what other fields say and that no response shows. */
  readonly hidden: readonly string[];
  /** The header, besides credentials, that a DELETE needs, and the column with its value. */
  readonly header: { readonly name: string; readonly column: string };
  /** What can be done with a row besides a DELETE: clauses, each with a request. */
  instead(row: Row): readonly string[];
  /** What stays elsewhere whatever is deleted, as a sentence. */
  readonly outOfReach: string;
}

/** A value as SQLite stores it: a boolean as 0 or 1, an object or a list as JSON text, none as null. */
type Stored<Value> = Value extends boolean
  ? 0 | 1
  : Value extends Cell
    ? Value
    : Value extends undefined
      ? null
      : string;

/** The columns of a resource as SQLite stores them. */
type StoredColumns<Columns> = { [Name in keyof Columns]-?: Stored<Columns[Name]> };

/** A stored row of the resource of that name. */
export type StoredRow<Resources extends readonly Resource[], Name extends Resources[number]['name']> = StoredColumns<
  z.output<Extract<Resources[number], { readonly name: Name }>['row']>
>;

/** The path of the DELETE that removes a row or its nearest owner; `base` is the prefix of the provider's API. */
export function removalPath(removal: string, base: string, row: Row): string {
  return base + removal.replace(/\{(\w+)\}/g, (_, column: string) => encodeURIComponent(String(row[column])));
}

/** The name of the table that holds a resource's rows. */
export function tableOf(provider: string, { name, within }: Pick<Resource, 'name' | 'within'>): string {
  return `${provider}_${within?.table ?? name}`;
}

/** What to select a resource's rows from, as SQL: its table, or its rows of a shared one. */
export function rowsSql(provider: string, resource: Pick<Resource, 'name' | 'within'>): string {
  const table = `"${tableOf(provider, resource)}"`;
  return resource.within === undefined ? table : `(select * from ${table} where ${ofResource(resource, '')})`;
}

/** A condition that holds for the rows of a resource in its table; `row` is a prefix such as `new.`. */
export function ofResource({ name, within }: Pick<Resource, 'name' | 'within'>, row: string): string {
  return within === undefined ? 'true' : `${row}"${within.column}" = '${name}'`;
}

/** A row with the API's field names and JSON values. */
export type ApiRow = Record<string, unknown>;

type Kind = 'plain' | 'boolean' | 'json';

const kinds = new WeakMap<z.ZodObject, Map<string, Kind>>();

/** The columns of a resource and their storage kind: SQLite has neither booleans nor objects. */
export function columnsOf(resource: Resource): Map<string, Kind> {
  let columns = kinds.get(resource.row);
  if (columns === undefined) {
    columns = new Map();
    for (const [name, type] of Object.entries(resource.row.shape)) columns.set(name, kindOf(type as z.ZodType));
    kinds.set(resource.row, columns);
  }
  return columns;
}

function kindOf(type: z.ZodType): Kind {
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault) {
    return kindOf(type.unwrap() as z.ZodType);
  }
  if (type instanceof z.ZodBoolean) return 'boolean';
  if (type instanceof z.ZodObject || type instanceof z.ZodArray || type instanceof z.ZodRecord) return 'json';
  return 'plain';
}

/** Whether a JSON column accepts members of any name and type: a number in it can be an id. */
export function isFreeForm(resource: Resource, column: string): boolean {
  let type = resource.row.shape[column] as z.ZodType;
  while (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault)
    type = type.unwrap() as z.ZodType;
  return type instanceof z.ZodRecord;
}

/** Whether a place in a row repeats what another field says. */
export function isHidden({ kept }: Resource, place: string): boolean {
  return kept?.hidden.some((field) => place.startsWith(`${field}[`)) === true;
}

/** The value of a field (a column, or a JSON column and a path) of a stored or API row; null if there is none. */
export function fieldValue(row: Row | ApiRow, field: string): string | null {
  const [column, ...path] = field.split('.') as [string, ...string[]];
  let value: unknown = row[column] ?? null;
  if (path.length > 0 && typeof value === 'string') value = JSON.parse(value);
  for (const name of path) value = typeof value === 'object' && value !== null ? Object(value)[name] : null;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** The values of a row as SQLite stores them, in the order of its columns. */
export function toCells(resource: Resource, row: ApiRow): Cell[] {
  return [...columnsOf(resource)].map(([name, kind]) => {
    const value = row[name];
    if (value === undefined || value === null) return null;
    if (kind === 'boolean') return value ? 1 : 0;
    return kind === 'json' ? JSON.stringify(value) : (value as Cell);
  });
}

/**
 * Converts a stored row to an API row. Empty columns become null if the schema allows it, and are omitted otherwise.
 */
export function fromCells(resource: Resource, stored: Row): ApiRow {
  const row: ApiRow = {};
  for (const [name, kind] of columnsOf(resource)) {
    const value = stored[name] ?? null;
    if (value === null) {
      if ((resource.row.shape[name] as z.ZodType).safeParse(null).success) row[name] = null;
    } else if (kind === 'boolean') row[name] = value === 1;
    else row[name] = kind === 'json' ? JSON.parse(value as string) : value;
  }
  return row;
}
