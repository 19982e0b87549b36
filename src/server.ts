// Builds the server: opens the sandboxes, mounts providers and control plane. It does not listen.
import type { ServerOptions as HttpOptions, Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { mountControl } from './control/index.ts';
import { ResponseCounters } from './control/response-counters.ts';
import type { HeldConnections } from './core/faults/wire-faults.ts';
import { ignoreUnknownExpectations } from './core/http/expect-header.ts';
import { BODY_LIMIT } from './core/http/input.ts';
import { type Mounted, mountProvider } from './core/http/mount.ts';
import { rewriteRootMounted } from './core/http/root-mounts.ts';
import { disconnectStalledClients } from './core/http/stalled-clients.ts';
import { addUnknownPathHandlers, unroutedRequestHandlers } from './core/http/unrouted-requests.ts';
import { JOURNAL_SIZE } from './core/journal/journal.ts';
import { NO_COMPILERS } from './core/openapi/documented-routes.ts';
import { extended, type Published } from './core/openapi/published/extended.ts';
import { type Contract, effectiveContract } from './core/provider/contract.ts';
import { type Fixtures, type LoadingProgress, loadFixtures } from './core/sandbox/fixtures.ts';
import { LIMITS, type Limits, monotonicNow, Sandboxes } from './core/sandbox/sandboxes.ts';
import { DEFAULT_SETTINGS, type SettingsChange, withChange } from './core/sandbox/settings.ts';
import { CONTRACTS, FIXTURES } from './places.ts';
import { PROVIDERS } from './providers/index.ts';
import { VERSION } from './version.ts';

const REQUEST_TIMEOUT = 30_000;
const READ_TIMEOUT = 30_000;

const BUILT_IN = fileURLToPath(FIXTURES);

declare module 'fastify' {
  interface FastifyInstance {
    /** How many rows the fixtures hold, per provider and resource. */
    loaded: Fixtures['counts'];
    /** Has another HTTP server, which this app answers for, end with it. */
    addRootServer(server: Pick<Server, 'close' | 'closeIdleConnections' | 'closeAllConnections'>): void;
    /** The certificate of the CA that https is served with, as PEM; null while it is not served. */
    readonly ca: { pem: string | null };
    /** Cuts every connection, in the middle of an answer if need be. */
    cutConnections(): void;
  }
}

/** What a server may be told; every part has a default. */
export interface ServerOptions {
  /** A folder of fixtures that replaces the built-in rows. */
  readonly fixtures: string | null;
  /** A folder in which sandboxes outlive the process. */
  readonly data: string | null;
  /** What is set in every sandbox that does not say otherwise. */
  readonly settings: SettingsChange;
  /** How many sandboxes there may be, and how long. */
  readonly limits: Partial<Limits>;
  /** Real time in milliseconds, for lifetimes. */
  readonly now: () => number;
  /** How many requests each sandbox remembers. */
  readonly journalSize: number;
  /** Parse every answer with its schema before it is sent. */
  readonly checkAnswers: boolean;
  /** Whether ids such as `u_fail_503` order a fault. */
  readonly magicIds: boolean;
  /** Send webhooks; off, they are only kept. */
  readonly webhooks: boolean;
  /** Asked for by the control plane when it can be reached from other machines; null asks for none. */
  readonly adminToken: string | null;
  /** Names of this host besides the local ones, for the control plane. */
  readonly allowHosts: readonly string[];
  /** The control plane is served by `openOwnPort` only. */
  readonly adminPortOnly: boolean;
  /** Milliseconds a request may take to arrive, body included. */
  readonly requestTimeout: number;
  /** Milliseconds in which who reads an answer has to take some more of it. */
  readonly readTimeout: number;
  readonly logger: FastifyBaseLogger | undefined;
  /** Published documents by provider: what has no handler is answered from them. */
  readonly contracts: ReadonlyMap<string, Published>;
  /** Told now and then how far the loading of `fixtures` is. */
  readonly onLoading: (loading: LoadingProgress) => void;
}

const contracts = new Map<string, Contract>();
let builtIn: Fixtures | undefined;

/** What ships with the package is read once, however many servers a process starts. */
function builtInFixtures(): Fixtures {
  builtIn ??= loadFixtures(BUILT_IN, BUILT_IN, PROVIDERS);
  return builtIn;
}

function contractOf(name: string): Contract {
  const contract = contracts.get(name) ?? effectiveContract(new URL(`${name}.json`, CONTRACTS));
  contracts.set(name, contract);
  return contract;
}

/**
 * Builds a server that is ready to listen or to be injected into.
 *
 * @throws FixtureError, DataError with one sentence that names the thing and the way out
 */
export function buildServer(options: Partial<ServerOptions> = {}): FastifyInstance {
  const fixtures = options.fixtures
    ? loadFixtures(options.fixtures, BUILT_IN, PROVIDERS, options.onLoading)
    : builtInFixtures();
  const sandboxes = new Sandboxes(fixtures, {
    settings: withChange(DEFAULT_SETTINGS, options.settings ?? {}),
    data: options.data ?? null,
    journalSize: options.journalSize ?? JOURNAL_SIZE,
    webhooks: options.webhooks ?? true,
    ...LIMITS,
    ...options.limits,
    now: options.now ?? monotonicNow,
  });
  const heldConnections: HeldConnections = new Set();
  const shared = {
    sandboxes,
    checkAnswers: options.checkAnswers ?? false,
    magicIds: options.magicIds ?? true,
    heldConnections,
  };
  const providers = PROVIDERS.map((provider) => {
    const published = options.contracts?.get(provider.name);
    return published === undefined ? provider : extended(provider, published);
  });
  const served = providers.map((provider) => ({ provider, ...shared }));
  const requestTimeout = options.requestTimeout ?? REQUEST_TIMEOUT;
  const logsRequests = options.logger?.level === 'info';
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger } : {}),
    bodyLimit: BODY_LIMIT,
    requestTimeout,
    http: httpOptions(requestTimeout),
    exposeHeadRoutes: false,
    logController: new LogController({ disableRequestLogging: !logsRequests }),
    // What a request's own logger adds is a number, which only the log of requests has a use for.
    ...(logsRequests ? {} : { childLoggerFactory: (logger: FastifyBaseLogger) => logger }),
    rewriteUrl: rewriteRootMounted(PROVIDERS),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 5000 },
    schemaController: NO_COMPILERS,
    ...unroutedRequestHandlers(served),
  }) as FastifyInstance;
  ignoreUnknownExpectations(app.server);
  app.decorate('loaded', fixtures.counts);
  app.decorate('ca', { pem: null });
  const servers: Parameters<typeof app.addRootServer>[0][] = [];
  app.decorate('addRootServer', (server: (typeof servers)[number]) => {
    servers.push(server);
  });
  app.decorate('cutConnections', () => {
    for (const server of [app.server, ...servers]) server.closeAllConnections();
  });
  let closing: Promise<void>[] | null = null;
  app.addHook('preClose', async () => {
    closing = servers.map((server) => new Promise((resolve) => server.close(() => resolve())));
    for (const connection of heldConnections) connection.destroy();
  });
  disconnectStalledClients(app, options.readTimeout ?? READ_TIMEOUT);
  const responseCounters = new ResponseCounters(providers);
  app.addHook('onResponse', (request, reply, done) => {
    responseCounters.count(request.url, reply.statusCode);
    done();
    // The answer was in flight when the end began; its connection would be kept for requests that nobody takes.
    if (closing !== null) for (const server of [app.server, ...servers]) server.closeIdleConnections();
  });
  const mounted = new Map(
    served.map((one) => [one.provider.name, mountProvider(app, one, () => contractOf(one.provider.name))]),
  );
  mountControl(app, {
    sandboxes,
    providers,
    version: VERSION,
    guard: { token: options.adminToken ?? null, allowHosts: options.allowHosts ?? [] },
    adminPortOnly: options.adminPortOnly ?? false,
    responseCounters,
    ca: app.ca,
    document: (provider) => (mounted.get(provider) as Mounted).document(),
  });
  addUnknownPathHandlers(app, served);
  app.addHook('onClose', async () => {
    await Promise.all(closing as Promise<void>[]);
    sandboxes.close();
  });
  return app;
}

/** How a server of ours reads requests: one that dribbles in is ended, and whether a Host is needed is the guard's to say. */
export function httpOptions(requestTimeout = REQUEST_TIMEOUT): HttpOptions {
  return {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(1000, requestTimeout / 2),
    requireHostHeader: false,
  };
}
