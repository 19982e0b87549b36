// Mounts a provider in its own Fastify scope: prefix, body parser, error and not-found handlers, routes.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasQuery, type PathPattern, pathPattern } from '../openapi/path-pattern.ts';
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
    /** The operations a provider's route serves, by the query they require; at most one requires none and is last. */
    operations?: readonly RoutedOperation[];
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
        const { operations, page } = request.routeOptions.config;
        const body = BODY_ERRORS[error.code];
        drainBody(request, reply);
        // Pages ignore their body, so its errors do not matter.
        if (page !== undefined && body !== undefined) return showPage(served, page, request, reply);
        if (operations === undefined) return sendProblem(reply, error instanceof Problem ? error : pageProblem(error));
        const operation = operationFor(operations, request);
        if (operation === undefined) return serveUnknownRoute(served, request, reply);
        // A body that nobody reads may be one that cannot be inflated.
        const unread = !operation.hasBody && error.code.startsWith('Z_');
        // An incomplete body means an incomplete request: the operation must not run.
        return body === undefined && !unread
          ? serveIncompleteBody(served, operation, request, reply)
          : serve(served, operation, request, reply, body);
      });
      addPages(inner, served);
      for (const operations of routesOf(provider.operations)) {
        const [{ operation, pattern }] = operations;
        inner.route({
          method: operation.method,
          url: provider.base + pattern.url,
          config: { operations },
          handler: (request: FastifyRequest, reply: FastifyReply) => {
            const found = operationFor(operations, request);
            if (found === undefined) return serveUnknownRoute(served, request, reply);
            return serve(served, found, request, reply, request.body as Buffer | undefined);
          },
        });
      }
    },
    { prefix: provider.mount },
  );
}

/** An operation and its path. */
interface RoutedOperation {
  readonly operation: Operation;
  readonly pattern: PathPattern;
}

type Routes = (readonly [RoutedOperation, ...RoutedOperation[]])[];

/** The routes of a provider's operations are the same in every server of a process. */
const known = new WeakMap<readonly Operation[], Routes>();

/** The operations by route: those of one route differ in the query they require. */
function routesOf(operations: readonly Operation[]): Routes {
  const routes = known.get(operations) ?? makeRoutes(operations);
  known.set(operations, routes);
  return routes;
}

function makeRoutes(operations: readonly Operation[]): Routes {
  const routes = new Map<string, [RoutedOperation, ...RoutedOperation[]]>();
  for (const operation of operations) {
    const pattern = pathPattern(operation.path);
    const key = `${operation.method} ${operation.path.split(/[?#]/, 1)[0]?.replace(/\{[^{}]*\}/g, '{}')}`;
    const route = routes.get(key);
    if (route === undefined) routes.set(key, [{ operation, pattern }]);
    else {
      route.push({ operation, pattern });
      route.sort((a, b) => b.pattern.query.length - a.pattern.query.length);
    }
  }
  return [...routes.values()];
}

/** The operation of a route whose required query is there; the path's parameters get its names. */
function operationFor(operations: readonly RoutedOperation[], request: FastifyRequest): Operation | undefined {
  const found = operations.find(({ pattern }) => hasQuery(pattern.query, request.query as Record<string, unknown>));
  if (found !== undefined && found !== operations[0]) {
    const values = Object.values(request.params as Record<string, string>);
    request.params = Object.fromEntries(found.pattern.names.map((name, n) => [name, values[n]]));
  }
  return found?.operation;
}
