// The flag `--report <format> <file>`: its two words as one value, and the writing of the file.
import { appendFileSync, writeFileSync } from 'node:fs';
import { UsageError } from '../failures.ts';

/** Every format of a report; a command may take only some of them. */
const FORMATS: readonly string[] = ['junit', 'html', 'markdown'];

/** A report to write. */
export interface ReportFile<Format extends string> {
  readonly format: Format;
  readonly path: string;
}

/** Reads `junit=report.xml`, the form that `joinReports` gives to `--report junit report.xml`. */
export const reportFile =
  <const Format extends string>(...formats: readonly Format[]) =>
  (text: string): ReportFile<Format> => {
    const [, given, path] = /^(\w+)=(.+)$/s.exec(text) ?? [];
    const format = formats.find((one) => one === given);
    if (format === undefined || path === undefined) throw new Error(`takes ${formats.join(' or ')}, and a file`);
    return { format, path };
  };

/** Joins the two words of each `--report junit report.xml` into one: flags take one word each. */
export function joinReports(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    const [format = '', path] = args.slice(at + 1, at + 3);
    if (word === '--report' && at + 2 < end && FORMATS.includes(format)) {
      joined.push(`--report=${format}=${path}`);
      at += 2;
    } else joined.push(word);
  }
  return joined;
}

/** Writes a report. @throws UsageError when the file cannot be written */
export function writeReportFile(path: string, text: string): void {
  orRefused(path, () => writeFileSync(path, text));
}

/** Makes sure that a report can be written before the work for it begins. @throws UsageError when it cannot */
export function checkReportFile(path: string): void {
  orRefused(path, () => appendFileSync(path, ''));
}

function orRefused(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UsageError(`--report: ${path} cannot be written (${(error as Error).message}); choose another file.`);
  }
}
