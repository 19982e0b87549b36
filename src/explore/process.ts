// Runs a command as a process of its own group, with a time limit, and keeps the last of its output.
import { type ChildProcess, spawn } from 'node:child_process';
import { ExploreError } from './explore-error.ts';
import type { Ended } from './verdict.ts';

/** How much of the output is kept, in characters. */
const KEPT = 16_384;
/** How long output that is still on its way is awaited after the end, in ms. */
const LAST_OUTPUT = 250;

/**
 * Runs a command to its end. Its whole group is killed at the time limit, and when `stop` aborts.
 *
 * @throws ExploreError when it cannot be started
 */
export async function runProcess(
  [command = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { limitMs, stop }: { readonly limitMs: number; readonly stop: AbortSignal },
): Promise<Ended> {
  const child = spawn(command, args, {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it has started ends with it. On Windows that would open a window.
    detached: process.platform !== 'win32',
  });
  let output = '';
  let timedOut = false;
  const keep = (data: Buffer) => {
    output = (output + data).slice(-KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const timer = setTimeout(() => {
    timedOut = true;
    kill(child);
  }, limitMs);
  const end = () => kill(child);
  stop.addEventListener('abort', end);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.once('error', (error) =>
        reject(
          new ExploreError(
            `${command} cannot be run (${error.message}); give a command that a shell would find, and one with shell syntax as sh -c '…'.`,
          ),
        ),
      );
      child.once('exit', (exit, signal) => {
        // Processes that it leaves behind would call the sandbox later.
        kill(child);
        // One that has left the group, as a daemon does, is still there, and keeps the pipes open.
        const closing = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, LAST_OUTPUT);
        child.once('close', () => {
          clearTimeout(closing);
          resolve({ exit, signal, timedOut, output });
        });
      });
    });
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
  }
}

function kill(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {
    // The group is gone, or there are no groups.
    child.kill('SIGKILL');
  }
}
