// The sandbox of a provider request: found by name, or created by its first use.
import type { FastifyRequest } from 'fastify';
import type { Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type Sandboxes, UnknownSandbox } from '../sandbox/sandboxes.ts';
import { isFromOtherSite } from './cors.ts';

/**
 * The sandbox of that name; when it may not be created by use, the provider's error for an unknown key. A page of another
 * site may create one only at a provider that is called from browsers, i.e. one with CORS.
 */
export function findSandbox(provider: Provider, sandboxes: Sandboxes, name: string, request: FastifyRequest): Sandbox {
  try {
    return provider.cors === undefined && isFromOtherSite(request)
      ? sandboxes.findExisting(name)
      : sandboxes.find(name);
  } catch (error) {
    throw error instanceof UnknownSandbox ? provider.auth.unknownSandbox() : error;
  }
}
