// The report on an exploration as JUnit XML: one test case for each run.
import { escaped } from '../../core/deletions/reports/markup.ts';
import type { ExploredRun } from '../explored-run.ts';
import { outcomeOf } from '../sentences.ts';
import { callName, worstFirst } from '../stories.ts';
import { wordsOf } from '../verdict.ts';
import { type ExplorationReport, remarksOf, repeatOf } from './report.ts';
import { summaryOf } from './text.ts';

/** Renders the report. A run fails with a verdict of `failOn`, and is skipped when its call was not reached. */
export function junitOf(report: ExplorationReport): string {
  const { runs, failOn } = report;
  const failures = runs.filter(({ verdict }) => failOn.includes(verdict)).length;
  const skipped = runs.filter(({ verdict }) => verdict === 'not-reached' && !failOn.includes(verdict)).length;
  const counts = `tests="${runs.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Understudy" ${counts}>`,
    `  <testsuite name="explore" ${counts}>`,
    ...worstFirst(runs).map((run) => testCase(run, report)),
    `    <system-out>${lines([summaryOf(report), ...remarksOf(report)])}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(run: ExploredRun, report: ExplorationReport): string {
  const { call, failure, phase, verdict, durationMs } = run;
  const name = escaped(`${failure} ${phase}`);
  const open = `    <testcase classname="${escaped(callName(call))}" name="${name}" time="${durationMs / 1000}"`;
  const text = lines([...outcomeOf(run), repeatOf(report, run.id)]);
  if (report.failOn.includes(verdict))
    return `${open}><failure message="${wordsOf(verdict)}" type="${verdict}">${text}</failure></testcase>`;
  if (verdict === 'not-reached') return `${open}><skipped message="${wordsOf(verdict)}"/></testcase>`;
  return `${open}><system-out>${lines([wordsOf(verdict)])}&#10;${text}</system-out></testcase>`;
}

function lines(texts: readonly string[]): string {
  return texts.map(escaped).join('&#10;');
}
