// Which fault a request meets, if any: the four ways to plan one, in their order.
import type { FastifyRequest } from 'fastify';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sample } from './delays.ts';
import { type Wish, wish } from './fault-plan.ts';
import { magicWish } from './magic-ids.ts';
import { preferredWish } from './prefer-header.ts';

/** The wish of a request, first match wins: its own header, its id, its retry test, a rule, the sandbox's delay. */
export function decide(
  { provider, magicIds }: { readonly provider: Provider; readonly magicIds: boolean },
  operation: Operation,
  request: FastifyRequest,
  sandbox: Sandbox,
  body: ArrivedBody,
): Wish | null {
  const { headers } = request;
  const params = request.params as Record<string, string>;
  const preferred = preferredWish(headers.prefer as string | undefined, provider.errors, operation);
  if (preferred !== null) return preferred;
  const magic = magicIds ? magicWish(params, provider.errors, operation) : null;
  if (magic !== null) return magic;
  const test = headers['x-retry-test-id'];
  const planned = test === undefined ? null : sandbox.retryTests.next(String(test), provider, operation);
  if (planned !== null) return planned;
  if (sandbox.faults.size > 0) {
    const subject = { provider, operation, method: request.method, url: request.url, params, headers };
    const ruled = sandbox.faults.decide(subject, () => (Buffer.isBuffer(body) ? jsonOf(body) : undefined));
    if (ruled !== null) return ruled;
  }
  const { delay } = sandbox.settings;
  return delay === null ? null : wish({ delayMs: sample(delay), source: 'settings.delay' });
}

/** The JSON a body holds, for rules that look into it; what is wrong with it is found out later. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
