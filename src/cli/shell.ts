// What a command runs in: where it writes, what it reads, and whether anybody still reads what it writes.
import { EXIT } from './failures.ts';
import type { Page } from './page.ts';

/** The variables around a command. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A shell as a command sees it. */
export interface Shell {
  /** For data. */
  readonly out: Page;
  /** For sentences about errors, and for progress. */
  readonly err: Page;
  readonly input: AsyncIterable<Buffer | string>;
  readonly environment: Environment;
  /** Aborted as soon as nobody reads `out` any more. */
  readonly gone: AbortSignal;
  /** A clock in milliseconds that nobody moves. */
  readonly now: () => number;
}

interface Stream extends Page {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** The parts of `process` that are used here. */
export interface Process {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly stdin: AsyncIterable<Buffer | string>;
  readonly env: Environment;
  exit(code: number): void;
}

/**
 * The shell around a process. A reader that has enough (`… | head -1`) is no error: the command comes to its own end.
 * Output that cannot be written at all ends the process.
 */
export function shellOf(process: Process): Shell {
  const gone = new AbortController();
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') return gone.abort();
    process.stderr.write(`understudy: The output cannot be written: ${error.message}.\n`);
    process.exit(EXIT.unasked);
  });
  process.stderr.on('error', () => {
    // There is nobody left who could be told.
  });
  return {
    out: process.stdout,
    err: process.stderr,
    // Opened only by those that read it: it would keep the process alive.
    get input() {
      return process.stdin;
    },
    environment: process.env,
    gone: gone.signal,
    now: () => performance.now(),
  };
}
