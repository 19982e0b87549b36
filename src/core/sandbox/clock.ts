// Sandbox time: real time shifted by an offset, or frozen; both are rows of the sandbox's database.
import type { Database } from '../storage/database.ts';

/** Upper bound of sandbox time, in ms since the epoch: dates some years later still have a four-digit year. */
export const LATEST = Date.UTC(9000, 0, 1);

/** The clock of one sandbox; all timestamps of its objects come from it. */
export class Clock {
  readonly #db: Database;
  #offset = 0;
  #frozen: number | null = null;
  /** The last formatted timestamp: consecutive calls often fall in the same millisecond. */
  #written = { at: Number.NaN, iso: '' };

  constructor(db: Database) {
    this.#db = db;
    for (const { key, value } of db.all<{ key: string; value: number | null }>(
      "select key, value from meta where key in ('clock_offset', 'clock_frozen')",
    )) {
      if (key === 'clock_offset') this.#offset = value as number;
      else this.#frozen = value;
    }
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#frozen ?? Date.now() + this.#offset;
  }

  /** ISO 8601, UTC, with milliseconds and `Z`. */
  iso(): string {
    const at = this.now();
    if (this.#written.at !== at) this.#written = { at, iso: new Date(at).toISOString() };
    return this.#written.iso;
  }

  /** Whether the clock stands still. */
  get frozen(): boolean {
    return this.#frozen !== null;
  }

  /** Offset from real time, in ms; for a frozen clock it decreases as real time passes. */
  get offset(): number {
    return this.#frozen === null ? this.#offset : this.#frozen - Date.now();
  }

  /** Freezes the clock at `at`, in ms since the epoch. */
  freeze(at: number): void {
    this.#keep(this.#offset, at);
  }

  /** Sets the clock to `to`, in ms since the epoch, and lets it run. */
  set(to: number): void {
    this.#keep(to - Date.now(), null);
  }

  /** Advances the clock; a frozen clock stays frozen. */
  advance(milliseconds: number): void {
    if (this.#frozen === null) this.#keep(this.#offset + milliseconds, null);
    else this.#keep(this.#offset, this.#frozen + milliseconds);
  }

  /** Moves a frozen clock on by 1 ms; a running one runs by itself. */
  tick(): void {
    if (this.#frozen !== null) this.advance(1);
  }

  /** Returns to real time. */
  reset(): void {
    this.#keep(0, null);
  }

  #keep(offset: number, frozen: number | null): void {
    this.#db.transaction(() => {
      this.#db.run("update meta set value = ? where key = 'clock_offset'", offset);
      this.#db.run("update meta set value = ? where key = 'clock_frozen'", frozen);
    });
    this.#offset = offset;
    this.#frozen = frozen;
  }
}
