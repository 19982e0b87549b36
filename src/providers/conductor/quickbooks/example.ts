// Example mode for the example end-user: every operation responds with an object of the contract, and stores nothing.
import type { Json } from './company-file.ts';
import { follow, type Schema } from './contract.ts';
import { listOf } from './list.ts';
import { camelCase, type PublishedOperation } from './operations.ts';
import { isReference } from './read-record.ts';

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

/** What a request brings to an example: the id in its path, and a body whose values are echoed. */
interface Asked {
  readonly id: string | undefined;
  readonly body: Json | undefined;
}

/** The response of an operation as an example, made from its schema; the same for the same request. */
export function exampleResponse({ verb, resource }: PublishedOperation, shape: Schema, { id, body }: Asked): Json {
  const own = id ?? (verb === 'create' ? idOf(shape) : undefined);
  if (verb !== 'list') return echoed(example(shape, '', own ?? LIST_ID) as Json, shape, body);
  const item = shape.properties?.data?.items as Schema;
  const { nextCursor } = shape.properties as Members;
  const page = nextCursor === undefined ? null : { nextCursor: null, remainingCount: 0 };
  return listOf(resource, [example(item, '', idOf(item)) as Json], page);
}

/** Transactions have other ids than list objects. */
function idOf(shape: Schema): string {
  return (follow(shape).properties as Members).transactionDate === undefined ? LIST_ID : TRANSACTION_ID;
}

/** The values of a request that the response shows under the same name. */
function echoed(made: Json, shape: Schema, body: Json | undefined): Json {
  const properties = follow(shape).properties as Members;
  const same = Object.entries(body ?? {}).filter(
    ([key, value]) => key in properties && key !== 'revisionNumber' && typeof value !== 'object',
  );
  return { ...made, ...Object.fromEntries(same) };
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
