// Puts a sandbox back to where it started.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Control, chosenName } from './context.ts';

const Body = z.strictObject({ to: z.enum(['fixtures', 'empty']).default('fixtures') }).default({ to: 'fixtures' });

/** `POST /__admin/reset`. */
export function addReset(scope: FastifyInstance, { sandboxes }: Control): void {
  scope.post(
    '/reset',
    { schema: { summary: 'puts a sandbox back to the fixtures, or with `{"to": "empty"}` to no rows', body: Body } },
    async (request, reply) => {
      sandboxes.reset(chosenName(request), (request.body as z.output<typeof Body>).to);
      return reply.code(204).send();
    },
  );
}
