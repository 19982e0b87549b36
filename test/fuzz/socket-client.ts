// A client on one bare socket: sends bytes, and reads answers as strictly as a client has to.
import { connect, type Socket } from 'node:net';

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number;
  /** In lower case; those that came twice are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What came back on one sending: whole answers, and how it went on after them. */
export interface Exchange {
  readonly answers: WireAnswer[];
  /** `whole`: all answers came; `closed`: the connection ended first; `silent`: rightly held back; `lost`: none came though it should have; `garbled`: this is not HTTP. */
  readonly end: 'whole' | 'closed' | 'silent' | 'lost' | 'garbled';
  /** Bytes that belong to no whole answer. */
  readonly rest: Buffer;
}

/** What is sent, and what may be expected of it. */
export interface Sending {
  readonly bytes: Buffer;
  /** Methods in order: an answer to HEAD has no body. */
  readonly methods: readonly string[];
  /** Nothing more will come: the server shall not wait for the rest of a request. */
  readonly finish: boolean;
  /** What comes after the answers belongs to nobody: the connection is not used again. */
  readonly once: boolean;
  /** Asked when nothing has come for a while; true when the answer is rightly held back. */
  readonly isHeld: () => Promise<boolean>;
}

/** How long silence lasts before somebody asks why, in milliseconds; how often they ask. */
const SILENCE = 40;
const RESPONSE_TIMEOUT = 250;
/** A server closes connections that idle; one that has idled so long is not trusted. */
const STALE = 2000;

/** A client with one connection, which is kept as long as the server keeps it. */
export class SocketClient {
  readonly #port: number;
  #socket: Socket | null = null;
  #usedAt = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends bytes and reads what comes back. */
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

  /** Ends the connection; the next request gets a new one. */
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

/** Answers taken from a stream of bytes. Throws on what is not HTTP. */
class Reading {
  readonly answers: WireAnswer[] = [];
  keepsAlive = true;
  rest: Buffer = Buffer.alloc(0);
  readonly #methods: readonly string[];
  /** An answer without an end has begun: nothing comes after it. */
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

  /** The connection is closed: what has no other end is whole now. */
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
    // An interim answer answers nothing.
    if (head.status >= 200) this.answers.push({ ...head, body: body.content });
    if (head.headers.connection === 'close') this.keepsAlive = false;
    return this.rest.length > 0;
  }

  #bodyOf(head: Omit<WireAnswer, 'body'>, after: Buffer): { content: Buffer; rest: Buffer } | null {
    const { status, headers } = head;
    const none = status < 200 || status === 204 || status === 304;
    if (none || this.#methods[this.answers.length] === 'HEAD') return { content: Buffer.alloc(0), rest: after };
    // A stream of events has no end; that it began is answer enough.
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

/** The content of a body in chunks, once its last one is there. */
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
