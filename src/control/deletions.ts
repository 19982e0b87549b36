// Deletion receipts: which rows each deletion removed or detached.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Receipt } from '../core/deletions/receipt-schema.ts';
import { hasReceipt, type ReceiptFilter, readReceipt, readReceipts } from '../core/deletions/receipts.ts';
import { invalidInput, Problem } from '../core/problem.ts';
import { type Control, existingSandboxOf, requireProvider, SandboxQuery } from './context.ts';
import { listOf } from './schemas.ts';

const LIMIT_RULE = 'must be a whole number from 1 to 9999';

const Query = SandboxQuery.extend({
  since: z.string().optional().describe('Only receipts after this request id or ISO 8601 time.'),
  limit: z.coerce
    .number(LIMIT_RULE)
    .int(LIMIT_RULE)
    .min(1, LIMIT_RULE)
    .max(9999, LIMIT_RULE)
    .default(100)
    .describe('Maximum number of entries.'),
  provider: z.string().optional().describe('Only this provider.'),
  operation: z.string().optional().describe('Only this operation, e.g. `endUsers.delete`.'),
  dryRun: z.stringbool().optional().describe('Only dry runs (`true`), or only real deletions (`false`).'),
});

/** Adds `GET /__admin/deletions` and `GET /__admin/deletions/{requestId}`. */
export function addDeletions(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/deletions',
    {
      schema: {
        summary: 'the receipts of deletions, newest first',
        description:
          'Filters: `?since=` (a request id or an ISO time), `?limit=`, `?provider=`, `?operation=`, `?dryRun=`.',
        querystring: Query,
        response: { 200: listOf('deletions', Receipt) },
      },
    },
    async (request) => {
      const { since, limit, provider, operation, dryRun } = request.query as z.output<typeof Query>;
      if (provider !== undefined) requireProvider(control, provider);
      const sandbox = existingSandboxOf(control, request);
      const { db } = sandbox;
      const beginning = since === undefined ? {} : beginningAt(since, (id) => hasReceipt(db, id));
      const filter = { ...beginning, provider, operation, dryRun, limit };
      const { receipts, total } = await sandbox.holdWhile(() => readReceipts(db, control.providers, filter));
      return { deletions: receipts, meta: { total } };
    },
  );
  scope.get(
    '/deletions/:requestId',
    {
      schema: {
        summary: 'what one request deleted',
        description: '`requestId` is the `X-Understudy-Request` header of the response to the deletion.',
        querystring: SandboxQuery,
        response: { 200: Receipt },
      },
    },
    async (request) => {
      const { requestId } = request.params as { requestId: string };
      const sandbox = existingSandboxOf(control, request);
      const receipt = await sandbox.holdWhile(() => readReceipt(sandbox.db, control.providers, requestId));
      if (receipt !== undefined) return receipt;
      throw new Problem(
        404,
        'unknown-deletion',
        `Sandbox ${sandbox.name} has no receipt for request ${JSON.stringify(requestId)}; a request that deleted nothing has no receipt, and of many or large deletions the oldest receipts are dropped.`,
      );
    },
  );
}

/**
 * Reads `since` as an ISO 8601 time, else as the id of a request with a receipt. Throws a Problem, 400, for anything
 * else.
 */
function beginningAt(since: string, hasReceiptOf: (id: string) => boolean): Partial<ReceiptFilter> {
  const time = /^\d{4}-\d\d-\d\d(T.+)?$/.test(since) ? Date.parse(since) : Number.NaN;
  if (!Number.isNaN(time)) return { from: new Date(time).toISOString() };
  if (hasReceiptOf(since)) return { afterRequest: since };
  const given = JSON.stringify(since);
  throw invalidInput('since', `${given} is neither an ISO 8601 time nor the id of a request with a receipt`);
}
