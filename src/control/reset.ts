// Resets a sandbox to the fixtures, to no rows or to a snapshot.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { reset } from '../core/sandbox/reset.ts';
import { RESET_SCOPES } from '../core/sandbox/reset-scopes.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { Slices } from '../core/slices.ts';
import { type Control, SandboxQuery, sandboxNameOf } from './context.ts';
import { snapshotImage } from './snapshots.ts';

const Body = z
  .strictObject({
    to: z.union([z.enum(['fixtures', 'empty']), z.strictObject({ snapshot: z.string() })]).default('fixtures'),
    scope: z.array(z.enum(RESET_SCOPES)).default([...RESET_SCOPES]),
  })
  .prefault({});

/** Adds `POST /__admin/reset`. */
export function addReset(scope: FastifyInstance, { sandboxes }: Control): void {
  scope.post(
    '/reset',
    {
      schema: {
        summary: 'resets a sandbox to the fixtures, to no rows or to a snapshot',
        description:
          '`{"to": "empty"}` leaves no rows, `{"to": {"snapshot": "…"}}` restores those of a snapshot; `scope` lists the parts to reset; `?sandbox=*` resets all sandboxes.',
        querystring: SandboxQuery,
        body: Body,
      },
    },
    async (request, reply) => {
      const { to, scope } = request.body as z.output<typeof Body>;
      const all = (request.query as z.output<typeof SandboxQuery>).sandbox === '*';
      const chosen = all ? sandboxes.list() : [sandboxes.find(sandboxNameOf(request))];
      const imageOf = (sandbox: Sandbox) =>
        typeof to === 'string' ? sandboxes.image(to) : snapshotImage(sandbox, to.snapshot);
      const slices = new Slices(1);
      // A missing snapshot is detected before any sandbox is changed.
      for (const sandbox of typeof to === 'string' ? [] : chosen) {
        imageOf(sandbox);
        if (slices.over()) await slices.next();
      }
      for (const sandbox of chosen) {
        // Some may have been deleted meanwhile.
        if (sandboxes.peek(sandbox.name) === sandbox) reset(sandbox, imageOf(sandbox), scope);
        if (slices.over()) await slices.next();
      }
      return reply.code(204).send();
    },
  );
}
