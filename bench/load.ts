// A load of requests over keep-alive connections, light enough that the server is what is measured.
import { connect } from 'node:net';

const CONNECTIONS = 32;
const TIMEOUT = 60_000;

/**
 * Sends each request once, `CONNECTIONS` at a time, and resolves with the requests answered per second over
 * the last four fifths (the first fifth warms up).
 *
 * @throws when an answer has another status or the load is not through within a minute
 */
export function load(port: number, requests: readonly string[], status = 200): Promise<number> {
  return new Promise((resolve, reject) => {
    const warm = Math.floor(requests.length / 5);
    let next = 0;
    let answered = 0;
    let from = 0n;
    const sockets = Array.from({ length: CONNECTIONS }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
    const stop = (finish: () => void) => {
      clearTimeout(deadline);
      for (const socket of sockets) socket.destroy();
      finish();
    };
    const deadline = setTimeout(() => stop(() => reject(new Error('the load took over a minute'))), TIMEOUT);
    for (const socket of sockets) {
      const send = () => {
        if (next < requests.length) socket.write(requests[next++] as string);
      };
      socket.once('connect', send);
      socket.on('error', (error) => stop(() => reject(error)));
      // One request is under way per connection and answers are small: a chunk is an answer.
      socket.on('data', (chunk) => {
        if (chunk.indexOf(`HTTP/1.1 ${status}`) !== 0)
          return stop(() => reject(new Error(`answered ${chunk.toString('utf8', 0, 300)}`)));
        answered++;
        if (answered === warm) from = process.hrtime.bigint();
        if (answered === requests.length) {
          const seconds = Number(process.hrtime.bigint() - from) / 1e9;
          return stop(() => resolve((requests.length - warm) / seconds));
        }
        send();
      });
    }
  });
}
