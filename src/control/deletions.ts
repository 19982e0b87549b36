// What each deletion really did: the receipts of a sandbox.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ReceiptFilter, readReceipt, readReceipts } from '../core/deletions/receipts.ts';
import { Problem } from '../core/problem.ts';
import { type Control, requireProvider, SandboxQuery, sandboxOf } from './context.ts';

const WHOLE = 'must be a whole number from 1 to 9999';

const Query = SandboxQuery.extend({
  since: z.string().optional().describe('Only those after this one: a request id, or an ISO 8601 time.'),
  limit: z.coerce.number(WHOLE).int(WHOLE).min(1, WHOLE).max(9999, WHOLE).default(100).describe('How many at most.'),
  provider: z.string().optional().describe('Only those of this provider.'),
  operation: z.string().optional().describe('Only those of this operation, e.g. `endUsers.delete`.'),
});

const Shown = z.object({
  requestId: z.string(),
  providerRequestId: z.string().optional(),
  at: z.string().describe('Sandbox time.'),
  provider: z.string(),
  operation: z.string(),
  root: z.object({ resource: z.string(), id: z.string() }),
  deleted: z
    .array(z.object({ resource: z.string(), id: z.string(), via: z.string().nullable() }))
    .describe('What went along, and the foreign key that took it.'),
  detached: z
    .array(z.object({ resource: z.string(), id: z.string(), field: z.string() }))
    .describe('What stayed and lost its owner.'),
  counts: z.record(z.string(), z.int()).describe('Deleted rows by resource, the root included.'),
  dryRun: z.boolean().describe('Nothing went; this is what would have.'),
  answered: z.boolean().describe("The provider's own answer reached the client."),
  truncated: z.literal(true).optional().describe('There are more rows than are listed.'),
});
const List = z.object({ deletions: z.array(Shown), meta: z.object({ total: z.int() }) });

/** `GET /__admin/deletions` and `GET /__admin/deletions/{requestId}`. */
export function addDeletions(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/deletions',
    {
      schema: {
        summary: 'the receipts of deletions, newest first',
        description: 'Cut by `?since=` (a request id or an ISO time), `?limit=`, `?provider=`, `?operation=`.',
        querystring: Query,
        response: { 200: List },
      },
    },
    async (request) => {
      const { since, limit, provider, operation } = request.query as z.output<typeof Query>;
      if (provider !== undefined) requireProvider(control, provider);
      const { db } = sandboxOf(control, request);
      const beginning = since === undefined ? {} : beginningAt(since, (id) => readReceipt(db, control.providers, id));
      const { receipts, total } = readReceipts(db, control.providers, { ...beginning, provider, operation, limit });
      return { deletions: receipts, meta: { total } };
    },
  );
  scope.get(
    '/deletions/:requestId',
    {
      schema: {
        summary: 'what one request deleted',
        description: 'It is named by the `X-Understudy-Request` of its answer.',
        querystring: SandboxQuery,
        response: { 200: Shown },
      },
    },
    async (request) => {
      const { requestId } = request.params as { requestId: string };
      const sandbox = sandboxOf(control, request);
      const receipt = readReceipt(sandbox.db, control.providers, requestId);
      if (receipt !== undefined) return receipt;
      throw new Problem(
        404,
        'unknown-deletion',
        'Unknown deletion',
        `Sandbox ${sandbox.name} has no receipt of a request ${JSON.stringify(requestId)}; a request that removed nothing has none.`,
      );
    },
  );
}

/** Request ids are letters and digits; whatever has more in it is meant as a time. */
function beginningAt(since: string, receipt: (id: string) => unknown): Partial<ReceiptFilter> {
  const time = /^\d{4}-\d\d-\d\d(T.+)?$/.test(since) ? Date.parse(since) : Number.NaN;
  if (!Number.isNaN(time)) return { from: new Date(time).toISOString() };
  if (receipt(since) !== undefined) return { afterRequest: since };
  throw new Problem(
    400,
    'invalid-input',
    'Invalid input',
    `since: ${JSON.stringify(since)} is neither an ISO 8601 time nor the id of a request whose receipt is kept.`,
    { errors: [{ path: 'since', message: 'must be an ISO 8601 time or the id of a request with a receipt' }] },
  );
}
