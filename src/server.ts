// Builds the server: opens the sandboxes, mounts providers and control plane. It does not listen.
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { mountControl } from './control/index.ts';
import { effectiveContract } from './core/contract.ts';
import { type Fixtures, loadFixtures } from './core/fixtures.ts';
import { BODY_LIMIT } from './core/input.ts';
import { type Mounted, mountProvider } from './core/mount.ts';
import { answerOutsiders, answerUnknownPaths } from './core/outsiders.ts';
import { rewriteRooted } from './core/root-mounts.ts';
import type { AuthMode } from './core/sandbox.ts';
import { Sandboxes } from './core/sandboxes.ts';
import { PROVIDERS } from './providers/index.ts';
import { VERSION } from './version.ts';

const BUILT_IN = fileURLToPath(new URL('../fixtures', import.meta.url));

declare module 'fastify' {
  interface FastifyInstance {
    /** How many rows the fixtures hold, per provider and resource. */
    loaded: Fixtures['counts'];
    /** Has another HTTP server, which this app answers for, end with it. */
    addRootServer(server: Server): void;
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
  readonly auth: AuthMode;
  /** Makes ids repeatable; null gives random ones. */
  readonly seed: string | null;
  /** Parse every answer with its schema before it is sent. */
  readonly checkAnswers: boolean;
  readonly logger: FastifyBaseLogger | undefined;
}

/**
 * Builds a server that is ready to listen or to be injected into.
 *
 * @throws FixtureError, DataError with one sentence that names the thing and the way out
 */
export function buildServer(options: Partial<ServerOptions> = {}): FastifyInstance {
  const fixtures = loadFixtures(options.fixtures ?? BUILT_IN, BUILT_IN, PROVIDERS);
  const sandboxes = new Sandboxes(
    fixtures,
    { auth: options.auth ?? 'spec', seed: options.seed ?? null },
    options.data ?? null,
  );
  const served = PROVIDERS.map((provider) => ({ provider, sandboxes, checkAnswers: options.checkAnswers ?? false }));
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger } : {}),
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    logController: new LogController({ disableRequestLogging: options.logger?.level !== 'info' }),
    rewriteUrl: rewriteRooted(PROVIDERS),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 5000 },
    ...answerOutsiders(served),
  }) as FastifyInstance;
  app.decorate('loaded', fixtures.counts);
  const servers: Server[] = [];
  app.decorate('addRootServer', (server: Server) => {
    servers.push(server);
  });
  app.decorate('cutConnections', () => {
    for (const server of [app.server, ...servers]) server.closeAllConnections();
  });
  app.addHook('preClose', async () => {
    for (const server of servers) server.close();
  });
  const mounted = new Map(
    served.map((one) => [
      one.provider.name,
      mountProvider(app, one, effectiveContract(new URL(`../openapi/${one.provider.name}.json`, import.meta.url))),
    ]),
  );
  mountControl(app, {
    sandboxes,
    providers: PROVIDERS,
    version: VERSION,
    document: (provider) => (mounted.get(provider) as Mounted).document(),
  });
  answerUnknownPaths(app, served);
  app.addHook('onClose', async () => sandboxes.close());
  return app;
}
