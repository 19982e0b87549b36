// Shows the progress of slow work on standard error: one rewritten line in a terminal, a line every five seconds elsewhere.
import type { Page } from './page.ts';
import type { Shell } from './shell.ts';
import { fitted } from './table.ts';

/** Work that takes less than this, in ms, shows nothing. */
const DELAY = 1000;
/** The least time between two updates, in ms. */
const INTERVAL = { terminal: 100, log: 5000 } as const;
/** How often the clock is read while a promise is pending, in ms. */
const TICK = 250;

const ERASE = '\r\u001b[2K';

/** The progress of one piece of work. */
export class Progress {
  readonly #page: Page;
  readonly #quiet: boolean;
  readonly #now: () => number;
  readonly #since: number;
  #shown = Number.NEGATIVE_INFINITY;

  /** @param quiet shows nothing at all */
  constructor({ err, now }: Pick<Shell, 'err' | 'now'>, quiet = false) {
    this.#page = err;
    this.#quiet = quiet;
    this.#now = now;
    this.#since = now();
  }

  /** Whole seconds since it started. */
  get seconds(): number {
    return Math.floor((this.#now() - this.#since) / 1000);
  }

  /** Shows a sentence, unless the last update was too recent. */
  show(sentence: string): void {
    const now = this.#now();
    const { isTTY } = this.#page;
    if (this.#quiet || now - this.#since < DELAY || now - this.#shown < (isTTY ? INTERVAL.terminal : INTERVAL.log))
      return;
    this.#shown = now;
    this.#page.write(isTTY ? ERASE + fitted(sentence, this.#page) : `understudy: ${sentence}\n`);
  }

  /** Removes the line from the terminal. */
  end(): void {
    if (this.#page.isTTY && this.#shown > Number.NEGATIVE_INFINITY) this.#page.write(ERASE);
  }
}

/** Awaits `work`, and meanwhile shows what it is and for how many seconds it has been running. */
export async function withProgress<T>(progress: Progress, what: string, work: Promise<T>): Promise<T> {
  const ticking = setInterval(() => progress.show(`${what}, ${progress.seconds} s`), TICK);
  try {
    return await work;
  } finally {
    clearInterval(ticking);
    progress.end();
  }
}
