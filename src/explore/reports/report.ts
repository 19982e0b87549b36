// The content of a report on an exploration.
import type { Baseline } from '../baseline.ts';
import type { ExploredRun } from '../explored-run.ts';
import { DEFAULTS } from '../options.ts';
import { callName, worstFirst } from '../stories.ts';
import type { Verdict } from '../verdict.ts';

/** What is reported. */
export interface ExplorationReport {
  /** The explored command and its arguments. */
  readonly command: readonly string[];
  readonly seed: string;
  /** The options that a repetition needs besides, as words of a command line. */
  readonly options: readonly string[];
  readonly baseline: Baseline;
  /** How many runs were planned, and how many there are without a limit. */
  readonly planned: number;
  readonly possible: number;
  /** In any order. */
  readonly runs: readonly ExploredRun[];
  /** The verdicts that count as failures. */
  readonly failOn: readonly Verdict[];
}

/** The command line that makes a run again. */
export function repeatOf(
  { command, seed, options }: Pick<ExplorationReport, 'command' | 'seed' | 'options'>,
  id: string,
): string {
  const seeded = seed === DEFAULTS.seed ? [] : ['--seed', seed];
  return ['understudy explore --repeat', ...[id, ...seeded, ...options, '--', ...command].map(quoted)].join(' ');
}

/** Remarks on the whole exploration, one sentence each. */
export function remarksOf({ baseline, planned, possible, runs }: ExplorationReport): string[] {
  const { masked, differences, unmatched, remains } = baseline;
  const unreached = runs.filter(({ reached }) => !reached).length;
  const remarks: [applies: boolean, sentence: string][] = [
    [planned < possible, `These are ${planned} of ${possible} runs; --max-runs, --only and --skip choose others.`],
    [runs.length < planned, `Runs not made: ${planned - runs.length}.`],
    [
      differences.length > 0,
      `Not repeatable: two runs without a fault differ, so verdicts may be wrong (${differences.join('; ')}).`,
    ],
    [
      unreached > 0,
      `In ${unreached} of the runs the call that was to fail did not come: the command does not do the same each time, and other verdicts may be wrong too. Runs that disturb each other, by a port or a file, need --jobs 1.`,
    ],
    [masked.length > 0, `Not compared, because two runs without a fault differ in it: ${masked.join(', ')}.`],
    [unmatched > 0, `${unmatched} requests of the command matched no operation.`],
    [(remains ?? []).length > 0, 'Rows of the subjects that are left without a fault too are not counted.'],
  ];
  return [...clientRemarks(runs), ...remarks.flatMap(([applies, sentence]) => (applies ? [sentence] : []))];
}

/** What clients did wrong in runs that were survived all the same, one sentence for each rule, with an example. */
function clientRemarks(runs: readonly ExploredRun[]): string[] {
  const broken = worstFirst(runs)
    .filter(({ verdict }) => verdict === 'survived')
    .flatMap((run) => run.clients.filter(({ passed }) => passed === false).map((verdict) => ({ run, ...verdict })));
  return [...new Set(broken.map(({ rule }) => rule))].sort().flatMap((rule) => {
    const own = broken.filter((one) => one.rule === rule);
    const count = new Set(own.map(({ run }) => run)).size;
    return own.slice(0, 1).map(({ run, detail }) => {
      const example = `${callName(run.call)}: ${run.failure} ${run.phase}, ${run.id}`;
      return `In ${count} survived ${count === 1 ? 'run' : 'runs'} the client breaks ${rule}: ${detail} (${example}).`;
    });
  });
}

/** A shell word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
