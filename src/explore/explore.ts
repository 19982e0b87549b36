// Explores code: runs it twice without a fault, then once for every failure of each of its calls.
import { createHash } from 'node:crypto';
import type { ErrorEntry, Resource } from '../control/schemas.ts';
import type { ControlPlane } from '../library/control-plane.ts';
import { type Baseline, takeBaseline } from './baseline.ts';
import { ExploreError } from './explore-error.ts';
import { type ExploredRun, makeRun } from './explored-run.ts';
import type { Options } from './options.ts';
import { inParallel, lanesOf } from './parallel.ts';
import { type PlannedRun, planOf, racesOf, selected } from './plan.ts';
import { createSandbox, type Subject, type World } from './world.ts';

/** An exploration whose baseline is taken; its runs take place while they are read. */
export interface Exploration {
  readonly baseline: Baseline;
  /** The time limit of each run, in ms. */
  readonly limitMs: number;
  /** How many runs there are without `maxRuns`. */
  readonly possible: number;
  /** The runs that take place. */
  readonly planned: readonly PlannedRun[];
  /** The results, in the order in which they end. */
  runs(): AsyncGenerator<ExploredRun>;
}

/** The time limit of the baseline, which has none of its own to go by, in ms. */
const BASELINE_LIMIT = 60_000;
/**
 * The time limit of a run: at least this, in ms, and this many times the baseline's time. It is more than the ten seconds
 * that many clients wait for a response.
 */
const LEAST_LIMIT = 12_000;
const TIMES_BASELINE = 5;
/** How long the origin of an interrupted exploration stays on a server that goes on, in seconds. */
const DAY = 24 * 3600;

/**
 * Takes the baseline and plans the runs.
 *
 * @param what names what is explored, so that its sandboxes have the same names in every exploration of it
 * @throws ExploreError when the code cannot be explored, ControlPlaneError when the server rejects a request
 */
export async function explore(
  control: ControlPlane,
  what: string,
  subject: Subject,
  options: Options,
): Promise<Exploration> {
  const { seed, subjects, timeLimitMs, repeat, jobs } = options;
  const name = createHash('sha256')
    .update(JSON.stringify([what, seed]))
    .digest('hex')
    .slice(0, 12);
  const origin = `explore-${name}`;
  await createSandbox(control, { name: origin, ttlSeconds: DAY });
  const start = Math.floor(Date.now() / 1000) * 1000;
  const freeze = { action: 'freeze', instant: new Date(start).toISOString() };
  await control.call('PUT', '/clock', { sandbox: origin, body: freeze });
  const world: World = { control, subject, seed, origin, start };
  const baseline = await takeBaseline(world, [`${origin}-a`, `${origin}-b`], timeLimitMs ?? BASELINE_LIMIT, subjects);
  const { errors } = await control.call<{ errors: ErrorEntry[] }>('GET', '/errors');
  const { resources } = await control.call<{ resources: Resource[] }>('GET', '/resources', { sandbox: origin });
  const faults = planOf(baseline.calls, errors, seed);
  const withRaces = [...faults, ...racesOf({ ...baseline, resources }, seed)];
  const plan = options.races ? withRaces : faults;
  const planned = repeat === null ? selected(plan, options) : withRaces.filter(({ id }) => id === repeat);
  if (planned.length === 0) {
    throw new ExploreError(
      repeat === null
        ? 'No run is left to make; give fewer --skip and --only.'
        : `There is no run ${repeat} of this command with this seed; its calls have changed, or --seed is another one.`,
    );
  }
  const limitMs = timeLimitMs ?? Math.max(LEAST_LIMIT, TIMES_BASELINE * baseline.durationMs);
  const run = (one: PlannedRun) => makeRun(world, baseline, one, { limitMs, subjects });
  return {
    baseline,
    limitMs,
    possible: plan.length,
    planned,
    async *runs() {
      yield* inParallel(lanesOf(planned, jobs, baseline.durationMs), run);
      await control.call('DELETE', `/sandboxes/${origin}`);
    },
  };
}
