// Runs the handler of an operation with the call that is made from the request.
import type { FastifyRequest } from 'fastify';
import { type DeletionOptions, LargeDeletion } from '../deletions/ledger.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation } from '../provider/provider.ts';
import { Call } from './call.ts';
import { check, readBody } from './input.ts';
import { deleteInSlices } from './large-deletion.ts';
import type { RequestContext, ServedProvider } from './request-context.ts';
import { isRootMounted } from './root-mounts.ts';

/** What is known of a request before its handler runs. */
interface Found {
  readonly caller: unknown;
  readonly checkpointFault: (() => never) | null;
  readonly plan: FaultPlan | null;
}

/**
 * Validates the input and runs the handler. A deletion of too many rows runs in slices, while other sandboxes are served;
 * the result is a promise then.
 *
 * @throws Failure or Problem
 */
export function runHandler(
  served: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  context: RequestContext,
  found: Found,
  body: ArrivedBody,
): unknown {
  const dryRun = found.plan?.dryRun ?? false;
  const run = (deletion: DeletionOptions) =>
    operation.handle(callOf(served, operation, request, context, found, deletion, body));
  const committed = (value: unknown) => {
    context.done = true;
    context.place?.committed();
    return value;
  };
  try {
    return committed(run({ dryRun, bounded: true }));
  } catch (error) {
    if (!(error instanceof LargeDeletion)) throw error;
    return deleteInSlices(context, dryRun, run).then(committed);
  }
}

function callOf(
  { provider }: ServedProvider,
  operation: Operation,
  request: FastifyRequest,
  context: RequestContext,
  found: Found,
  deletion: DeletionOptions,
  arrived: ArrivedBody,
): Call {
  const errors = provider.errors;
  const { body, headers, params, query } = operation;
  const { mode, publicUrl } = context.sandbox.settings;
  if (context.digest !== null) context.sandbox.ids.drawFor(context.digest);
  const input = body === null ? null : readBody(errors, body, arrived, request.headers['content-type'], mode);
  return new Call({
    sandbox: context.sandbox,
    requestId: context.requestId,
    providerRequestId: context.providerRequestId,
    entry: context,
    operation: { provider: provider.name, name: operation.operation },
    publicBase: `${publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`}${isRootMounted(request.raw) ? '' : provider.mount}`,
    caller: found.caller,
    checkpointFault: found.checkpointFault,
    dryRun: found.plan?.dryRun ?? false,
    deletion,
    delayMs: found.plan?.delayMs ?? 0,
    headers: headers === null ? undefined : check(errors, 'headers', headers, request.headers),
    params: params === null ? undefined : check(errors, 'path', params, request.params),
    query: query === null ? undefined : check(errors, 'query', query, request.query),
    body: input === null ? undefined : check(errors, 'body', input.schema, input.value),
  });
}
