// The generated parts of the README. `npm run readme` writes them; a test holds the README equal to them.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { presetOf, variableOf } from '../src/config.ts';
import { ERASURE_CHECK_SETTINGS, SETTINGS, WAIT_SETTINGS } from '../src/settings.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { buildServer } from '../src/server.ts';

const README = new URL('../README.md', import.meta.url);

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

function settings(): string {
  const commands = { wait: WAIT_SETTINGS, 'erasure-check': ERASURE_CHECK_SETTINGS };
  const usedBy = (name: string) => Object.entries(commands).filter(([, settings]) => name in settings).map(([command]) => code(`understudy ${command}`));
  const rows = Object.entries({ ...SETTINGS, ...WAIT_SETTINGS, ...ERASURE_CHECK_SETTINGS }).map(([name, { help, fallback, value }]) => [
    code(value === null ? `--${name}` : `--${name} <${value}>`),
    code(variableOf(name)),
    presetOf(fallback) === '' ? '' : code(presetOf(fallback)),
    name in SETTINGS ? help : `(of ${usedBy(name).join(' and ')}) ${help}`,
  ]);
  return table(['flag', 'variable', 'default', 'what'], rows);
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
    const rows = app.controlRoutes.map(({ method, url, summary }) => [code(`${method} ${url.replace(/:(\w+)/g, '{$1}')}`), summary]);
    return table(['call', 'what'], rows);
  } finally {
    await app.close();
  }
}

/** The README with its generated parts as they are now. */
export async function currentReadme(): Promise<string> {
  const parts: Record<string, string> = { settings: settings(), coverage: coverage(), errors: errors(), control: await control() };
  return Object.entries(parts).reduce(
    (text, [name, part]) => text.replace(new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`), (_, from, to) => `${from}${part}\n${to}`),
    readFileSync(README, 'utf8'),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(README, await currentReadme());
