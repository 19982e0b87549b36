// Documentation is a test: README and --help name what there is, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { currentReadme } from '../../scripts/readme.ts';
import { helpText, variableOf } from '../../src/config.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ERASURE_CHECK_SETTINGS, SETTINGS, WAIT_SETTINGS } from '../../src/settings.ts';
import { ROOT, world } from '../harness.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

t.test('the generated parts of the README are as `npm run readme` writes them', async (t) => {
  t.equal(readme, await currentReadme());
});

t.test('README and help name each setting, and no other', async (t) => {
  const known = new Set(Object.keys({ ...SETTINGS, ...WAIT_SETTINGS, ...ERASURE_CHECK_SETTINGS }));
  for (const name of known) {
    t.match(readme, `--${name}`);
    t.match(readme, variableOf(name));
    t.match(helpText(), `--${name}`);
  }
  for (const [, variable] of readme.matchAll(/\b(UNDERSTUDY_[A-Z_]+)\b/g))
    t.ok([...known].map(variableOf).includes(variable as string), String(variable));
});

t.test('README names each provider, each control route, and no route that is not there', async (t) => {
  const { app, call } = await world(t);
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
