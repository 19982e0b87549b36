// Finds the operations of a request by its method and path; all servers of a process share a provider's router.
import type { HTTPMethods } from 'fastify';
import Router from 'find-my-way';
import { hasQuery, type PathPattern, pathPattern } from '../openapi/path-pattern.ts';
import type { Operation, Provider } from '../provider/provider.ts';

/** The longest parameter of a path, in characters. */
export const MAX_PARAM_LENGTH = 5000;

/** An operation and its path. */
interface RoutedOperation {
  readonly operation: Operation;
  readonly pattern: PathPattern;
}

/** Operations at one method and path; they differ in the query they require, and at most one requires none, the last. */
type RoutedOperations = readonly [RoutedOperation, ...RoutedOperation[]];

/** The operation of a request, with the parameters of its path by its own names. */
export interface FoundOperation {
  readonly operation: Operation;
  readonly params: Record<string, string>;
}

const routers = new WeakMap<readonly Operation[], Router.Instance<Router.HTTPVersion.V1>>();

/** The methods of a provider's operations. */
export function methodsOf({ operations }: Provider): HTTPMethods[] {
  return [...new Set(operations.map(({ method }) => method as HTTPMethods))];
}

/** Finds the operation of a request; null if there is none, `too-long` for a parameter beyond `MAX_PARAM_LENGTH`. */
export type FindOperation = (
  method: string,
  url: string,
  query: Readonly<Record<string, unknown>>,
) => FoundOperation | 'too-long' | null;

/**
 * Finds the operations of a provider; all servers of a process share its routes.
 *
 * @throws Error for paths that cannot be routed
 */
export function operationFinder(provider: Provider): FindOperation {
  const router = routers.get(provider.operations) ?? makeRouter(provider);
  routers.set(provider.operations, router);
  return (method, url, query) => {
    const found = router.find(method as Router.HTTPMethod, url);
    if (found === null) return null;
    const routed = (found.handler as () => RoutedOperations | 'too-long')();
    if (routed === 'too-long') return routed;
    const one = routed.find(({ pattern }) => hasQuery(pattern.query, query));
    if (one === undefined) return null;
    const { operation, pattern } = one;
    const params = found.params as Record<string, string>;
    if (one === routed[0]) return { operation, params };
    const values = Object.values(params);
    return { operation, params: Object.fromEntries(pattern.names.map((name, n) => [name, values[n] as string])) };
  };
}

function makeRouter({ mount, base, operations }: Provider): Router.Instance<Router.HTTPVersion.V1> {
  const router = Router({
    maxParamLength: MAX_PARAM_LENGTH,
    onMaxParamLength: () => 'too-long',
    querystringParser: () => ({}),
  });
  for (const routed of routesOf(operations)) {
    const [{ operation, pattern }] = routed;
    const url = mount + base + pattern.url;
    // The root of a provider is its mount, with or without a slash at the end.
    for (const one of url === `${mount}/` ? [mount, url] : [url])
      router.on(operation.method as Router.HTTPMethod, one, () => routed);
  }
  return router;
}

function routesOf(operations: readonly Operation[]): RoutedOperations[] {
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
