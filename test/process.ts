// The built server as a process of its own, for tests of signals, files and kills.
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ROOT } from './harness.ts';

export interface Running {
  process: ChildProcess;
  url: string;
  /** What it printed when it was up. */
  banner: string;
  /** What it has said on standard error so far. */
  errors(): string;
  /** Sends a signal and resolves with exit code, signal and how long it took in ms. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null; ms: number }>;
}

/** The bundle, as users start it. */
export const MAIN = join(ROOT, 'dist/main.js');

/** For `env`: without what the test runner puts into its children, so that they run as a user's would. */
export const BARE = ['-u', 'NODE_OPTIONS', '-u', 'NODE_V8_COVERAGE'];

const COMMAND = [...BARE, process.execPath];

/** What a process runs under besides its arguments and environment. */
export interface Around {
  /** What bash's `ulimit` takes, e.g. `-n 100`. */
  limit?: string;
  /** Flags of Node itself. */
  node?: string[];
}

/** Starts `understudy` on a free port and resolves when it has said where. */
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
      if (/Sandbox .*\n/.test(banner)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`exited with ${code}: ${errors}`)));
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

/** Runs `understudy` to its end; `before` are flags of Node itself. */
export async function runProcess(
  args: string[],
  env: Record<string, string> = {},
  before: string[] = [],
): Promise<{ code: number | null; out: string; err: string }> {
  return await ended(spawn('env', [...COMMAND, ...before, MAIN, ...args], { env: { ...process.env, ...env } }));
}

/** Runs a line of bash in which `understudy` is the command. */
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
