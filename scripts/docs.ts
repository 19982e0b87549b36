// The generated tables of docs/. `npm run docs` writes them; a test holds the pages equal to the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { circumstancesOf, goalTable, markdown } from '../bench/report.ts';
import type { Goal, Table } from '../bench/results.ts';
import { allSettings, COMMANDS, settingsOf } from '../src/cli/commands/index.ts';
import { presetOf, variableOf } from '../src/cli/settings.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { buildServer } from '../src/server.ts';
import type { Setting } from '../src/cli/values.ts';

/** The repository; this file runs as .build/scripts/docs.js. */
const REPOSITORY = new URL('../../', import.meta.url);
/** The last complete run of the benchmark. */
const RESULTS = new URL('bench/results/results.json', REPOSITORY);
/** Its tables that docs/speed.md shows. */
const SHOWN = ['start', 'delete', 'limit'];

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

function settings(): string {
  // A setting with a variable is the same setting in every command that takes it.
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
  return `${table(['flag', 'variable', 'default', 'commands', 'what'], rows)}\n\n${table(['command', 'flags without a variable (`--help` explains each)'], ownRows)}`;
}

function flagOf(name: string, value: string | null): string {
  return value === null ? `--${name}` : `--${name} <${value}>`;
}

/** The commands that take a setting, or the exceptions where those are fewer. */
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
    ...absent.map((operation) => [title, code(operation), '', 'none', notes?.[operation] ?? '']),
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
  const shown = tables.filter(({ part }) => SHOWN.includes(part)).map((one) => markdown(one, '##'));
  return [circumstancesOf(where), goalTable(goals), ...shown].join('\n\n');
}

/** The pages that have a generated part, and what writes it; the part has the page's name. */
const GENERATED: Readonly<Record<string, () => string | Promise<string>>> = {
  'command-line': commands,
  settings,
  'control-plane': control,
  coverage,
  errors,
  speed,
};

/** The generated pages as they should be now, by file name in the repository. */
export async function currentPages(): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const [name, part] of Object.entries(GENERATED)) {
    const file = `docs/${name}.md`;
    const text = await part();
    const markers = /(<!-- generated: npm run docs -->\n)[^]*(<!-- end of the generated part -->)/;
    pages.set(file, readFileSync(new URL(file, REPOSITORY), 'utf8').replace(markers, (_, from, to) => `${from}${text}\n${to}`));
  }
  return pages;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [file, text] of await currentPages()) writeFileSync(new URL(file, REPOSITORY), text);
