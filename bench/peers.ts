// The measured servers: Understudy, other mock servers with the same contract, and bare servers as the limit.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, launch, type Running } from './processes.ts';

/** The repository; this file runs as .build/bench/peers.js. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MODULES = join(ROOT, 'bench/node_modules');
const STUBS = join(ROOT, 'bench/stubs');
const CONTRACT = join(ROOT, 'openapi/conductor.json');

export const KEY = { authorization: 'Bearer sk_conductor_bench' };
/** An end-user that exists on every peer, because it is the contract's example. */
export const EXAMPLE = 'end_usr_1234567abcdefg';

/** The operations of the throughput benchmark. */
export const MEASURES = ['delete', 'get', 'list', 'create'] as const;
export type Measure = (typeof MEASURES)[number];

/** A server to measure. */
export interface Peer {
  readonly name: string;
  /** Its package under bench/node_modules; null for our own servers. */
  readonly from: string | null;
  /** The path prefix before `/end-users`. */
  readonly base: string;
  /** Whether it is stateful: a deletion changes later responses. */
  readonly remembers: boolean;
  /** Maximum number of users besides the example. */
  readonly holds?: number;
  /** The status of a create. */
  readonly created: number;
  /** A note for the readers of its figures. */
  readonly note: string | null;
  /** The command that starts it; `fixtures` is the folder with its rows, `scratch` a writable folder. */
  command(port: number, fixtures: string, scratch: string): string[];
  /** Restores its rows, if it supports that. */
  reset?(port: number): Promise<unknown>;
}

/** Writes the rows of json-server: one file with a list per resource, small because it is rewritten on every change. */
const JSON_SERVER_ROWS = 1000;

const node = process.execPath;
const stateless = { base: '', remembers: false, created: 200, note: null } as const;

export const UNDERSTUDY: Peer = {
  name: 'Understudy',
  from: null,
  base: '/conductor/v1',
  remembers: true,
  created: 200,
  note: null,
  command: (port, fixtures) => [node, join(ROOT, 'dist/main.js'), '--port', `${port}`, '--fixtures', fixtures],
  reset: (port) => fetch(`http://127.0.0.1:${port}/__admin/reset`, { method: 'POST' }),
};

/** The limit: Node and SQLite alone doing the same work. */
export const LIMIT: Peer = {
  name: 'bare node:http, same SQL',
  from: null,
  base: '/conductor/v1',
  remembers: true,
  created: 200,
  note: 'the same statements on the same schema, triggers included, and the same bodies: the limit for Understudy',
  command: (port, fixtures) => [node, join(ROOT, '.build/bench/bare.js'), `${port}`, 'triggers', fixtures],
  reset: (port) => fetch(`http://127.0.0.1:${port}/reset`),
};

export const WITHOUT_TRIGGERS: Peer = {
  ...LIMIT,
  name: 'bare node:http, SQL without triggers',
  note: 'the same without the triggers that write the receipts',
  command: (port, fixtures) => [node, join(ROOT, '.build/bench/bare.js'), `${port}`, 'no-triggers', fixtures],
};

export const PRISM: Peer = {
  ...stateless,
  name: 'Prism',
  from: '@stoplight/prism-cli',
  note: 'as it starts by default, which logs every request; the log goes to a pipe that is read',
  command: (port) => [
    ...[node, join(MODULES, '@stoplight/prism-cli/dist/index.js'), 'mock', '--host', '127.0.0.1', '--port', `${port}`],
    CONTRACT,
  ],
};

/** Prism without its log. */
export const QUIET_PRISM: Peer = {
  ...PRISM,
  name: 'Prism, log off',
  note: 'with `--verboseLevel warn`',
  command: (port, fixtures, scratch) => [...PRISM.command(port, fixtures, scratch), '--verboseLevel', 'warn'],
};

/** All peers, in the order of the tables. */
export const PEERS: readonly Peer[] = [
  UNDERSTUDY,
  PRISM,
  QUIET_PRISM,
  {
    ...stateless,
    name: 'Mockoon CLI',
    from: '@mockoon/cli',
    command: (port) => [
      ...[node, join(MODULES, '@mockoon/cli/bin/run.js'), 'start', '--data', join(STUBS, 'mockoon.json')],
      ...['--hostname', '127.0.0.1', '--port', `${port}`, '--disable-log-to-file'],
    ],
  },
  {
    name: 'json-server',
    from: 'json-server',
    base: '',
    remembers: true,
    holds: JSON_SERVER_ROWS,
    created: 201,
    note: 'keeps state and cascades as Understudy does, and writes its whole file on every change; responds to a DELETE with {}, to a create with 201; holds 1,000 end-users for the DELETEs',
    command: (port, fixtures, scratch) => [
      ...[node, join(MODULES, 'json-server/lib/cli/bin.js'), '--host', '127.0.0.1', '--port', `${port}`, '--quiet'],
      ...['--routes', join(STUBS, 'json-server-routes.json'), asOneFile(fixtures, join(scratch, `${port}.json`))],
    ],
  },
  {
    ...stateless,
    name: 'WireMock',
    from: 'wiremock',
    note: 'runs on the Java virtual machine, which warms up longer than a round; its journal is cut at 1,000 entries, as ours is',
    command: (port) => [
      ...['java', '-jar', join(MODULES, `wiremock/build/wiremock-standalone-${versionOf('wiremock')}.jar`)],
      ...['--port', `${port}`, '--bind-address', '127.0.0.1', '--root-dir', join(STUBS, 'wiremock')],
      ...['--max-request-journal-entries', '1000'],
    ],
  },
  {
    ...stateless,
    name: 'Scalar mock server',
    from: '@scalar/mock-server',
    note: 'asks for Node 22 and runs on 20 too',
    command: (port) => [node, join(ROOT, 'bench/scalar.mjs'), CONTRACT, `${port}`],
  },
  {
    ...stateless,
    name: 'bare node:http',
    from: null,
    note: 'returns the same bodies without any data behind them',
    command: (port) => [node, join(ROOT, '.build/bench/plain.js'), `${port}`],
  },
  LIMIT,
];

function asOneFile(fixtures: string, path: string): string {
  const names = ['endUsers', 'integrationConnections', 'authSessions'];
  const lists = names.map((name) => {
    const file = join(fixtures, 'conductor', `${name}.json`);
    return [name, JSON.parse(readFileSync(file, 'utf8')).slice(0, JSON_SERVER_ROWS + 1)];
  });
  writeFileSync(path, JSON.stringify(Object.fromEntries(lists)));
  return path;
}

/** The version of an installed peer. */
export function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')).version;
}

/** Installs the peers on the first run, and reports progress. */
export function install(say: (sentence: string) => void): void {
  if (existsSync(join(MODULES, '.package-lock.json'))) return;
  say('Installing what Understudy is measured against (npm ci --prefix bench, 280 MB) …');
  const args = ['ci', '--prefix', join(ROOT, 'bench'), '--no-audit', '--no-fund', '--loglevel', 'error'];
  const { status, error } = spawnSync('npm', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) say(`npm ci --prefix bench did not work (${error?.message ?? `exit ${status}`}).`);
}

/** Why a peer cannot run here, or null. */
export function obstacle({ name, from }: Peer): string | null {
  if (from !== null && !existsSync(join(MODULES, from, 'package.json')))
    return `${name} is left out: ${from} is not installed; npm ci --prefix bench says why.`;
  if (from === 'wiremock' && spawnSync('java', ['-version']).status !== 0)
    return `${name} is left out: there is no java here.`;
  return null;
}

/** Starts a peer. */
export async function run(peer: Peer, fixtures: string, scratch: string): Promise<Running> {
  const port = await freePort();
  const probe = { path: `${peer.base}/end-users/${EXAMPLE}`, headers: KEY };
  return launch(peer.command(port, fixtures, scratch), port, probe);
}
