// Lets a request wait: at a barrier for the other request of its pair, and for a rewrite of the sandbox.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jsonOf } from '../faults/choose-fault.ts';
import type { Place } from '../faults/meeting.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Turn } from './connection-order.ts';
import type { RequestContext } from './request-context.ts';

/** Gives a request its place at a barrier and names the barrier in the response; null when no barrier has one. */
export function joinBarrier(
  context: RequestContext,
  provider: Provider,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Place | null {
  const { sandbox, requestId, body, dryRun } = context;
  if (sandbox.barriers.size === 0) return null;
  const { method, url, headers } = request;
  const params = request.params as Record<string, string>;
  const subject = { provider, operation, method, url, params, headers, dryRun };
  const place = sandbox.barriers.join(subject, requestId, () => jsonOf(body));
  if (place === null) return null;
  context.place = place;
  reply.header('x-understudy-barrier', place.barrier);
  return place;
}

/** Waits until the request may run; false when its client hung up meanwhile. */
export async function waitForTurn(
  place: Place,
  { sandbox }: RequestContext,
  turn: Turn,
  recordPending: () => void,
): Promise<boolean> {
  if (place.turn === null) return true;
  const release = sandbox.hold();
  recordPending();
  let left = false;
  turn.onEnd(() => {
    left = place.leave();
  });
  await place.turn;
  await rewritten(sandbox);
  release();
  return !left;
}

/** Waits until the sandbox is not being rewritten. */
export async function rewritten(sandbox: Sandbox): Promise<void> {
  while (sandbox.rewriting !== null) await sandbox.rewriting;
}
