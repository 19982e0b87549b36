// Layout rules: modules load without side effects, and follow the rules for files and names.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ROOT, SOURCES } from '../harness.ts';
import { BARE } from '../process.ts';

const files = (dir: string) =>
  readdirSync(join(SOURCES, dir), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(dir, name));

t.test('every module of src can be imported without starting anything', async (t) => {
  const modules = files('src')
    // These two are entry points: one for Node, the other for a browser.
    .filter((file) => !['src/main.ts', 'src/dashboard/shell/start.tsx'].includes(file))
    .map((file) => join(ROOT, file.replace(/\.tsx?$/, '.js')));
  for (const module of modules) await import(module);
  // Anything started on import would keep the process alive.
  const script = `for (const module of ${JSON.stringify(modules)}) await import(module);`;
  const { status, signal } = spawnSync('env', [...BARE, process.execPath, '--input-type=module', '--eval', script], {
    timeout: 20_000,
  });
  t.same([status, signal], [0, null]);
});

t.test('files begin with a description, have at most 300 lines, and have meaningful names', async (t) => {
  const wrong = files('src').flatMap((file) => {
    const lines = readFileSync(join(SOURCES, file), 'utf8').split('\n');
    const first = lines[0]?.startsWith('#!') ? lines[1] : lines[0];
    return [
      ...(/^\/\/ .{20,}[.:]?$/.test(String(first)) ? [] : [`${file} does not begin with its job`]),
      ...(lines.length <= 300 ? [] : [`${file} has ${lines.length} lines, at most 300`]),
      ...(/(^|\/)(utils?|helpers?|common|misc|types|base)(\/|\.tsx?$)/.test(file) ? [`${file} is no name`] : []),
    ];
  });
  t.strictSame(wrong, []);
});

t.test('test files have at most 300 lines as well', async (t) => {
  const lines = (file: string) => readFileSync(join(SOURCES, file), 'utf8').split('\n').length;
  t.strictSame(
    files('test').filter((file) => lines(file) > 301),
    [],
  );
});

t.test('a command that only sends requests loads neither the server nor a provider', async (t) => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    if (!file.startsWith('src/')) return;
    const text = readFileSync(join(SOURCES, file), 'utf8');
    for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type\b)[^;]*? from '([^']+)';/gm))
      load(from.startsWith('.') ? join(dirname(file), from) : from);
  };
  load('src/cli/command.ts');
  t.ok(loaded.has('src/cli/commands/fault.ts'));
  for (const heavy of ['src/server.ts', 'src/providers/index.ts', 'fastify', 'zod', 'better-sqlite3', 'pino'])
    t.notOk(loaded.has(heavy), heavy);
});

t.test('the core knows no provider', async (t) => {
  const named = files('src/core').flatMap((file) => {
    const text = readFileSync(join(SOURCES, file), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
    return PROVIDERS.filter(({ name }) => text.toLowerCase().includes(name)).map(({ name }) => `${file} names ${name}`);
  });
  t.strictSame(named, []);
});

t.test('the X.509 library is loaded only with HTTPS', async (t) => {
  const importers = (module: RegExp) =>
    files('src').filter((file) => module.test(readFileSync(join(SOURCES, file), 'utf8')));
  t.strictSame(importers(/from '(pkijs|asn1js)'/), ['src/core/tls/certificates.ts']);
  t.strictSame(importers(/from '.*\/certificates\.ts'/), ['src/core/tls/certificate-authority.ts']);
  t.strictSame(importers(/from '.*\/certificate-authority\.ts'/), []);
});

t.test('every provider has the same files', async (t) => {
  for (const { name } of PROVIDERS) {
    const own = files(`src/providers/${name}`).map((file) => file.split('/').at(-1));
    for (const file of ['index.ts', 'schema.ts', 'errors.ts', 'auth.ts', 'components.ts'])
      t.ok(own.includes(file), `${name}/${file}`);
  }
});
