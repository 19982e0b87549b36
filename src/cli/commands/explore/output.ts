// What `understudy explore` prints: a table of the calls, what was not survived (worst first), and notes.
import { htmlOf } from '../../../explore/reports/html.ts';
import { junitOf } from '../../../explore/reports/junit.ts';
import { markdownOf } from '../../../explore/reports/markdown.ts';
import type { ExplorationReport } from '../../../explore/reports/report.ts';
import { textOf } from '../../../explore/reports/text.ts';
import { type Page, printable } from '../../page.ts';
import { writeTable } from '../../table.ts';
import { type ReportFile, writeReportFile } from '../report-file.ts';

const FORMATS = { junit: junitOf, html: htmlOf, markdown: markdownOf } as const;

/** Prints the result of an exploration, as text or as JSON, and writes the reports. @throws UsageError when it cannot */
export function writeResult(
  out: Page,
  report: ExplorationReport,
  { json, report: files }: { readonly json: boolean; readonly report: readonly ReportFile<keyof typeof FORMATS>[] },
): void {
  for (const { format, path } of files) writeReportFile(path, FORMATS[format](report));
  if (json) {
    out.write(`${JSON.stringify(jsonOf(report))}\n`);
    return;
  }
  const { table, lines } = textOf(report);
  writeTable(out, table.head, table.rows);
  for (const line of lines) out.write(`${printable(line)}\n`);
}

/** The report as JSON. */
function jsonOf({ command, seed, baseline, planned, possible, runs }: ExplorationReport): object {
  const { calls, masked, differences, unmatched, durationMs, remains, effect } = baseline;
  return {
    command,
    seed,
    baseline: { calls, masked, differences, unmatched, durationMs, remains, changes: effect.changes },
    planned,
    possible,
    runs,
  };
}
