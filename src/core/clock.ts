// Sandbox time: real time shifted by an offset, or frozen; both are rows of the sandbox's database.
import type { Database } from './database.ts';

/** The time a sandbox's objects are stamped with. */
export class Clock {
  #offset = 0;
  #frozen: number | null = null;

  constructor(db: Database) {
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
    return new Date(this.now()).toISOString();
  }
}
