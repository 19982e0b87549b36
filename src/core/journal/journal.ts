// A sandbox's journal: its latest requests and responses, recorded by reference and formatted only when read.
import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, Provider } from '../provider/provider.ts';

/** Default capacity of a journal, in requests. */
export const JOURNAL_SIZE = 1000;

/** A recorded body: complete, or a truncated copy. */
export interface CapturedBody {
  readonly content: Buffer | string;
  readonly truncated: boolean;
}

/** A request and its response, which is added when it is known. */
export interface Exchange {
  /** The response's `X-Understudy-Request`. */
  readonly id: string;
  /** Sandbox time of arrival, in ms since the epoch. */
  readonly at: number;
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
  readonly body: CapturedBody | null;
  /** Null while the response is pending. */
  status: number | null;
  responseHeaders: Readonly<Record<string, string | string[] | number | undefined>>;
  responseBody: CapturedBody | null;
  notes: object | null;
  /** Whether the response was handed to an open connection. */
  delivered: boolean;
  readonly dryRun: boolean;
}

/** The latest requests of one sandbox; beyond the capacity the oldest are dropped. */
export class Journal {
  readonly #size: number;
  /** A ring buffer; once it is full, `#next` is the index of the oldest. */
  #ring: Exchange[] = [];
  #next = 0;
  readonly #watchers = new Set<(exchange: Exchange) => void>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Records an exchange and calls the watchers. */
  add(exchange: Exchange): void {
    this.#ring[this.#next] = exchange;
    this.#next = (this.#next + 1) % this.#size;
    this.changed(exchange);
  }

  /** Calls the watchers for an exchange that got its response after it was added. */
  changed(exchange: Exchange): void {
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
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)].reverse();
  }

  clear(): void {
    this.#ring = [];
    this.#next = 0;
  }
}
