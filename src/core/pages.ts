// A provider's pages for browsers: HTML under its mount, found by the sandbox named in the link.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Served } from './pipeline.ts';
import { DEFAULT_SANDBOX, sandboxName } from './sandboxes.ts';

/** Adds a provider's pages to its scope. */
export function addPages(scope: FastifyInstance, { provider, sandboxes }: Served): void {
  for (const page of provider.pages ?? []) {
    scope.route({
      method: page.method,
      url: page.path.replace(/\{(\w+)\}/g, ':$1'),
      schema: { hide: true } as object,
      handler: (request: FastifyRequest, reply: FastifyReply) => {
        if (provider.requestId !== undefined) reply.header(provider.requestId.header, provider.requestId.next());
        const query = request.query as Record<string, unknown>;
        // A browser sends no header of ours, so links carry the sandbox's name.
        const name = sandboxName(
          (query.sandbox ?? request.headers['x-understudy-sandbox'] ?? DEFAULT_SANDBOX) as string,
          [],
        );
        const answer = page.handle({
          sandbox: sandboxes.find(name),
          params: request.params as Record<string, string>,
          query,
        });
        reply.code(answer.status).headers({ 'x-understudy-sandbox': name, 'cache-control': 'no-store' });
        if (answer.status === 303) return reply.header('location', answer.location).send('');
        return reply.header('content-type', 'text/html; charset=utf-8').send(answer.html);
      },
    });
  }
}
