// Cuts long work into slices, so that other requests are served in between.
import { setImmediate } from 'node:timers/promises';

/** From this size on, in bytes, a database is read and written in slices. */
export const LARGE_BYTES = 4 * 1024 * 1024;

/**
 * Lets other requests run between two steps that take a while each, if they handle that many bytes. The first immediate
 * comes before the next I/O, the second one after it, and the third one after the responses, which immediates send too.
 */
export async function letOthersRun(bytes: number): Promise<void> {
  if (bytes < LARGE_BYTES) return;
  for (let turns = 0; turns < 3; turns++) await setImmediate();
}

/** How long a slice may take, in ms. */
const SLICE_MS = 10;

/** The slices of one piece of work: `if (slices.over()) await slices.next();` after each step. */
export class Slices {
  readonly #stepsPerCheck: number;
  #steps = 0;
  #began = performance.now();

  /** @param stepsPerCheck how many steps there are between two looks at the clock; 1 for steps of a millisecond or more */
  constructor(stepsPerCheck: number) {
    this.#stepsPerCheck = stepsPerCheck;
  }

  /** Whether it is time to let others run. */
  over(): boolean {
    return ++this.#steps % this.#stepsPerCheck === 0 && performance.now() - this.#began > SLICE_MS;
  }

  /** After a step of several milliseconds: lets others run if it is time to. */
  async afterStep(): Promise<void> {
    if (this.over()) await this.next();
  }

  /** Lets others run, and begins the next slice. */
  async next(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}
