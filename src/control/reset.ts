// Resets a sandbox to the fixtures, to no rows or to a snapshot.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { invalidInput, type Problem } from '../core/problem.ts';
import { reset } from '../core/sandbox/reset.ts';
import { RESET_SCOPES } from '../core/sandbox/reset-scopes.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { Slices } from '../core/storage/slices.ts';
import { type Control, SandboxQuery, sandboxNameOf } from './context.ts';
import { snapshotImage } from './snapshots.ts';

const IMAGES = ['fixtures', 'empty'] as const;

const Body = z
  .strictObject({
    to: z.union([z.enum(IMAGES), z.strictObject({ snapshot: z.string() })]).default('fixtures'),
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
      // Before the schema, which does not know the sandbox's snapshots.
      preValidation: async (request) => {
        const { to } = (request.body ?? {}) as { to?: unknown };
        if (typeof to !== 'string' || IMAGES.some((image) => image === to)) return;
        throw unknownTarget(to, wantsAll(request) ? undefined : sandboxes.peek(sandboxNameOf(request)));
      },
    },
    async (request, reply) => {
      const { to, scope } = request.body as z.output<typeof Body>;
      const chosen = wantsAll(request) ? sandboxes.list() : [sandboxes.find(sandboxNameOf(request))];
      const imageOf = async (sandbox: Sandbox) =>
        typeof to === 'string' ? sandboxes.image(to) : await snapshotImage(sandbox, to.snapshot);
      const slices = new Slices(1);
      // A missing snapshot is detected before any sandbox is changed.
      for (const sandbox of typeof to === 'string' ? [] : chosen) {
        await imageOf(sandbox);
        await slices.afterStep();
      }
      for (const sandbox of chosen) {
        // Some may have been deleted meanwhile.
        if (sandboxes.peek(sandbox.name) === sandbox) await reset(sandbox, await imageOf(sandbox), scope);
        await slices.afterStep();
      }
      return reply.code(204).send();
    },
  );
}

function wantsAll(request: FastifyRequest): boolean {
  return (request.query as z.output<typeof SandboxQuery>).sandbox === '*';
}

/** The refusal of a `to` that does not exist: names what a sandbox can be reset to. */
function unknownTarget(to: string, sandbox: Sandbox | undefined): Problem {
  const snapshots = sandbox?.snapshots.list().map(({ name }) => JSON.stringify({ snapshot: name })) ?? [];
  const known = [...IMAGES.map((image) => JSON.stringify(image)), ...snapshots].join(', ');
  const message = `${JSON.stringify(to.slice(0, 80))} is none of ${known}${snapshots.length === 0 ? ', and there are no snapshots' : ''}`;
  return invalidInput('to', message);
}
