// Groups runs by what came of them, so that a bug that many failures show is told once.
import { createHash } from 'node:crypto';
import type { ExploredRun } from './explored-run.ts';
import { VERDICT_NAMES } from './verdict.ts';

/** Runs of one call with the same result of failures of the same kind: refusals, or failures that pass. */
export interface Story {
  /** The one with the fewest requests; of several, none with a refusal after the commit, which is rare. */
  readonly run: ExploredRun;
  /** All of them, the shortest first. */
  readonly runs: readonly ExploredRun[];
}

/** The runs in the order of reports: worst verdict first, then by call, failure and phase. */
export function worstFirst(runs: readonly ExploredRun[]): ExploredRun[] {
  const name = ({ call, failure, phase }: ExploredRun) => [callName(call), failure, phase].join(' ');
  return [...runs].sort((a, b) => rankOf(a) - rankOf(b) || name(a).localeCompare(name(b), 'en'));
}

/** What was not survived, worst first: one story for each call and result. */
export function storiesOf(runs: readonly ExploredRun[]): Story[] {
  const stories = new Map<string, ExploredRun[]>();
  for (const run of worstFirst(runs)) {
    if (run.verdict === 'survived') continue;
    const { verdict, call, findings, healsOnRetry } = run;
    const key = JSON.stringify([verdict, callName(call), findings, healsOnRetry, isRefusal(run)]);
    stories.set(key, [...(stories.get(key) ?? []), run]);
  }
  const likelyFirst = (a: ExploredRun, b: ExploredRun) => Number(isRare(a)) - Number(isRare(b));
  return [...stories.values()]
    .map((all) => {
      all.sort((a, b) => a.requests.length - b.requests.length || likelyFirst(a, b));
      return { run: all[0] as ExploredRun, runs: all };
    })
    .sort(({ run: a }, { run: b }) => rankOf(a) - rankOf(b) || likelyFirst(a, b));
}

function rankOf({ verdict }: ExploredRun): number {
  return VERDICT_NAMES.indexOf(verdict);
}

function isRare(run: ExploredRun): boolean {
  return run.phase === 'after-commit' && isRefusal(run);
}

function isRefusal({ failure }: ExploredRun): boolean {
  return /^4(?!29)\d\d /.test(failure);
}

/** A call in words: `DeleteUser /users/user-42`, with its number if it is not the first of its name. */
export function callName({ operation, path, body, occurrence }: ExploredRun['call']): string {
  const content = body === null ? '' : ` ${shortened(JSON.stringify(body))}`;
  return `${operation} ${path}${content}${occurrence === 1 ? '' : ` #${occurrence}`}`;
}

/** The longest body in the name of a call, in characters. */
const LONGEST = 60;

/** A text that fits; a longer one ends in a digest, since the names of different calls differ. */
function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 6);
  return `${text.slice(0, LONGEST - digest.length - 2)}… ${digest}`;
}
