// The report on an exploration as Markdown, for a comment on a change or the summary of a job.
import { outcomeOf } from '../sentences.ts';
import { callName, storiesOf } from '../stories.ts';
import { wordsOf } from '../verdict.ts';
import { type ExplorationReport, remarksOf, repeatOf } from './report.ts';
import { failureOf, othersOf, summaryOf, textOf } from './text.ts';

/** Renders the report. */
export function markdownOf(report: ExplorationReport): string {
  const { head, rows } = textOf(report).table;
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const stories = storiesOf(report.runs).map((story) => {
    const { run } = story;
    return [
      `- **${wordsOf(run.verdict)}**: ${plain(callName(run.call))}, ${plain(failureOf(story))}`,
      ...[...outcomeOf(run), ...othersOf(story)].map((one) => `  - ${plain(one)}`),
      `  - \`${repeatOf(report, run.id)}\``,
    ].join('\n');
  });
  return [
    '# Exploration',
    '',
    `\`${report.command.join(' ')}\`: ${summaryOf(report)}.`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
    ...(stories.length === 0 ? [] : [...stories, '']),
    ...remarksOf(report).flatMap((one) => [plain(one), '']),
  ].join('\n');
}

/** Text in which nothing is markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replace(/\s+/g, ' ');
}
