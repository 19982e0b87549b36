// The QuickBooks Desktop operations: each published operation of a resource in the table, answered from its company file.
import type { Call } from '../../../core/http/call.ts';
import { JSON_TYPE } from '../../../core/problem.ts';
import type { Operation } from '../../../core/provider/provider.ts';
import type { Resource } from '../../../core/provider/resource.ts';
import { requireConnection } from '../connections.ts';
import { requireEndUser } from '../end-users.ts';
import { isConnectionError } from '../errors.ts';
import { EXAMPLE } from '../example.ts';
import { CompanyFile, type Json } from './company-file.ts';
import { bodySchema, parameterSchema, responseSchema, resultSchema } from './contract.ts';
import { exampleResponse } from './example.ts';
import type { ListQuery } from './filters.ts';
import { type Handler, handlerOf } from './handlers.ts';
import { quickBooksResource } from './kept-records.ts';
import { PUBLISHED_OPERATIONS, type PublishedOperation } from './operations.ts';
import { CUSTOM_LISTS } from './references.ts';
import { noteReopened } from './reopened.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { RESOURCE_TABLE } from './resources/index.ts';
import { companyFileCheck } from './row-body.ts';
import { COMPANY_FILES } from './schema.ts';

const entries = new Map(RESOURCE_TABLE.map((entry) => [entry.path, entry]));

/** All published operations; the table has an entry for the resource of each. */
export const QUICKBOOKS_OPERATIONS: readonly Operation[] = PUBLISHED_OPERATIONS.map((published) =>
  operationOf(published, entries.get(published.resource) as ResourceEntry),
);

/** What is not emulated of operations, by their names. */
export const QUICKBOOKS_NOTES: Readonly<Record<string, string>> = Object.fromEntries(
  PUBLISHED_OPERATIONS.flatMap(({ name, resource }) => {
    const note = entries.get(resource)?.note;
    return note === undefined ? [] : [[name, note]];
  }),
);

/** What fixtures, state and receipts know of the company files; earlier documents before those that link to them. */
export const QUICKBOOKS_RESOURCES: readonly Resource[] = [
  { ...COMPANY_FILES, check: companyFileCheck },
  ...Object.values(CUSTOM_LISTS).map((path) => quickBooksResource(path, { person: false, verbs: [] })),
  ...RESOURCE_TABLE.filter(({ kind }) => kind === 'list' || kind === 'transaction').map(({ path, person = false }) =>
    quickBooksResource(path, {
      person,
      verbs: PUBLISHED_OPERATIONS.flatMap(({ resource, verb }) => (resource === path ? [verb] : [])),
    }),
  ),
];

function operationOf(published: PublishedOperation, entry: ResourceEntry): Operation {
  const { name, method, path, verb } = published;
  const hasBody = verb === 'create' || verb === 'update';
  const hasQuery = verb === 'list' || verb === 'report';
  const removes = verb === 'delete' || verb === 'void';
  let handler: Handler | undefined;
  const operation = {
    operation: name,
    method,
    path,
    declared: [],
    hasBody,
    hasQuery,
    takesDryRun: verb === 'void',
    failsAtCheckpoint: isConnectionError,
    success: { status: 200, headers: { 'content-type': JSON_TYPE } },
    serialize: JSON.stringify,
    fromDocument: false,
    handle(call: Call) {
      const { headers, params, query, body } = call as Call<
        null,
        { id: string },
        ListQuery,
        Record<string, string>,
        Json
      >;
      const endUser = requireEndUser(call.sandbox, headers['conductor-end-user-id'] as string);
      const connection = requireConnection(call, endUser.id);
      if (call.sandbox.settings.mode === 'example' && endUser.id === EXAMPLE.id) {
        return exampleResponse(published, responseSchema(published), { id: params?.id, query, body });
      }
      handler ??= handlerOf(published, entry);
      const run = handler;
      const work = () => {
        const file = CompanyFile.open(call.sandbox, endUser.id);
        const input = { id: params?.id, query, body };
        const value = removes ? noteReopened(call, file, input.id, () => run(file, input)) : run(file, input);
        connection.succeeded();
        return value;
      };
      if (verb === 'delete') return connection.respond(call.remove(work));
      return connection.respond(call.dryRun ? call.db.rollBackAfter(work) : call.db.transaction(work));
    },
  };
  return madeOnUse(operation, {
    params: () => (path.includes('{id}') ? parameterSchema(published, 'path') : null),
    query: () => (hasQuery ? parameterSchema(published, 'query') : null),
    headers: () => parameterSchema(published, 'header'),
    body() {
      if (!hasBody) return null;
      const schema = (mode: 'strict' | 'example') => bodySchema(published, mode, entry.withDefaults);
      return { schema: schema('strict'), example: schema('example'), required: true };
    },
    response: () => resultSchema(published),
  });
}

/** `target` with further properties, each made when it is first read: schemas of hundreds of operations take time. */
function madeOnUse<Target extends object, Made extends Record<string, () => unknown>>(
  target: Target,
  made: Made,
): Target & { readonly [Key in keyof Made]: ReturnType<Made[Key]> } {
  for (const [key, make] of Object.entries(made)) {
    const get = () => {
      const value = make();
      Object.defineProperty(target, key, { value, enumerable: true });
      return value;
    };
    Object.defineProperty(target, key, { get, enumerable: true, configurable: true });
  }
  return target as Target & { readonly [Key in keyof Made]: ReturnType<Made[Key]> };
}
