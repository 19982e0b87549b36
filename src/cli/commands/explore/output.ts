// What `understudy explore` prints: a table of the calls, what was not survived (worst first), and notes.
import type { ExplorationReport } from '../../../explore/reports/report.ts';
import { textOf } from '../../../explore/reports/text.ts';
import { type Page, printable } from '../../page.ts';
import { writeTable } from '../../table.ts';

/** Prints the result of an exploration, as text or as JSON. */
export function writeResult(out: Page, report: ExplorationReport, json: boolean): void {
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
