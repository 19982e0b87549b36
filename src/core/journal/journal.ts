// A sandbox's journal: its last requests and answers. Keeping one costs references; it is put into words when read.
import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, Provider } from '../provider/provider.ts';

/** How many requests a sandbox remembers when nobody says otherwise. */
export const JOURNAL_SIZE = 1000;

/** A body as it was kept: whole, or its beginning in bytes of its own, so that the rest can go. */
export interface CapturedBody {
  readonly content: Buffer | string;
  readonly truncated: boolean;
}

/** A request and its answer. */
export interface Exchange {
  /** The answer's `X-Understudy-Request`. */
  readonly id: string;
  /** Sandbox time of its arrival, in milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  /** Null when the path is under no provider's mount. */
  readonly provider: Provider | null;
  /** Null for unknown routes and for pages. */
  readonly operation: Operation | null;
  /** Whether a route was found at all. */
  readonly matched: boolean;
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: CapturedBody | null;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly responseBody: CapturedBody | null;
  readonly notes: object | null;
}

/** The last requests of one sandbox. */
export class Journal {
  readonly #size: number;
  /** A ring once it is full; `#next` is then its oldest. */
  #ring: Exchange[] = [];
  #next = 0;
  readonly #watchers = new Set<(exchange: Exchange) => void>();

  constructor(size: number) {
    this.#size = size;
  }

  add(exchange: Exchange): void {
    this.#ring[this.#next] = exchange;
    this.#next = (this.#next + 1) % this.#size;
    for (const watcher of this.#watchers) watcher(exchange);
  }

  /** Calls `watcher` with each request from now on; the answer ends that. */
  watch(watcher: (exchange: Exchange) => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** All that is remembered, newest first. */
  newestFirst(): Exchange[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)].reverse();
  }

  clear(): void {
    this.#ring = [];
    this.#next = 0;
  }
}
