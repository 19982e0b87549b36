// Writes the results of a run: Markdown tables, JSON and plots.
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { text } from './numbers.ts';
import { plotsOf } from './plot.ts';
import { type Found, type Goal, met, type Table } from './results.ts';

/** The machine and time of a run. */
export interface Circumstances {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly date: string;
  /** The measured packages with their versions. */
  readonly peers: Readonly<Record<string, string>>;
  readonly quick: boolean;
}

/** Describes this machine and the current time. */
export function circumstances(peers: Readonly<Record<string, string>>, quick: boolean): Circumstances {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
    peers,
    quick,
  };
}

/** Writes `results.md`, `results.json` and a plot for each table that has one into `dir`. */
export function write(dir: string, found: readonly Found[], where: Circumstances): void {
  mkdirSync(dir, { recursive: true });
  const tables = found.flatMap((one) => one.tables);
  const goals = found.flatMap((one) => one.goals).map((goal) => ({ ...goal, met: met(goal) }));
  const plots = plotsOf(tables);
  for (const { file, svg } of plots) writeFileSync(join(dir, file), svg);
  writeFileSync(join(dir, 'results.json'), `${JSON.stringify({ where, tables, goals }, null, 2)}\n`);
  const pictures = plots.map(({ file, title }) => `![${title}](${file})`);
  const page = [
    '# Results of `npm run bench`',
    circumstancesOf(where),
    goalTable(goals),
    ...pictures,
    ...tables.map((table) => markdown(table)),
  ];
  writeFileSync(join(dir, 'results.md'), `${page.join('\n\n')}\n`);
}

/** A Markdown table with a heading. */
export function markdown({ title, columns, rows, notes }: Table, heading = '##'): string {
  const lines = [
    ['', ...columns],
    ['---', ...columns.map(() => '---:')],
    ...rows.map(({ name, values }) => [name, ...values.map(text)]),
  ];
  return [`${heading} ${title}`, lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), ...notes].join('\n\n');
}

/** A Markdown table of the goals, met or missed. */
export function goalTable(goals: readonly Goal[]): string {
  const lines = goals.map((goal) => {
    const limit = goal.least === undefined ? `at most ${text(goal.most ?? null)}` : `at least ${text(goal.least)}`;
    return `| ${goal.what} | ${text(goal.value)} ${goal.unit} | ${limit} | ${met(goal) ? 'met' : '**missed**'} |`;
  });
  return ['| goal | measured | wanted | |', '| --- | ---: | ---: | --- |', ...lines].join('\n');
}

/** The machine, time and versions of a run, in one or two sentences. */
export function circumstancesOf({
  processor,
  cores,
  memoryGiB,
  system,
  node,
  date,
  peers,
  quick,
}: Circumstances): string {
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  const hurried = quick ? ' This was a quick run (`--quick`): its figures are rough.' : '';
  return `${cores} × ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}, ${date}. Measured against ${versions.join(', ')}.${hurried}`;
}
