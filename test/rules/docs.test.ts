// Documentation is a test: README and --help name what there is, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { currentReadme } from '../../scripts/readme.ts';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { allSettings, readCommand, variableOf } from '../../src/cli/config.ts';
import { overview, pageOf } from '../../src/cli/help.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ROOT, testServer } from '../harness.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

t.test('the generated parts of the README are as `npm run readme` writes them', async (t) => {
  t.equal(readme, await currentReadme());
});

t.test('README and help name each command and each setting, and no other', async (t) => {
  const commands = /<!-- commands -->(.*?)<!-- \/commands -->/s.exec(readme)?.[1]?.split('\n') ?? [];
  for (const command of COMMANDS) {
    const page = pageOf(command);
    t.match(overview(), `\n  ${command.name}`);
    const words = new Set(command.actions.map(({ summary }) => summary));
    const row = commands.find((line) => line.startsWith(`| \`${command.name}`)) ?? '';
    for (const { name, settings } of command.actions) {
      t.ok(row.includes(name), `${command.name} ${name} is in the README`);
      for (const [setting, { flagOnly, help }] of Object.entries(settings)) {
        words.add(`--${setting}`).add(help);
        if (!flagOnly) words.add(variableOf(setting));
        for (const word of flagOnly ? [`--${setting}`] : [`--${setting}`, variableOf(setting)])
          if (!readme.includes(word)) t.fail(`${word} is not in the README`);
      }
    }
    t.strictSame(
      [...words].filter((word) => !page.includes(word)),
      [],
      `the page of ${command.name} names everything`,
    );
  }
  const variables = allSettings().flatMap(([name, { flagOnly }]) => (flagOnly ? [] : [variableOf(name)]));
  for (const [, variable] of readme.matchAll(/\b(UNDERSTUDY_[A-Z_]+)\b/g))
    t.ok(variables.includes(variable as string), String(variable));
});

t.test('every command line that README or help show can be typed', async (t) => {
  const shown = [...readme.matchAll(/(?:^|`|\$\()(understudy [a-z][^`\n]*)/gm)].map(([, line]) => line as string);
  const lines = [...shown, ...COMMANDS.flatMap(({ examples }) => examples)];
  t.ok(lines.length > 40, `${lines.length} lines`);
  for (const line of lines) {
    // What a shell makes of the rest is not ours, and dots stand for names.
    const [command = ''] = line.replace(/^.*\$\(/, '').split(/\)|\\?[|>]| #| {2,}| …/);
    const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
    t.doesNotThrow(() => readCommand(words.slice(1), {}), line);
  }
});

t.test('README names each provider, each control route, and no route that is not there', async (t) => {
  const { app, call } = await testServer(t);
  for (const { title, mount, base } of PROVIDERS) {
    t.match(readme, title);
    t.match(readme, mount + base);
  }
  for (const { method, url } of app.controlRoutes) t.match(readme, `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  for (const [, method, path] of readme.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/__admin\/[^\s`?]*)/g)) {
    t.ok(
      app.controlRoutes.some((route) => route.method === method && matches(route.url, path as string)),
      `${method} ${path} exists`,
    );
  }
  t.equal((await call('GET', '/__admin/health')).status, 200);
});

t.test('README names each error, and the person who is at all three providers', async (t) => {
  for (const { errors } of PROVIDERS) for (const { name } of errors.catalogue) t.match(readme, `\`${name}\``);
  for (const word of ['alice@example.com', 'user-42', 'u_Alice0000000000000000042', 'end_usr_alice000000042'])
    t.match(readme, word);
});

function matches(url: string, path: string): boolean {
  return new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path.replace(/[<{]\w+[>}]/g, 'x'));
}
