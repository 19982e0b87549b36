// Runs commands in this process for tests, as a user types them, and returns what they printed.
import type { FastifyInstance } from 'fastify';
import { runIn } from '../../src/cli/command.ts';
import type { Page } from '../../src/cli/page.ts';
import type { Environment } from '../../src/cli/shell.ts';

/** The result of a command. */
export interface Ran {
  /** Its exit code, or the server that it started. */
  code: number | FastifyInstance;
  out: string;
  err: string;
}

export interface Around {
  env?: Environment;
  /** Standard input. */
  input?: string;
  /** The width of the terminal; without it there is no terminal. */
  columns?: number;
  /** Called with all that has been printed so far, each time something is. */
  onOut?: (text: string) => void;
  onErr?: (text: string) => void;
  gone?: AbortSignal;
  /** Tells the command to end. */
  interrupt?: AbortSignal;
  /** The clock; by default it stands still, so that no progress is shown however slow the machine is. */
  now?: () => number;
}

/** A page that keeps what is written to it. */
export function page(written: (text: string) => void = () => {}, columns?: number): Page & { text: string } {
  return {
    text: '',
    ...(columns === undefined ? {} : { isTTY: true, columns }),
    write(text) {
      this.text += text;
      written(this.text);
    },
  };
}

/** Runs a command line until it ends. */
export async function typed(args: readonly string[], around: Around = {}): Promise<Ran> {
  const {
    env = {},
    input = '',
    columns,
    onOut,
    onErr,
    gone = new AbortController().signal,
    interrupt,
    now = () => 0,
  } = around;
  const out = page(onOut, columns);
  const err = page(onErr, columns);
  async function* lines() {
    yield Buffer.from(input);
  }
  const onInterrupt = (listener: () => void) => {
    interrupt?.addEventListener('abort', listener);
    return () => interrupt?.removeEventListener('abort', listener);
  };
  const code = await runIn({ out, err, input: lines(), environment: env, gone, onInterrupt, now }, args);
  return { code, out: out.text, err: err.text };
}

/** Types commands for one server: `line` is split at spaces, further words are not. */
export function typing(url: string): (line: string, ...words: string[]) => Promise<Ran> {
  return (line, ...words) => typed([...line.split(' ').filter(Boolean), ...words, '--url', url]);
}

/** The result of a command that exited with 0 and wrote nothing to standard error. */
export function printed(out: string): Ran {
  return { code: 0, out, err: '' };
}
