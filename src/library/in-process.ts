// Sends HTTP requests to a server in the same process, over an in-memory stream instead of a socket.
import { request as ask, type IncomingMessage } from 'node:http';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import type { FastifyInstance } from 'fastify';
import { failed, type Outgoing } from './fetch.ts';

/** The origin of a server that does not listen; the `.test` domain is reserved (RFC 2606), so no other host has it. */
export const IN_PROCESS_ORIGIN = 'http://understudy.test';

/** A day, in milliseconds. */
const LONG = 24 * 3600 * 1000;

/** Statuses of responses without a body. */
const BODILESS = new Set([204, 205, 304]);

/** Sends requests to an app that need not listen. */
export class InProcess {
  readonly #app: FastifyInstance;
  /** The client ends of open connections. */
  readonly #open = new Set<Duplex>();
  /** Keeps the process alive while a request is pending, as an open socket does. */
  readonly #alive = setInterval(Boolean, LONG).unref();
  #closed = false;

  /** The app must not be ready yet: its close hook waits for pending requests before the app closes its sandboxes. */
  constructor(app: FastifyInstance) {
    this.#app = app;
    app.addHook('onClose', async () => {
      await Promise.all([...this.#open].map((end) => new Promise((closed) => end.once('close', closed))));
      clearInterval(this.#alive);
    });
  }

  /** Sends a request. Rejects with its signal's reason, or with a TypeError when the response is lost. */
  readonly send = ({ path, method, headers, body, signal }: Outgoing): Promise<Response> =>
    new Promise((resolve, reject) => {
      if (this.#closed) throw failed(Object.assign(new Error('it is closed'), { code: 'ECONNREFUSED' }));
      const connection = this.#connect();
      const request = ask({
        createConnection: () => connection,
        path,
        method,
        headers: {
          host: new URL(IN_PROCESS_ORIGIN).host,
          accept: '*/*',
          'user-agent': 'node',
          ...Object.fromEntries(headers),
          // Node does not set it for every method.
          ...(body === null ? {} : { 'content-length': body.length }),
        },
      });
      let response: IncomingMessage | undefined;
      const leave = () => {
        response?.destroy(signal.reason);
        request.destroy();
      };
      const fail = (error: Error) => reject(signal.aborted ? signal.reason : failed(error));
      signal.addEventListener('abort', leave);
      connection.once('close', () => signal.removeEventListener('abort', leave));
      request.on('error', fail);
      request.once('response', (message) => {
        response = message;
        responseOf(message).then(resolve, fail);
      });
      request.end(body);
    });

  /** Rejects new requests. */
  shut(): void {
    this.#closed = true;
  }

  /** Aborts every pending request. */
  cut(): void {
    for (const end of this.#open) end.destroy();
  }

  /** Opens a connection to the app; when one end closes, so does the other. */
  #connect(): Duplex {
    const [near, far] = duplexPair();
    this.#open.add(near);
    this.#alive.ref();
    far.once('close', () => near.destroy());
    near.once('close', () => {
      far.destroy();
      this.#open.delete(near);
      if (this.#open.size === 0) this.#alive.unref();
    });
    this.#app.server.emit('connection', far);
    return near;
  }
}

/** The response: buffered where it has a length, so that the caller need not read it, else streamed. */
async function responseOf(message: IncomingMessage): Promise<Response> {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  }
  const empty = BODILESS.has(status);
  const body =
    empty || headers.has('content-length') ? await buffer(message) : (Readable.toWeb(message) as ReadableStream);
  return new Response(empty ? null : body, { status, statusText, headers });
}
