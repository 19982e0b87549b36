// Runs what a command line asks for: reads it, does it, and says in one sentence why when it cannot be done.
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../version.ts';
import { readCommand } from './config.ts';
import { EXIT, exitCodeOf, sentenceOf } from './failures.ts';
import type { Outcome } from './grammar.ts';
import { overview, pageOf } from './help.ts';
import type { Page } from './page.ts';
import type { Environment, Shell } from './shell.ts';

export { sentenceOf } from './failures.ts';

/** How long answers in flight get when the server is told to end, in ms. */
const GRACE = 250;

/**
 * Runs one command.
 *
 * @param more what of a shell it gets beside the page it prints on; by default those of this process, and no input
 * @returns the exit code, or the server that was started
 * @throws UsageError, StartError or ControlPlaneError with a sentence for people
 */
export async function run(
  args: readonly string[],
  environment: Environment,
  out: Page,
  more: Partial<Omit<Shell, 'out' | 'environment'>> = {},
): Promise<Outcome> {
  const asked = readCommand(args, environment);
  if (!('action' in asked)) {
    if (asked.name === 'version') out.write(`${VERSION}\n`);
    else out.write(asked.command === null ? overview() : pageOf(asked.command));
    return EXIT.done;
  }
  const { action, config, words, flags } = asked;
  const alone = {
    err: process.stderr,
    input: nothing(),
    gone: new AbortController().signal,
    now: () => performance.now(),
  };
  return await action.run({ config, words, flags, shell: { ...alone, ...more, out, environment } });
}

/** Runs one command in a shell; an error is a sentence on its standard error and an exit code. */
export async function runIn(shell: Shell, args: readonly string[]): Promise<Outcome> {
  try {
    return await run(args, shell.environment, shell.out, shell);
  } catch (error) {
    shell.err.write(`understudy: ${sentenceOf(error as Error)}\n`);
    return exitCodeOf(error as Error);
  }
}

/** Ends a server: hung connections at once, answers in flight after at most a quarter of a second. */
export async function stop(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.cutConnections(), GRACE);
  await app.close();
  clearTimeout(cut);
}

async function* nothing(): AsyncGenerator<string> {}
