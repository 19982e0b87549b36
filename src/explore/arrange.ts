// Arranges the failure of a run in its sandbox: a fault rule, or a race with another client.
import type { Sandbox } from '../library/sandbox.ts';
import { type PlannedRun, patternOf } from './plan.ts';
import { type Arranged, arrangeRace } from './race.ts';
import type { World } from './world.ts';

/** Arranges that a run's call fails, once. */
export async function arrange(world: World, sandbox: Sandbox, { call, failure }: PlannedRun): Promise<Arranged> {
  if ('rival' in failure) return await arrangeRace(world, sandbox, call, failure);
  const mode = { times: 1, skip: call.occurrence - 1 };
  const { id } = await sandbox.faults.add({ match: patternOf(call), mode, ...failure.rule });
  return { end: async () => ({ reached: (await sandbox.faults.get(id)).hits > 0, rival: null }) };
}
