// Requests that reach no scope: unknown paths, broken escapes, broken HTTP. The provider is chosen by prefix.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { JSON_TYPE, PROBLEM_TYPE, Problem } from '../problem.ts';
import { requestId } from '../random-ids.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxName } from '../sandbox/sandboxes.ts';
import { type ServedProvider, serveMalformedPath, serveUnknownRoute } from './pipeline.ts';
import { recordExchange } from './record-exchange.ts';
import { providerOf } from './root-mounts.ts';
import { sendProblem } from './send-problem.ts';

/** The provider a URL was meant for: its mount, in any case, as a whole path segment or the start of one. */
function providerFor(served: readonly ServedProvider[], url: string): ServedProvider | undefined {
  const path = url.toLowerCase();
  return served.find(({ provider }) => path.startsWith(provider.mount));
}

/** Server-wide handlers for what Fastify cannot route or parse. */
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

/** Answers paths outside every scope, whatever is wrong with a body that came along. */
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
        `Nothing answers ${request.method} ${request.url}; the providers are at ${mounts}, the sandbox itself at /__admin.`,
      ),
    );
  };
  app.setNotFoundHandler(response);
  app.setErrorHandler((_error, request, reply) => response(request, reply));
}

/**
 * Refuses a request that no provider was meant by. It is in the journal all the same, of the sandbox that its header
 * or any provider's key names: a base URL without its mount is the first thing people get wrong.
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
    // Its sandbox cannot be had either; where it went is the more useful answer.
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
    },
    sandboxes.events,
    request,
    reply,
    payload,
  );
  return reply.send(payload);
}

/** Milliseconds in which a client may take the answer to what was not HTTP, and close its side of the connection. */
const CLOSE_TIMEOUT = 1000;

/** What is wrong with a request that is not HTTP, where it has a status of its own. */
const STATUSES: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

function rejectInvalidHttp(served: readonly ServedProvider[], error: ConnectionError, socket: Socket): void {
  // What follows a request that was to be the last is nobody's (RFC 9112, section 9.6): a refusal of it would go out in
  // the place of the answer that is on its way, and that ends the connection.
  if (String(error.code) === 'HPE_CLOSED_CONNECTION') return;
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // More of what was answered already. Closing now would reset the connection before the client has read why.
  if (!socket.writable) return;
  const [method = '', url = ''] = String(error.rawPacket).split(' ', 2);
  const own = providerOf(socket);
  const target = own === undefined ? providerFor(served, url) : served.find(({ provider }) => provider === own);
  const status = STATUSES[error.code] ?? 400;
  const problem = new Problem(
    status,
    'malformed-request',
    STATUS_CODES[status] as string,
    `The request is not HTTP as this server reads it (${error.code}).`,
  );
  let response = { status, type: PROBLEM_TYPE, body: JSON.stringify(problem), headers: '' };
  if (target !== undefined) {
    const { provider } = target;
    const { unknownRoute, malformedPath } = provider.errors.transport;
    const failure = error.code === 'HPE_INVALID_METHOD' ? unknownRoute({ method, url }) : malformedPath();
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
  socket.end(
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\ncontent-type: ${response.type}\r\ncontent-length: ${Buffer.byteLength(response.body)}\r\n${response.headers}connection: close\r\n\r\n${response.body}`,
  );
  // A client that does not close its side would keep the connection for ever.
  const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT).unref();
  socket.once('close', () => clearTimeout(timer));
}
