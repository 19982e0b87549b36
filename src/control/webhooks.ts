// Webhook deliveries of a sandbox: list and redeliver them.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Delivery as Sent } from '../core/sandbox/webhooks.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { firstPage, ListQuery } from './list-query.ts';

const Query = z.strictObject({
  ...ListQuery.shape,
  since: z.string().optional().describe('Only deliveries after this delivery id or ISO 8601 time.'),
});

const Delivery = z.strictObject({
  id: z.string(),
  at: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.array(
    z.strictObject({
      at: z.string(),
      status: z.number().int().optional(),
      error: z.string().optional(),
      durationMs: z.number().int(),
    }),
  ),
});
const List = z.strictObject({
  webhooks: z.array(Delivery),
  meta: z.strictObject({ total: z.number().int() }),
});

/** Adds `GET /__admin/webhooks` and `POST /__admin/webhooks/{id}/redeliver`. */
export function addWebhooks(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/webhooks',
    {
      schema: {
        summary: 'webhook deliveries with their attempts, newest first',
        description: 'Filters: `?since=` (an id or a time) and `?limit=`.',
        querystring: Query,
        response: { 200: List },
      },
    },
    async (request) => {
      const { since } = request.query as z.output<typeof Query>;
      const newestFirst = existingSandboxOf(control, request).webhooks.list().reverse();
      const matching = since === undefined ? newestFirst : after(newestFirst, since);
      return { webhooks: firstPage(matching, request), meta: { total: matching.length } };
    },
  );
  scope.post(
    '/webhooks/:id/redeliver',
    {
      schema: {
        summary: 'sends a delivery again',
        params: z.strictObject({ id: z.string() }),
        querystring: SandboxQuery,
        response: { 200: Delivery },
      },
    },
    async (request) => {
      const { id } = request.params as { id: string };
      const delivery = sandboxOf(control, request).webhooks.redeliver(id);
      if (delivery !== undefined) return delivery;
      throw new Problem(
        404,
        'unknown-webhook',
        'Unknown webhook',
        `This sandbox has no webhook delivery ${JSON.stringify(id)}; GET /__admin/webhooks lists them.`,
      );
    },
  );
}

/**
 * Deliveries after the one with that id, or at or after that time. An unknown id was pruned, so all deliveries are
 * newer.
 */
function after(newestFirst: readonly Sent[], since: string): readonly Sent[] {
  if (/^[0-9a-z]{16}$/.test(since)) {
    const at = newestFirst.findIndex(({ id }) => id === since);
    return at === -1 ? newestFirst : newestFirst.slice(0, at);
  }
  if (z.iso.datetime({ offset: true }).safeParse(since).success)
    return newestFirst.filter(({ at }) => Date.parse(at) >= Date.parse(since));
  const message = 'takes the id of a delivery, or a time such as 2030-01-31T12:00:00Z';
  throw new Problem(400, 'invalid-input', 'Invalid input', `since: ${message}.`, {
    errors: [{ path: 'since', message }],
  });
}
