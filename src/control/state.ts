// The rows of a sandbox in the fixture format: read, replace and add them.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { JSON_TYPE, Problem } from '../core/problem.ts';
import type { Provider } from '../core/provider/provider.ts';
import { type Resource, tableOf } from '../core/provider/resource.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import type { Database } from '../core/storage/database.ts';
import { validateRows } from '../core/storage/row-validation.ts';
import {
  insertRows,
  insertRowsInSlices,
  RowError,
  type RowsByProvider,
  readDocuments,
  readRows,
  writeDocument,
} from '../core/storage/rows.ts';
import { Slices } from '../core/storage/slices.ts';
import { lastRow } from '../core/storage/table-rows.ts';
import { type Control, existingSandboxOf, requireProvider, SandboxQuery, sandboxOf } from './context.ts';
import { inputProblem, validatorCompiler } from './input-problem.ts';
import { objectText, rowsText, stateText, type TextMember } from './state-text.ts';

const Query = SandboxQuery.extend({
  provider: z.string().optional().describe('Only this provider.'),
  resource: z.string().optional().describe('Only this resource.'),
});
const State = z.record(z.string(), z.record(z.string(), z.unknown()));
type State = Record<string, Record<string, unknown>>;

/** Maximum size of a state body in bytes: enough to restore a sandbox of a million rows. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

/** Validates bodies without their rows, which the handlers validate in slices. */
function shapeCompiler(shape: z.ZodType): FastifySchemaCompiler<unknown> {
  return (part) =>
    validatorCompiler({ ...part, schema: part.httpPart === 'body' ? shape : (part.schema as z.ZodType) });
}

/** Adds `GET`, `PUT` and `POST /__admin/state`. */
export function addState(scope: FastifyInstance, control: Control): void {
  const body = bodyOf(control.providers, (resource) => z.array(resource.row));
  const compiler = shapeCompiler(bodyOf(control.providers, () => z.unknown()));
  scope.get(
    '/state',
    {
      schema: {
        summary: 'the rows of a sandbox in the fixture format',
        description: 'Filters: `?provider=`, `?resource=`.',
        querystring: Query,
        response: { 200: State },
      },
    },
    async (request, reply) => {
      const { provider, resource } = request.query as z.output<typeof Query>;
      const chosen = provider === undefined ? control.providers : [requireProvider(control, provider)];
      if (resource !== undefined && !chosen.some(({ resources }) => resources.some(({ name }) => name === resource))) {
        const known = new Set(chosen.flatMap(({ resources }) => resources.map(({ name }) => name)));
        throw new Problem(
          404,
          'unknown-resource',
          `There is no resource ${JSON.stringify(resource)}; the resources are ${[...known].join(', ')}.`,
        );
      }
      const sandbox = existingSandboxOf(control, request);
      if (await sandbox.isLarge()) {
        const text = Readable.from(stateText(await sandbox.copy(), chosen, resource), { objectMode: false });
        return reply.header('content-type', JSON_TYPE).send(text);
      }
      return Object.fromEntries(chosen.map((one) => [one.name, stateOf(one, sandbox, resource)]));
    },
  );
  scope.put(
    '/state',
    {
      bodyLimit: MAX_STATE_BYTES,
      validatorCompiler: compiler,
      schema: {
        summary: 'replaces all rows of each provider in the body',
        description: 'Other providers and omitted API keys are unchanged.',
        querystring: SandboxQuery,
        body,
      },
    },
    async (request, reply) => {
      await write(control, request, 'replace', async () => {});
      return reply.code(204).send();
    },
  );
  scope.post(
    '/state',
    {
      bodyLimit: MAX_STATE_BYTES,
      validatorCompiler: compiler,
      schema: {
        summary: 'adds rows and returns them as stored',
        description: 'Rows may reference each other in any order.',
        querystring: SandboxQuery,
        body,
        response: { 201: State },
      },
    },
    async (request, reply) => {
      const chunks = await write(control, request, 'add', storedText);
      const text = chunks.length > MANY_CHUNKS ? Readable.from(chunks, { objectMode: false }) : chunks.join('');
      return reply.code(201).header('content-type', JSON_TYPE).send(text);
    },
  );
}

/** The schema of the fixture format, with every part optional. */
function bodyOf(providers: readonly Provider[], rowsOf: (resource: Resource) => z.ZodType): z.ZodType {
  return z.strictObject(
    Object.fromEntries(
      providers.map(({ name, resources, documents }) => [
        name,
        z
          .strictObject({
            ...Object.fromEntries(resources.map((resource) => [resource.name, rowsOf(resource)])),
            ...documents,
          })
          .partial()
          .optional(),
      ]),
    ),
  );
}

function stateOf(provider: Provider, { db }: Sandbox, only: string | undefined): Record<string, unknown> {
  const resources = provider.resources.filter(({ name }) => only === undefined || name === only);
  return {
    ...Object.fromEntries(resources.map((resource) => [resource.name, readRows(db, provider, resource)])),
    ...(only === undefined ? readDocuments(db, provider) : {}),
  };
}

/** Above this number of chunks, a response is sent in chunks. */
const MANY_CHUNKS = 40;
/** From this number of rows on, a body is written in slices. */
const MANY_ROWS = 1000;

/** What a write stored: where, and the providers and the body. */
interface Stored {
  readonly db: Database;
  readonly named: readonly Provider[];
  readonly given: State;
  /** The highest `seq` before the write, by table. */
  readonly before: ReadonlyMap<string, number>;
}

/** Stores the body as a whole or not at all, and returns what `read` makes of the new rows. */
async function write<T>(
  control: Control,
  request: FastifyRequest,
  how: 'replace' | 'add',
  read: (stored: Stored) => Promise<T>,
): Promise<T> {
  const given = request.body as State;
  const checked = await validateRows(control.providers, given);
  if ('issues' in checked) throw inputProblem(checked);
  const sandbox = sandboxOf(control, request);
  const named = control.providers.filter(({ name }) => given[name] !== undefined);
  const options = {
    validated: true,
    replace: how === 'replace',
    // Example mode creates rows with repeated values through the provider's API too.
    repeats: sandbox.settings.mode === 'example',
  };
  try {
    if (rowsIn(checked.rows) >= MANY_ROWS || (how === 'replace' && (await sandbox.isLarge()))) {
      return await sandbox.rewrite(async (db) => {
        const before = lastRows(db, named);
        await insertRowsInSlices(db, named, checked.rows, options);
        storeDocuments(db, named, given);
        return await read({ db, named, given, before });
      });
    }
    const { db } = sandbox;
    const before = lastRows(db, named);
    db.transaction(() => {
      insertRows(db, named, checked.rows, options);
      storeDocuments(db, named, given);
    });
    sandbox.reload();
    return await read({ db, named, given, before });
  } catch (error) {
    throw error instanceof RowError ? rowProblem(error) : error;
  }
}

function rowsIn(rows: RowsByProvider): number {
  const lists = Object.values(rows).flatMap((resources) => Object.values(resources));
  return lists.reduce((sum, list) => sum + list.length, 0);
}

function lastRows(db: Database, providers: readonly Provider[]): Map<string, number> {
  const tables = providers.flatMap(({ name, resources }) => resources.map((resource) => tableOf(name, resource)));
  return new Map(tables.map((table) => [table, lastRow(db, table)]));
}

function storeDocuments(db: Database, named: readonly Provider[], given: State): void {
  for (const { name: provider, documents } of named) {
    for (const [name, value] of Object.entries(given[provider] as Record<string, unknown>))
      if (Object.hasOwn(documents, name)) writeDocument(db, provider, name, value);
  }
}

/** The stored form of a body as JSON text in chunks. */
async function storedText({ db, named, given, before }: Stored): Promise<string[]> {
  const slices = new Slices(64);
  const chunks: string[] = [];
  const members = (provider: Provider) =>
    Object.entries(given[provider.name] as Record<string, unknown>).map(([name, value]): TextMember => {
      const resource = provider.resources.find((one) => one.name === name);
      if (resource === undefined) return [name, [JSON.stringify(value)]];
      return [name, rowsText(db, provider, resource, slices, before.get(tableOf(provider.name, resource)))];
    });
  for await (const chunk of objectText(named, members)) chunks.push(chunk);
  return chunks;
}

function rowProblem({ provider, resource, index, field, message }: RowError): Problem {
  const path = `${provider}.${resource}[${index}].${field}`;
  return new Problem(400, 'invalid-input', `${path}: ${message}.`, { errors: [{ path, message }] });
}
