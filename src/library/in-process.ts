// Requests without a socket: HTTP as ever, between two ends of a stream that never leaves the process.
import { request as ask, type IncomingMessage } from 'node:http';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import type { FastifyInstance } from 'fastify';
import { failed, type Outgoing } from './fetch.ts';

/** Where an app is that does not listen: a name that is reserved for tests, so that nobody else ever answers to it. */
export const NOWHERE = 'http://understudy.test';

/** A day, in milliseconds. */
const LONG = 24 * 3600 * 1000;

/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 205, 304]);

/** Carries requests into an app that need not listen. */
export class InProcess {
  readonly #app: FastifyInstance;
  /** The clients' ends of connections. */
  readonly #open = new Set<Duplex>();
  /** Does nothing but keep the process alive while somebody waits for an answer, as an open socket does. */
  readonly #alive = setInterval(Boolean, LONG).unref();
  #closed = false;

  /** Of an app that is not ready yet: requests under way are to end before what they work on does. */
  constructor(app: FastifyInstance) {
    this.#app = app;
    app.addHook('onClose', async () => {
      await Promise.all([...this.#open].map((end) => new Promise((closed) => end.once('close', closed))));
      clearInterval(this.#alive);
    });
  }

  /** Sends one. Rejects with its signal's reason, or with a TypeError when its answer is lost. */
  readonly carry = ({ path, method, headers, body, signal }: Outgoing): Promise<Response> =>
    new Promise((resolve, reject) => {
      if (this.#closed) throw failed(Object.assign(new Error('it is closed'), { code: 'ECONNREFUSED' }));
      const connection = this.#connect();
      const request = ask({
        createConnection: () => connection,
        path,
        method,
        headers: {
          host: new URL(NOWHERE).host,
          accept: '*/*',
          'user-agent': 'node',
          ...Object.fromEntries(headers),
          // Node leaves it to the caller where a body is unusual.
          ...(body === null ? {} : { 'content-length': body.length }),
        },
      });
      let answer: IncomingMessage | undefined;
      const leave = () => {
        answer?.destroy(signal.reason);
        request.destroy();
      };
      const fail = (error: Error) => reject(signal.aborted ? signal.reason : failed(error));
      signal.addEventListener('abort', leave);
      connection.once('close', () => signal.removeEventListener('abort', leave));
      request.on('error', fail);
      request.once('response', (message) => {
        answer = message;
        responseOf(message).then(resolve, fail);
      });
      request.end(body);
    });

  /** Lets nobody in any more. */
  shut(): void {
    this.#closed = true;
  }

  /** Breaks off every request under way. */
  cut(): void {
    for (const end of this.#open) end.destroy();
  }

  /** A connection to the app; when one end goes, the other does. */
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

/** The answer: whole where it says how long it is, so that nobody need read it, else as it comes. */
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
