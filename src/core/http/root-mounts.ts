// Providers at the root: for clients that own their base URL, by a port of its own or by the provider's real host.
import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Provider } from '../provider/provider.ts';
import { ignoreUnknownExpectations } from './expect-header.ts';

/** The provider a request was sent to as if it were the real service. */
const rootMounted = new WeakMap<IncomingMessage, Provider>();

/** Connections to a provider's own port. */
const rootSockets = new WeakMap<object, Provider>();

/** The provider whose own port a connection came in at. */
export function providerOf(socket: object): Provider | undefined {
  return rootSockets.get(socket);
}

/** Whether a request came in at the root of a provider's own port or host; links then leave the mount out. */
export function isRootMounted(request: IncomingMessage): boolean {
  return rootMounted.has(request);
}

/**
 * Fastify's `rewriteUrl`: a request for a provider's own host or port continues below its mount. Nothing else,
 * the control plane included, can be reached from there.
 */
export function rewriteRootMounted(providers: readonly Provider[]): (request: IncomingMessage) => string {
  const hosts = new Map(providers.flatMap((provider) => provider.hosts.map((host) => [host, provider] as const)));
  return (request) => {
    // A proxy's client sends whole URLs; only their path is for us, and their host counts.
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

/** Serves one provider at `/` of another port as well; closed with the app. Rejects when the port cannot be had. */
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
