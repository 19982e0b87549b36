// Mounts a provider in its own Fastify scope: prefix, body parser, error and not-found handlers, routes.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Page } from '../provider/provider.ts';
import { addPreflightHandler } from './cors.ts';
import { methodsOf, operationFinder } from './operation-router.ts';
import { addPages, pageProblem, showPage } from './pages.ts';
import { serve, serveIncompleteBody, serveUnknownRoute, serveUnreadablePath } from './pipeline.ts';
import { drainBody, inflateBodies, UNSUPPORTED_ENCODING } from './request-body.ts';
import type { ServedProvider } from './request-context.ts';
import { sendProblem } from './send-problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The page a provider's route shows. */
    page?: Page;
    /** Whether the route takes the requests of a provider's operations. */
    findsOperation?: boolean;
  }
  interface FastifyRequest {
    /** The provider's operation that the request asks for; null for others. */
    operation: Operation | null;
  }
}

/** Fastify's body errors, as the pipeline represents them. */
const BODY_ERRORS: Readonly<Record<string, ArrivedBody>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'not-json',
  [UNSUPPORTED_ENCODING]: 'unsupported-encoding',
};

/** Mounts a provider on `app` in a scope of its own. */
export function mountProvider(app: FastifyInstance, served: ServedProvider): void {
  const { provider } = served;
  const findOperation = operationFinder(provider);
  app.register(
    async (inner) => {
      // Routes have no schemas: bodies are read as bytes and validated in the pipeline, with the provider's own errors.
      inner.removeAllContentTypeParsers();
      inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      inflateBodies(inner);
      addPreflightHandler(inner, provider);
      // Unknown routes are answered before their body is read. A callback, since a promise would delay every request.
      inner.decorateRequest('operation', null);
      inner.addHook('onRequest', (request, reply, done) => {
        if (request.routeOptions.config.findsOperation !== true) {
          if (request.is404) serveUnknownRoute(served, request, reply);
          else done();
          return;
        }
        const { method, raw, query } = request;
        const found = findOperation(method, raw.url as string, query as Record<string, unknown>);
        if (found === null) serveUnknownRoute(served, request, reply);
        else if (found === 'too-long') serveUnreadablePath(served, request, reply, true);
        else {
          request.operation = found.operation;
          request.params = found.params;
          done();
        }
      });
      inner.setNotFoundHandler((request, reply) => serveUnknownRoute(served, request, reply));
      inner.setErrorHandler((error: FastifyError, request, reply) => {
        const { operation } = request;
        const { page } = request.routeOptions.config;
        const body = BODY_ERRORS[error.code];
        drainBody(request, reply);
        // Pages ignore their body, so its errors do not matter.
        if (page !== undefined && body !== undefined) return showPage(served, page, request, reply);
        if (operation === null) return sendProblem(reply, error instanceof Problem ? error : pageProblem(error));
        // A body that nobody reads may be one that cannot be inflated.
        const unread = !operation.hasBody && error.code.startsWith('Z_');
        // An incomplete body means an incomplete request: the operation must not run.
        return body === undefined && !unread
          ? serveIncompleteBody(served, operation, request, reply)
          : serve(served, operation, request, reply, body);
      });
      addPages(inner, served);
      // Not a route for each operation: hundreds of them would double the time that a server needs to start.
      for (const url of ['', '/*']) {
        inner.route({
          method: methodsOf(provider),
          url,
          config: { findsOperation: true },
          handler: (request: FastifyRequest, reply: FastifyReply) =>
            serve(served, request.operation as Operation, request, reply, request.body as Buffer | undefined),
        });
      }
    },
    { prefix: provider.mount },
  );
}
