// What `understudy erasure-check` prints, and the report files it writes.
import { writeFileSync } from 'node:fs';
import type { ErasureResult, Receipt } from '../../control/schemas.ts';
import type { Place } from '../../core/deletions/erasure-findings.ts';
import { htmlOf } from '../../core/deletions/reports/html.ts';
import { junitOf } from '../../core/deletions/reports/junit.ts';
import { receiptsOf } from '../../core/deletions/reports/report.ts';
import { matchText, remarksOf, verdictOf } from '../../core/deletions/reports/text.ts';
import { UsageError } from '../failures.ts';
import { type Page, printable } from '../page.ts';
import { writeTable } from '../table.ts';

const FORMATS = { junit: junitOf, html: htmlOf } as const;

/** A report to write. */
export interface ReportFile {
  readonly format: keyof typeof FORMATS;
  readonly path: string;
}

/** Reads `junit=report.xml`, the form that `joinReport` gives to `--report junit report.xml`. */
export function reportFile(text: string): ReportFile {
  const [, format, path] = /^(junit|html)=(.+)$/s.exec(text) ?? [];
  if (path === undefined) throw new Error('takes junit or html, and a file');
  return { format: format as ReportFile['format'], path };
}

/** Joins the two words of `--report junit report.xml` into one: flags take one word each. */
export function joinReport(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const at = args.indexOf('--report');
  const [format, path] = args.slice(at + 1, end);
  if (at === -1 || at > end || format === undefined || path === undefined || !(format in FORMATS)) return [...args];
  return [...args.slice(0, at), `--report=${format}=${path}`, ...args.slice(at + 3)];
}

/** Writes a report. @throws UsageError when the file cannot be written */
export function writeReport(
  { format, path }: ReportFile,
  {
    sandbox,
    include,
    result,
    receipts,
  }: { sandbox: string; include: readonly Place[]; result: ErasureResult; receipts: readonly Receipt[] },
): void {
  const text = FORMATS[format]({ sandbox, include, result, receipts: receiptsOf(result, receipts) });
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`--report: ${path} cannot be written (${(error as Error).message}); choose another file.`);
  }
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
