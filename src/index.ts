// The library: a sandbox server for a test runner or a script.
import type { AddressInfo } from 'node:net';
import type { AuthMode } from './core/sandbox.ts';
import { buildServer } from './server.ts';

export type { AuthMode } from './core/sandbox.ts';

/** What a server may be told when it starts. */
export interface StartOptions {
  /** The port on 127.0.0.1; 0 (the default) takes a free one. */
  port?: number;
  /** A folder of fixtures that replaces the built-in rows. */
  fixtures?: string;
  /** A folder in which sandboxes outlive the process. */
  data?: string;
  /** `spec` (the default) takes any key the published contract takes, `strict` only known ones. */
  auth?: AuthMode;
}

/** A running server. */
export interface Understudy {
  /** Where it listens, e.g. `http://127.0.0.1:4010`; add a provider's mount for its base URL. */
  readonly url: string;
  /** Stops it; answers in flight are finished first. */
  close(): Promise<void>;
}

/**
 * Starts a server and resolves when it answers.
 *
 * @throws FixtureError, DataError with one sentence that names what is wrong, or the error of listening
 */
export async function startUnderstudy(options: StartOptions = {}): Promise<Understudy> {
  const app = buildServer({
    fixtures: options.fixtures ?? null,
    data: options.data ?? null,
    auth: options.auth ?? 'spec',
  });
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
