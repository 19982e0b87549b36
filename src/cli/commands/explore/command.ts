// Explores a command line: its environment points each run at the run's own sandbox.
import { type Exploration, explore } from '../../../explore/explore.ts';
import type { Options } from '../../../explore/options.ts';
import { runProcess } from '../../../explore/process.ts';
import type { ControlPlane } from '../../../library/control-plane.ts';
import { environmentOf } from '../../../library/environment.ts';
import type { Environment } from '../../shell.ts';

/**
 * Takes the baseline of a command and plans its runs.
 *
 * @param stop ends everything; its reason is what the exploration throws
 */
export async function exploreCommand(
  control: ControlPlane,
  command: readonly string[],
  environment: Environment,
  options: Options,
  stop: AbortSignal,
): Promise<Exploration> {
  return await explore(
    control,
    command.join(' '),
    async ({ name }, providers, limitMs) => {
      const own = Object.fromEntries(environmentOf({ ...providers }, control.origin, name));
      const ended = await runProcess(command, { ...environment, ...own }, { limitMs, stop });
      stop.throwIfAborted();
      return ended;
    },
    options,
  );
}
