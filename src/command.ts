// The commands behind `understudy`: start a server, wait for one, ask one.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { banner } from './banner.ts';
import { checkErasure } from './commands/erasure-check.ts';
import { type Config, helpText, readCommand, UsageError, type WaitConfig } from './config.ts';
import { readContracts } from './contracts.ts';
import { isLoopback } from './control/guard.ts';
import { openOwnPort } from './control/own-port.ts';
import { FixtureError } from './core/fixtures.ts';
import type { Provider } from './core/provider.ts';
import { ContractError } from './core/published/index.ts';
import { openRoot } from './core/root-mounts.ts';
import { DataError } from './core/sandboxes.ts';
import { PROVIDERS } from './providers/index.ts';
import { buildServer, httpOptions } from './server.ts';
import { VERSION } from './version.ts';

/** How long answers in flight get when the server is told to end, in ms. */
const GRACE = 250;

/** What to tell a person of an error that ends the command: a sentence where they can mend it, else the stack. */
export function sentenceOf(error: Error & { code?: string; port?: number }): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${error.port} is in use; stop what listens there, or choose another with --port (0 takes a free one).`;
  }
  if (error.code === 'ERR_DLOPEN_FAILED' || /bindings file/.test(error.message)) {
    return 'The SQLite module is not built for this Node; run: npm rebuild better-sqlite3';
  }
  const expected =
    error instanceof UsageError ||
    error instanceof FixtureError ||
    error instanceof ContractError ||
    error instanceof DataError;
  return expected ? error.message : String(error.stack);
}

/**
 * Runs one command.
 *
 * @returns the exit code, or the server that was started
 * @throws UsageError, FixtureError, DataError, or the error of listening
 */
export async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  out: { write(text: string): unknown },
): Promise<number | FastifyInstance> {
  const command = readCommand(args, environment);
  switch (command.name) {
    case 'help':
      out.write(helpText());
      return 0;
    case 'version':
      out.write(`${VERSION}\n`);
      return 0;
    case 'wait':
      return await wait(command.config, out);
    case 'erasure-check':
      return await checkErasure(command.config, command.subjects, out);
    case 'start':
      return await start(command.config, out);
  }
}

async function start(config: Config, out: { write(text: string): unknown }): Promise<FastifyInstance> {
  const token = isLoopback(config.host) ? null : (config['admin-token'] ?? randomBytes(18).toString('base64url'));
  const adminPort = config['admin-port'];
  const contracts = await readContracts(config.contract);
  const app = buildServer({
    contracts,
    fixtures: config.fixtures,
    data: config.data,
    auth: config.auth,
    limits: {
      idleSeconds: config['sandbox-ttl'],
      most: config['max-sandboxes'],
      open: config['open-sandboxes'],
      explicit: config['explicit-sandboxes'],
    },
    checkAnswers: config['check-answers'],
    magicIds: !config['no-magic-ids'],
    webhooks: !config['no-webhooks'],
    adminToken: token,
    allowHosts: [...config['allow-host'], config.host],
    adminApart: adminPort !== null,
    journalSize: config['journal-size'],
    logger: pino({ level: config['log-level'] }, await logStream(process.stderr.isTTY)),
  });
  let admin = app.server;
  try {
    await app.listen({ port: config.port, host: config.host });
    for (const { provider, port } of config.mount) {
      await openRoot(app, PROVIDERS.find(({ name }) => name === provider) as Provider, {
        port,
        host: config.host,
        http: httpOptions(),
      });
    }
    if (adminPort !== null) admin = await openOwnPort(app, { port: adminPort, host: config.host, http: httpOptions() });
  } catch (error) {
    await app.close();
    throw error;
  }
  out.write(
    banner(config, {
      port: portOf(app.server),
      adminPort: portOf(admin),
      // One that was set is known already, and logs are read by many.
      token: config['admin-token'] === null ? token : null,
      counts: app.loaded,
      contracts,
    }),
  );
  return app;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Where logs go: lines for people in a terminal, JSON for machines elsewhere. */
export async function logStream(terminal: boolean): Promise<pino.DestinationStream> {
  if (!terminal) return pino.destination({ dest: 2, sync: true });
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 2, sync: true });
}

/** Ends a server: hung connections at once, answers in flight after at most a quarter of a second. */
export async function stop(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.cutConnections(), GRACE);
  await app.close();
  clearTimeout(cut);
}

async function wait(
  { url, port, timeout, ...more }: WaitConfig,
  out: { write(text: string): unknown },
): Promise<number> {
  const health = `${url ?? `http://127.0.0.1:${more['admin-port'] ?? port}`}/__admin/health`;
  const deadline = Date.now() + timeout * 1000;
  for (;;) {
    try {
      const answer = await fetch(health, { signal: AbortSignal.timeout(Math.max(1, deadline - Date.now()) + 1000) });
      if (answer.ok) return 0;
    } catch {
      // Not there yet: that is what we wait for.
    }
    if (Date.now() >= deadline) {
      out.write(`understudy: nothing healthy at ${health} within ${timeout} s.\n`);
      return 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
