// Requests without a socket: what a client sends goes straight into the app, and breaks off as a connection would.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { inject } from 'light-my-request';
import { failed, type Outgoing } from './client/fetch.ts';

/** Where an app is that does not listen: a name that is reserved for tests, so that nobody else ever answers to it. */
export const NOWHERE = 'http://understudy.test';

/** A day, in milliseconds. */
const LONG = 24 * 3600 * 1000;

/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 205, 304]);

/** Carries requests into an app that need not listen. */
export class InProcess {
  readonly #app: FastifyInstance;
  /** Answers that are not over. */
  readonly #open = new Set<ServerResponse>();
  /** Does nothing but keep the process alive while somebody waits for an answer, as an open connection does. */
  readonly #alive = setInterval(Boolean, LONG).unref();
  #closed = false;

  /** Of an app that is not ready yet: requests under way are to end before what they work on does. */
  constructor(app: FastifyInstance) {
    this.#app = app;
    app.addHook('onClose', async () => {
      await Promise.all([...this.#open].map((answer) => new Promise((ended) => answer.once('close', ended))));
      clearInterval(this.#alive);
    });
  }

  /** Sends one. Rejects with its signal's reason, or with a TypeError when its answer is lost. */
  readonly carry = async ({ path, method, headers, body, signal }: Outgoing): Promise<Response> => {
    if (this.#closed) throw failed(broken('ECONNREFUSED', 'it is closed'));
    let content: Readable | undefined;
    try {
      const answer = await inject(
        (request, answer) => {
          const leave = () => {
            content?.destroy(signal.reason);
            answer.destroy();
          };
          this.#open.add(answer);
          this.#alive.ref();
          signal.addEventListener('abort', leave);
          answer.once('close', () => {
            this.#open.delete(answer);
            if (this.#open.size === 0) this.#alive.unref();
            signal.removeEventListener('abort', leave);
          });
          this.#app.routing(request, answer);
        },
        {
          method,
          url: path,
          headers: { ...untold(method, body), ...Object.fromEntries(headers) },
          ...(body === null ? {} : { payload: body }),
          payloadAsStream: true,
        },
      );
      content = answer.stream();
      content.once('close', () => answer.raw.res.destroy());
      return new Response(BODILESS.has(answer.statusCode) ? null : (Readable.toWeb(content) as ReadableStream), {
        status: answer.statusCode,
        statusText: answer.statusMessage,
        headers: Object.entries(answer.headers).flatMap(([name, value]) =>
          [value].flat().map((one): [string, string] => [name, String(one)]),
        ),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw failed(broken('ECONNRESET', 'the connection was reset', error));
    }
  };

  /** Lets nobody in any more. */
  shut(): void {
    this.#closed = true;
  }

  /** Breaks off every request under way. */
  cut(): void {
    for (const answer of this.#open) answer.destroy();
  }
}

/** What a client of HTTP sends without being told to. */
function untold(method: string, body: Buffer | null): Record<string, string> {
  const length: Record<string, string> = body === null && /^(POST|PUT)$/.test(method) ? { 'content-length': '0' } : {};
  return { host: new URL(NOWHERE).host, accept: '*/*', 'user-agent': 'node', ...length };
}

function broken(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}
