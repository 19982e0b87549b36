// Options of an exploration, and their defaults.

/** Options of an exploration, complete. */
export interface Options {
  readonly seed: string;
  /** How many runs take place at a time; null for one for each processor, and beside them runs that only wait. */
  readonly jobs: number | null;
  /** The time limit of a run, in ms; null for five times the baseline's time, and at least ten seconds. */
  readonly timeLimitMs: number | null;
  /** Only runs with these operations, providers, failures, statuses or phases; all when empty. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly maxRuns: number;
  /** Names of a person that erasure checks look for. */
  readonly subjects: readonly string[];
  /** Whether another client calls at the same time too. */
  readonly races: boolean;
  /** The id of the only run to make; null for the whole plan. */
  readonly repeat: string | null;
}

/** The default of each option. */
export const DEFAULTS: Options = {
  seed: '1',
  jobs: null,
  timeLimitMs: null,
  only: [],
  skip: [],
  maxRuns: 200,
  subjects: [],
  races: false,
  repeat: null,
};
