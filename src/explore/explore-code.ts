// Explores a function of a test: the same runs and verdicts as for a command, as objects.
import type { ControlPlane } from '../library/control-plane.ts';
import { environmentOf } from '../library/environment.ts';
import type { Sandbox } from '../library/sandbox.ts';
import { explore } from './explore.ts';
import type { ExploredRun } from './explored-run.ts';
import { DEFAULTS, type Options } from './options.ts';
import { outcomeOf } from './sentences.ts';
import { callName, type Story, storiesOf } from './stories.ts';
import { type Ended, type Verdict, wordsOf } from './verdict.ts';
import type { Subject } from './world.ts';

/**
 * The code to explore. It uses the sandbox's providers, or the variables that `understudy env` prints; when it throws, it
 * has failed. It cannot be stopped: what goes on after the time limit may disturb the run of the same sandbox after it.
 */
export type ExploredCode = (sandbox: Sandbox, environment: Readonly<Record<string, string>>) => unknown;

/** Options of `explore`; all of them have a default. */
export type ExploreOptions = Partial<Options>;

/** The exploration of a function; it begins when it is read, and each reading makes all runs. */
export class CodeExploration implements AsyncIterable<ExploredRun> {
  readonly #control: ControlPlane;
  readonly #code: ExploredCode;
  readonly #options: Options;

  /** @internal Created by `Understudy.explore`. */
  constructor(control: ControlPlane, code: ExploredCode, options: ExploreOptions) {
    this.#control = control;
    this.#code = code;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** The runs in the order in which they end. @throws ExploreError when the code fails without a fault, or calls nothing */
  async *[Symbol.asyncIterator](): AsyncGenerator<ExploredRun> {
    const exploration = await explore(this.#control, 'code', this.#subject(), this.#options);
    yield* exploration.runs();
  }

  /**
   * Makes all runs, and resolves with them if each is survived, or has one of the verdicts that are allowed.
   *
   * @throws NotSurvivedError whose message has a story for each call and result
   */
  async assertSurvives(allowed: readonly Verdict[] = []): Promise<ExploredRun[]> {
    const runs: ExploredRun[] = [];
    for await (const run of this) runs.push(run);
    const stories = storiesOf(runs).filter(({ run }) => !allowed.includes(run.verdict));
    if (stories.length > 0) throw new NotSurvivedError(stories);
    return runs;
  }

  #subject(): Subject {
    return async (sandbox, providers, limitMs) => {
      const variables = environmentOf({ ...providers }, this.#control.origin, sandbox.name);
      return await endOf(async () => await this.#code(sandbox, Object.fromEntries(variables)), limitMs);
    };
  }
}

/** Code did not survive some failures; the message tells each story, worst first. */
export class NotSurvivedError extends Error {
  override readonly name = 'NotSurvivedError';
  /** The runs that were not survived. */
  readonly runs: readonly ExploredRun[];

  constructor(stories: readonly Story[]) {
    const lines = stories.flatMap(({ run, runs }) => [
      `${wordsOf(run.verdict)}: ${callName(run.call)}, ${runs.map(({ failure, phase }) => `${failure} ${phase}`).join(', ')}`,
      ...outcomeOf(run).map((line) => `  ${line}`),
    ]);
    super(['Not survived.', ...lines].join('\n'));
    this.runs = stories.flatMap(({ runs }) => runs);
  }
}

/** How a function ended, in the terms of a process. */
async function endOf(work: () => Promise<unknown>, limitMs: number): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ended>((resolve) => {
    timer = setTimeout(() => resolve({ exit: null, signal: null, timedOut: true, output: '' }), limitMs);
  });
  const done = work().then(
    () => ({ exit: 0, signal: null, timedOut: false, output: '' }),
    (error) => ({ exit: 1, signal: null, timedOut: false, output: String((error as Error)?.stack ?? error) }),
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
