// The request journal: list, find, count, verify and await recorded requests.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { withReceipts } from '../core/deletions/receipts.ts';
import { turnOf } from '../core/http/connection-order.ts';
import type { Exchange } from '../core/journal/journal.ts';
import { describe } from '../core/journal/journal-entry.ts';
import { compilePattern, type Matcher } from '../core/journal/request-pattern.ts';
import { JournalEntry, Pattern } from '../core/journal/schemas.ts';
import { Problem } from '../core/problem.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { after, firstPage, ListQuery } from './list-query.ts';
import { listOf, Verdict } from './schemas.ts';
import { matchesExchange, verify, waitForRequests } from './verify-requests.ts';

const SINCE = 'Only requests after this request id or ISO 8601 time (2025-01-31T12:00:00Z).';
const Page = ListQuery.extend({ since: z.string().optional().describe(SINCE) });
const Query = Page.extend({
  provider: z.string().optional().describe('Only this provider.'),
  operation: z.string().optional().describe('Only this operation, e.g. `endUsers.delete`.'),
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, 'takes a status from 100 to 599, or a class of them, as in 2xx')
    .optional()
    .describe('Only requests whose client received this status, or one of this class, e.g. `2xx`.'),
  dryRun: z.stringbool().optional().describe('Only dry runs (`true`), or only real requests (`false`).'),
});

const atLeastZero = z.int().min(0);
const Count = z.union(
  [
    atLeastZero,
    z
      .strictObject({ atLeast: atLeastZero.optional(), atMost: atLeastZero.optional() })
      .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'takes atLeast, atMost or both'),
  ],
  'takes a number of requests, or {atLeast, atMost}',
);
const Verify = z.strictObject({ pattern: Pattern, count: Count.optional() });
const Wait = z.strictObject({
  pattern: Pattern,
  count: z.int().min(1).default(1),
  timeoutMs: z.int().min(0).max(60_000).default(5000),
});

/**
 * Adds `GET DELETE /__admin/requests`, `GET /__admin/requests/{id}`, and `POST` find, count, verify and wait below it.
 */
export function addRequests(scope: FastifyInstance, control: Control): void {
  const { providers } = control;
  const journalOf = (request: FastifyRequest) => existingSandboxOf(control, request).journal;
  const show = ({ db }: Sandbox, exchanges: readonly Exchange[]): JournalEntry[] => {
    const receipts = withReceipts(db);
    return exchanges.map((exchange) => ({
      ...describe(exchange, providers),
      ...(receipts.has(exchange.id) ? { deletion: true } : {}),
    }));
  };
  const list = (request: FastifyRequest, matcher: Matcher) => {
    const { since } = request.query as z.output<typeof Page>;
    const sandbox = existingSandboxOf(control, request);
    const found = after(sandbox.journal.newestFirst(), since, 'request').filter((one) => matchesExchange(matcher, one));
    return { requests: show(sandbox, firstPage(found, request)), meta: { total: found.length } };
  };

  // Pending waits end before the server closes.
  const open = new Set<() => void>();
  let closing = false;
  scope.addHook('preClose', async () => {
    closing = true;
    for (const end of open) end();
  });

  scope.get(
    '/requests',
    {
      schema: {
        summary: 'the recorded requests of a sandbox and their responses, newest first',
        description:
          'Filters: `?since=` (an id or a time), `?limit=`, `?provider=`, `?operation=`, `?status=`, `?dryRun=`.',
        querystring: Query,
        response: { 200: listOf('requests', JournalEntry) },
      },
    },
    async (request) => {
      const { provider, operation, status, dryRun = null } = request.query as z.output<typeof Query>;
      // The schema allows no other text.
      const wanted = (status?.endsWith('xx') ? status : status && Number(status)) as Pattern['status'];
      return list(request, compilePattern({ provider, operation, status: wanted, dryRun }, providers));
    },
  );
  scope.get(
    '/requests/:id',
    { schema: { summary: 'one request and its response', querystring: SandboxQuery, response: { 200: JournalEntry } } },
    async (request) => {
      const { id } = request.params as { id: string };
      const sandbox = existingSandboxOf(control, request);
      const found = sandbox.journal.newestFirst().find((one) => one.id === id);
      if (found !== undefined) return show(sandbox, [found])[0];
      throw new Problem(
        404,
        'unknown-request',
        `The journal has no request ${JSON.stringify(id)}; it was cleared, evicted by newer requests, or never arrived.`,
      );
    },
  );
  scope.post(
    '/requests/find',
    {
      schema: {
        summary: 'the requests that match a pattern, newest first',
        querystring: Page,
        body: Pattern,
        response: { 200: listOf('requests', JournalEntry) },
      },
    },
    async (request) => list(request, compilePattern(request.body as Pattern, providers)),
  );
  scope.post(
    '/requests/count',
    {
      schema: {
        summary: 'the number of requests that match a pattern',
        querystring: SandboxQuery,
        body: Pattern,
        response: { 200: z.object({ count: z.int() }) },
      },
    },
    async (request) => {
      const matcher = compilePattern(request.body as Pattern, providers);
      return {
        count: journalOf(request)
          .newestFirst()
          .filter((one) => matchesExchange(matcher, one)).length,
      };
    },
  );
  scope.post(
    '/requests/verify',
    {
      schema: {
        summary: 'whether the expected number of requests match a pattern',
        description:
          'Expects at least one without `count`. On too few lists the requests that miss the pattern by one member, on too many the extra ones.',
        querystring: SandboxQuery,
        body: Verify,
        response: { 200: Verdict },
      },
    },
    async (request) => {
      const { pattern, count = { atLeast: 1 } } = request.body as z.output<typeof Verify>;
      const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } =
        typeof count === 'number' ? { atLeast: count, atMost: count } : count;
      const matcher = compilePattern(pattern, providers, 'pattern');
      return verify(journalOf(request), { matcher, atLeast, atMost }, providers);
    },
  );
  scope.post(
    '/requests/wait',
    {
      schema: {
        summary: 'waits until enough requests match a pattern',
        description: 'Responds once `count` requests match (default 1) or `timeoutMs` (default 5000) have passed.',
        querystring: SandboxQuery,
        body: Wait,
        response: { 200: Verdict },
      },
    },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { pattern, count, timeoutMs } = request.body as z.output<typeof Wait>;
      const matcher = compilePattern(pattern, providers, 'pattern');
      const expectation = { matcher, atLeast: count, atMost: Number.POSITIVE_INFINITY };
      const ended = new AbortController();
      const end = () => ended.abort();
      const timer = setTimeout(end, timeoutMs);
      turnOf(request, reply).onEnd(end);
      open.add(end);
      // A wait behind another on its connection starts when that ends, which may be while the server closes.
      if (closing) end();
      const sandbox = sandboxOf(control, request);
      // The sandbox must not be evicted during the wait.
      const release = sandbox.hold();
      sandbox.ended.addEventListener('abort', end);
      await waitForRequests(sandbox.journal, expectation, ended.signal);
      sandbox.ended.removeEventListener('abort', end);
      release();
      clearTimeout(timer);
      open.delete(end);
      sandbox.ended.throwIfAborted();
      return verify(sandbox.journal, expectation, providers);
    },
  );
  scope.delete(
    '/requests',
    { schema: { summary: 'clears the journal', querystring: SandboxQuery } },
    async (request, reply) => {
      sandboxOf(control, request).journal.clear();
      return reply.code(204).send();
    },
  );
}
