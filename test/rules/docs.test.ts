// Documentation is a test: the pages and --help name what exists, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { currentPages } from '../../scripts/docs.ts';
import { allSettings, COMMANDS } from '../../src/cli/commands/index.ts';
import { readCommand } from '../../src/cli/program.ts';
import { variableOf } from '../../src/cli/settings.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { SOURCES, testServer } from '../harness.ts';
import { PAGES } from './pages.ts';

const page = (file: string) => PAGES.get(file) as string;
const all = [...PAGES.values()].join('\n');
const scripts: Record<string, string> = JSON.parse(readFileSync(join(SOURCES, 'package.json'), 'utf8')).scripts;

t.test('the generated tables are as `npm run docs` writes them', async (t) => {
  const pages = await currentPages();
  t.equal(pages.size, 6);
  for (const [file, text] of pages) {
    t.match(text, /\n\| .+ \|\n\| ---/, `${file} has a table`);
    t.equal(page(file), text, file);
  }
});

t.test('the README has at most 150 lines', async (t) => {
  t.ok(page('README.md').trimEnd().split('\n').length <= 150);
});

t.test('docs and help name each command and each setting, and no other', async (t) => {
  const commands = page('docs/command-line.md').split('\n');
  const settings = page('docs/settings.md');
  for (const command of COMMANDS) {
    t.match(helpOf(), `\n  ${command.name}`);
    const row = commands.find((line) => line.startsWith(`| \`${command.name}`)) ?? '';
    for (const action of command.actions) {
      const words = new Set([action.summary]);
      t.ok(row.includes(action.name), `${command.name} ${action.name} is in docs/command-line.md`);
      for (const [setting, { flagOnly, help }] of Object.entries(action.settings)) {
        words.add(`--${setting}`).add(help);
        if (!flagOnly) words.add(variableOf(setting));
        for (const word of flagOnly ? [`--${setting}`] : [`--${setting}`, variableOf(setting)])
          if (!settings.includes(word)) t.fail(`${word} is not in docs/settings.md`);
      }
      const help = helpOf(command.name, action.name);
      t.strictSame(
        [...words].filter((word) => !help.includes(word)),
        [],
        `the page of ${command.name} ${action.name} names everything`,
      );
    }
  }
  const variables = allSettings().flatMap(([name, { flagOnly }]) => (flagOnly ? [] : [variableOf(name)]));
  for (const [, variable] of all.matchAll(/\b(UNDERSTUDY_[A-Z_]+)\b/g))
    t.ok(variables.includes(variable as string), String(variable));
});

t.test('every command line in docs and help can be run, and every npm script exists', async (t) => {
  const shown = [...all.matchAll(/(?:^|`|\$\(|npx )(understudy(?: [a-z-][^`\n]*)?)(?=`|\n)/gm)].map(
    ([, line]) => line as string,
  );
  const lines = [...shown, ...COMMANDS.flatMap(({ examples }) => examples)];
  t.ok(lines.length > 60, `${lines.length} lines`);
  for (const line of lines) {
    // The rest of a shell line is not ours, and dots stand for names.
    const [command = ''] = line.replace(/^.*\$\(/, '').split(/\)|\\?[|>&]| #| {2,}| …/);
    const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
    t.doesNotThrow(() => readCommand(words.slice(1), {}), line);
  }
  const runs = [...all.matchAll(/\bnpm run (?:--silent )?([a-z][a-z:]*)/g)].map(([, name]) => name as string);
  t.ok(runs.length > 20);
  for (const name of runs) t.ok(scripts[name] !== undefined, `npm run ${name}`);
});

t.test('every flag in the text is one of ours, or one of a tool that the text names', async (t) => {
  const ours = new Set([...allSettings().map(([name]) => name), 'help', 'version']);
  const foreign = ['no-opt', 'verboseLevel', 'max-old-space-size'];
  const flags = [...all.matchAll(/`--([a-zA-Z][a-zA-Z-]*)[^`]*`/g)].map(([, name]) => name as string);
  t.ok(flags.length > 100);
  for (const flag of flags) if (!ours.has(flag) && !foreign.includes(flag)) t.fail(`--${flag}`);
});

t.test('docs name each provider, each control route, and no route that is not there', async (t) => {
  const { app, call } = await testServer(t);
  for (const { title, mount, base } of PROVIDERS) {
    t.match(page('README.md'), title);
    t.match(page('README.md'), mount + base);
  }
  const control = page('docs/control-plane.md');
  for (const { method, url } of app.controlRoutes) t.match(control, `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  for (const [, method, path] of all.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/__admin\/[^\s`?]*)/g)) {
    t.ok(
      app.controlRoutes.some((route) => route.method === method && matches(route.url, path as string)),
      `${method} ${path} exists`,
    );
  }
  t.equal((await call('GET', '/__admin/health')).status, 200);
});

t.test('docs name each error and each operation, and the person who is at all three providers', async (t) => {
  for (const { errors, operations } of PROVIDERS) {
    for (const { name } of errors.catalogue) t.match(page('docs/errors.md'), `\`${name}\``);
    for (const { operation } of operations) t.match(page('docs/coverage.md'), `\`${operation}\``);
  }
  for (const word of ['alice@example.com', 'user-42', 'u_Alice0000000000000000042', 'end_usr_alice000000042'])
    t.match(page('README.md'), word);
});

function matches(url: string, path: string): boolean {
  return new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path.replace(/[<{]\w+[>}]/g, 'x'));
}

/** A help page whose lines are not wrapped. */
function helpOf(...words: string[]): string {
  const parsed = readCommand([...words.filter(Boolean), '--help'], {}, 1000);
  return 'text' in parsed ? parsed.text : '';
}
