// How far something is that takes longer than a moment: said on standard error, and only then.

import type { Page } from './page.ts';
import type { Shell } from './shell.ts';
import { fitted } from './table.ts';

/** What is done within this many milliseconds is not worth a word. */
const MOMENT = 1000;
/** How often it is said, in milliseconds: a line that is rewritten in place, or lines of a log. */
const OFTEN = { terminal: 100, log: 5000 } as const;
/** How often the clock is looked at while something else does the work. */
const TICK = 250;

const ERASE = '\r\u001b[2K';

/** Tells how far one piece of work is: in a terminal on one line, which is gone at the end, else in lines. */
export class Progress {
  readonly #page: Page;
  readonly #quiet: boolean;
  readonly #now: () => number;
  readonly #since: number;
  #told = Number.NEGATIVE_INFINITY;

  /** @param quiet says nothing at all */
  constructor({ err, now }: Pick<Shell, 'err' | 'now'>, quiet = false) {
    this.#page = err;
    this.#quiet = quiet;
    this.#now = now;
    this.#since = now();
  }

  /** Whole seconds since it began. */
  get seconds(): number {
    return Math.floor((this.#now() - this.#since) / 1000);
  }

  /** Says how far it is, if it is time to. */
  tell(sentence: string): void {
    const now = this.#now();
    const { isTTY } = this.#page;
    if (this.#quiet || now - this.#since < MOMENT || now - this.#told < (isTTY ? OFTEN.terminal : OFTEN.log)) return;
    this.#told = now;
    this.#page.write(isTTY ? ERASE + fitted(sentence, this.#page) : `understudy: ${sentence}\n`);
  }

  /** Takes the line away again. */
  end(): void {
    if (this.#page.isTTY && this.#told > Number.NEGATIVE_INFINITY) this.#page.write(ERASE);
  }
}

/** Waits for `work`, saying what it is and for how many seconds it has been going on. */
export async function telling<T>(progress: Progress, what: string, work: Promise<T>): Promise<T> {
  const ticking = setInterval(() => progress.tell(`${what}, ${progress.seconds} s`), TICK);
  try {
    return await work;
  } finally {
    clearInterval(ticking);
    progress.end();
  }
}
