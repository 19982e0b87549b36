// A limit in bytes on what all sandboxes keep of one kind; more is refused.
import { Problem } from '../problem.ts';

/** The memory of one kind over all sandboxes. */
export class MemoryBudget {
  /** In bytes. */
  readonly limit: number;
  readonly #kind: string;
  readonly #wayOut: string;
  #used = 0;

  /**
   * @param kind what is kept, as the beginning of a sentence: "Snapshots in memory"
   * @param wayOut what a client can do once it is full, as the end of a sentence
   */
  constructor(limit: number, kind: string, wayOut: string) {
    this.limit = limit;
    this.#kind = kind;
    this.#wayOut = wayOut;
  }

  /** The bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** Counts `bytes` more. @throws Problem, 507, when they do not fit; nothing is counted then */
  take(bytes: number): void {
    if (this.#used + bytes > this.limit) {
      throw new Problem(
        507,
        'memory-limit',
        `${this.#kind} take ${megabytes(this.#used)} of ${megabytes(this.limit)} MiB over all sandboxes, and this needs ${megabytes(bytes)} more; ${this.#wayOut}.`,
      );
    }
    this.#used += bytes;
  }

  /** Counts `bytes` less. */
  release(bytes: number): void {
    this.#used -= bytes;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
