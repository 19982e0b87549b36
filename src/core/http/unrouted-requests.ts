// Requests that reach no route: unknown paths, invalid percent-escapes, invalid HTTP. The path's prefix selects the
// provider.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { endConnection } from '../faults/closing-connection.ts';
import { JSON_TYPE, PROBLEM_TYPE, Problem } from '../problem.ts';
import { requestId } from '../random-ids.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxName } from '../sandbox/sandboxes.ts';
import { isFromOtherSite } from './cors.ts';
import { serveUnknownRoute, serveUnreadablePath } from './pipeline.ts';
import { NOT_YET_KNOWN, recordExchange } from './record-exchange.ts';
import { drainBody } from './request-body.ts';
import type { ServedProvider } from './request-context.ts';
import { providerOf } from './root-mounts.ts';
import { routeHint } from './route-hint.ts';
import { sendProblem } from './send-problem.ts';

/** The provider whose mount is a prefix of the URL, case-insensitively; the segment may be longer than the mount. */
function providerFor(served: readonly ServedProvider[], url: string): ServedProvider | undefined {
  const path = url.toLowerCase();
  return served.find(({ provider }) => path.startsWith(provider.mount));
}

const URL_TOO_LONG = new Problem(414, 'url-too-long', 'The URL, or an id in it, is too long.');
const HEADERS_TOO_LARGE = new Problem(431, 'headers-too-large', 'The headers are larger than 16 KiB.');

function malformedPath(url: string): Problem {
  return new Problem(400, 'malformed-path', `${url} does not decode as a URL.`);
}

/** Fastify's server-wide handlers for paths it cannot decode and requests it cannot parse. */
export function unroutedRequestHandlers(
  served: readonly ServedProvider[],
): Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> {
  return {
    frameworkErrors: (error, raw, rawReply) => {
      const request = raw as FastifyRequest;
      const reply = rawReply as FastifyReply;
      const target = providerFor(served, request.url);
      const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
      if (target !== undefined) void serveUnreadablePath(target, request, reply, tooLong);
      else rejectUnrouted(served, request, reply, tooLong ? URL_TOO_LONG : malformedPath(request.url));
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
        `There is no route ${request.method} ${request.url}; the providers are at ${mounts}, the control plane is at /__admin.`,
      ),
    );
  };
  app.setNotFoundHandler(response);
  app.setErrorHandler((_error, request, reply) => {
    drainBody(request, reply);
    return response(request, reply);
  });
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
    const name = sandboxName(request.headers['x-understudy-sandbox'], credentials);
    sandbox = isFromOtherSite(request) ? sandboxes.findExisting(name) : sandboxes.find(name);
  } catch {
    // The sandbox cannot be used either; the wrong path is the more useful error.
    return sendProblem(reply, problem);
  }
  const id = requestId();
  reply
    .code(problem.status)
    .headers({ 'content-type': PROBLEM_TYPE, 'x-understudy-request': id, 'x-understudy-sandbox': sandbox.name });
  const payload = JSON.stringify(problem);
  const context = {
    sandbox,
    requestId: id,
    provider: null,
    operation: null,
    matched: false,
    body: undefined,
    at: sandbox.clock.now(),
    started,
    ...NOT_YET_KNOWN,
  };
  recordExchange(context, sandboxes.events, request, reply, payload);
  return reply.send(payload);
}

/** A request line longer than this is what makes the head of a request too large. */
const LONG_LINE = 8192;

/** The part of a request's head that exceeds Node's limit of 16 KiB for both. */
function oversizedPart(head: string): 'headers' | 'url' {
  const line = head.indexOf('\r\n');
  return line === -1 || line > LONG_LINE ? 'url' : 'headers';
}

function invalidHttp(code: string): Problem {
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  return new Problem(status, 'malformed-request', `The request is not valid HTTP (${code}).`);
}

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
  const oversized = error.code === 'HPE_HEADER_OVERFLOW' ? oversizedPart(String(error.rawPacket)) : null;
  const problem = oversized === null ? invalidHttp(error.code) : oversized === 'url' ? URL_TOO_LONG : HEADERS_TOO_LARGE;
  let response = { status: problem.status, type: PROBLEM_TYPE, body: JSON.stringify(problem), headers: '' };
  if (target !== undefined) {
    const { provider } = target;
    const { transport } = provider.errors;
    let failure = transport.malformedPath();
    if (error.code === 'HPE_INVALID_METHOD')
      failure = transport.unknownRoute({ method, url }, routeHint(provider, { method, url }));
    else if (oversized !== null) failure = transport.oversized(oversized);
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
