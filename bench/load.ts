// A load of requests over keep-alive connections, light enough that the server is what is measured.
import { connect, type Socket } from 'node:net';
import { percentile } from './numbers.ts';

/** What a load is. */
export interface Load {
  readonly port: number;
  /** The n-th request as it goes over the wire; null when there are no more. */
  readonly request: (n: number) => string | null;
  readonly status: number;
  /** Seconds before measuring begins; then seconds of measuring. */
  readonly warm: number;
  readonly seconds: number;
  readonly connections: number;
}

/** What came of it. */
export interface Measured {
  /** Answers per second. */
  readonly perSecond: number;
  /** All answers, those before measuring too. */
  readonly answers: number;
  /** Milliseconds from request to whole answer. */
  readonly p50: number;
  readonly p99: number;
}

/** How long an answer may take, in ms. */
const PATIENCE = 60_000;

/** A request as it goes over the wire. */
export function request(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (body !== '') lines.push(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Keeps `connections` requests under way until the time is over or there are no more.
 *
 * @throws when an answer has another status, or none comes
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
      // Where all was answered before measuring began, that is all there is.
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
      if (now - last > PATIENCE) finish(new Error(`no answer for ${PATIENCE / 1000} s`));
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
        if (busy) finish(new Error('the server closed a connection instead of answering'));
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
          return finish(new Error(`expected ${status}, answered ${answer.toString('utf8', 0, 400)}`));
        // What was under way when the time was over counts, with the time it took: a slow server is not cut short.
        (sent >= from ? times : early).push(now - sent);
        last = now;
        send();
      });
    }
  });
}

/** Whether these bytes are an answer to its end: one is under way per connection. */
function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const head = answer.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= end + 4 + Number(length);
  return /\r\ntransfer-encoding: *chunked/i.test(head) ? answer.subarray(-5).equals(LAST_CHUNK) : true;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
