// Groups runs by what came of them, so that a bug that many failures show is told once.
import { createHash } from 'node:crypto';
import type { ExploredRun } from './explored-run.ts';
import { VERDICT_NAMES } from './verdict.ts';

/** Runs of one call with the same result. */
export interface Story {
  /** The one with the fewest requests; of several, none with a refusal after the commit, which is rare. */
  readonly run: ExploredRun;
  /** All of them, the shortest first. */
  readonly runs: readonly ExploredRun[];
}

/** The runs in the order of reports: worst verdict first, then by call, failure and phase. */
export function worstFirst(runs: readonly ExploredRun[]): ExploredRun[] {
  const rank = ({ verdict }: ExploredRun) => VERDICT_NAMES.indexOf(verdict);
  const name = ({ call, failure, phase }: ExploredRun) => [callName(call), failure, phase].join(' ');
  return [...runs].sort((a, b) => rank(a) - rank(b) || name(a).localeCompare(name(b), 'en'));
}

/** What was not survived, worst first: one story for each call and result. */
export function storiesOf(runs: readonly ExploredRun[]): Story[] {
  const stories = new Map<string, ExploredRun[]>();
  for (const run of worstFirst(runs)) {
    if (run.verdict === 'survived') continue;
    const { verdict, call, findings, healsOnRetry } = run;
    const key = JSON.stringify([verdict, callName(call), findings, healsOnRetry]);
    stories.set(key, [...(stories.get(key) ?? []), run]);
  }
  return [...stories.values()].map((all) => {
    all.sort((a, b) => a.requests.length - b.requests.length || Number(isRare(a)) - Number(isRare(b)));
    return { run: all[0] as ExploredRun, runs: all };
  });
}

function isRare({ failure, phase }: ExploredRun): boolean {
  return phase === 'after-commit' && /^4\d\d /.test(failure);
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
