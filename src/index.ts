// The library's entry point: starts a server for a test runner or a script; exports the types of its API.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { CodeExploration, type ExploredCode, type ExploreOptions } from './explore/explore-code.ts';
import { readContracts } from './library/contracts.ts';
import { ControlPlane, ControlPlaneError } from './library/control-plane.ts';
import { fetchOver, overSocket } from './library/fetch.ts';
import { IN_PROCESS_ORIGIN, InProcess } from './library/in-process.ts';
import type { Described } from './library/providers.ts';
import { Sandbox, type SandboxOptions } from './library/sandbox.ts';
import { readOptions, type StartOptions } from './library/start-options.ts';
import { PROVIDERS } from './providers/index.ts';
import { buildServer } from './server.ts';

export type {
  BarrierRule,
  ClientVerdict,
  ClockTime,
  Difference,
  DueItem,
  ErasureResult,
  FaultRule,
  JournalEntry,
  LinkedIdentity,
  Pattern,
  PlannedBarrier,
  PlannedFault,
  Receipt,
  Residue,
  Snapshot,
  Unerasable,
  Verdict,
} from './control/schemas.ts';
export type { Place as ErasurePlace } from './core/deletions/erasure-findings.ts';
export type { Finding } from './explore/compare.ts';
export {
  type CodeExploration,
  type ExploredCode,
  type ExploreOptions,
  NotSurvivedError,
} from './explore/explore-code.ts';
export { ExploreError } from './explore/explore-error.ts';
export type { ExploredRun } from './explore/explored-run.ts';
export type { Verdict as ExploreVerdict } from './explore/verdict.ts';
export type { Barriers } from './library/barriers.ts';
export type { SandboxClock } from './library/clock.ts';
export type { CompanyFile, CompanyRecord, Desk } from './library/company-file.ts';
export { ControlPlaneError } from './library/control-plane.ts';
export { type ErasureOptions, NotErasedError } from './library/erasure.ts';
export type { Faults } from './library/faults.ts';
export type { KeyAccess, KeyPairAccess, Providers, SandboxState } from './library/providers.ts';
export { RequestsTimeoutError } from './library/requests-timeout.ts';
export type {
  DeletionFilter,
  ResetOptions,
  Sandbox,
  SandboxOptions,
  SandboxSettings,
} from './library/sandbox.ts';
export type { StartOptions } from './library/start-options.ts';

/** How long pending responses may take when the server is closed, in ms. */
const GRACE = 250;

/** A running server. */
export interface Understudy {
  /** Its origin, e.g. `http://127.0.0.1:4010`; null when it opened no port. */
  readonly url: string | null;
  /**
   * A sandbox: a new one, the one of that name (created if it does not exist), or a new one with options.
   *
   * @throws ControlPlaneError when the name is invalid, or the name of a new one is taken
   */
  sandbox(which?: string | SandboxOptions): Promise<Sandbox>;
  /**
   * Runs code once for every failure of each of its calls, each time in its own sandbox. Read it with `for await`, or
   * call `assertSurvives()`.
   */
  explore(code: ExploredCode, options?: ExploreOptions): CodeExploration;
  /**
   * A `fetch` that reaches this server only: for paths (`/conductor/v1/end-users`), for the base URLs of sandboxes,
   * and for the providers' own hosts (`https://api.conductor.is/v1/…`). Give it to an SDK as its `fetch`. Without a
   * port it works in process, and a connection fault is a TypeError whose cause has the code `ECONNRESET`.
   */
  readonly fetch: typeof globalThis.fetch;
  /** Fastify's `inject`. */
  readonly inject: FastifyInstance['inject'];
  /** Stops the server: connections held by a fault close at once, requests in progress get 250 ms. */
  close(): Promise<void>;
  /** Same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server; resolves once it accepts requests.
 *
 * @throws TypeError for invalid options, FixtureError, ContractError, DataError, or an Error when the port cannot be
 * opened
 */
export function startUnderstudy(
  options: StartOptions & { readonly port: false },
): Promise<Understudy & { readonly url: null }>;
export function startUnderstudy(
  options?: StartOptions & { readonly port?: number },
): Promise<Understudy & { readonly url: string }>;
export function startUnderstudy(options?: StartOptions): Promise<Understudy>;
export async function startUnderstudy(options: StartOptions = {}): Promise<Understudy> {
  const { port, contracts, strictContract, server } = readOptions(options);
  const app = buildServer({
    ...server,
    contracts: await readContracts(contracts, strictContract),
    allowHosts: [new URL(IN_PROCESS_ORIGIN).host],
  });
  const inProcess = new InProcess(app);
  const url = port === false ? null : await listen(app, port);
  await app.ready();

  const origin = url ?? IN_PROCESS_ORIGIN;
  const prefixes = new Map([[bare(origin), '']]);
  for (const { hosts, mount } of PROVIDERS) for (const host of hosts) prefixes.set(host, mount);
  const fetch = fetchOver(url === null ? inProcess.send : overSocket(url), { origin, prefixes });
  const control = new ControlPlane({ origin, fetch, remedy: 'it is reachable from startUnderstudy() to close()' });

  const create = async (options: SandboxOptions) =>
    await control.call<Described>('POST', '/sandboxes', { body: options });
  const findOrCreate = async (name: string) => {
    try {
      return await create({ name });
    } catch (error) {
      if (!(error instanceof ControlPlaneError) || error.status !== 409) throw error;
      return await control.call<Described>('GET', `/sandboxes/${name}`);
    }
  };
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= stop(app, inProcess));
  return {
    url,
    fetch,
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    sandbox: async (which = {}) => {
      const found = await (typeof which === 'string' ? findOrCreate(which) : create(which));
      // With `publicUrl`, base URLs begin with it.
      if (found.settings.publicUrl !== null) prefixes.set(bare(found.settings.publicUrl), '');
      return new Sandbox(control, found);
    },
    explore: (code, options = {}) => new CodeExploration(control, code, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    await app.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    await app.close();
    const why = (error as Error).message;
    throw new Error(`Port ${port} is not available (${why}); choose another one, or 0 for a free one.`, {
      cause: error,
    });
  }
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

async function stop(app: FastifyInstance, inProcess: InProcess): Promise<void> {
  inProcess.shut();
  const graceTimer = setTimeout(() => {
    app.cutConnections();
    inProcess.cut();
  }, GRACE);
  await app.close();
  clearTimeout(graceTimer);
}

/** The URL without its scheme. */
function bare(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
