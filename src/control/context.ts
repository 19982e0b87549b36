// The context shared by all control routes, and how a request selects its sandbox and provider.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Contract } from '../core/provider/contract.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { checkedName, DEFAULT_SANDBOX, type Sandboxes } from '../core/sandbox/sandboxes.ts';
import type { GuardOptions } from './guard.ts';
import type { ResponseCounters } from './response-counters.ts';

/** What every control route is given. */
export interface Control {
  readonly sandboxes: Sandboxes;
  readonly providers: readonly Provider[];
  readonly version: string;
  readonly guard: GuardOptions;
  /** Whether the control plane is served on its own port only (`--admin-port`). */
  readonly adminPortOnly: boolean;
  readonly responseCounters: ResponseCounters;
  /** The CA certificate (PEM) of the HTTPS port; null without `--tls`. */
  readonly ca: { readonly pem: string | null };
  /** The OpenAPI document of a provider, its servers as paths on the host it is read from. */
  document(provider: string): Promise<Contract>;
}

/** The query of routes whose only parameter is the sandbox. */
export const SandboxQuery = z.strictObject({
  sandbox: z.string().optional().describe('Name of the sandbox; `default` if omitted.'),
});

/**
 * The sandbox name in a control request's header or query; undefined without one. Throws a Problem, 400, for an invalid
 * name.
 */
export function requestedSandboxName(request: FastifyRequest): string | undefined {
  const { sandbox } = request.query as { sandbox?: string };
  const given = request.headers['x-understudy-sandbox'] ?? sandbox;
  return given === undefined ? undefined : checkedName(String(given));
}

/** The sandbox name in a control request; `default` without one. */
export function sandboxNameOf(request: FastifyRequest): string {
  return requestedSandboxName(request) ?? DEFAULT_SANDBOX;
}

/**
 * The sandbox a request reads, which must exist: an empty new one would be a wrong result of a misspelled name.
 *
 * @throws UnknownSandbox naming the nearest sandbox
 */
export function existingSandboxOf({ sandboxes }: Control, request: FastifyRequest): Sandbox {
  return sandboxes.findExisting(sandboxNameOf(request));
}

/** The sandbox a request writes to or waits for; created from the fixtures when it is new. */
export function sandboxOf({ sandboxes }: Control, request: FastifyRequest): Sandbox {
  return sandboxes.find(sandboxNameOf(request));
}

/** The provider of that name. Throws a Problem, 404, that lists the providers when the name is unknown. */
export function requireProvider({ providers }: Control, name: string): Provider {
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) {
    throw new Problem(
      404,
      'unknown-provider',
      `There is no provider ${JSON.stringify(name)}; the providers are ${providers.map((one) => one.name).join(', ')}.`,
    );
  }
  return provider;
}
