// Serves the control plane on a separate port: a second HTTP server that routes into the same app.
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ignoreUnknownExpectations } from '../core/http/expect-header.ts';
import { PROBLEM_TYPE, Problem } from '../core/problem.ts';

const adminPortRequests = new WeakSet<IncomingMessage>();

/** Whether a request arrived on the control plane's own port. */
export function isOnAdminPort(request: IncomingMessage): boolean {
  return adminPortRequests.has(request);
}

/** The origin at which the sender of a request reaches the providers of a sandbox: its `publicUrl`, or this host. */
export function providersOrigin({ headers, raw, server, protocol }: FastifyRequest, publicUrl: string | null): string {
  if (publicUrl !== null) return publicUrl;
  const host = String(headers.host);
  const address = isOnAdminPort(raw) ? server.server.address() : null;
  const own = address === null || typeof address === 'string' ? host : `${host.replace(/:\d+$/, '')}:${address.port}`;
  return `${protocol}://${own}`;
}

/** The origin a request was sent to. */
export function ownOrigin({ headers, protocol }: FastifyRequest): string {
  return `${protocol}://${headers.host}`;
}

/**
 * Serves the control plane, and nothing else, on a port until the app closes. Rejects when the port cannot be bound.
 */
export async function openAdminPort(
  app: FastifyInstance,
  { port, host, http }: { readonly port: number; readonly host: string; readonly http: ServerOptions },
): Promise<Server> {
  await app.ready();
  const server = createServer(http, (request, response) => {
    adminPortRequests.add(request);
    if (isAdminPath(request.url as string)) app.routing(request, response);
    else rejectOtherPaths(request, response);
  });
  ignoreUnknownExpectations(server);
  app.addRootServer(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return server;
}

function isAdminPath(url: string): boolean {
  const path = url.split('?', 1)[0] as string;
  return path === '/' || path === '/__admin' || path.startsWith('/__admin/');
}

function rejectOtherPaths(request: IncomingMessage, response: ServerResponse): void {
  const problem = new Problem(404, 'not-found', `This port serves only /__admin, not ${request.url}.`);
  response.writeHead(404, { 'content-type': PROBLEM_TYPE, connection: 'close' }).end(JSON.stringify(problem));
}
