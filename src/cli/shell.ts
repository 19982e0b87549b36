// The shell around a command: its output, input and environment, and whether the reader of its output is still there.
import { EXIT } from './failures.ts';
import type { Page } from './page.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command can use of its process. */
export interface Shell {
  /** Standard output, for data. */
  readonly out: Page;
  /** Standard error, for errors and progress. */
  readonly err: Page;
  readonly input: AsyncIterable<Buffer | string>;
  readonly environment: Environment;
  /** Aborted when the reader of `out` has closed it. */
  readonly gone: AbortSignal;
  /** Calls `listener` instead of ending the process when it is told to end; the returned function undoes that. Without it nothing interrupts. */
  readonly onInterrupt?: (listener: () => void) => () => void;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
}

/** What tells a process to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  on(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
  off(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
}

/**
 * The shell around a process. A reader that closes the pipe early (`… | head -1`) is no error: the command ends by
 * itself. Any other failure to write ends the process.
 */
export function shellOf(process: Process): Shell {
  const gone = new AbortController();
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') return gone.abort();
    process.stderr.write(`understudy: The output cannot be written: ${error.message}.\n`);
    process.exit(EXIT.trouble);
  });
  process.stderr.on('error', () => {
    // There is nowhere left to report it.
  });
  return {
    out: process.stdout,
    err: process.stderr,
    // A getter, because opening standard input keeps the process alive.
    get input() {
      return process.stdin;
    },
    environment: process.env,
    gone: gone.signal,
    onInterrupt: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    now: () => performance.now(),
  };
}
