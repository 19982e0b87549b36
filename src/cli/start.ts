// Starts a server from its settings, or fails with one sentence that says why.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { openAdminPort } from '../control/admin-port.ts';
import { isLoopback } from '../control/guard.ts';
import { openRootMount } from '../core/http/root-mounts.ts';
import type { Published } from '../core/openapi/published/extended.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { LoadingProgress } from '../core/sandbox/fixtures.ts';
import { inBytes } from '../core/sandbox/memory.ts';
import { lowDescriptorWarning, maxDescriptors } from '../core/storage/descriptors.ts';
import { DataError } from '../core/storage/disk.ts';
import { readContracts } from '../library/contracts.ts';
import { PROVIDERS } from '../providers/index.ts';
import { buildServer, httpOptions } from '../server.ts';
import { banner } from './banner.ts';
import { StartError, UsageError } from './failures.ts';
import { nearest } from './near.ts';
import { Progress, withProgress } from './progress.ts';
import type { Config } from './settings.ts';
import type { Shell } from './shell.ts';
import { cannotListen, cannotStart } from './start-failures.ts';

/**
 * Starts a server and prints its base URLs and keys.
 *
 * @throws UsageError for an unknown provider, StartError for any other reason
 */
export async function startServer(config: Config, shell: Shell): Promise<FastifyInstance> {
  const { host, port } = config;
  const adminPort = config['admin-port'];
  const mounts = config.mount.map((mount) => ({ ...mount, provider: providerNamed('--mount', mount.provider) }));
  const token = isLoopback(host) ? null : (config['admin-token'] ?? randomBytes(18).toString('base64url'));
  const contracts = await read(config.contract, config['strict-contract'], shell);
  const log = await logStream(process.stderr.isTTY);
  const progress = new Progress(shell);
  const app = build({ config, token, contracts, log, progress });
  progress.end();
  const http = httpOptions();
  let admin = app.server;
  let tls: Server | null = null;
  try {
    // First: a client that finds the server healthy must find the CA too.
    if (config.tls !== null) {
      const { openTls } = await import('../core/tls/tls-port.ts');
      const opening = openTls(app, { port: config.tls, host, http, data: config.data });
      tls = await claim(opening, { flag: '--tls', port: config.tls, host });
    }
    await claim(app.listen({ port, host }), { flag: '--port', port, host });
    for (const { provider, port } of mounts) {
      const flag = `--mount ${provider.name}=${port}`;
      await claim(openRootMount(app, provider, { port, host, http }), { flag, port, host });
    }
    if (adminPort !== null) {
      const own = openAdminPort(app, { port: adminPort, host, http });
      admin = await claim(own, { flag: '--admin-port', port: adminPort, host });
    }
  } catch (error) {
    await app.close();
    throw error;
  }
  for (const [provider, { file, contradictions }] of contracts) {
    for (const example of contradictions.found)
      app.log.info({ provider, file }, `An example contradicts its schema: ${example}`);
  }
  shell.err.write(lowDescriptorWarning(maxDescriptors()));
  shell.out.write(
    banner(config, {
      port: portOf(app.server),
      adminPort: portOf(admin),
      tlsPort: tls === null ? null : portOf(tls),
      // A token that was set is known already, and must not end up in logs.
      token: config['admin-token'] === null ? token : null,
      counts: app.loaded,
      contracts,
    }),
  );
  return app;
}

async function read(files: Config['contract'], strict: boolean, shell: Shell): Promise<Map<string, Published>> {
  for (const { provider } of files) providerNamed('--contract', provider);
  const what = `reading ${files.map(({ file }) => file).join(', ')}`;
  try {
    return await withProgress(new Progress(shell), what, readContracts(files, strict));
  } catch (error) {
    throw cannotStart(error as Error);
  }
}

function build({
  config,
  token,
  contracts,
  log,
  progress,
}: {
  readonly config: Config;
  readonly token: string | null;
  readonly contracts: ReadonlyMap<string, Published>;
  readonly log: pino.DestinationStream;
  readonly progress: Progress;
}): FastifyInstance {
  try {
    return buildServer({
      contracts,
      fixtures: config.fixtures,
      data: config.data,
      settings: { auth: config.auth, mode: config.mode },
      limits: {
        idleSeconds: config['sandbox-ttl'],
        maxSandboxes: config['max-sandboxes'],
        maxOpen: config['open-sandboxes'],
        explicitOnly: config['explicit-sandboxes'],
      },
      checkAnswers: config['check-answers'],
      magicIds: !config['no-magic-ids'],
      webhooks: !config['no-webhooks'],
      adminToken: token,
      allowHosts: [...config['allow-host'], config.host],
      adminPortOnly: config['admin-port'] !== null,
      journalSize: config['journal-size'],
      memory: inBytes({ journal: config['journal-memory'], snapshots: config['snapshot-memory'] }),
      logger: pino({ level: config['log-level'] }, log),
      onLoading: (loading) => progress.show(describeLoading(loading)),
    });
  } catch (error) {
    progress.end();
    throw cannotStart(error as Error);
  }
}

function describeLoading({ step, done, total }: LoadingProgress): string {
  const numbers = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return step === 'files' ? `reading fixtures, ${numbers} files` : `storing fixtures, ${numbers} rows`;
}

async function claim<T>(listening: Promise<T>, where: Parameters<typeof cannotListen>[1]): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    // The data folder may be the reason too.
    throw error instanceof DataError ? new StartError(error.message) : cannotListen(error as Error, where);
  }
}

function providerNamed(flag: string, name: string): Provider {
  const provider = PROVIDERS.find((one) => one.name === name);
  if (provider !== undefined) return provider;
  const names = PROVIDERS.map((one) => one.name);
  const near = nearest(name, names);
  const wayOut = near === undefined ? `the providers are ${names.join(', ')}.` : `did you mean ${near}?`;
  throw new UsageError(`Unknown provider ${name} in ${flag}; ${wayOut}`);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Where logs are written: readable lines in a terminal, JSON elsewhere. */
export async function logStream(terminal: boolean): Promise<pino.DestinationStream> {
  if (!terminal) return pino.destination({ dest: 2, sync: true });
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 2, sync: true });
}
