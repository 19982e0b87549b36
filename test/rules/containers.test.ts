// Dockerfile and compose files are consistent with each other and with the settings; the example's tests pass.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from 'js-yaml';
import t from 'tap';
import { readCommand } from '../../src/cli/program.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { SOURCES } from '../harness.ts';
import { secured } from '../https.ts';
import { BARE, runProcess, startProcess } from '../process.ts';

interface Service {
  build?: string;
  image?: string;
  command?: string[];
  working_dir?: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  networks?: Record<string, { aliases: string[] }>;
  ports?: string[];
  volumes?: string[];
}

interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, null>;
}

const EXAMPLE = 'examples/compose';

const instructions = readFileSync(join(SOURCES, 'Dockerfile'), 'utf8')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line))
  .map((line) => /^(\w+) +(.*)$/.exec(line)?.slice(1) as [string, string]);
const said = (name: string) => instructions.filter(([one]) => one === name).map(([, rest]) => rest);
const words = (name: string): string[] => JSON.parse(/\[.*\]$/.exec(said(name)[0] as string)?.[0] as string);
const variables = Object.fromEntries((said('ENV')[0] as string).split(' ').map((pair) => pair.split('=')));

/** A compose file as Compose reads it with no variables set. */
function composeOf(folder: string): Compose {
  const text = readFileSync(join(SOURCES, folder, 'compose.yaml'), 'utf8');
  return load(text.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$')) as Compose;
}

t.test('the image copies existing files, and its command and health check exist', async (t) => {
  for (const copied of said('COPY').filter((rest) => !rest.startsWith('--from'))) {
    for (const source of copied.split(' ').slice(0, -1)) t.ok(existsSync(join(SOURCES, source)), source);
  }
  t.same(words('CMD'), ['node', 'dist/main.js']);
  t.match(readCommand(words('HEALTHCHECK').slice(2), {}), { name: 'wait', config: { timeout: 3 } });
  t.match(readCommand([], variables), { config: { host: '0.0.0.0', port: Number(said('EXPOSE')[0]) } });
  for (const image of said('FROM'))
    t.match(
      image,
      /^\$\{(BUILD|RUN)_IMAGE\}\$\{\1_DIGEST:\+@\$\{\1_DIGEST\}\}/,
      'the base image can be pinned by digest',
    );
});

t.test('the image’s labels name its sources, if the build knows them', (t) => {
  const labels = Object.fromEntries(
    said('LABEL').map(
      (label) => /^org\.opencontainers\.image\.([a-z.]+)="(.*)"$/.exec(label)?.slice(1) as [string, string],
    ),
  );
  t.match(labels, {
    licenses: 'MIT',
    'base.name': /^\$\{RUN_IMAGE\}$/,
    'base.digest': /^\$\{RUN_DIGEST\}$/,
    version: /^\$\{VERSION\}$/,
    revision: /^\$\{REVISION\}$/,
    source: /^\$\{SOURCE\}$/,
  });
  // An ARG before the first FROM is not visible after it unless it is repeated.
  const behind = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'));
  const seen = behind.filter(([name]) => name === 'ARG').map(([, rest]) => rest);
  for (const label of Object.values(labels))
    for (const [, variable] of label.matchAll(/\$\{(\w+)\}/g)) t.ok(seen.includes(variable as string), label);
  t.end();
});

for (const folder of ['.', EXAMPLE]) {
  t.test(`${folder}/compose.yaml is consistent`, async (t) => {
    const { services, volumes = {} } = composeOf(folder);
    for (const [name, service] of Object.entries(services)) {
      const known = [
        'build',
        'image',
        'command',
        'working_dir',
        'environment',
        'depends_on',
        'networks',
        'ports',
        'volumes',
      ];
      for (const field of Object.keys(service)) t.ok(known.includes(field), `${name}.${field}`);
      if (service.build !== undefined) {
        t.equal(resolve(SOURCES, folder, service.build), resolve(SOURCES), 'it is built from this repository');
        const environment = { ...variables, ...service.environment };
        t.match(readCommand(service.command?.slice(2) ?? [], environment), { name: 'start' });
        for (const port of service.ports ?? [])
          t.match(port, new RegExp(`^127\\.0\\.0\\.1:\\d+:${environment.UNDERSTUDY_PORT}$`));
      } else t.match(service.image, /^node:24-/);
      t.ok(readCommand([], service.environment ?? {}), 'its variables are existing settings');
      for (const value of Object.values(service.environment ?? {})) t.type(value, 'string', 'not a number of YAML');
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        t.ok(services[other]?.build, `${other} is a service with a health check`);
        t.equal(condition, 'service_healthy');
      }
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        t.ok(from.startsWith('.') ? existsSync(join(SOURCES, folder, from)) : from in volumes, volume);
      }
    }
  });
}

t.test('in the example the sandbox has the host names of all providers and the default HTTPS port', async (t) => {
  const { understudy } = composeOf(EXAMPLE).services;
  t.same(understudy?.networks?.default?.aliases.sort(), PROVIDERS.flatMap(({ hosts }) => hosts).sort());
  t.equal(understudy?.environment?.UNDERSTUDY_TLS, '443');
});

t.test('the example’s test job passes', async (t) => {
  const { understudy, tests } = composeOf(EXAMPLE).services as { understudy: Service; tests: Service };
  const { url, port } = await secured(t, { adminToken: understudy.environment?.UNDERSTUDY_ADMIN_TOKEN ?? null });
  const aliases = [
    ['understudy:4010', Number(new URL(url).port)],
    ...(understudy.networks?.default?.aliases ?? []).map((host) => [`${host}:443`, port]),
  ];
  const [folder] =
    (tests.volumes ?? []).map((volume) => volume.split(':')).find(([, at]) => at === tests.working_dir) ?? [];
  const command = (tests.command ?? []).map((word) => word.replaceAll('/tmp/', `${t.testdir({})}/`));
  const child = spawn(
    'env',
    [...BARE, `NODE_OPTIONS=--import=${pathToFileURL(join(SOURCES, 'scripts/alias-hosts.mjs'))}`, ...command],
    {
      cwd: join(SOURCES, EXAMPLE, folder as string),
      env: { ...process.env, ...tests.environment, ALIAS_HOSTS: JSON.stringify(Object.fromEntries(aliases)) },
    },
  );
  let out = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (out += data));
  const code = await new Promise((done) => child.once('close', done));
  t.equal(code, 0, out);
  t.match(out, /^\S+ pass 5$/m);
});

t.test(
  'the health check finds the control plane wherever the variables configure it, with or without HTTPS',
  async (t) => {
    const [adminPort, port] = await Promise.all([freePort(), freePort()]);
    const environment = { UNDERSTUDY_HOST: '0.0.0.0', UNDERSTUDY_ADMIN_PORT: String(adminPort), UNDERSTUDY_TLS: '0' };
    const check = words('HEALTHCHECK').slice(2);
    t.match(await runProcess([...check, '--timeout', '0'], { ...environment, UNDERSTUDY_PORT: String(port) }), {
      code: 1,
    });
    const { url, banner } = await startProcess(t, [], { ...environment, UNDERSTUDY_ADMIN_TOKEN: 'secret' });
    t.match(banner, /https +https:\/\/localhost:\d+/);
    t.match(await runProcess(check, { ...environment, UNDERSTUDY_PORT: new URL(url).port }), { code: 0, err: '' });
  },
);

/** A free port below the ephemeral range, because an ephemeral port may be taken again immediately. */
function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(freePort()));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(port)));
  });
}
