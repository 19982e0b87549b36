// Webhook deliveries of a sandbox: list and redeliver them.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import { Delivery } from '../core/sandbox/webhook-delivery.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { after, firstPage, ListQuery } from './list-query.ts';
import { listOf } from './schemas.ts';

const SINCE = 'Only deliveries after this delivery id or ISO 8601 time.';
const Query = ListQuery.extend({ since: z.string().optional().describe(SINCE) });

/** Adds `GET /__admin/webhooks` and `POST /__admin/webhooks/{id}/redeliver`. */
export function addWebhooks(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/webhooks',
    {
      schema: {
        summary: 'webhook deliveries with their attempts, newest first',
        description: 'Filters: `?since=` (an id or a time) and `?limit=`.',
        querystring: Query,
        response: { 200: listOf('webhooks', Delivery) },
      },
    },
    async (request) => {
      const { since } = request.query as z.output<typeof Query>;
      const matching = after(existingSandboxOf(control, request).webhooks.list().reverse(), since, 'delivery');
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
        `This sandbox has no webhook delivery ${JSON.stringify(id)}; GET /__admin/webhooks lists them.`,
      );
    },
  );
}
