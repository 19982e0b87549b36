// Sends one request of any size; for measurements that need more than the load generator.
import { type Agent, request } from 'node:http';

/** A request. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** The accepted statuses. */
  readonly status: readonly number[];
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The most of a response that is kept, in characters. */
const KEPT = 2000;

/**
 * Sends a request, reads its response to the end, and returns the beginning of it.
 *
 * @throws when the response has another status
 */
export function send(port: number, { method, path, status, body, headers }: Sent, agent: Agent): Promise<string> {
  const typed = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent, headers: { ...headers, ...typed } };
    const sent = request(options, (response) => {
      let start = '';
      response.on('data', (chunk: Buffer) => {
        if (start.length < KEPT) start += chunk.toString('utf8', 0, KEPT);
      });
      response.once('end', () => {
        if (status.includes(response.statusCode as number)) resolve(start);
        else reject(new Error(`${method} ${path} returned ${response.statusCode}: ${start}`));
      });
    });
    sent.once('error', reject).end(body);
  });
}
