// The request pipeline of a provider: sandbox, planned fault, authentication, input, handler, response.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { markUnanswered } from '../deletions/ledger.ts';
import { chooseFault } from '../faults/choose-fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { type FaultContext, serveWithFault } from '../faults/inject-fault.ts';
import { CLIENT_LEFT } from '../journal/request-pattern.ts';
import { JSON_TYPE, PROBLEM_TYPE, Problem } from '../problem.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import { Failure } from '../provider/errors.ts';
import type { Operation } from '../provider/provider.ts';
import { DiskError } from '../storage/disk.ts';
import { turnOf } from './connection-order.ts';
import { recordExchange, recordPending } from './record-exchange.ts';
import { openContext, type RequestContext, type ServedProvider } from './request-context.ts';
import { queueResponse } from './response-batch.ts';
import { routeHint } from './route-hint.ts';
import { runHandler } from './run-handler.ts';
import { serializeResponse } from './serializer.ts';
import { joinBarrier, rewritten, waitForTurn } from './wait-at-barrier.ts';

/** A sent reply, a promise of one, or undefined when the response is queued. */
type ReplyResult = FastifyReply | Promise<FastifyReply> | undefined;

/** Serves a request of an operation, from the choice of the sandbox to the response. */
export function serve(
  served: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
): ReplyResult {
  return withContext(served, operation, request, reply, body, (context) => {
    const { provider } = served;
    const parameters = request.params as Record<string, string>;
    for (const name in parameters) {
      // The router matches `/users/` with an empty id; for a provider that is an unknown path.
      if (parameters[name] === '') throw provider.errors.transport.unknownRoute(request, routeHint(provider, request));
    }
    const plan = chooseFault(served, operation, request, context.sandbox, body);
    if (plan !== null) context.dryRun = plan.dryRun;
    const run = () => runOperation(served, operation, request, reply, context, body, plan);
    const place = joinBarrier(context, provider, operation, request, reply);
    if (place === null) return run();
    const { events } = served.sandboxes;
    return waitForTurn(place, context, turnOf(request, reply), () => recordPending(context, events, request, reply))
      .then((here) => {
        if (here) return attempt(served, request, reply, context, run);
        plan?.notInjected?.();
        recordExchange(context, events, request, reply.code(CLIENT_LEFT), '', true);
        return reply.hijack();
      })
      .then((sent) => sent ?? reply);
  });
}

/** Authenticates and runs the operation, with its planned fault if there is one, and responds. */
function runOperation(
  served: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext,
  body: ArrivedBody,
  plan: FaultPlan | null,
): ReplyResult {
  if (plan !== null) {
    const release = context.sandbox.hold();
    const faults = faultContextOf(served, operation, request, reply, context, body, plan);
    return serveWithFault(plan, faults).finally(release);
  }
  const caller = authenticate(served, operation, request, context);
  const found = { caller, checkpointFault: null, plan: null };
  const value = runHandler(served, operation, request, context, found, body);
  if (value instanceof Promise) {
    const release = context.sandbox.hold();
    // A deletion in slices is recorded when it is done, like every other one.
    if (!context.deletes) recordPending(context, served.sandboxes.events, request, reply);
    return value
      .finally(release)
      .then((value) => succeed(served, operation, reply, value))
      .then(
        (text) => send(served, request, reply, context, text),
        (error) => sendError(served, request, reply, context, error),
      );
  }
  const payload = succeed(served, operation, reply, value);
  recordExchange(context, served.sandboxes.events, request, reply, payload);
  turnOf(request, reply).markHandled();
  queueResponse({ reply, payload, sendError: (error) => sendError(served, request, reply, null, error) });
  return undefined;
}

/** Responds to a request that matches no operation with the provider's error. */
export function serveUnknownRoute(served: ServedProvider, request: FastifyRequest, reply: FastifyReply): ReplyResult {
  return withContext(served, null, request, reply, undefined, () => {
    throw served.provider.errors.transport.unknownRoute(request, routeHint(served.provider, request));
  });
}

/** Responds to a request with an incomplete body; the operation does not run. */
export function serveIncompleteBody(
  served: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): ReplyResult {
  return withContext(served, operation, request, reply, undefined, () => {
    throw served.provider.errors.transport.invalidJson();
  });
}

/** Responds to a request whose path cannot be decoded, or has an id that is too long. */
export function serveUnreadablePath(
  served: ServedProvider,
  request: FastifyRequest,
  reply: FastifyReply,
  tooLong: boolean,
): ReplyResult {
  return withContext(served, null, request, reply, undefined, () => {
    const { transport } = served.provider.errors;
    throw tooLong ? transport.oversized('url') : transport.malformedPath();
  });
}

/** Finds the sandbox, runs `handler`, and turns errors into responses. */
function withContext(
  served: ServedProvider,
  operation: Operation | null,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
  handler: (context: RequestContext) => ReplyResult,
): ReplyResult {
  let context: RequestContext;
  try {
    context = openContext(served, operation, request, reply, body);
  } catch (error) {
    return sendError(served, request, reply, null, error);
  }
  if (context.sandbox.rewriting === null) return attempt(served, request, reply, context, handler);
  // A promise of the reply itself tells Fastify that the response is sent later.
  return rewritten(context.sandbox)
    .then(() => attempt(served, request, reply, context, handler))
    .then((sent) => sent ?? reply);
}

function attempt(
  served: ServedProvider,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext,
  handler: (context: RequestContext) => ReplyResult,
): ReplyResult {
  try {
    return handler(context);
  } catch (error) {
    return sendError(served, request, reply, context, error);
  }
}

/** The steps of this pipeline, for requests with a fault plan. */
function faultContextOf(
  served: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext,
  body: ArrivedBody,
  plan: FaultPlan,
): FaultContext {
  const { events } = served.sandboxes;
  return {
    reply,
    turn: turnOf(request, reply),
    heldConnections: served.heldConnections,
    faultsAfterAuth: served.provider.faultsAfterAuth === true,
    success: operation.success,
    failsAtCheckpoint: (entry) => operation.failsAtCheckpoint?.(entry) === true,
    authenticate: () => authenticate(served, operation, request, context),
    runHandler: async (caller, checkpointFault) => {
      // A rewrite may have begun while the fault delayed the request.
      await rewritten(context.sandbox);
      return runHandler(served, operation, request, context, { caller, checkpointFault, plan }, body);
    },
    serialize: (value) => serializeResponse(operation, value, served.checkAnswers),
    sendResponse: (text) => {
      reply.code(operation.success.status).headers(operation.success.headers);
      return send(served, request, reply, context, text);
    },
    sendError: (error) => sendError(served, request, reply, context, error),
    recordLost: (status, text) => {
      reply.code(status);
      recordExchange(context, events, request, reply, text, true);
    },
    recordPending: () => recordPending(context, events, request, reply),
    markUnanswered: () => markUnanswered(context.sandbox.db, context.requestId),
  };
}

function authenticate(
  { provider }: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  { sandbox }: RequestContext,
): unknown {
  return provider.auth.authenticate({ headers: request.headers, sandbox, operation: operation.operation });
}

/** Sets status and headers of a success and returns its text. */
function succeed({ checkAnswers }: ServedProvider, operation: Operation, reply: FastifyReply, value: unknown): string {
  const { status, headers } = operation.success;
  reply.code(status).headers(headers);
  return serializeResponse(operation, value, checkAnswers);
}

function sendError(
  served: ServedProvider,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext | null,
  error: unknown,
): FastifyReply {
  const { provider } = served;
  // A failed write in an open sandbox becomes the provider's own 500; a sandbox that cannot be opened, a Problem.
  const disk = error instanceof DiskError && context !== null;
  if (error instanceof Problem && !disk) {
    reply.code(error.status).header('content-type', PROBLEM_TYPE);
    return send(served, request, reply, context, JSON.stringify(error));
  }
  let failure: Failure;
  if (error instanceof Failure) failure = error;
  else {
    if (disk) request.log.error({ provider: provider.name, sandbox: context.sandbox.name }, error.message);
    else request.log.error({ err: error, provider: provider.name }, 'handler failed');
    failure = provider.errors.transport.crash();
  }
  const { status, headers, published } = failure.entry;
  reply.code(status).headers({ ...headers, ...failure.headers });
  if (published !== undefined) {
    reply.headers({ ...published.headers(), ...failure.headers });
    return send(served, request, reply, context, published.text());
  }
  const body = provider.errors.body(failure, {
    requestId: context?.providerRequestId ?? String(reply.getHeader(provider.requestId?.header ?? '') ?? ''),
  });
  reply.header('content-type', JSON_TYPE);
  return send(served, request, reply, context, JSON.stringify(body));
}

/** Sends a response whose status and headers are set. Without a context there is no sandbox to record it in. */
function send(
  { sandboxes }: ServedProvider,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext | null,
  payload: string,
): FastifyReply {
  if (context !== null) recordExchange(context, sandboxes.events, request, reply, payload);
  // Fastify would add a content type to an empty string.
  return payload === '' ? reply.send() : reply.send(payload);
}
