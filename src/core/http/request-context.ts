// The context of a provider's request: its sandbox, its ids, and the data for its journal entry.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeldConnections } from '../faults/wire-faults.ts';
import { requestDigest } from '../journal/request-digest.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { requestId } from '../random-ids.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type Sandboxes, sandboxName } from '../sandbox/sandboxes.ts';
import { setCorsHeaders } from './cors.ts';
import { findSandbox } from './find-sandbox.ts';
import { type ExchangeContext, NOT_YET_KNOWN } from './record-exchange.ts';

/** A provider as it is served. */
export interface ServedProvider {
  readonly provider: Provider;
  readonly sandboxes: Sandboxes;
  /** Validate every response against its schema before it is sent; an invalid one becomes the provider's 500. */
  readonly checkAnswers: boolean;
  /** Whether ids such as `u_fail_503` inject a fault. */
  readonly magicIds: boolean;
  /** Connections held open by a fault until the client disconnects or the server closes. */
  readonly heldConnections: HeldConnections;
}

/** The sandbox and ids of a request, and the data for its journal entry. */
export interface RequestContext extends ExchangeContext {
  readonly sandbox: Sandbox;
  readonly providerRequestId: string | null;
  /** What identifies the request in a repeatable sandbox; null in others. */
  readonly digest: string | null;
}

/**
 * Opens the context of a request and sets the headers that every response has.
 *
 * @throws Problem or Failure when the sandbox cannot be named, opened or created
 */
export function openContext(
  { provider, sandboxes }: ServedProvider,
  operation: Operation | null,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
): RequestContext {
  const started = performance.now();
  setCorsHeaders(reply, provider);
  let id = requestId();
  reply.header('x-understudy-request', id);
  let providerRequestId = provider.requestId?.next() ?? null;
  if (provider.requestId !== undefined) reply.header(provider.requestId.header, providerRequestId);
  const name = sandboxName(request.headers['x-understudy-sandbox'], provider.auth.credentials(request.headers));
  reply.header('x-understudy-sandbox', name);
  const sandbox = findSandbox(provider, sandboxes, name, request);
  if (sandbox.restarted) {
    // Reported once, so that the client learns that its sandbox was evicted and created again.
    reply.header('x-understudy-sandbox-restarted', 'true');
    sandbox.restarted = false;
  }
  const digest = sandbox.settings.repeatable
    ? requestDigest(operation?.operation ?? null, request, typeof body === 'object' ? body : '')
    : null;
  if (digest !== null) {
    const source = sandbox.ids.bytesOfRequest(digest);
    id = requestId(source);
    reply.header('x-understudy-request', id);
    if (provider.requestId !== undefined) {
      providerRequestId = provider.requestId.next(source);
      reply.header(provider.requestId.header, providerRequestId);
    }
    sandbox.clock.tick();
  }
  return {
    sandbox,
    requestId: id,
    providerRequestId,
    digest,
    provider,
    operation,
    matched: operation !== null,
    body,
    at: sandbox.clock.now(),
    started,
    ...NOT_YET_KNOWN,
  };
}
