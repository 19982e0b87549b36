// Tables for people: columns that line up, nothing that steers the terminal, no line wider than it.
import truncatedWidth from 'fast-string-truncated-width';
import { type Page, printable } from './page.ts';

const ELLIPSIS = '…';
const GAP = '  ';
const USUAL_WIDTH = 80;

/** Writes a table; to a terminal no wider than that is. */
export function writeTable(page: Page, head: readonly string[], rows: readonly (readonly string[])[]): void {
  page.write(
    aligned([head, ...rows])
      .map((line) => `${fitted(line, page)}\n`)
      .join(''),
  );
}

/** As much of a line as a terminal shows in one; elsewhere all of it. */
export function fitted(line: string, { isTTY, columns }: Page): string {
  // Some terminals say that they are 0 wide.
  return isTTY ? cut(line, columns || USUAL_WIDTH) : line;
}

/** Rows as lines, each column as wide as its widest cell. */
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

/** The text with spaces behind it, up to a width in columns of a terminal. */
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
