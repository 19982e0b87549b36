// Example mode for the example end-user: every operation responds with an object of the contract, and stores nothing.
import { isObject } from './blank-texts.ts';
import type { Json } from './company-file.ts';
import { follow, type Schema } from './contract.ts';
import { listOf } from './list.ts';
import { camelCase, type PublishedOperation } from './operations.ts';
import { fieldOf, isReference } from './read-record.ts';

/** Values of the published examples, which the official suites send and expect (seen in the SDK). */
const LIST_ID = '80000001-1234567890';
const TRANSACTION_ID = '123ABC-1234567890';
const LINE_ID = '456DEF-1234567890';
const TIME = '2025-01-01T12:34:56+00:00';
const VALUES: Readonly<Record<string, unknown>> = {
  createdAt: TIME,
  updatedAt: TIME,
  deletedAt: TIME,
  revisionNumber: '1721172183',
  externalId: '12345678-abcd-1234-abcd-1234567890ab',
  duration: 'PT1H30M',
  deleted: true,
  voided: true,
};

type Members = Readonly<Record<string, Schema>>;

/** What a request brings to an example: the id in its path, the type of a report, and a body whose values are echoed. */
interface Asked {
  readonly id: string | undefined;
  readonly query: Json | undefined;
  readonly body: Json | undefined;
}

/** The response of an operation as an example, made from its schema; the same for the same request. */
export function exampleResponse(
  { verb, resource }: PublishedOperation,
  shape: Schema,
  { id, query, body }: Asked,
): Json {
  if (verb === 'report') return emptyReport(resource, shape, query as Json);
  const own = id ?? (verb === 'create' ? idOf(shape) : undefined);
  if (verb !== 'list') return echoed(example(shape, '', own ?? LIST_ID) as Json, shape, body);
  const item = shape.properties?.data?.items as Schema;
  const { nextCursor } = shape.properties as Members;
  const page = nextCursor === undefined ? null : { nextCursor: null, remainingCount: 0 };
  return listOf(resource, [example(item, '', idOf(item)) as Json], page);
}

/** A report without rows: numbers would be invented. */
function emptyReport(resource: string, shape: Schema, { reportType }: Json): Json {
  const category = resource.slice('reports/'.length).replace('-', '_');
  const empty = { rowCount: 0, columnCount: 0, columnTitleRowCount: 0, columns: [], rows: [] };
  return { ...(example(shape, '', LIST_ID) as Json), category, reportType, ...empty };
}

/** Transactions have other ids than list objects. */
function idOf(shape: Schema): string {
  return (follow(shape).properties as Members).transactionDate === undefined ? LIST_ID : TRANSACTION_ID;
}

/** An example with the values of a request that the response shows, those of its references, objects and lines too. */
function echoed(made: Json, shape: Schema, body: Json | undefined): Json {
  const properties = follow(shape).properties as Members;
  const shown = Object.entries(body ?? {}).flatMap(([key, value]): [string, unknown][] => {
    const [field, schema] = fieldOf(properties, key);
    if (field === null || field === 'revisionNumber') return [];
    return [[field, echo(schema, field, value, made.id as string)]];
  });
  return { ...made, ...Object.fromEntries(shown) };
}

function echo(schema: Schema, field: string, value: unknown, id: string): unknown {
  if (isReference(schema)) return { ...(example(schema, field, id) as Json), id: value };
  const { items, properties } = follow(schema);
  if (Array.isArray(value)) return value.map((one) => echo(items as Schema, field, one, id));
  if (!isObject(value)) return value;
  // A barcode is sent as an object, and shown as its text.
  if (properties === undefined) return value.value;
  const made = example(schema, field, id) as Json;
  return echoed(made, schema, value.id === '-1' ? { ...value, id: made.id } : value);
}

function example(given: Schema, field: string, id: string): unknown {
  const schema = follow(given);
  const { type, properties, items } = schema;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (isReference(given)) return { id: LIST_ID, fullName: 'ABC Corporation' };
  if (properties !== undefined) {
    const inner = field === '' ? id : LINE_ID;
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, example(one, name, inner)]));
  }
  if (type === 'array') return [example(items as Schema, field, id)];
  if (field === 'id') return type === 'number' ? 1 : id;
  if (field in VALUES) return VALUES[field];
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return 1;
  return exampleText(schema, field);
}

function exampleText({ format }: Schema, field: string): string {
  if (format === 'date') return '2025-01-01';
  if (/Id$/.test(field)) return TRANSACTION_ID;
  if (/amount|balance|total|price|cost|rate|credit/i.test(field)) return '1000.00';
  return camelCase(field);
}
