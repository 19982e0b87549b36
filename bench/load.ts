// A load generator over keep-alive connections, light enough that the server is the bottleneck.
import { connect, type Socket } from 'node:net';
import { percentile } from './numbers.ts';

/** Options of a load. */
export interface Load {
  readonly port: number;
  /** The bytes of the n-th request; null when there are no more. */
  readonly request: (n: number) => string | null;
  readonly status: number;
  /** Seconds of warm-up, and of measurement. */
  readonly warm: number;
  readonly seconds: number;
  readonly connections: number;
}

/** The result of a load. */
export interface Measured {
  /** Responses per second. */
  readonly perSecond: number;
  /** Number of all responses, including those of the warm-up. */
  readonly answers: number;
  /** Milliseconds from request to complete response. */
  readonly p50: number;
  readonly p99: number;
}

/** Timeout of a response, in ms. */
const TIMEOUT = 60_000;

/** The bytes of a request. */
export function request(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (body !== '') lines.push(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Keeps `connections` requests in flight until the time is over or there are no more.
 *
 * @throws when a response has another status or does not arrive in time
 */
export function load({ port, request, status, warm, seconds, connections }: Load): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const from = begin + warm * 1000;
    const until = from + seconds * 1000;
    const times: number[] = [];
    const early: number[] = [];
    const sockets: Socket[] = [];
    let next = 0;
    let underWay = 0;
    let last = begin;
    const finish = (error?: Error) => {
      clearInterval(watch);
      for (const socket of sockets) socket.destroy();
      if (error !== undefined) return reject(error);
      // If all responses arrived during the warm-up, they are the result.
      const [measured, start] = times.length > 0 ? [times, from] : [early, begin];
      const perSecond = measured.length / ((last - start) / 1000);
      resolve({
        perSecond,
        answers: early.length + times.length,
        p50: percentile(measured, 0.5),
        p99: percentile(measured, 0.99),
      });
    };
    const watch = setInterval(() => {
      const now = performance.now();
      if (now - last > TIMEOUT) finish(new Error(`no response for ${TIMEOUT / 1000} s`));
    }, 1000);
    for (let n = 0; n < connections; n++) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      sockets.push(socket);
      let sent = 0;
      let busy = false;
      let waiting: Buffer | null = null;
      const send = () => {
        sent = performance.now();
        const text = sent < until ? request(next) : null;
        if (text === null) {
          if (underWay === 0) finish();
          return;
        }
        next++;
        underWay++;
        busy = true;
        socket.write(text);
      };
      socket.once('connect', send);
      socket.once('error', finish);
      socket.once('close', () => {
        if (busy) finish(new Error('the server closed a connection without a response'));
      });
      socket.on('data', (chunk) => {
        const answer: Buffer = waiting === null ? chunk : Buffer.concat([waiting, chunk]);
        if (!isWhole(answer)) {
          waiting = answer;
          return;
        }
        waiting = null;
        underWay--;
        busy = false;
        const now = performance.now();
        if (Number(answer.toString('latin1', 9, 12)) !== status)
          return finish(new Error(`expected ${status}, got ${answer.toString('utf8', 0, 400)}`));
        // Requests in flight at the end count with their full duration, so that a slow server is measured fairly.
        (sent >= from ? times : early).push(now - sent);
        last = now;
        send();
      });
    }
  });
}

/** Whether these bytes are a complete response: each connection has one request in flight. */
function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const head = answer.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= end + 4 + Number(length);
  return /\r\ntransfer-encoding: *chunked/i.test(head) ? answer.subarray(-5).equals(LAST_CHUNK) : true;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
