// Chooses the fault of a request, if any, from the ways to plan one, in order of precedence.
import type { FastifyRequest } from 'fastify';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sampleDelay } from './delays.ts';
import { type FaultPlan, faultPlan } from './fault-plan.ts';
import { planFromId } from './magic-ids.ts';
import { planFromPrefer } from './prefer-header.ts';

/**
 * The fault plan of a request, or null. The first that applies wins: `Prefer` header, path id, retry test, rule, the
 * sandbox's delay.
 *
 * @throws Problem for an invalid preference or an unknown retry test
 */
export function chooseFault(
  { provider, magicIds }: { readonly provider: Provider; readonly magicIds: boolean },
  operation: Operation,
  request: FastifyRequest,
  sandbox: Sandbox,
  body: ArrivedBody,
): FaultPlan | null {
  const { headers } = request;
  const params = request.params as Record<string, string>;
  const byHeader = planFromPrefer(headers.prefer as string | undefined, provider.errors, operation);
  if (byHeader !== null) return byHeader;
  const byId = magicIds ? planFromId(params, provider.errors, operation) : null;
  if (byId !== null) return byId;
  const retryTestId = headers['x-retry-test-id'];
  const byRetryTest =
    retryTestId === undefined ? null : sandbox.retryTests.next(String(retryTestId), provider, operation);
  if (byRetryTest !== null) return byRetryTest;
  if (sandbox.faults.size > 0) {
    const subject = { provider, operation, method: request.method, url: request.url, params, headers };
    const byRule = sandbox.faults.planFor(subject, () => jsonOf(body));
    if (byRule !== null) return byRule;
  }
  const { delay } = sandbox.settings;
  return delay === null ? null : faultPlan({ delayMs: sampleDelay(delay), source: 'settings.delay' });
}

/** A body's JSON for patterns with body criteria; undefined when it is invalid, which the pipeline reports later. */
export function jsonOf(body: ArrivedBody): unknown {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
