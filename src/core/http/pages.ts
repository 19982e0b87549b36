// A provider's HTML pages for browsers, under its mount; the link's query names the sandbox.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, Problem } from '../problem.ts';
import type { Page } from '../provider/provider.ts';
import { requestId } from '../random-ids.ts';
import { DEFAULT_SANDBOX, sandboxName } from '../sandbox/sandboxes.ts';
import { NOT_YET_KNOWN, recordExchange } from './record-exchange.ts';
import type { ServedProvider } from './request-context.ts';

/** Adds a provider's pages to its scope. */
export function addPages(scope: FastifyInstance, served: ServedProvider): void {
  for (const page of served.provider.pages ?? []) {
    scope.route({
      method: page.method,
      url: page.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { page },
      handler: (request: FastifyRequest, reply: FastifyReply) => showPage(served, page, request, reply),
    });
  }
}

/** The error of a page, as a problem document: the provider's error format is for its API only. */
export function pageProblem({ statusCode = 500, message }: FastifyError): Problem {
  return new Problem(statusCode, 'page', `This page cannot be shown: ${message}.`);
}

/** Responds with a page and records the exchange. */
export function showPage(
  { provider, sandboxes }: ServedProvider,
  page: Page,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const started = performance.now();
  const id = requestId();
  reply.header('x-understudy-request', id);
  if (provider.requestId !== undefined) reply.header(provider.requestId.header, provider.requestId.next());
  const query = request.query as Record<string, unknown>;
  // Browsers do not send our header, so links contain the sandbox's name.
  const name = sandboxName((query.sandbox ?? request.headers['x-understudy-sandbox'] ?? DEFAULT_SANDBOX) as string, []);
  // Only looks: a page of another site can open a link here, e.g. as an image, and must not create or evict a sandbox.
  const sandbox = sandboxes.findExisting(name);
  const at = sandbox.clock.now();
  const body = request.body as Buffer | undefined;
  reply.headers({ 'x-understudy-sandbox': name, 'cache-control': 'no-store' });
  let payload: string;
  try {
    const response = page.handle({ sandbox, params: request.params as Record<string, string>, query });
    reply.code(response.status);
    if (response.status === 303) reply.header('location', response.location);
    else reply.header('content-type', 'text/html; charset=utf-8');
    payload = response.status === 303 ? '' : response.html;
  } catch (error) {
    const problem = pageProblem(error as FastifyError);
    reply.code(problem.status).header('content-type', PROBLEM_TYPE);
    payload = JSON.stringify(problem);
  }
  const context = {
    sandbox,
    requestId: id,
    provider,
    operation: null,
    matched: true,
    body,
    at,
    started,
    ...NOT_YET_KNOWN,
  };
  recordExchange(context, sandboxes.events, request, reply, payload);
  return reply.send(payload);
}
