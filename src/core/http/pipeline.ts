// The way of a request through a provider: sandbox, planned fault, key, input, handler, answer. One wrapper for all.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { markUnanswered } from '../deletions/ledger.ts';
import { decide } from '../faults/choose-fault.ts';
import type { Wish } from '../faults/fault-plan.ts';
import { serveWished, type Way } from '../faults/inject-fault.ts';
import type { Hung } from '../faults/wire-faults.ts';
import { JSON_TYPE, PROBLEM_TYPE, Problem } from '../problem.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import { Failure } from '../provider/errors.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { requestId } from '../random-ids.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type Sandboxes, sandboxName, UnknownSandbox } from '../sandbox/sandboxes.ts';
import { DiskError } from '../storage/disk.ts';
import { Call } from './call.ts';
import { markReadable } from './cors.ts';
import { check, readBody } from './input.ts';
import { enter, type Visit } from './record-exchange.ts';
import { sendSoon } from './response-batch.ts';
import { isRooted } from './root-mounts.ts';
import { answerText } from './serializer.ts';

/** A provider on a server. */
export interface Served {
  readonly provider: Provider;
  readonly sandboxes: Sandboxes;
  /** Parse every answer with its schema before it is sent; a wrong one becomes a crash. */
  readonly checkAnswers: boolean;
  /** Whether ids such as `u_fail_503` order a fault. */
  readonly magicIds: boolean;
  /** What a fault holds until their client goes, or the server ends. */
  readonly hung: Hung;
}

/** Which sandbox a request is in, the ids it goes by, and what the journal wants to know of it. */
interface Arrival extends Visit {
  readonly sandbox: Sandbox;
  readonly providerRequestId: string | null;
  notes: object | null;
}

/** A reply that is sent, one that will be, or nothing where it goes out with others. */
type Answering = FastifyReply | Promise<FastifyReply> | undefined;

/** Serves one request of an operation, from the choice of the sandbox to the answer. */
export function serve(
  served: Served,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
): Answering {
  return guarded(served, operation, request, reply, body, (arrival) => {
    const { provider } = served;
    const parameters = request.params as Record<string, string>;
    for (const name in parameters) {
      // A router reads `/users/` as a user with an empty id; to a provider it is another path.
      if (parameters[name] === '') throw provider.errors.transport.unknownRoute(request);
    }
    const wish = decide(served, operation, request, arrival.sandbox, body);
    if (wish !== null) {
      const release = arrival.sandbox.hold();
      return serveWished(wish, wayOf(served, operation, request, reply, arrival, body, wish)).finally(release);
    }
    const caller = admit(served, operation, request, arrival);
    const found = { caller, late: null, wish: null };
    const value = operation.handle(callOf(served, operation, request, arrival, found, body));
    if (value instanceof Promise) {
      const release = arrival.sandbox.hold();
      return value
        .finally(release)
        .then((value) => successOf(served, operation, reply, value))
        .then(
          (text) => send(served, request, reply, arrival, text),
          (error) => refuse(served, request, reply, arrival, error),
        );
    }
    const payload = successOf(served, operation, reply, value);
    enter(arrival, served.sandboxes.events, request, reply, payload);
    sendSoon({ reply, payload, refuse: (error) => refuse(served, request, reply, null, error) });
    return undefined;
  });
}

/** Answers a request that matches no operation, in the provider's words. */
export function serveUnknown(served: Served, request: FastifyRequest, reply: FastifyReply): Answering {
  return guarded(served, null, request, reply, undefined, () => {
    throw served.provider.errors.transport.unknownRoute(request);
  });
}

/** Answers a request whose body broke off; the operation does not run. */
export function serveBroken(
  served: Served,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Answering {
  return guarded(served, operation, request, reply, undefined, () => {
    throw served.provider.errors.transport.invalidJson();
  });
}

/** Answers a request whose path cannot be read. */
export function serveMalformed(served: Served, request: FastifyRequest, reply: FastifyReply): Answering {
  return guarded(served, null, request, reply, undefined, () => {
    throw served.provider.errors.transport.malformedPath();
  });
}

/** Finds the sandbox, runs `work`, and turns whatever it throws into an answer. */
function guarded(
  served: Served,
  operation: Operation | null,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
  work: (arrival: Arrival) => Answering,
): Answering {
  let arrival: Arrival;
  try {
    arrival = arrive(served, operation, request, reply, body);
  } catch (error) {
    return refuse(served, request, reply, null, error);
  }
  try {
    return work(arrival);
  } catch (error) {
    return refuse(served, request, reply, arrival, error);
  }
}

function arrive(
  { provider, sandboxes }: Served,
  operation: Operation | null,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
): Arrival {
  const started = performance.now();
  markReadable(reply, provider);
  const id = requestId();
  reply.header('x-understudy-request', id);
  const providerRequestId = provider.requestId?.next() ?? null;
  if (provider.requestId !== undefined) reply.header(provider.requestId.header, providerRequestId);
  const name = sandboxName(request.headers['x-understudy-sandbox'], provider.auth.credentials(request.headers));
  reply.header('x-understudy-sandbox', name);
  const sandbox = enteredBy(provider, sandboxes, name);
  if (sandbox.restarted) {
    // Told once: whoever set this sandbox up should know that it is a new one.
    reply.header('x-understudy-sandbox-restarted', 'true');
    sandbox.restarted = false;
  }
  const at = sandbox.clock.now();
  const matched = operation !== null;
  return { sandbox, requestId: id, providerRequestId, provider, operation, matched, body, at, started, notes: null };
}

/** The sandbox of that name; where none may be made by its use, the key that names it is not known. */
function enteredBy(provider: Provider, sandboxes: Sandboxes, name: string): Sandbox {
  try {
    return sandboxes.find(name);
  } catch (error) {
    throw error instanceof UnknownSandbox ? provider.auth.unknownSandbox() : error;
  }
}

/** The steps of this pipeline, for a request that carries a wish. */
function wayOf(
  served: Served,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival,
  body: ArrivedBody,
  wish: Wish,
): Way {
  return {
    reply,
    hung: served.hung,
    faultsAfterAuth: served.provider.faultsAfterAuth === true,
    success: operation.success,
    isLate: (entry) => operation.lateFault?.(entry) === true,
    admit: () => admit(served, operation, request, arrival),
    work: (caller, late) => operation.handle(callOf(served, operation, request, arrival, { caller, late, wish }, body)),
    text: (value) => answerText(operation, value, served.checkAnswers),
    answer: (text) => {
      reply.code(operation.success.status).headers(operation.success.headers);
      return send(served, request, reply, arrival, text);
    },
    refuse: (error) => refuse(served, request, reply, arrival, error),
    lost: (status, text) => {
      reply.code(status);
      enter(arrival, served.sandboxes.events, request, reply, text);
    },
    unanswered: () => markUnanswered(arrival.sandbox.db, arrival.requestId),
  };
}

function admit({ provider }: Served, operation: Operation, request: FastifyRequest, { sandbox }: Arrival): unknown {
  return provider.auth.admit({ headers: request.headers, sandbox, operation: operation.operation });
}

function callOf(
  { provider }: Served,
  operation: Operation,
  request: FastifyRequest,
  arrival: Arrival,
  found: { caller: unknown; late: (() => never) | null; wish: Wish | null },
  arrived: ArrivedBody,
): Call {
  const words = provider.errors;
  const { body, headers, params, query } = operation;
  const { mode, publicUrl } = arrival.sandbox.settings;
  let content: unknown;
  if (body !== null) {
    content = readBody(words, arrived, request.headers['content-type']);
    if (content === undefined) {
      if (body.required) throw words.transport.missingBody();
      content = {};
    }
  }
  return new Call({
    sandbox: arrival.sandbox,
    requestId: arrival.requestId,
    providerRequestId: arrival.providerRequestId,
    entry: arrival,
    operation: { provider: provider.name, name: operation.operation },
    publicBase: `${publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`}${isRooted(request.raw) ? '' : provider.mount}`,
    caller: found.caller,
    late: found.late,
    dryRun: found.wish?.dryRun ?? false,
    delayMs: found.wish?.delayMs ?? 0,
    headers: headers === null ? undefined : check(words, 'headers', headers, request.headers),
    params: params === null ? undefined : check(words, 'path', params, request.params),
    query: query === null ? undefined : check(words, 'query', query, request.query),
    body: body === null ? undefined : check(words, 'body', body[mode === 'example' ? 'example' : 'schema'], content),
  });
}

/** The text of a success; its status and headers are set. */
function successOf({ checkAnswers }: Served, operation: Operation, reply: FastifyReply, value: unknown): string {
  const { status, headers } = operation.success;
  reply.code(status).headers(headers);
  return answerText(operation, value, checkAnswers);
}

function refuse(
  served: Served,
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival | null,
  error: unknown,
): FastifyReply {
  const { provider } = served;
  // A sandbox that is there and cannot write now is the provider's own failure; one that cannot be had is the sandbox's.
  const disk = error instanceof DiskError && arrival !== null;
  if (error instanceof Problem && !disk) {
    reply.code(error.status).header('content-type', PROBLEM_TYPE);
    return send(served, request, reply, arrival, JSON.stringify(error));
  }
  let failure: Failure;
  if (error instanceof Failure) failure = error;
  else {
    if (disk) request.log.error({ provider: provider.name, sandbox: arrival.sandbox.name }, error.message);
    else request.log.error({ err: error, provider: provider.name }, 'a handler failed');
    failure = provider.errors.transport.crash();
  }
  const body = provider.errors.body(failure, {
    requestId: arrival?.providerRequestId ?? String(reply.getHeader(provider.requestId?.header ?? '') ?? ''),
  });
  reply.code(failure.entry.status).headers({ ...failure.entry.headers, ...failure.headers, 'content-type': JSON_TYPE });
  return send(served, request, reply, arrival, JSON.stringify(body));
}

/** Sends an answer that has its status and headers. Without an arrival there is no sandbox to remember it. */
function send(
  { sandboxes }: Served,
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival | null,
  payload: string,
): FastifyReply {
  if (arrival !== null) enter(arrival, sandboxes.events, request, reply, payload);
  // An empty text would be sent with a type.
  return payload === '' ? reply.send() : reply.send(payload);
}
