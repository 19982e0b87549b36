// Renders tables as SVG bar charts, readable on light and dark pages.
import { text } from './numbers.ts';
import type { Table } from './results.ts';

/** A plot and its file name. */
export interface Plot {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

const WIDTH = 760;
const LABELS = 280;
const FIGURES = 80;
const BAR = 18;
const LINE = 26;
const HEAD = 56;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .unit { fill: #59636e; }
  rect { fill: #8c959f; }
  .ours { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .unit { fill: #9198a1; }
    rect { fill: #656c76; }
    .ours { fill: #4493f8; }
  }`;

/** The plotted columns, and whether more is better. */
const DRAWN: readonly { part: string; column: number; file: string; better: string }[] = [
  { part: 'start', column: 0, file: 'start.svg', better: 'less is better' },
  { part: 'start', column: 1, file: 'memory.svg', better: 'less is better' },
  { part: 'delete', column: 0, file: 'delete.svg', better: 'more is better' },
  { part: 'rows', column: 0, file: 'rows.svg', better: 'less is better' },
];

/** The plots of the tables that have one. */
export function plotsOf(tables: readonly Table[]): Plot[] {
  return DRAWN.flatMap(({ part, column, file, better }) => {
    const table = tables.find((one) => one.part === part);
    return table === undefined ? [] : [{ file, title: table.title, svg: bars(table, column, better) }];
  });
}

function bars({ title, columns, rows }: Table, column: number, better: string): string {
  const known = rows.flatMap(({ name, values }) => {
    const value = values[column] ?? null;
    return value === null ? [] : [{ name, value }];
  });
  const longest = Math.max(...known.map(({ value }) => value));
  const height = HEAD + known.length * LINE + 8;
  const lines = known.map(({ name, value }, index) => {
    const y = HEAD + index * LINE;
    const length = Math.max(1, (value / longest) * (WIDTH - LABELS - FIGURES));
    const ours = name.startsWith('Understudy') ? ' class="ours"' : '';
    return [
      `<text x="${LABELS - 10}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect${ours} x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 14}">${text(value)}</text>`,
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(`${title}: ${columns[column]}`)}</title>
<style>${STYLE}
</style>
<text class="title" x="10" y="22">${escaped(title)}</text>
<text class="unit" x="10" y="41">${escaped(`${columns[column]}; ${better}`)}</text>
${lines.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
