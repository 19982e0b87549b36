// Whether the body of a row fits its resource: rows of state and fixtures come from people, and every read relies on them.
import { z } from 'zod';
import type { Resource, RowFault } from '../../../core/provider/resource.ts';
import { isDecimal } from './amounts.ts';
import type { Json } from './company-file.ts';
import { follow, responseSchema, type Schema } from './contract.ts';
import { PUBLISHED_OPERATIONS } from './operations.ts';
import { isReference } from './read-record.ts';

const DECIMAL = /^-?\d{1,13}(\.\d{1,8})?$/;
const text = z.string();
const decimal = z.string().regex(DECIMAL, 'must be a decimal such as "12.50"').optional();
const inCents = z.int();
const quantity = z.number().min(-1e10).max(1e10);

/** What bodies hold besides what responses show. */
const HIDDEN = z.object({
  totalAmount: decimal,
  amountDue: decimal,
  creditAmount: decimal,
  usedCredits: z.array(text).optional(),
  links: z
    .array(
      z.object({
        id: text,
        resource: text,
        linkType: text,
        amount: inCents.optional(),
        discount: inCents.optional(),
        quantity: quantity.optional(),
        received: quantity.optional(),
        billed: quantity.optional(),
        line: text.optional(),
        toLine: text.optional(),
      }),
    )
    .optional(),
  postings: z
    .array(
      z.object({
        account: text,
        amount: inCents.optional(),
        date: text.optional(),
        entity: text.optional(),
        item: text.optional(),
        quantity: quantity.optional(),
        class: text.optional(),
        line: text.optional(),
        with: text.optional(),
      }),
    )
    .optional(),
});

/** The largest number that arithmetic in cents keeps exact. */
const MOST = 1e13;
const DATE = /^\d{4}-\d\d-\d\d/;

/** The check of a resource's rows. Members that the contract does not declare are not looked at. */
export function bodyCheck(path: string): NonNullable<Resource['check']> {
  return ({ body }) => {
    const hidden = HIDDEN.safeParse(body);
    if (hidden.success) return shownFault(path, body, ['body']) ?? nameFault(path, body as unknown as Json);
    const issue = hidden.error.issues[0] as z.core.$ZodIssue;
    return { path: ['body', ...(issue.path as (string | number)[])], message: issue.message };
  };
}

/** A list object without the name that all responses show. */
function nameFault(path: string, body: Json): RowFault | null {
  const shape = shapeOf(path);
  const properties = (shape && follow(shape).properties) ?? {};
  const field = ['name', 'initial'].find((one) => properties[one]?.type === 'string');
  if (field === undefined || (typeof body[field] === 'string' && body[field] !== '')) return null;
  return { path: ['body', field], message: 'must be a text of at least one character' };
}

/** The check of a company file's own row. */
export const companyFileCheck: NonNullable<Resource['check']> = ({ company, preferences }) =>
  shownFault('company', company, ['company']) ?? shownFault('preferences', preferences, ['preferences']);

const shapes = new Map<string, Schema | null>();

/** What of a value does not fit what a resource's operations show; resources without any take anything. */
function shownFault(resource: string, value: unknown, path: readonly string[]): RowFault | null {
  const shape = shapeOf(resource);
  return shape === null ? null : faultOf(value, shape, path);
}

/** What a resource's operations show of an object; null for a resource without operations. */
function shapeOf(resource: string): Schema | null {
  let shape = shapes.get(resource);
  if (shape === undefined) {
    const [retrieve, list] = ['retrieve', 'list'].map((verb) =>
      PUBLISHED_OPERATIONS.find((one) => one.resource === resource && one.verb === verb),
    );
    shape = retrieve === undefined ? null : responseSchema(retrieve);
    if (list !== undefined) shape ??= responseSchema(list).properties?.data?.items as Schema;
    shapes.set(resource, shape);
  }
  return shape;
}

/** What of a value does not fit a schema; whatever is left out is filled in by reads. */
function faultOf(value: unknown, schema: Schema, path: readonly (string | number)[]): RowFault | null {
  const wrong = (message: string): RowFault => ({ path, message });
  const { type, format, enum: values, items, properties, const: constant } = follow(schema);
  if (constant !== undefined) return null;
  if (value === null) return schema.anyOf !== undefined ? null : wrong('must not be null: leave it out');
  if (type === 'array') {
    if (!Array.isArray(value)) return wrong('must be an array');
    return firstFault(value.map((one, at) => () => faultOf(one, items as Schema, [...path, at])));
  }
  if (properties !== undefined) {
    if (typeof value !== 'object' || Array.isArray(value)) return wrong('must be an object');
    const given = value as Json;
    if (isReference(schema) && typeof given.id !== 'string')
      return wrong('must be a reference such as {"id": "80000001-1"}');
    return firstFault(
      Object.entries(properties).map(
        ([name, one]) =>
          () =>
            given[name] === undefined ? null : faultOf(given[name], one, [...path, name]),
      ),
    );
  }
  if (values !== undefined) return values.includes(value) ? null : wrong(`must be one of ${values.join(', ')}`);
  if (type === 'boolean' || type === 'string') {
    if (typeof value !== type) return wrong(`must be a ${type}`);
    if (type === 'string' && isDecimal(String(path.at(-1))) && !DECIMAL.test(value as string))
      return wrong('must be a decimal such as "12.50"');
    if (format?.startsWith('date') === true && !isDate(value as string))
      return wrong('must be a date such as 2025-01-31');
    return null;
  }
  return typeof value === 'number' && Math.abs(value) <= MOST ? null : wrong(`must be a number up to ${MOST}`);
}

function isDate(given: string): boolean {
  return DATE.test(given) && !Number.isNaN(Date.parse(given));
}

function firstFault(checks: readonly (() => RowFault | null)[]): RowFault | null {
  for (const check of checks) {
    const fault = check();
    if (fault !== null) return fault;
  }
  return null;
}
