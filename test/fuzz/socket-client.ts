// A raw socket client that sends bytes and parses responses strictly.
import { connect, type Socket } from 'node:net';

/** A parsed response. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; values of repeated headers are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The result of one send: complete responses, and how the connection ended. */
export interface Exchange {
  readonly answers: WireAnswer[];
  /**
   * `whole`: all responses arrived; `closed`: the connection ended first; `silent`: held back as expected; `lost`:
   * missing; `garbled`: invalid HTTP.
   */
  readonly end: 'whole' | 'closed' | 'silent' | 'lost' | 'garbled';
  /** Bytes after the last complete response. */
  readonly rest: Buffer;
}

/** What is sent, and what to expect. */
export interface Sending {
  readonly bytes: Buffer;
  /** Methods in order: a response to HEAD has no body. */
  readonly methods: readonly string[];
  /** Half-close after sending, so that the server does not wait for the rest of a request. */
  readonly finish: boolean;
  /** Extra bytes may follow the responses, so the connection is not reused. */
  readonly once: boolean;
  /** Called after a period of silence; true when the response may be held back. */
  readonly isHeld: () => Promise<boolean>;
}

/** Silence in milliseconds before `isHeld` is called, and how often it is called. */
const SILENCE = 40;
const RESPONSE_TIMEOUT = 250;
/** A connection idle for this long is not reused, because the server may close it. */
const STALE = 2000;

/** A client with one keep-alive connection. */
export class SocketClient {
  readonly #port: number;
  #socket: Socket | null = null;
  #usedAt = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends bytes and reads the responses. */
  async send(sending: Sending): Promise<Exchange> {
    if (Date.now() - this.#usedAt > STALE) this.close();
    const socket = await this.#connected();
    const reading = new Reading(sending.methods);
    let asked = 0;
    const end = await new Promise<Exchange['end']>((resolve) => {
      const settle = (end: Exchange['end']) => {
        clearTimeout(timer);
        socket.removeAllListeners().on('error', () => {});
        resolve(end);
      };
      const ask = async () => {
        asked += 1;
        if (await sending.isHeld()) settle('silent');
        else if (asked > RESPONSE_TIMEOUT) settle('lost');
        else timer.refresh();
      };
      const timer = setTimeout(ask, SILENCE);
      socket.on('error', () => {});
      socket.on('close', () => {
        reading.ended();
        settle(reading.complete ? 'whole' : 'closed');
      });
      socket.on('data', (data) => {
        timer.refresh();
        try {
          reading.take(data);
        } catch {
          return settle('garbled');
        }
        if (reading.complete) settle('whole');
      });
      socket.write(sending.bytes);
      if (sending.finish) socket.end();
    });
    const isUnusable = end !== 'whole' || sending.finish || sending.once || reading.rest.length > 0;
    if (isUnusable || !reading.keepsAlive) this.close();
    this.#usedAt = Date.now();
    return { answers: reading.answers, end, rest: reading.rest };
  }

  /** Closes the connection; the next request opens a new one. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== null && !this.#socket.destroyed && this.#socket.readable) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    this.#socket = socket.removeAllListeners().on('error', () => {});
    return socket;
  }
}

/** Parses responses from a stream of bytes. Throws on invalid HTTP. */
class Reading {
  readonly answers: WireAnswer[] = [];
  keepsAlive = true;
  rest: Buffer = Buffer.alloc(0);
  readonly #methods: readonly string[];
  /** A response without a defined length has begun; no other follows. */
  #endless = false;
  #untilClose: Omit<WireAnswer, 'body'> | null = null;

  constructor(methods: readonly string[]) {
    this.#methods = methods;
  }

  get complete(): boolean {
    return this.#endless || this.answers.length === this.#methods.length;
  }

  take(data: Buffer): void {
    this.rest = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    while (!this.complete && this.#untilClose === null && this.#takeOne());
  }

  /** The connection is closed, which completes a response without a defined length. */
  ended(): void {
    if (this.#untilClose === null) return;
    this.answers.push({ ...this.#untilClose, body: this.rest });
    this.rest = Buffer.alloc(0);
  }

  #takeOne(): boolean {
    const end = this.rest.indexOf('\r\n\r\n');
    if (end === -1) {
      if (this.rest.length > 8 && !this.rest.subarray(0, 7).equals(Buffer.from('HTTP/1.'))) throw new Error('not HTTP');
      return false;
    }
    const [start = '', ...lines] = this.rest.subarray(0, end).toString('latin1').split('\r\n');
    const [, digits] = /^HTTP\/1\.1 (\d{3}) [ -~]*$/.exec(start) ?? [];
    if (digits === undefined) throw new Error('not HTTP');
    const head = { status: Number(digits), headers: headersOf(lines) };
    const body = this.#bodyOf(head, this.rest.subarray(end + 4));
    if (body === null) return false;
    this.rest = body.rest;
    // Interim (1xx) responses are skipped.
    if (head.status >= 200) this.answers.push({ ...head, body: body.content });
    if (head.headers.connection === 'close') this.keepsAlive = false;
    return this.rest.length > 0;
  }

  #bodyOf(head: Omit<WireAnswer, 'body'>, after: Buffer): { content: Buffer; rest: Buffer } | null {
    const { status, headers } = head;
    const none = status < 200 || status === 204 || status === 304;
    if (none || this.#methods[this.answers.length] === 'HEAD') return { content: Buffer.alloc(0), rest: after };
    // An event stream has no end, so its head counts as the response.
    if (headers['content-type']?.startsWith('text/event-stream')) {
      this.#endless = true;
      this.keepsAlive = false;
      return { content: Buffer.alloc(0), rest: Buffer.alloc(0) };
    }
    if (headers['transfer-encoding'] === 'chunked') return chunksOf(after);
    const { 'content-length': length } = headers;
    if (length !== undefined) {
      const size = Number(length);
      return after.length < size ? null : { content: after.subarray(0, size), rest: after.subarray(size) };
    }
    this.#untilClose = head;
    this.rest = after;
    return null;
  }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([\w-]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error('not HTTP');
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
}

/** The content of a chunked body, once its last chunk has arrived. */
function chunksOf(bytes: Buffer): { content: Buffer; rest: Buffer } | null {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return null;
    const size = Number.parseInt(bytes.subarray(at, end).toString(), 16);
    if (Number.isNaN(size)) throw new Error('not HTTP');
    const next = end + 2 + size + 2;
    if (bytes.length < next) return null;
    if (size === 0) return { content: Buffer.concat(parts), rest: bytes.subarray(next) };
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = next;
  }
}
