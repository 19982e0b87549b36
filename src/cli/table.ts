// Writes tables: aligned columns of any script, control characters escaped, lines cut to the terminal's width.
import truncatedWidth from 'fast-string-truncated-width';
import { type Page, printable } from './page.ts';

const ELLIPSIS = '…';
const GAP = '  ';
const DEFAULT_WIDTH = 80;

/** Writes a table; in a terminal its lines are cut to the width. */
export function writeTable(page: Page, head: readonly string[], rows: readonly (readonly string[])[]): void {
  page.write(
    aligned([head, ...rows])
      .map((line) => `${fitted(line, page)}\n`)
      .join(''),
  );
}

/** A line, cut to the width of a terminal; elsewhere the whole line. */
export function fitted(line: string, { isTTY, columns }: Page): string {
  // Some terminals report a width of 0.
  return isTTY ? cut(line, columns || DEFAULT_WIDTH) : line;
}

/** Rows as lines; each column is as wide as its widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(printable));
  const widths = shown.reduce<number[]>((most, row) => row.map((cell, n) => Math.max(most[n] ?? 0, widthOf(cell))), []);
  return shown.map((row) =>
    row
      .map((cell, n) => padded(cell, widths[n] as number))
      .join(GAP)
      .trimEnd(),
  );
}

/** The text, padded with spaces to a width in terminal columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function cut(line: string, width: number): string {
  const { truncated, index } = truncatedWidth(line, { limit: width, ellipsis: ELLIPSIS });
  return truncated ? line.slice(0, index) + ELLIPSIS : line;
}

/** e.g. `1 row`, `2 rows`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function widthOf(text: string): number {
  return truncatedWidth(text).width;
}
