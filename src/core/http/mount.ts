// Mounts a provider in its own Fastify scope: prefix, body parser, error and not-found handlers, routes.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routeKey } from '../openapi/published/route-key.ts';
import { Problem } from '../problem.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Page } from '../provider/provider.ts';
import { addPreflightHandler } from './cors.ts';
import { addPages, pageProblem, showPage } from './pages.ts';
import { serve, serveIncompleteBody, serveUnknownRoute } from './pipeline.ts';
import { drainBody, inflateBodies, UNSUPPORTED_ENCODING } from './request-body.ts';
import type { ServedProvider } from './request-context.ts';
import { sendProblem } from './send-problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation a provider's route serves. */
    operation?: Operation;
    /** The page a provider's route shows. */
    page?: Page;
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
  app.register(
    async (inner) => {
      // Routes have no schemas: bodies are read as bytes and validated in the pipeline, with the provider's own errors.
      inner.removeAllContentTypeParsers();
      inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      inflateBodies(inner);
      addPreflightHandler(inner, provider);
      // Unknown routes are answered before their body is read. A callback, since a promise would delay every request.
      inner.addHook('onRequest', (request, reply, done) => {
        if (request.is404) serveUnknownRoute(served, request, reply);
        else done();
      });
      inner.setNotFoundHandler((request, reply) => serveUnknownRoute(served, request, reply));
      inner.setErrorHandler((error: FastifyError, request, reply) => {
        const { operation, page } = request.routeOptions.config;
        const body = BODY_ERRORS[error.code];
        drainBody(request, reply);
        // Pages ignore their body, so its errors do not matter.
        if (page !== undefined && body !== undefined) return showPage(served, page, request, reply);
        if (operation === undefined) return sendProblem(reply, error instanceof Problem ? error : pageProblem(error));
        // An incomplete body means an incomplete request: the operation must not run.
        return body === undefined
          ? serveIncompleteBody(served, operation, request, reply)
          : serve(served, operation, request, reply, body);
      });
      addPages(inner, served);
      for (const operation of provider.operations) {
        inner.route({
          method: operation.method,
          url: provider.base + routePath(operation.path),
          config: { operation },
          handler: (request: FastifyRequest, reply: FastifyReply) =>
            serve(served, operation, request, reply, request.body as Buffer | undefined),
        });
      }
    },
    { prefix: provider.mount },
  );
}

/** A contract's path in the router's syntax: literal colons are doubled, parameter names have word characters only. */
function routePath(path: string): string {
  return path.replaceAll(':', '::').replace(/\{([^{}]*)\}/g, (_, name: string) => `:${routeKey('path', name)}`);
}
