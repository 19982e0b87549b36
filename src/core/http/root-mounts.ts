// Serves a provider at `/`, on its own port or for its real host name: for clients with a fixed base path.
import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Provider } from '../provider/provider.ts';
import { ignoreUnknownExpectations } from './expect-header.ts';

/** The provider of each request that arrived at the root of a port or host. */
const rootMounted = new WeakMap<IncomingMessage, Provider>();

/** The provider of each connection to a provider's own port. */
const rootSockets = new WeakMap<object, Provider>();

/** The provider on whose own port a connection arrived. */
export function providerOf(socket: object): Provider | undefined {
  return rootSockets.get(socket);
}

/** Whether a request arrived at the root of a provider's own port or host; links then omit the mount. */
export function isRootMounted(request: IncomingMessage): boolean {
  return rootMounted.has(request);
}

/**
 * Fastify's `rewriteUrl`: prefixes requests for a provider's own host or port with its mount. Other paths, including
 * the control plane, cannot be reached from there.
 */
export function rewriteRootMounted(providers: readonly Provider[]): (request: IncomingMessage) => string {
  const hosts = new Map(providers.flatMap((provider) => provider.hosts.map((host) => [host, provider] as const)));
  return (request) => {
    // Clients of a proxy send absolute URLs, whose host takes precedence over the Host header.
    const [, urlHost, url = '/'] = WHOLE_URL.exec(request.url as string) ?? [null, null, request.url as string];
    const host = urlHost ?? request.headers.host;
    const provider = rootMounted.get(request) ?? (host === undefined ? undefined : hosts.get(hostName(host)));
    if (provider === undefined) return url;
    rootMounted.set(request, provider);
    return provider.mount + url;
  };
}

const WHOLE_URL = /^https?:\/\/([^/?]+)(.*)$/i;

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

/** Serves a provider at `/` of an additional port, which closes with the app. Rejects if the port cannot be opened. */
export async function openRootMount(
  app: FastifyInstance,
  provider: Provider,
  { port, host, http = {} }: { readonly port: number; readonly host: string; readonly http?: ServerOptions },
): Promise<Server> {
  await app.ready();
  const server = createServer(http, (request, response) => {
    rootMounted.set(request, provider);
    app.routing(request, response);
  });
  server.on('connection', (socket) => rootSockets.set(socket, provider));
  ignoreUnknownExpectations(server);
  server.on('clientError', (error, socket) => app.server.emit('clientError', error, socket));
  app.addRootServer(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return server;
}
