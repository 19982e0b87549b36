// The report on an exploration as plain text. Values are not escaped.
import { outcomeOf } from '../sentences.ts';
import { callName, type Story, storiesOf } from '../stories.ts';
import { VERDICT_NAMES, type Verdict, wordsOf } from '../verdict.ts';
import { type ExplorationReport, remarksOf, repeatOf } from './report.ts';

/** A table of calls and verdicts, and the lines below it. */
export interface TextReport {
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly lines: readonly string[];
}

/** The report as text. */
export function textOf(report: ExplorationReport): TextReport {
  const { runs } = report;
  const verdicts = VERDICT_NAMES.filter((one) => runs.some(({ verdict }) => verdict === one));
  const calls = [...new Set(runs.map(({ call }) => callName(call)))].sort();
  const ordered = [...new Set([...report.baseline.calls.map(callName), ...calls])].filter((name) =>
    calls.includes(name),
  );
  const rows = ordered.map((name) => {
    const own = runs.filter(({ call }) => callName(call) === name);
    const count = (verdict: Verdict) => own.filter((run) => run.verdict === verdict).length;
    return [name, String(own.length), ...verdicts.map((verdict) => String(count(verdict) || '-'))];
  });
  return {
    table: { head: ['CALL', 'RUNS', ...verdicts.map((one) => wordsOf(one).toUpperCase())], rows },
    lines: [
      ...storiesOf(runs).flatMap((story) => ['', ...storyLines(story, report)]),
      '',
      summaryOf(report),
      ...remarksOf(report),
    ],
  };
}

/** How many runs there were, and how many of them were survived. */
export function summaryOf({ runs }: Pick<ExplorationReport, 'runs'>): string {
  const counts = VERDICT_NAMES.flatMap((one) => {
    const count = runs.filter(({ verdict }) => verdict === one).length;
    return count === 0 ? [] : [`${count} ${wordsOf(one)}`];
  });
  return [`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`, counts.join(', ')].filter(Boolean).join(': ');
}

/** What fails in a story: one failure, and how many others have the same result. */
export function failureOf({ run, runs }: Story): string {
  const others = runs.length - 1;
  return `${run.failure} ${run.phase}${others === 0 ? '' : `, and ${others} more like it`}`;
}

/** How many of the other failures of a story are named. */
const NAMED = 8;

/** The other failures of a story: `also: 404 NOT_FOUND before, 401 UNAUTHORIZED before`. */
export function othersOf({ runs: [, ...others] }: Story): string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, NAMED).map(({ failure, phase }) => `${failure} ${phase}`);
  return [`also: ${names.join(', ')}${others.length > NAMED ? `, and ${others.length - NAMED} more` : ''}`];
}

function storyLines(story: Story, report: ExplorationReport): string[] {
  const { run } = story;
  return [
    `${wordsOf(run.verdict).toUpperCase()}  ${callName(run.call)}: ${failureOf(story)}`,
    ...[...outcomeOf(run), ...othersOf(story)].map((line) => `  ${line}`),
    `  ${repeatOf(report, run.id)}`,
  ];
}
