// A shell for tests of commands: what is typed runs in process, and what it printed is there to look at.
import type { FastifyInstance } from 'fastify';
import { runIn } from '../../src/cli/command.ts';
import type { Page } from '../../src/cli/page.ts';
import type { Environment } from '../../src/cli/shell.ts';

/** What a command left behind. */
export interface Ran {
  /** Its exit code; the server when one was started. */
  code: number | FastifyInstance;
  out: string;
  err: string;
}

export interface Around {
  env?: Environment;
  /** What it can read. */
  input?: string;
  /** A terminal that is so wide; none by default. */
  columns?: number;
  /** Told what has been printed, each time something is. */
  onOut?: (text: string) => void;
  onErr?: (text: string) => void;
  gone?: AbortSignal;
  /** It stands still where nobody says: what a test prints does not depend on how fast it is. */
  now?: () => number;
}

/** A page to write on, which remembers it. */
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

/** Runs a command line to its end. */
export async function typed(args: readonly string[], around: Around = {}): Promise<Ran> {
  const { env = {}, input = '', columns, onOut, onErr, gone = new AbortController().signal, now = () => 0 } = around;
  const out = page(onOut, columns);
  const err = page(onErr, columns);
  async function* lines() {
    yield Buffer.from(input);
  }
  const code = await runIn({ out, err, input: lines(), environment: env, gone, now }, args);
  return { code, out: out.text, err: err.text };
}

/** Types commands at one server: `line` is split at spaces, further words are kept as they are. */
export function typing(url: string): (line: string, ...words: string[]) => Promise<Ran> {
  return (line, ...words) => typed([...line.split(' ').filter(Boolean), ...words, '--url', url]);
}

/** What a command printed that did its work without a word about it. */
export function printed(out: string): Ran {
  return { code: 0, out, err: '' };
}
