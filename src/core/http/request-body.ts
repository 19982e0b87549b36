// Request bodies: compressed ones are inflated, and rejected ones read to their end, so that the response can be read.
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The code of the error for a body whose `Content-Encoding` is not supported. */
export const UNSUPPORTED_ENCODING = 'UNSUPPORTED_ENCODING';

/** How much of a rejected body is read, in bytes, and for how long, in ms; then the connection is closed. */
const DRAINED_BYTES = 64 * 1024 * 1024;
const DRAIN_TIMEOUT = 10_000;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
};

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Inflates the bodies of a scope's requests. Fastify counts the inflated bytes against the body limit and stops reading
 * there; a request with another encoding fails with UNSUPPORTED_ENCODING, status 415.
 */
export function inflateBodies(scope: FastifyInstance): void {
  scope.addHook('preParsing', (request, _reply, payload, done) => {
    const { headers, method } = request;
    // No other operation has a body; one that comes all the same is ignored, however it is encoded.
    if (!WITH_BODY.has(method)) return done(null, payload);
    const encoding = headers['content-encoding']?.trim().toLowerCase();
    const empty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
    if (encoding === undefined || encoding === 'identity' || empty) return done(null, payload);
    const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
    if (decoder === undefined) {
      const message = `Content-Encoding ${JSON.stringify(encoding)} is not supported; send gzip, deflate or none.`;
      return done(Object.assign(new Error(message), { code: UNSUPPORTED_ENCODING, statusCode: 415 }));
    }
    // Fastify compares the encoded length with Content-Length.
    const inflated = Object.assign(decoder(), { receivedEncodedLength: 0 });
    payload.on('data', (chunk: Buffer) => (inflated.receivedEncodedLength += chunk.length));
    payload.on('error', (error) => inflated.destroy(error));
    // Fastify stops listening once it has rejected the body, and an error without a listener would end the process.
    inflated.on('error', () => {});
    done(null, payload.pipe(inflated));
  });
}

/**
 * Reads and discards what is left of a body that is not used. Closing the connection with unread bytes would reset it,
 * often before the client has read the response.
 */
export function drainBody(request: FastifyRequest, reply: FastifyReply): void {
  keepConnection(request, reply);
  const { raw } = request;
  if (raw.complete) return;
  const timer = setTimeout(() => raw.destroy(), DRAIN_TIMEOUT).unref();
  let drained = 0;
  raw.unpipe();
  raw
    .on('data', (chunk: Buffer) => {
      drained += chunk.length;
      if (drained > DRAINED_BYTES) raw.destroy();
    })
    .once('end', () => clearTimeout(timer))
    .once('close', () => clearTimeout(timer))
    .resume();
}

/**
 * Fastify closes the connection after a body error; here it stays open as after any other response, unless the client
 * or a stopping server closes it. Removing the header would keep Node from sending one, a `close` included.
 */
function keepConnection({ server }: FastifyRequest, reply: FastifyReply): void {
  const { raw } = reply;
  if (!raw.shouldKeepAlive || raw.hasHeader('connection')) return;
  const timeout = Math.floor(server.server.keepAliveTimeout / 1000);
  reply.headers({ connection: 'keep-alive', 'keep-alive': `timeout=${timeout}` });
}
