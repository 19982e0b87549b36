// The plan of an exploration: each call with each failure, filtered, and sampled where there are too many.
import { createHash } from 'node:crypto';
import type { ErrorEntry } from '../control/schemas.ts';
import { BASE36, draw } from '../core/random-ids.ts';
import { type Call, nameOf } from './calls.ts';
import { ExploreError } from './explore-error.ts';
import { type Failure, failuresOf, isUnlikely, racesWith } from './failures.ts';
import { rivalsOf, type Surroundings } from './rivals.ts';

/** A run to make: one call, and how it fails. */
export interface PlannedRun {
  /** The same in every exploration of the same command with the same seed; 8 letters and digits. */
  readonly id: string;
  readonly call: Call;
  readonly failure: Failure;
}

/** Which runs to make. */
export interface Selection {
  readonly seed: string;
  /** Names of operations, providers, failures, statuses and phases; those of one kind are alternatives. */
  readonly only: readonly string[];
  /** The same; a run that one of them names is left out. */
  readonly skip: readonly string[];
  readonly maxRuns: number;
}

/** Every run of these calls, in order. */
export function planOf(calls: readonly Call[], errors: readonly ErrorEntry[], seed: string): PlannedRun[] {
  return calls.flatMap((call) => {
    const own = errors.filter((one) => one.provider === call.provider && one.operation === call.operation);
    return failuresOf(own, call.writes).map((failure) => ({ id: runId(call, failure, seed), call, failure }));
  });
}

/** Every race of these calls with another client, in order. */
export function racesOf(surroundings: Surroundings, seed: string): PlannedRun[] {
  return surroundings.calls.flatMap((call) =>
    rivalsOf(call, surroundings)
      .flatMap(racesWith)
      .map((failure) => ({ id: runId(call, failure, seed), call, failure })),
  );
}

/**
 * The runs that are selected. Of more than `maxRuns`, a sample by the seed: it takes every operation with every failure
 * once before it takes any of them with a second call, and the operations in turn.
 *
 * @throws ExploreError for a word of `only` or `skip` that names nothing in the plan
 */
export function selected(plan: readonly PlannedRun[], { seed, only, skip, maxRuns }: Selection): PlannedRun[] {
  const words = [...new Set(plan.flatMap(wordsOf).flat())];
  for (const word of [...only, ...skip]) {
    if (!words.includes(word)) throw new ExploreError(`The plan has no ${word}; it has ${listed(words)}.`);
  }
  const wanted = plan.filter(
    (run) =>
      matchesAll(run, only, plan) &&
      !wordsOf(run)
        .flat()
        .some((word) => skip.includes(word)),
  );
  if (wanted.length <= maxRuns) return wanted;
  const taken = new Set(inTurn(wanted, seed).slice(0, maxRuns));
  return wanted.filter((run) => taken.has(run));
}

/** The runs in the order in which a sample takes them. */
function inTurn(runs: readonly PlannedRun[], seed: string): PlannedRun[] {
  const rank = (text: string) => createHash('sha256').update(`${seed}:${text}`).digest('hex');
  const counts = new Map<string, number>();
  const next = (key: string) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  };
  return runs
    .map((run) => ({ run, rank: rank(run.id), late: 'rule' in run.failure && isUnlikely(run.failure) ? 1 : 0 }))
    .sort((a, b) => a.rank.localeCompare(b.rank, 'en'))
    .map(({ run, late }) => {
      const { call, failure } = run;
      const operation = `${call.provider} ${call.operation}`;
      const round = next(`${operation} ${failure.name} ${failure.phase}`);
      return { run, round, late, turn: next(`${operation} ${round} ${late}`) };
    })
    .sort((a, b) => a.round - b.round || a.late - b.late || a.turn - b.turn)
    .map(({ run }) => run);
}

/** The pattern of the requests with a call's name. */
export function patternOf({ provider, operation, path, body }: Call) {
  return { provider, operation, path, ...(body === null ? {} : { body: body as Record<string, never> }) };
}

/** The words that select a run, by what they are: target, failure (also with its phase, `4xx@after-commit`), phase. */
function wordsOf({ call, failure }: PlannedRun): [target: string[], failure: string[], phase: string[]] {
  const { name, phase } = failure;
  // The operation of a rival is no word of a failure: it would be one of a target too.
  const parts = 'rival' in failure ? ['race'] : name.split(' ');
  const group = 'rule' in failure && 'status' in (failure.rule.effect ?? {}) ? [`${name[0]}xx`] : [];
  const failures = [name, ...parts, ...group];
  return [[call.provider, call.operation], [...failures, ...failures.map((one) => `${one}@${phase}`)], [phase]];
}

/** Words for a message; those with a phase are left out, since there is one of them for each word without. */
function listed(words: readonly string[]): string {
  return words
    .filter((word) => !word.includes('@'))
    .sort()
    .join(', ');
}

function matchesAll(run: PlannedRun, only: readonly string[], plan: readonly PlannedRun[]): boolean {
  return wordsOf(run).every((own, kind) => {
    const given = only.filter((word) => plan.some((one) => wordsOf(one)[kind]?.includes(word)));
    return given.length === 0 || given.some((word) => own.includes(word));
  });
}

function runId(call: Call, failure: Failure, seed: string): string {
  let block = 0;
  const { name, phase } = failure;
  const rival = 'rival' in failure ? [failure.rival.path, failure.rival.body] : [];
  const text = JSON.stringify([seed, call.provider, nameOf(call), call.occurrence, name, phase, ...rival]);
  return draw(8, BASE36, () => createHash('sha256').update(`${block++}:${text}`).digest());
}
