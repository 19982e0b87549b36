// Snapshots of a sandbox: take, list, compare, restore, export and delete them.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { checkedName } from '../core/sandbox/sandbox-name.ts';
import { compare } from '../core/sandbox/snapshots.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { EmptyBody, firstPage, ListQuery } from './list-query.ts';
import { listOf, Snapshot, SnapshotDiff } from './schemas.ts';

const Body = z.strictObject({ name: z.string() });
const querystring = SandboxQuery;
const params = z.strictObject({ name: z.string() });

/** Adds the routes under `/__admin/snapshots`. */
export function addSnapshots(scope: FastifyInstance, control: Control): void {
  const named = async (request: FastifyRequest) => {
    const sandbox = existingSandboxOf(control, request);
    const { name } = request.params as { name: string };
    return { sandbox, name, image: await snapshotImage(sandbox, name) };
  };
  scope.post(
    '/snapshots',
    {
      schema: {
        summary: 'takes a snapshot of a sandbox under a name',
        description: 'A snapshot has rows, receipts, clock and id counter, but not settings, faults or the journal.',
        querystring,
        body: Body,
        response: { 201: Snapshot },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(control, request);
      const name = checkedName((request.body as z.output<typeof Body>).name, 'snapshot');
      return reply.code(201).send(await sandbox.snapshots.put(name, await sandbox.image(), sandbox.ended));
    },
  );
  scope.get(
    '/snapshots',
    {
      schema: {
        summary: 'the snapshots of a sandbox, newest first',
        querystring: ListQuery,
        response: { 200: listOf('snapshots', Snapshot) },
      },
    },
    async (request) => {
      const all = existingSandboxOf(control, request).snapshots.list();
      return { snapshots: firstPage(all, request), meta: { total: all.length } };
    },
  );
  scope.post(
    '/snapshots/:name/restore',
    {
      schema: {
        summary: 'restores a sandbox from a snapshot',
        description: 'Settings, faults, requests and webhooks are unchanged.',
        params,
        querystring,
        body: EmptyBody,
      },
    },
    async (request, reply) => {
      const { sandbox, image } = await named(request);
      await sandbox.replace(image);
      return reply.code(204).send();
    },
  );
  scope.get(
    '/snapshots/:name/diff',
    {
      schema: {
        summary: 'what was inserted, updated and deleted since a snapshot, by provider and resource',
        params,
        querystring,
        response: { 200: SnapshotDiff },
      },
    },
    async (request) => {
      const { sandbox, image } = await named(request);
      return compare(image, await sandbox.copy(), control.providers);
    },
  );
  scope.get(
    '/snapshots/:name/export',
    {
      schema: {
        summary: 'a snapshot as a SQLite file',
        description: 'Saved as `default.sqlite` in the `--data` folder, it is the initial state of the next start.',
        params,
        querystring,
        response: {
          200: {
            description: 'The file.',
            content: { 'application/vnd.sqlite3': { schema: z.string().meta({ format: 'binary' }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { name, image } = await named(request);
      return reply
        .header('content-type', 'application/vnd.sqlite3')
        .header('content-disposition', `attachment; filename="${name}.sqlite"`)
        .send(image);
    },
  );
  scope.delete(
    '/snapshots/:name',
    { schema: { summary: 'deletes a snapshot', params, querystring } },
    async (request, reply) => {
      const sandbox = sandboxOf(control, request);
      const { name } = request.params as { name: string };
      // Does not read the snapshot, so that a damaged one can be deleted.
      if (!sandbox.snapshots.has(checkedName(name, 'snapshot'))) throw unknownSnapshot(sandbox, name);
      sandbox.snapshots.remove(name);
      return reply.code(204).send();
    },
  );
}

/**
 * The bytes of a sandbox's snapshot, a SQLite file. Throws a Problem, 404, that lists the snapshots when the name is
 * unknown.
 */
export async function snapshotImage(sandbox: Sandbox, name: string): Promise<Buffer> {
  const image = await sandbox.snapshots.read(checkedName(name, 'snapshot'));
  if (image !== undefined) return image;
  throw unknownSnapshot(sandbox, name);
}

function unknownSnapshot(sandbox: Sandbox, name: string): Problem {
  const names = sandbox.snapshots.list().map((snapshot) => snapshot.name);
  return new Problem(
    404,
    'unknown-snapshot',
    `Sandbox ${sandbox.name} has no snapshot ${name}; ${names.length === 0 ? 'it has no snapshots' : `it has ${names.join(', ')}`}.`,
  );
}
