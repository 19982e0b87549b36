// Builds the server: opens the sandboxes and mounts providers and control plane. It does not listen.
import type { ServerOptions as HttpOptions, Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { mountControl } from './control/index.ts';
import { ResponseCounters } from './control/response-counters.ts';
import type { HeldConnections } from './core/faults/wire-faults.ts';
import { keepConnectionOrder } from './core/http/connection-order.ts';
import { ignoreUnknownExpectations } from './core/http/expect-header.ts';
import { BODY_LIMIT } from './core/http/input.ts';
import { LOG_SERIALIZERS } from './core/http/log-serializers.ts';
import { mountProvider } from './core/http/mount.ts';
import { MAX_PARAM_LENGTH } from './core/http/operation-router.ts';
import { rewriteRootMounted } from './core/http/root-mounts.ts';
import { disconnectStalledClients } from './core/http/stalled-clients.ts';
import { addUnknownPathHandlers, unroutedRequestHandlers } from './core/http/unrouted-requests.ts';
import { NO_COMPILERS } from './core/openapi/documented-routes.ts';
import { effectiveContract } from './core/openapi/overlay.ts';
import { extended, type Published } from './core/openapi/published/extended.ts';
import { servedDocument } from './core/openapi/served-document.ts';
import type { Contract } from './core/provider/contract.ts';
import type { Provider } from './core/provider/provider.ts';
import { type Fixtures, type LoadingProgress, loadFixtures } from './core/sandbox/fixtures.ts';
import type { MemoryLimits } from './core/sandbox/memory.ts';
import { type Limits, Sandboxes } from './core/sandbox/sandboxes.ts';
import { DEFAULT_SETTINGS, type SettingsChange, withChange } from './core/sandbox/settings.ts';
import { loadedOnce } from './core/storage/descriptors.ts';
import { CONTRACTS, FIXTURES } from './places.ts';
import { PROVIDERS } from './providers/index.ts';
import { VERSION } from './version.ts';

/** Default time a request may take to arrive, in ms. */
const REQUEST_TIMEOUT = 30_000;
/** Default time after which a stalled client is disconnected, in ms. */
const READ_TIMEOUT = 30_000;
/** How long an idle connection stays open, in ms: longer than the minute for which load balancers usually keep theirs. */
const KEEP_ALIVE_TIMEOUT = 72_000;

const BUILT_IN = fileURLToPath(FIXTURES);

declare module 'fastify' {
  interface FastifyInstance {
    /** Rows in the fixtures, by provider and resource. */
    loaded: Fixtures['counts'];
    /** Closes another HTTP server, whose requests this app handles, together with this one. */
    addRootServer(server: Pick<Server, 'close' | 'closeIdleConnections' | 'closeAllConnections'>): void;
    /** The CA certificate of https, as PEM; null while https is not served. */
    readonly ca: { pem: string | null };
    /** Closes every connection, even in the middle of a response. */
    cutConnections(): void;
  }
}

/** Options of a server; `buildServer` has a default for each. */
export interface ServerOptions {
  /** A folder of fixtures that replace the built-in rows; null for the built-in ones. */
  readonly fixtures: string | null;
  /** The folder that persists sandboxes; null keeps them in memory. */
  readonly data: string | null;
  /** The settings of every sandbox that does not override them. */
  readonly settings: SettingsChange;
  /** Capacity and idle time of sandboxes. */
  readonly limits: Partial<Limits>;
  /** Real time in ms since the epoch, for the expiry of sandboxes. */
  readonly now: () => number;
  /** Capacity of each sandbox's journal, in requests. */
  readonly journalSize: number;
  /** Limits of what all sandboxes keep in memory, in bytes; by default shares of the heap limit. */
  readonly memory: Partial<MemoryLimits>;
  /** Validate every response against its schema before it is sent. */
  readonly checkAnswers: boolean;
  /** Whether ids such as `u_fail_503` inject a fault. */
  readonly magicIds: boolean;
  /** Whether webhooks are sent; otherwise they are only recorded. */
  readonly webhooks: boolean;
  /** The token that the control plane requires when other machines can reach it; null for none. */
  readonly adminToken: string | null;
  /** Host names accepted by the control plane besides the local ones. */
  readonly allowHosts: readonly string[];
  /** Whether the control plane is served on the admin port only. */
  readonly adminPortOnly: boolean;
  /** Time a request may take to arrive, body included, in ms. */
  readonly requestTimeout: number;
  /** Time after which a client that reads nothing of its response is disconnected, in ms. */
  readonly readTimeout: number;
  readonly logger: FastifyBaseLogger | undefined;
  /** Published documents by provider; operations without a handler respond with their examples. */
  readonly contracts: ReadonlyMap<string, Published>;
  /** Called with the progress of loading `fixtures` from time to time. */
  readonly onLoading: (loading: LoadingProgress) => void;
}

let builtIn: Fixtures | undefined;

/** The built-in fixtures, read once per process. */
function builtInFixtures(): Fixtures {
  builtIn ??= loadFixtures(BUILT_IN, BUILT_IN, PROVIDERS);
  return builtIn;
}

/** Not imported on first use: Node remembers an import that failed for want of file descriptors. */
async function documentOf(provider: Provider): Promise<Contract> {
  return servedDocument(provider, effectiveContract(new URL(`${provider.name}.json`, CONTRACTS)));
}

/**
 * Builds a server that is ready for `listen` or `inject`.
 *
 * @throws FixtureError for invalid fixtures, DataError for an unusable data folder
 */
export function buildServer(options: Partial<ServerOptions> = {}): FastifyInstance {
  const fixtures = options.fixtures
    ? loadFixtures(options.fixtures, BUILT_IN, PROVIDERS, options.onLoading)
    : builtInFixtures();
  const sandboxes = new Sandboxes(fixtures, {
    ...options,
    ...options.limits,
    settings: withChange(DEFAULT_SETTINGS, options.settings ?? {}),
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
  const logsRequests = ['info', 'debug', 'trace'].includes(options.logger?.level ?? '');
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger.child({}, { serializers: LOG_SERIALIZERS }) } : {}),
    bodyLimit: BODY_LIMIT,
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    http: httpOptions(requestTimeout),
    exposeHeadRoutes: false,
    logController: new LogController({ disableRequestLogging: !logsRequests }),
    // A logger per request adds only the request number, which only the request log uses.
    ...(logsRequests ? {} : { childLoggerFactory: (logger: FastifyBaseLogger) => logger }),
    rewriteUrl: rewriteRootMounted(PROVIDERS),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
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
    sandboxes.clearBarriers();
  });
  keepConnectionOrder(app);
  disconnectStalledClients(app, options.readTimeout ?? READ_TIMEOUT);
  const responseCounters = new ResponseCounters(providers);
  app.addHook('onResponse', (request, reply, done) => {
    responseCounters.count(request.url, reply.statusCode);
    done();
    // After a shutdown began, keep-alive would hold the connection of a response that was in flight.
    if (closing !== null) for (const server of [app.server, ...servers]) server.closeIdleConnections();
  });
  for (const one of served) mountProvider(app, one);
  const documents = new Map(providers.map((provider) => [provider.name, loadedOnce(() => documentOf(provider))]));
  mountControl(app, {
    sandboxes,
    providers,
    version: VERSION,
    guard: { token: options.adminToken ?? null, allowHosts: options.allowHosts ?? [] },
    adminPortOnly: options.adminPortOnly ?? false,
    responseCounters,
    ca: app.ca,
    document: (provider) => (documents.get(provider) as () => Promise<Contract>)(),
  });
  addUnknownPathHandlers(app, served);
  app.addHook('onClose', async () => {
    await Promise.all(closing as Promise<void>[]);
    sandboxes.close();
  });
  return app;
}

/**
 * HTTP options of every port: slow requests and idle connections time out, and the control plane's guard handles a
 * missing Host header.
 */
export function httpOptions(requestTimeout = REQUEST_TIMEOUT): HttpOptions {
  return {
    requestTimeout,
    headersTimeout: requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    connectionsCheckingInterval: Math.min(1000, requestTimeout / 2),
    requireHostHeader: false,
  };
}
