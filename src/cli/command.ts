// Runs one command line: parses it, runs the action, and reports an error as one sentence and an exit code.
import type { Outcome } from './definition.ts';
import { EXIT, sentenceOf } from './failures.ts';
import type { Page } from './page.ts';
import { readCommand } from './program.ts';
import type { Environment, Shell } from './shell.ts';

export { sentenceOf } from './failures.ts';
export { stop } from './stop.ts';

/**
 * Runs one command.
 *
 * @param more the other parts of a shell; by default those of this process, and no input
 * @returns the exit code, or the server that was started
 * @throws UsageError, StartError or ControlPlaneError with a sentence for people
 */
export async function run(
  args: readonly string[],
  environment: Environment,
  out: Page,
  more: Partial<Omit<Shell, 'out' | 'environment'>> = {},
): Promise<Outcome> {
  const parsed = readCommand(args, environment, out.isTTY ? out.columns : undefined);
  if ('text' in parsed) {
    out.write(parsed.text);
    return EXIT.yes;
  }
  const { action, config, words, flags, warnings } = parsed;
  const defaults = {
    err: process.stderr,
    input: nothing(),
    gone: new AbortController().signal,
    now: () => performance.now(),
  };
  const shell = { ...defaults, ...more, out, environment };
  for (const sentence of warnings) shell.err.write(`understudy: ${sentence}\n`);
  return await action.run({ config, words, flags, shell });
}

/** Runs one command in a shell; an error becomes a sentence on its standard error and an exit code. */
export async function runIn(shell: Shell, args: readonly string[]): Promise<Outcome> {
  try {
    return await run(args, shell.environment, shell.out, shell);
  } catch (error) {
    shell.err.write(`understudy: ${sentenceOf(error as Error)}\n`);
    return EXIT.trouble;
  }
}

async function* nothing(): AsyncGenerator<string> {}
