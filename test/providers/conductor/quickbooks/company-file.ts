// A client of one company file for tests, and values that fit the contract.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type FindId, resolved } from '../../../../src/providers/conductor/quickbooks/examples.ts';
import { camelCase } from '../../../../src/providers/conductor/quickbooks/operations.ts';
import { targetOf } from '../../../../src/providers/conductor/quickbooks/references.ts';
import type { ResourceEntry } from '../../../../src/providers/conductor/quickbooks/resource-entry.ts';
import { ROOT, type TestResponse, type TestServer, testServer } from '../../../harness.ts';

export type Node = Record<string, any>;

/** The end-user of the fixtures that has an object of every resource. */
export const MILLRACE = 'end_usr_millrace000002';
/** The one whose books are worked out by hand. */
export const LARKSPUR = 'end_usr_larkspur000001';

/** The time of the tests, after everything in the fixtures. */
export const NOW = '2025-03-01T12:00:00.000Z';

/** A company file, as a customer's integration sees it. */
export interface Books {
  readonly server: TestServer;
  /** Sends a request below `/quickbooks-desktop/`. */
  call(method: string, path: string, json?: unknown): Promise<TestResponse>;
  /** Creates an object, which must succeed, and returns it. */
  make(path: string, json: object): Promise<Node>;
  /** Updates an object as it is now. */
  change(path: string, id: string, json: object): Promise<TestResponse>;
  /** The id of the list object of that name. */
  named(path: string, name: string): Promise<string>;
  /** Starts again with the fixtures, at the time of the tests. */
  reset(): Promise<void>;
  /** Changes the time of the sandbox. */
  at(instant: string): Promise<void>;
}

/** Opens the company file of an end-user in a server of its own, at a fixed time. */
export async function openBooks(t: Test, endUser: string): Promise<Books> {
  const server = await testServer(t);
  const headers = { authorization: 'Bearer sk_conductor_test', 'conductor-end-user-id': endUser };
  const books: Books = {
    server,
    call: (method, path, json) =>
      server.call(
        method,
        `/conductor/v1/quickbooks-desktop/${path}`,
        json === undefined ? { headers } : { headers, json },
      ),
    async make(path, json) {
      const { status, body } = await books.call('POST', path, json);
      if (status !== 200) t.fail(`POST ${path} ${JSON.stringify(json)}: ${status} ${body.error?.message}`);
      return body;
    },
    async change(path, id, json) {
      const { revisionNumber } = (await books.call('GET', `${path}/${id}`)).body;
      return await books.call('POST', `${path}/${id}`, { revisionNumber, ...json });
    },
    async named(path, name) {
      const parameter = ['fullNames', 'names'].find((one) => parameters(path).includes(one));
      return (await books.call('GET', `${path}?${parameter}=${encodeURIComponent(name)}`)).body.data[0].id;
    },
    async reset() {
      await server.call('POST', '/__admin/reset');
      await books.at(NOW);
    },
    async at(instant) {
      await server.call('PUT', '/__admin/clock', { json: { action: 'freeze', instant } });
    },
  };
  await books.at(NOW);
  return books;
}

/** The response of the API to what QuickBooks refuses, with its code, as far as tests of many refusals compare it. */
export const refusal = (integrationCode: string) => ({
  status: 502,
  body: { error: { code: 'QBD_REQUEST_ERROR', integrationCode } },
});

const document: Node = JSON.parse(readFileSync(join(ROOT, 'openapi', 'conductor.json'), 'utf8'));

/** A published operation. */
export function described(path: string, method: string): Node | undefined {
  return document.paths[`/quickbooks-desktop/${path}`]?.[method];
}

function parameters(path: string): string[] {
  return described(path, 'get')?.parameters.map(({ name }: Node) => name) ?? [];
}

/** The schema behind a reference. */
export function follow(schema: Node): Node {
  return schema.$ref === undefined ? schema : follow(document.components.schemas[schema.$ref.split('/').at(-1)]);
}

/** The properties of the body that an operation takes. */
export function bodyProperties(path: string): Record<string, Node> {
  return follow(described(path, 'post')?.requestBody.content['application/json'].schema).properties;
}

/** Ids of the fixtures' objects, as examples mean them. */
export function fixtureId(path: string, name?: string): string {
  const rows: Node[] = JSON.parse(readFileSync(join(ROOT, 'fixtures', 'conductor', `${camelCase(path)}.json`), 'utf8'));
  const own = rows.filter(({ endUserId }) => endUserId === MILLRACE);
  return own.find(({ body }) => name === undefined || body.name === name)?.id;
}

/** An example with the ids of the fixtures. */
export function withIds<T>(example: T): T {
  return resolved(example, fixtureId as FindId);
}

const EXAMPLES: Readonly<Record<string, unknown>> = {
  accountType: 'expense',
  dueDayOfMonth: 10,
  discountDayOfMonth: 5,
  taxLineId: 1001,
  currencyCode: 'XYZ',
  duration: 'PT1H30M',
  totalValue: '10.00',
};

/** A value that fits a schema of a request; undefined where a reference has nothing to point at. */
export function valueFor(entry: ResourceEntry, field: string, given: Node): unknown {
  const schema = follow(given);
  if (field in EXAMPLES) return EXAMPLES[field];
  if (/Ids?$/.test(field) && field !== 'externalId') {
    const { resources } = targetOf(entry, field.replace(/Id$/, '').replace(/Ids$/, 's'));
    const id = resources.flatMap((path) => idOf(path) ?? [])[0];
    return schema.type === 'array' ? (id === undefined ? undefined : [id]) : id;
  }
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  switch (schema.type) {
    case 'boolean':
      return true;
    case 'number':
    case 'integer':
      return 7;
    case 'array':
      return [valueFor(entry, field, schema.items)];
    case 'object': {
      const members = Object.entries(schema.properties as Node).flatMap(([name, one]): [string, unknown][] => {
        const value = valueFor(entry, name, one);
        return value === undefined || (value as unknown[])?.[0] === undefined ? [] : [[name, value]];
      });
      return Object.fromEntries(members);
    }
    default:
      return textFor(field, schema);
  }
}

function idOf(path: string): string | undefined {
  try {
    return fixtureId(path);
  } catch {
    return undefined;
  }
}

function textFor(field: string, { format, maxLength }: Node): string {
  if (format === 'date') return '2025-02-20';
  if (format === 'uuid') return '12345678-abcd-4234-8bcd-1234567890ab';
  if (/amount|balance|rate|price|cost|percent|percentage|limit|bonus|ratio|multiplier/i.test(field)) return '3.00';
  return `${field} of a test`.slice(0, maxLength ?? 40).trim();
}
