// The way of a request through a provider: sandbox, planned fault, key, input, handler, answer. One wrapper for all.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Call } from './call.ts';
import { markReadable } from './cors.ts';
import { Failure } from './errors.ts';
import { preferredWish, type Wish } from './faults.ts';
import { requestId } from './ids.ts';
import { type ArrivedBody, check, readBody } from './input.ts';
import { Problem } from './problem.ts';
import type { Operation, Provider } from './provider.ts';
import { refuse as sendProblem } from './refuse.ts';
import { isRooted } from './root-mounts.ts';
import type { Sandbox } from './sandbox.ts';
import { type Sandboxes, sandboxName } from './sandboxes.ts';
import { compileSerializer } from './serializer.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** A provider on a server. */
export interface Served {
  readonly provider: Provider;
  readonly sandboxes: Sandboxes;
  /** Parse every answer with its schema before it is sent; a wrong one becomes a crash. */
  readonly checkAnswers: boolean;
}

/** Which sandbox a request is in, and the ids it goes by. */
interface Arrival {
  readonly sandbox: Sandbox;
  readonly requestId: string;
  readonly providerRequestId: string | null;
}

const serializers = new WeakMap<Operation, (value: unknown) => string>();

/** Serves one request of an operation, from the choice of the sandbox to the answer. */
export function serve(
  served: Served,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ArrivedBody,
): FastifyReply | Promise<FastifyReply> {
  return guarded(served, request, reply, (arrival) => {
    const { provider } = served;
    const parameters = request.params as Record<string, string>;
    for (const name in parameters) {
      // A router reads `/users/` as a user with an empty id; to a provider it is another path.
      if (parameters[name] === '') throw provider.errors.transport.unknownRoute(request);
    }
    const wish = preferredWish(request.headers.prefer as string | undefined, provider.errors, operation);
    const late = wish !== null && operation.lateFault?.(wish.entry) === true;
    const early = late ? null : wish;
    if (!provider.faultsAfterAuth) deliver(early, reply);
    const caller = provider.auth.admit({
      headers: request.headers,
      sandbox: arrival.sandbox,
      operation: operation.operation,
    });
    if (provider.faultsAfterAuth) deliver(early, reply);
    const value = operation.handle(
      callOf(served, operation, request, arrival, { caller, late: late ? () => strike(wish, reply) : null }, body),
    );
    if (value instanceof Promise) {
      return value.then(
        (value) => answer(served, operation, reply, value),
        (error) => refuse(served, request, reply, arrival, error),
      );
    }
    return answer(served, operation, reply, value);
  });
}

/** Answers a request that matches no operation, in the provider's words. */
export function serveUnknown(
  served: Served,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  return guarded(served, request, reply, () => {
    throw served.provider.errors.transport.unknownRoute(request);
  });
}

/** Answers a request whose path cannot be read. */
export function serveMalformed(
  served: Served,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  return guarded(served, request, reply, () => {
    throw served.provider.errors.transport.malformedPath();
  });
}

/** Finds the sandbox, runs `work`, and turns whatever it throws into an answer. */
function guarded(
  served: Served,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (arrival: Arrival) => FastifyReply | Promise<FastifyReply>,
): FastifyReply | Promise<FastifyReply> {
  let arrival: Arrival;
  try {
    arrival = arrive(served, request, reply);
  } catch (error) {
    return refuse(served, request, reply, null, error);
  }
  try {
    return work(arrival);
  } catch (error) {
    return refuse(served, request, reply, arrival, error);
  }
}

function arrive({ provider, sandboxes }: Served, request: FastifyRequest, reply: FastifyReply): Arrival {
  markReadable(reply, provider);
  const id = requestId();
  reply.header('x-understudy-request', id);
  const providerRequestId = provider.requestId?.next() ?? null;
  if (provider.requestId !== undefined) reply.header(provider.requestId.header, providerRequestId);
  const name = sandboxName(request.headers['x-understudy-sandbox'], provider.auth.credentials(request.headers));
  reply.header('x-understudy-sandbox', name);
  return { sandbox: sandboxes.find(name), requestId: id, providerRequestId };
}

function deliver(wish: Wish | null, reply: FastifyReply): void {
  if (wish !== null) strike(wish, reply);
}

function strike(wish: Wish, reply: FastifyReply): never {
  reply.header('x-understudy-fault', wish.source).header('preference-applied', wish.applied);
  throw new Failure(wish.entry);
}

function callOf(
  { provider }: Served,
  operation: Operation,
  request: FastifyRequest,
  arrival: Arrival,
  found: { caller: unknown; late: (() => never) | null },
  arrived: ArrivedBody,
): Call {
  const words = provider.errors;
  const { body, headers, params, query } = operation;
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
    operation: { provider: provider.name, name: operation.operation },
    publicBase: `http://${request.headers.host ?? 'localhost'}${isRooted(request.raw) ? '' : provider.mount}`,
    caller: found.caller,
    late: found.late,
    headers: headers === null ? undefined : check(words, 'headers', headers, request.headers),
    params: params === null ? undefined : check(words, 'path', params, request.params),
    query: query === null ? undefined : check(words, 'query', query, request.query),
    body: body === null ? undefined : check(words, 'body', body.schema, content),
  });
}

function answer({ checkAnswers }: Served, operation: Operation, reply: FastifyReply, value: unknown): FastifyReply {
  if (checkAnswers) operation.answer.parse(value);
  let serialize = serializers.get(operation);
  if (serialize === undefined) {
    serialize = compileSerializer(operation.answer);
    serializers.set(operation, serialize);
  }
  return reply.code(200).header('content-type', JSON_TYPE).send(serialize(value));
}

function refuse(
  { provider }: Served,
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival | null,
  error: unknown,
): FastifyReply {
  if (error instanceof Problem) return sendProblem(reply, error);
  let failure: Failure;
  if (error instanceof Failure) failure = error;
  else {
    request.log.error({ err: error, provider: provider.name }, 'a handler failed');
    failure = provider.errors.transport.crash();
  }
  const body = provider.errors.body(failure, { requestId: arrival?.providerRequestId ?? '' });
  return reply
    .code(failure.entry.status)
    .headers({ ...failure.entry.headers, 'content-type': JSON_TYPE })
    .send(JSON.stringify(body));
}
