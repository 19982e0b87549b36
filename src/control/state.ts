// The rows of a sandbox in the fixture format: read, replace and add them.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { JSON_TYPE, Problem } from '../core/problem.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { Resource } from '../core/provider/resource.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { validateRows } from '../core/storage/row-validation.ts';
import { insertRows, RowError, readDocuments, readNewest, readRows, writeDocument } from '../core/storage/rows.ts';
import { type Control, existingSandboxOf, requireProvider, SandboxQuery, sandboxOf } from './context.ts';
import { inputProblem, validatorCompiler } from './input-problem.ts';
import { isLarge, stateText } from './state-text.ts';

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
      if (isLarge(sandbox.db)) {
        const text = Readable.from(stateText(sandbox.db, chosen, resource), { objectMode: false });
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
      await write(control, request, 'replace');
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
    async (request, reply) => reply.code(201).send(await write(control, request, 'add')),
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

/** Writes the body in one transaction and returns the stored form of its parts. */
async function write(control: Control, request: FastifyRequest, how: 'replace' | 'add'): Promise<State> {
  const given = request.body as State;
  const checked = await validateRows(control.providers, given);
  if ('issues' in checked) throw inputProblem(checked);
  const sandbox = sandboxOf(control, request);
  const { db } = sandbox;
  const named = control.providers.filter(({ name }) => given[name] !== undefined);
  const stored: State = {};
  try {
    db.transaction(() => {
      insertRows(db, named, checked.rows, {
        validated: true,
        replace: how === 'replace',
        // Example mode creates rows with repeated values through the provider's API too.
        repeats: sandbox.settings.mode === 'example',
      });
      for (const provider of named)
        stored[provider.name] = storeDocuments(sandbox, provider, given[provider.name] as Record<string, unknown>);
    });
  } catch (error) {
    throw error instanceof RowError ? rowProblem(error) : error;
  }
  sandbox.reload();
  return stored;
}

function storeDocuments({ db }: Sandbox, provider: Provider, given: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(provider.documents)) {
    if (given[name] !== undefined) writeDocument(db, provider.name, name, given[name]);
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const resource = provider.resources.find((one) => one.name === name);
      return [name, resource === undefined ? value : readNewest(db, provider, resource, (value as object[]).length)];
    }),
  );
}

function rowProblem({ provider, resource, index, field, message }: RowError): Problem {
  const path = `${provider}.${resource}[${index}].${field}`;
  return new Problem(400, 'invalid-input', `${path}: ${message}.`, { errors: [{ path, message }] });
}
