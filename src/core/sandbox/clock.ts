// Sandbox time: real time shifted by an offset, or frozen; both are rows of the sandbox's database.
import type { Database } from '../storage/database.ts';

/** Sandbox time stays below this, so that what is stamped or due some years later still has a year of four digits. */
export const LATEST = Date.UTC(9000, 0, 1);

/** The time a sandbox's objects are stamped with. */
export class Clock {
  readonly #db: Database;
  #offset = 0;
  #frozen: number | null = null;
  /** The last moment that was written, and how: many a request has the same. */
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

  get frozen(): boolean {
    return this.#frozen !== null;
  }

  /** How far it is ahead of real time, in milliseconds; of a frozen clock that shrinks as real time goes on. */
  get offset(): number {
    return this.#frozen === null ? this.#offset : this.#frozen - Date.now();
  }

  /** Stops it at a moment. */
  freeze(at: number): void {
    this.#keep(this.#offset, at);
  }

  /** Moves it to a moment, from where it runs. */
  set(to: number): void {
    this.#keep(to - Date.now(), null);
  }

  /** Moves it on; it runs or stands still as before. */
  advance(milliseconds: number): void {
    if (this.#frozen === null) this.#keep(this.#offset + milliseconds, null);
    else this.#keep(this.#offset, this.#frozen + milliseconds);
  }

  /** Back to real time. */
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
