// Generates parts of the README. `npm run readme` writes them; a test checks that they are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { circumstancesOf, goalTable, markdown } from '../bench/report.ts';
import type { Goal, Table } from '../bench/results.ts';
import { COMMANDS } from '../src/cli/commands/index.ts';
import { allSettings, presetOf, settingsOf, variableOf } from '../src/cli/config.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { buildServer } from '../src/server.ts';
import type { Setting } from '../src/cli/values.ts';

const README = new URL('../README.md', import.meta.url);
/** The results of the last whole benchmark run; this file runs as .build/scripts/readme.js. */
const RESULTS = new URL('../../bench/results/results.json', import.meta.url);
/** The tables shown in the README. */
const SHOWN = ['start', 'delete', 'limit'];

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

function settings(): string {
  // A setting with a variable is the same setting in every command.
  const known = new Map<string, Setting<unknown>>();
  for (const [name, one] of allSettings()) if (!one.flagOnly && !known.has(name)) known.set(name, one);
  const rows = [...known].map(([name, { help, fallback, value }]) => [
    code(flagOf(name, value)),
    code(variableOf(name)),
    presetOf(fallback) === '' ? '' : code(presetOf(fallback)),
    takenBy(name),
    help,
  ]);
  const ownRows = COMMANDS.flatMap((command) => {
    const own = Object.entries(settingsOf(command)).filter(([, { flagOnly }]) => flagOnly);
    return own.length === 0 ? [] : [[code(command.name), own.map(([name, { value }]) => code(flagOf(name, value))).join(' ')]];
  });
  return `${table(['flag', 'variable', 'default', 'of', 'what'], rows)}\n\n${table(['command', 'flags of one call, without a variable; `--help` says what each does'], ownRows)}`;
}

function flagOf(name: string, value: string | null): string {
  return value === null ? `--${name}` : `--${name} <${value}>`;
}

/** The commands that take a setting, or "all but" the others if those are fewer. */
function takenBy(name: string): string {
  const takes = COMMANDS.filter((command) => settingsOf(command)[name]?.flagOnly === undefined && settingsOf(command)[name] !== undefined);
  const others = COMMANDS.filter((one) => !takes.includes(one));
  const names = (commands: typeof COMMANDS) => commands.map((one) => one.name).join(', ');
  if (others.length === 0) return 'all';
  return others.length < takes.length ? `all but ${names(others)}` : names(takes);
}

function commands(): string {
  const rows = COMMANDS.map(({ name, actions, summary, examples: [example] }) => [
    code([name, actions.length > 1 ? actions.map((one) => one.name).join('|') : actions[0].argument].join(' ').trim()),
    summary,
    code(example),
  ]);
  return table(['command', 'what', 'example'], rows);
}

function coverage(): string {
  const rows = PROVIDERS.flatMap(({ title, mount, base, operations, absent, notes }) => [
    ...operations.map(({ operation, method, path }) => [title, code(operation), code(`${method} ${mount}${base}${path}`), 'full', notes?.[operation] ?? '']),
    ...absent.map((operation) => [title, code(operation), '', 'absent', notes?.[operation] ?? '']),
  ]);
  const counts = PROVIDERS.map(({ title, operations, absent }) => `${title} ${operations.length} of ${operations.length + absent.length}`);
  return `${counts.join(', ')}.\n\n${table(['provider', 'operation', 'route', 'coverage', 'note'], rows)}`;
}

function errors(): string {
  const rows = PROVIDERS.flatMap(({ title, errors: { catalogue } }) =>
    catalogue.map(({ name, status, when, source }) => [title, String(status), code(name), when, source === 'choice' ? 'our choice' : source]),
  );
  return table(['provider', 'status', 'error', 'when', 'source'], rows);
}

async function control(): Promise<string> {
  const app = buildServer();
  await app.ready();
  try {
    const rows = app.controlRoutes.map(({ method, url, summary, description }) => [
      code(`${method} ${url.replace(/:(\w+)/g, '{$1}')}`),
      description === undefined ? summary : `${summary}. ${description}`,
    ]);
    return table(['call', 'what'], rows);
  } finally {
    await app.close();
  }
}

function speed(): string {
  const { where, tables, goals }: { where: Parameters<typeof circumstancesOf>[0]; tables: Table[]; goals: Goal[] } = JSON.parse(
    readFileSync(RESULTS, 'utf8'),
  );
  const shown = tables.filter(({ part }) => SHOWN.includes(part)).map((one) => markdown(one, '###'));
  return [circumstancesOf(where), goalTable(goals), ...shown].join('\n\n');
}

/** The README with its generated parts up to date. */
export async function currentReadme(): Promise<string> {
  const parts: Record<string, string> = { commands: commands(), settings: settings(), coverage: coverage(), errors: errors(), control: await control(), speed: speed() };
  return Object.entries(parts).reduce(
    (text, [name, part]) => text.replace(new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`), (_, from, to) => `${from}${part}\n${to}`),
    readFileSync(README, 'utf8'),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(README, await currentReadme());
