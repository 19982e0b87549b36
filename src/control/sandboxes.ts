// Creates, lists, changes and deletes sandboxes.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import { BASE36, draw, pooledBytes } from '../core/random-ids.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { DEFAULT_SANDBOX } from '../core/sandbox/sandbox-name.ts';
import { SettingsChange } from '../core/sandbox/settings.ts';
import { providersOrigin } from './admin-port.ts';
import { type Control, requestedSandboxName, SandboxQuery } from './context.ts';
import { firstPage, ListQuery } from './list-query.ts';
import { listOf, SandboxInfo } from './schemas.ts';
import { snapshotImage } from './snapshots.ts';

/** A leap year; a larger value is most likely milliseconds. */
const MAX_TTL_SECONDS = 366 * 24 * 3600;
const ttlSeconds = z.number().positive().max(MAX_TTL_SECONDS);

const Create = z
  .strictObject({
    name: z.string().optional(),
    from: z
      .union([z.enum(['fixtures', 'empty']), z.strictObject({ sandbox: z.string(), snapshot: z.string().optional() })])
      .default('fixtures'),
    settings: SettingsChange.default({}),
    ttlSeconds: ttlSeconds.nullable().default(null),
  })
  .prefault({});
const Change = z.strictObject({ settings: SettingsChange.optional(), ttlSeconds: ttlSeconds.nullable().optional() });

const params = z.strictObject({ name: z.string() });

/** Adds the routes under `/__admin/sandboxes`. */
export function addSandboxes(scope: FastifyInstance, control: Control): void {
  const { sandboxes } = control;
  const named = (request: FastifyRequest) => sandboxes.get((request.params as { name: string }).name);
  scope.post(
    '/sandboxes',
    {
      schema: {
        summary: 'creates a sandbox from the fixtures, without rows, or from another sandbox or its snapshot',
        description:
          'The name comes from the body, or from `X-Understudy-Sandbox` or `?sandbox=`, which a proxy can read; without a name one is generated.',
        querystring: SandboxQuery,
        body: Create,
        response: { 201: SandboxInfo },
      },
    },
    async (request, reply) => {
      const { name, from, settings, ttlSeconds } = request.body as z.output<typeof Create>;
      const chosen = newName(request, name);
      const sandbox = await sandboxes.create(chosen, await imageOf(control, from), settings, ttlSeconds);
      return reply.code(201).send(show(control, sandbox, request));
    },
  );
  scope.get(
    '/sandboxes',
    {
      schema: {
        summary: 'all sandboxes, newest first',
        querystring: ListQuery,
        response: { 200: listOf('sandboxes', SandboxInfo) },
      },
    },
    async (request) => {
      const all = sandboxes.list();
      const page = firstPage(all, request).map((sandbox) => show(control, sandbox, request));
      return { sandboxes: page, meta: { total: all.length } };
    },
  );
  scope.get(
    '/sandboxes/:name',
    { schema: { summary: 'a sandbox: settings, base URLs and keys', params, response: { 200: SandboxInfo } } },
    async (request) => show(control, named(request), request),
  );
  scope.patch(
    '/sandboxes/:name',
    {
      schema: {
        summary: 'changes the settings of a sandbox, or its remaining lifetime in seconds',
        params,
        body: Change,
        response: { 200: SandboxInfo },
      },
    },
    async (request) => {
      const sandbox = named(request);
      const { settings = {}, ttlSeconds } = request.body as z.output<typeof Change>;
      if (sandbox.name === DEFAULT_SANDBOX && typeof ttlSeconds === 'number') {
        throw new Problem(
          409,
          'default-sandbox',
          'The sandbox default never expires, so it takes no ttlSeconds; create another one with POST /__admin/sandboxes.',
        );
      }
      sandbox.change({
        settings: { ...sandbox.lifetime.settings, ...settings },
        ...(ttlSeconds === undefined ? {} : sandboxes.expiry(ttlSeconds)),
      });
      return show(control, sandbox, request);
    },
  );
  scope.delete(
    '/sandboxes/:name',
    { schema: { summary: 'deletes a sandbox with everything in it', params } },
    async (request, reply) => {
      sandboxes.delete(named(request).name);
      return reply.code(204).send();
    },
  );
}

/**
 * The name of a new sandbox. A proxy routes by header and query, so they must not differ from the body. Throws a
 * Problem, 400.
 */
function newName(request: FastifyRequest, name: string | undefined): string {
  const given = requestedSandboxName(request);
  if (name !== undefined && given !== undefined && name !== given) {
    throw new Problem(
      400,
      'sandbox-names-differ',
      `The body names the sandbox ${JSON.stringify(name.slice(0, 80))}, the header or query (perhaps set by a proxy) ${given}; send the name in the body as X-Understudy-Sandbox too.`,
    );
  }
  return name ?? given ?? draw(16, BASE36, pooledBytes);
}

async function imageOf({ sandboxes }: Control, from: z.output<typeof Create>['from']): Promise<Buffer> {
  if (typeof from === 'string') return sandboxes.image(from);
  const source = sandboxes.get(from.sandbox);
  return from.snapshot === undefined ? await source.image() : await snapshotImage(source, from.snapshot);
}

function show(control: Control, sandbox: Sandbox, request: FastifyRequest): SandboxInfo {
  const { providers, sandboxes } = control;
  const { name, settings, lifetime } = sandbox;
  const expiresAt = sandboxes.expiresAt(sandbox);
  const base = providersOrigin(request, settings.publicUrl);
  return {
    name,
    settings,
    createdAt: lifetime.createdAt,
    ...(lifetime.ttlSeconds === null ? {} : { ttlSeconds: lifetime.ttlSeconds }),
    ...(expiresAt === null ? {} : { expiresAt }),
    providers: Object.fromEntries(
      providers.map((one) => [one.name, { baseUrl: base + one.mount + one.base, ...one.sampleKeys(name) }]),
    ),
  };
}
