// Starts the built command as a process, for tests of signals, files and kills.
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ROOT } from './harness.ts';

export interface Running {
  process: ChildProcess;
  url: string;
  /** The start-up output. */
  banner: string;
  /** The stderr output so far. */
  errors(): string;
  /** Sends a signal; resolves with exit code, signal and duration in ms. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null; ms: number }>;
}

/** The bundled command, as users start it. */
export const MAIN = join(ROOT, 'dist/main.js');

/** Arguments of `env` that remove the test runner's variables. */
export const BARE = ['-u', 'NODE_OPTIONS', '-u', 'NODE_V8_COVERAGE'];

const COMMAND = [...BARE, process.execPath];

/** Options of a process besides its arguments and environment. */
export interface Around {
  /** Arguments of bash's `ulimit`, e.g. `-n 100`. */
  limit?: string;
  /** Flags of Node itself. */
  node?: string[];
}

/** Starts `understudy` on a free port; resolves when it has printed its URL, rejects with its output when it exits. */
export async function startProcess(
  t: Test,
  args: string[] = [],
  env: Record<string, string> = {},
  { limit, node = [] }: Around = {},
): Promise<Running> {
  const limited = limit === undefined ? [] : ['bash', '-c', `ulimit ${limit}; exec "$@"`, 'bash'];
  const [command = '', ...words] = [...limited, 'env', ...COMMAND, ...node, MAIN, '--port', '0', ...args];
  const child = spawn(command, words, { env: { ...process.env, ...env } });
  t.teardown(() => child.kill('SIGKILL'));
  let banner = '';
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data) => {
      banner += data;
      if (/Dashboard .*\n/.test(banner)) resolve();
    });
    child.once('close', (code) => reject(new Error(`exited with ${code}: ${banner}${errors}`)));
  });
  const url = /http:\/\/[^/]+/.exec(banner)?.[0] as string;
  return {
    process: child,
    url,
    banner,
    errors: () => errors,
    end: (signal) =>
      new Promise((resolve) => {
        const from = process.hrtime.bigint();
        child.once('exit', (code, by) =>
          resolve({ code, signal: by, ms: Number(process.hrtime.bigint() - from) / 1e6 }),
        );
        child.kill(signal);
      }),
  };
}

/** Runs `understudy` until it exits; `before` are flags of Node itself. */
export async function runProcess(
  args: string[],
  env: Record<string, string> = {},
  before: string[] = [],
): Promise<{ code: number | null; out: string; err: string }> {
  return await ended(spawn('env', [...COMMAND, ...before, MAIN, ...args], { env: { ...process.env, ...env } }));
}

/** Runs a bash line in which `understudy` is the command. */
export async function runBash(line: string): Promise<{ code: number | null; out: string; err: string }> {
  const command = `understudy() { env ${[...COMMAND, MAIN].map((word) => `'${word}'`).join(' ')} "$@"; }`;
  return await ended(spawn('bash', ['-c', `${command}; ${line}`]));
}

async function ended(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}
