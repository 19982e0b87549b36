// What a sandbox holds, in the form fixtures are written in: read, replaced, added to.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import {
  insertRows,
  RowError,
  type RowsByProvider,
  readDocuments,
  readNewest,
  readRows,
  writeDocument,
} from '../core/storage/rows.ts';
import { type Control, requireProvider, SandboxQuery, sandboxOf } from './context.ts';

const Query = SandboxQuery.extend({
  provider: z.string().optional().describe('Only this provider.'),
  resource: z.string().optional().describe('Only this resource.'),
});
const State = z.record(z.string(), z.record(z.string(), z.unknown()));
type State = Record<string, Record<string, unknown>>;

/** The largest state that is taken, in bytes: what a sandbox of a million rows holds can be put back. */
const LARGEST = 256 * 1024 * 1024;

/** `GET`, `PUT` and `POST /__admin/state`. */
export function addState(scope: FastifyInstance, control: Control): void {
  const body = bodyOf(control.providers);
  scope.get(
    '/state',
    {
      schema: {
        summary: 'what a sandbox holds, in the form of fixtures',
        description: 'Of one provider with `?provider=`, of one resource with `?resource=`.',
        querystring: Query,
        response: { 200: State },
      },
    },
    async (request) => {
      const { provider, resource } = request.query as z.output<typeof Query>;
      const chosen = provider === undefined ? control.providers : [requireProvider(control, provider)];
      if (resource !== undefined && !chosen.some(({ resources }) => resources.some(({ name }) => name === resource))) {
        const known = new Set(chosen.flatMap(({ resources }) => resources.map(({ name }) => name)));
        throw new Problem(
          404,
          'unknown-resource',
          'Unknown resource',
          `There is no resource ${JSON.stringify(resource)}; there are ${[...known].join(', ')}.`,
        );
      }
      const sandbox = sandboxOf(control, request);
      return Object.fromEntries(chosen.map((one) => [one.name, stateOf(one, sandbox, resource)]));
    },
  );
  scope.put(
    '/state',
    {
      bodyLimit: LARGEST,
      schema: {
        summary: 'replaces all rows of every provider named',
        description: 'Other providers stay as they are, and so do keys that are not given.',
        querystring: SandboxQuery,
        body,
      },
    },
    async (request, reply) => {
      write(control, request, 'replace');
      return reply.code(204).send();
    },
  );
  scope.post(
    '/state',
    {
      bodyLimit: LARGEST,
      schema: {
        summary: 'adds rows, and answers them as they are stored',
        description: 'They may point at each other in any order.',
        querystring: SandboxQuery,
        body,
        response: { 201: State },
      },
    },
    async (request, reply) => reply.code(201).send(write(control, request, 'add')),
  );
}

/** The fixture format, every part of it optional. */
function bodyOf(providers: readonly Provider[]): z.ZodType {
  return z.strictObject(
    Object.fromEntries(
      providers.map(({ name, resources, documents }) => [
        name,
        z
          .strictObject({
            ...Object.fromEntries(resources.map((resource) => [resource.name, z.array(resource.row)])),
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

/** Stores what the body holds in one transaction, and says what is stored now of the parts it named. */
function write(control: Control, request: FastifyRequest, how: 'replace' | 'add'): State {
  const given = request.body as State;
  const sandbox = sandboxOf(control, request);
  const { db } = sandbox;
  const named = control.providers.filter(({ name }) => given[name] !== undefined);
  const stored: State = {};
  try {
    db.transaction(() => {
      insertRows(db, named, given as RowsByProvider, {
        replace: how === 'replace',
        // In example mode they come twice by the front door too.
        repeats: sandbox.settings.mode === 'example',
      });
      for (const provider of named)
        stored[provider.name] = storeRest(sandbox, provider, given[provider.name] as Record<string, unknown>);
    });
  } catch (error) {
    throw error instanceof RowError ? misfit(error) : error;
  }
  sandbox.reload();
  return stored;
}

function storeRest({ db }: Sandbox, provider: Provider, given: Record<string, unknown>): Record<string, unknown> {
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

function misfit({ provider, resource, index, field, message }: RowError): Problem {
  const path = `${provider}.${resource}[${index}].${field}`;
  return new Problem(400, 'invalid-input', 'Invalid input', `${path}: ${message}.`, { errors: [{ path, message }] });
}
