// Cuts long work into slices, so that other requests are served in between.
import { setImmediate } from 'node:timers/promises';

/** How long a slice may take, in ms. */
const SLICE_MS = 10;
/** The clock is read once in so many steps. */
const STEPS = 64;

/** The slices of one piece of work: `if (slices.over()) await slices.next();` after each small step. */
export class Slices {
  #steps = 0;
  #began = performance.now();

  /** Whether it is time to let others run. */
  over(): boolean {
    return ++this.#steps % STEPS === 0 && performance.now() - this.#began > SLICE_MS;
  }

  /** Lets others run, and begins the next slice. */
  async next(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}
