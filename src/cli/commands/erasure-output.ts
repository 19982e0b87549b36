// What `understudy erasure-check` prints, and the report files it writes.
import type { ErasureResult, Receipt } from '../../control/schemas.ts';
import type { Place } from '../../core/deletions/erasure-findings.ts';
import { htmlOf } from '../../core/deletions/reports/html.ts';
import { junitOf } from '../../core/deletions/reports/junit.ts';
import { receiptsOf } from '../../core/deletions/reports/report.ts';
import { matchText, remarksOf, verdictOf } from '../../core/deletions/reports/text.ts';
import { type Page, printable } from '../page.ts';
import { writeTable } from '../table.ts';
import { type ReportFile, writeReportFile } from './report-file.ts';

const FORMATS = { junit: junitOf, html: htmlOf } as const;

/** Writes a report. @throws UsageError when the file cannot be written */
export function writeReport(
  { format, path }: ReportFile<keyof typeof FORMATS>,
  {
    sandbox,
    include,
    result,
    receipts,
  }: { sandbox: string; include: readonly Place[]; result: ErasureResult; receipts: readonly Receipt[] },
): void {
  writeReportFile(path, FORMATS[format]({ sandbox, include, result, receipts: receiptsOf(result, receipts) }));
}

/** Prints the result: a table of the residues, the verdict, and what else there is to know. */
export function printResult(out: Page, result: ErasureResult): void {
  const rows = result.residues.map((residue) => [
    residue.provider,
    residue.resource,
    residue.id,
    residue.field,
    matchText(residue),
    residue.erasableBy ?? '-',
  ]);
  if (rows.length > 0) {
    writeTable(out, ['PROVIDER', 'RESOURCE', 'ID', 'FIELD', 'MATCH', 'ERASE WITH'], rows);
    out.write('\n');
  }
  for (const line of [verdictOf(result), ...remarksOf(result)]) out.write(`${printable(line)}\n`);
}
