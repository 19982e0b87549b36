// A sandbox's journal: its latest requests and responses, recorded by reference and formatted only when read.
import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, Provider } from '../provider/provider.ts';
import { type Kept, OldestFirst, RetainedMemory } from './retained-memory.ts';

/** Default capacity of a journal, in requests. */
export const JOURNAL_SIZE = 1000;

/** A recorded body: complete, a truncated copy, or dropped when the journals reached their memory limit. */
export interface CapturedBody {
  readonly content: Buffer | string;
  readonly truncated: boolean;
  /** `content` is empty. */
  readonly dropped?: true;
}

/** A request and its response, which is added when it is known. */
export interface Exchange {
  /** The response's `X-Understudy-Request`. */
  readonly id: string;
  /** Sandbox time of arrival, in ms since the epoch. */
  readonly at: number;
  /** Real time of arrival, in ms on the clock of `performance.now()`. */
  readonly arrived: number;
  /** 0 while the response is pending. */
  durationMs: number;
  /** Null when the path is under no provider's mount. */
  readonly provider: Provider | null;
  /** Null for unknown routes and for pages. */
  readonly operation: Operation | null;
  /** Whether a route matched. */
  readonly matched: boolean;
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  body: CapturedBody | null;
  /** Null while the response is pending. */
  status: number | null;
  responseHeaders: Readonly<Record<string, string | string[] | number | undefined>>;
  responseBody: CapturedBody | null;
  notes: object | null;
  /** Whether the operation ran and succeeded, whatever the client received. */
  done: boolean;
  /** Whether the response was handed to an open connection. */
  delivered: boolean;
  readonly dryRun: boolean;
}

/** The latest requests of one sandbox; beyond the capacity, or the memory of all journals, the oldest are dropped. */
export class Journal {
  readonly #size: number;
  readonly #memory: RetainedMemory;
  readonly #entries = new OldestFirst<Recorded>();
  readonly #recorded = new WeakMap<Exchange, Recorded>();
  readonly #watchers = new Set<(exchange: Exchange) => void>();
  #closed = false;

  constructor(size: number, memory = new RetainedMemory()) {
    this.#size = size;
    this.#memory = memory;
  }

  /** Records an exchange and calls the watchers. */
  add(exchange: Exchange): void {
    if (!this.#closed) this.#record(exchange);
    this.#tell(exchange);
  }

  /** Counts the response that an exchange got after it was added, and calls the watchers. */
  changed(exchange: Exchange): void {
    const entry = this.#recorded.get(exchange);
    if (entry !== undefined && this.#memory.has(entry)) {
      this.#memory.release(entry);
      entry.measure();
      this.#memory.keep(entry);
    }
    this.#tell(exchange);
  }

  #tell(exchange: Exchange): void {
    for (const watcher of this.#watchers) watcher(exchange);
  }

  /** Calls `watcher` with each request from now on, and again when its response follows later; the returned function stops it. */
  watch(watcher: (exchange: Exchange) => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** All recorded exchanges, newest first. */
  newestFirst(): Exchange[] {
    return Array.from(this.#entries, ({ exchange }) => exchange).reverse();
  }

  clear(): void {
    for (const entry of this.#entries) this.#memory.release(entry);
    this.#entries.clear();
  }

  /** Clears the journal for good: nothing is recorded afterwards. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  #record(exchange: Exchange): void {
    const entry = new Recorded(exchange, () => this.#entries.delete(entry));
    this.#entries.add(entry);
    this.#recorded.set(exchange, entry);
    this.#memory.keep(entry);
    if (this.#entries.size > this.#size) this.#memory.release(this.#entries.shift() as Recorded);
  }
}

/** What an entry takes besides its texts, in bytes (measured). */
const ENTRY_BYTES = 1200;
/** What a header takes besides its name and value, in bytes. */
const HEADER_BYTES = 32;
const DROPPED: CapturedBody = { content: '', truncated: false, dropped: true };

/** An exchange in the journal, with its size. */
class Recorded implements Kept {
  readonly exchange: Exchange;
  bytes = 0;
  bodyBytes = 0;
  readonly drop: () => void;

  constructor(exchange: Exchange, drop: () => void) {
    this.exchange = exchange;
    this.drop = drop;
    this.measure();
  }

  /** Sets the size to that of the exchange as it is now. */
  measure(): void {
    const { url, headers, responseHeaders, body, responseBody, notes } = this.exchange;
    this.bodyBytes = sizeOf(body) + sizeOf(responseBody);
    const noted = notes === null ? 0 : JSON.stringify(notes).length;
    this.bytes =
      ENTRY_BYTES + url.length + headersSize(headers) + headersSize(responseHeaders) + noted + this.bodyBytes;
  }

  dropBodies(): void {
    const { exchange } = this;
    exchange.body &&= DROPPED;
    exchange.responseBody &&= DROPPED;
    this.bytes -= this.bodyBytes;
    this.bodyBytes = 0;
  }
}

function sizeOf(body: CapturedBody | null): number {
  return body === null ? 0 : Buffer.byteLength(body.content);
}

function headersSize(headers: Exchange['responseHeaders']): number {
  let bytes = 0;
  for (const name in headers) bytes += HEADER_BYTES + name.length + String(headers[name]).length;
  return bytes;
}
