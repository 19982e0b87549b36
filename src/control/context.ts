// What the control plane's routes work on, and how they find the sandbox a request means.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { checkedName, DEFAULT_SANDBOX, type Sandboxes } from '../core/sandbox/sandboxes.ts';
import type { GuardOptions } from './guard.ts';
import type { ResponseCounters } from './response-counters.ts';

/** Handed to every file of the control plane. */
export interface Control {
  readonly sandboxes: Sandboxes;
  readonly providers: readonly Provider[];
  readonly version: string;
  readonly guard: GuardOptions;
  /** Whether it is reached by a port of its own only. */
  readonly adminPortOnly: boolean;
  readonly responseCounters: ResponseCounters;
  /** What https is served with; null without it. */
  readonly ca: { readonly pem: string | null };
  /** The OpenAPI document of a provider's routes. */
  document(provider: string): Promise<object>;
}

/** The query of routes that ask for nothing but a sandbox. */
export const SandboxQuery = z.strictObject({
  sandbox: z.string().optional().describe('Name of the sandbox; `default` when left out.'),
});

/** The sandbox a control request names by header or query; undefined when it names none. */
export function requestedSandboxName(request: FastifyRequest): string | undefined {
  const { sandbox } = request.query as { sandbox?: string };
  const given = request.headers['x-understudy-sandbox'] ?? sandbox;
  return given === undefined ? undefined : checkedName(String(given));
}

/** The same, else `default`. */
export function sandboxNameOf(request: FastifyRequest): string {
  return requestedSandboxName(request) ?? DEFAULT_SANDBOX;
}

/** The sandbox itself; made when it is new. */
export function sandboxOf({ sandboxes }: Control, request: FastifyRequest): Sandbox {
  return sandboxes.find(sandboxNameOf(request));
}

/** The provider of that name. Throws a Problem that lists them when there is none. */
export function requireProvider({ providers }: Control, name: string): Provider {
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) {
    throw new Problem(
      404,
      'unknown-provider',
      'Unknown provider',
      `There is no provider ${JSON.stringify(name)}; the providers are ${providers.map((one) => one.name).join(', ')}.`,
    );
  }
  return provider;
}
