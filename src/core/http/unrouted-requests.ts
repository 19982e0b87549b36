// Requests that reach no route: unknown paths, invalid percent-escapes, invalid HTTP. The path's prefix selects the provider.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { endConnection } from '../closing-connection.ts';
import { JSON_TYPE, PROBLEM_TYPE, Problem } from '../problem.ts';
import { requestId } from '../random-ids.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxName } from '../sandbox/sandboxes.ts';
import { type ServedProvider, serveMalformedPath, serveUnknownRoute } from './pipeline.ts';
import { recordExchange } from './record-exchange.ts';
import { providerOf } from './root-mounts.ts';
import { routeHint } from './route-hint.ts';
import { sendProblem } from './send-problem.ts';

/** The provider whose mount is a prefix of the URL, case-insensitively; the segment may be longer than the mount. */
function providerFor(served: readonly ServedProvider[], url: string): ServedProvider | undefined {
  const path = url.toLowerCase();
  return served.find(({ provider }) => path.startsWith(provider.mount));
}

/** Fastify's server-wide handlers for paths it cannot decode and requests it cannot parse. */
export function unroutedRequestHandlers(
  served: readonly ServedProvider[],
): Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> {
  return {
    frameworkErrors: (_error, request, reply) => {
      const target = providerFor(served, request.url);
      if (target !== undefined) void serveMalformedPath(target, request as FastifyRequest, reply as FastifyReply);
      else
        rejectUnrouted(
          served,
          request as FastifyRequest,
          reply as FastifyReply,
          new Problem(400, 'malformed-path', 'Malformed path', `${request.url} does not decode as a URL.`),
        );
    },
    clientErrorHandler: (error, socket) => rejectInvalidHttp(served, error, socket),
  };
}

/** Responds to paths outside every scope, even when their body is invalid. */
export function addUnknownPathHandlers(app: FastifyInstance, served: readonly ServedProvider[]): void {
  const response = (request: FastifyRequest, reply: FastifyReply) => {
    const target = providerFor(served, request.url);
    if (target !== undefined) return serveUnknownRoute(target, request, reply);
    const mounts = served.map(({ provider }) => provider.mount + provider.base).join(', ');
    return rejectUnrouted(
      served,
      request,
      reply,
      new Problem(
        404,
        'not-found',
        'Not found',
        `There is no route ${request.method} ${request.url}; the providers are at ${mounts}, the control plane is at /__admin.`,
      ),
    );
  };
  app.setNotFoundHandler(response);
  app.setErrorHandler((_error, request, reply) => response(request, reply));
}

/**
 * Rejects a request that addresses no provider. It is recorded in the journal of the sandbox that its header or any
 * provider's key names, since a base URL without the mount is the most common mistake.
 */
function rejectUnrouted(
  served: readonly ServedProvider[],
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const started = performance.now();
  const [{ sandboxes }] = served as readonly [ServedProvider];
  let sandbox: Sandbox;
  try {
    const credentials = served.flatMap(({ provider }) => provider.auth.credentials(request.headers));
    sandbox = sandboxes.find(sandboxName(request.headers['x-understudy-sandbox'], credentials));
  } catch {
    // The sandbox cannot be opened either; the wrong path is the more useful error.
    return sendProblem(reply, problem);
  }
  const id = requestId();
  reply
    .code(problem.status)
    .headers({ 'content-type': PROBLEM_TYPE, 'x-understudy-request': id, 'x-understudy-sandbox': sandbox.name });
  const payload = JSON.stringify(problem);
  const at = sandbox.clock.now();
  recordExchange(
    {
      sandbox,
      requestId: id,
      provider: null,
      operation: null,
      matched: false,
      body: undefined,
      at,
      started,
      notes: null,
      dryRun: false,
      deletes: false,
      pending: null,
    },
    sandboxes.events,
    request,
    reply,
    payload,
  );
  return reply.send(payload);
}

/** Parser errors with a status of their own; all others are 400. */
const STATUSES: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

function rejectInvalidHttp(served: readonly ServedProvider[], error: ConnectionError, socket: Socket): void {
  // Data after the last request of a connection is ignored (RFC 9112, section 9.6): an error for it would be sent in
  // place of the pending response, which closes the connection.
  if (String(error.code) === 'HPE_CLOSED_CONNECTION') return;
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // More data of a rejected request. Closing now would reset the connection before the client has read the error.
  if (!socket.writable) return;
  const [method = '', url = ''] = String(error.rawPacket).split(' ', 2);
  const own = providerOf(socket);
  const target = own === undefined ? providerFor(served, url) : served.find(({ provider }) => provider === own);
  const status = STATUSES[error.code] ?? 400;
  const problem = new Problem(
    status,
    'malformed-request',
    STATUS_CODES[status] as string,
    `The request is not valid HTTP (${error.code}).`,
  );
  let response = { status, type: PROBLEM_TYPE, body: JSON.stringify(problem), headers: '' };
  if (target !== undefined) {
    const { provider } = target;
    const { unknownRoute, malformedPath } = provider.errors.transport;
    const failure =
      error.code === 'HPE_INVALID_METHOD'
        ? unknownRoute({ method, url }, routeHint(provider, { method, url }))
        : malformedPath();
    const id = provider.requestId?.next() ?? '';
    const headers = [`x-understudy-request: ${requestId()}`];
    if (provider.requestId !== undefined) headers.push(`${provider.requestId.header}: ${id}`);
    if (provider.cors !== undefined) headers.push('access-control-allow-origin: *');
    response = {
      status: failure.entry.status,
      type: JSON_TYPE,
      body: JSON.stringify(provider.errors.body(failure, { requestId: id })),
      headers: headers.map((header) => `${header}\r\n`).join(''),
    };
  }
  endConnection(
    socket,
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\ncontent-type: ${response.type}\r\ncontent-length: ${Buffer.byteLength(response.body)}\r\n${response.headers}connection: close\r\n\r\n${response.body}`,
  );
}
