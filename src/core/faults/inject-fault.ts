// Injects a planned fault: delays, fails, or runs the operation and drops the response. The only place that does.
import type { FastifyReply } from 'fastify';
import type { CatalogueEntry } from '../provider/errors.ts';
import { Failure } from '../provider/errors.ts';
import type { Operation } from '../provider/provider.ts';
import type { Effect, FaultPlan } from './fault-plan.ts';
import { breakConnection, type HeldConnections } from './wire-faults.ts';

/** Names the source of the fault on every affected response. */
const FAULT_HEADER = 'x-understudy-fault';

/** The steps of the pipeline, for a request that has a fault plan. */
export interface FaultContext {
  readonly reply: FastifyReply;
  readonly heldConnections: HeldConnections;
  /** Status and headers of the operation's success. */
  readonly success: Operation['success'];
  /** Whether faults are injected after authentication instead of before; depends on the provider. */
  readonly faultsAfterAuth: boolean;
  /** Whether an error is thrown at the handler's checkpoint. */
  failsAtCheckpoint(entry: CatalogueEntry): boolean;
  authenticate(): unknown;
  /** Validates the input and runs the handler. */
  runHandler(caller: unknown, checkpointFault: (() => never) | null): unknown;
  /** The handler's value as the response's text. */
  serialize(value: unknown): string;
  sendResponse(text: string): FastifyReply;
  sendError(error: unknown): FastifyReply;
  /** Records a response that is not sent in the journal. */
  recordLost(status: number, text: string): void;
  /** Marks the deletion's receipt: its response did not reach the client. */
  markUnanswered(): void;
}

/** Serves a request with a fault plan. The result is exactly one of response, error or broken connection. */
export async function serveWithFault(plan: FaultPlan, context: FaultContext): Promise<FastifyReply> {
  const { reply } = context;
  try {
    const before = async () => plan.phase === 'before' && (await failBefore(plan, context));
    if (!context.faultsAfterAuth && (await before())) return reply;
    const caller = context.authenticate();
    if (context.faultsAfterAuth && (await before())) return reply;
    const checkpointFault = checkpointFaultOf(plan, context);
    const value = await context.runHandler(caller, checkpointFault);
    if (plan.phase === 'before') return context.sendResponse(context.serialize(value));
    return await failAfter(plan, context, context.serialize(value));
  } catch (error) {
    // Authentication or the operation failed first: the fault was not injected, and its rule is not used up.
    if (!reply.hasHeader(FAULT_HEADER)) plan.notInjected?.();
    return context.sendError(error);
  }
}

/** Injects delay and fault before the operation; true when the request is finished. */
async function failBefore(plan: FaultPlan, context: FaultContext): Promise<boolean> {
  const { effect } = plan;
  if (plan.delayMs > 0) {
    setFaultHeaders(plan, context.reply);
    // The client disconnected during the delay: the operation does not run.
    if (await clientLeftWithin(plan.delayMs, context.reply)) {
      context.recordLost(499, '');
      context.reply.hijack();
      return true;
    }
  }
  if (effect === null) {
    if (plan.dryRun) setFaultHeaders(plan, context.reply);
    return false;
  }
  if (effect.kind === 'wire') {
    setFaultHeaders(plan, context.reply);
    context.recordLost(context.success.status, '');
    breakConnection(context.reply, context.heldConnections, effect.fault, { ...context.success, payload: '{}' });
    return true;
  }
  if (context.failsAtCheckpoint(effect.entry)) return false;
  throw failureOf(plan, effect, context.reply);
}

/** Delays, replaces or drops the response of an operation that has committed. */
async function failAfter(plan: FaultPlan, context: FaultContext, text: string): Promise<FastifyReply> {
  const { effect } = plan;
  setFaultHeaders(plan, context.reply);
  if (plan.delayMs > 0 && (await clientLeftWithin(plan.delayMs, context.reply))) {
    context.markUnanswered();
    context.recordLost(499, text);
    context.reply.hijack();
    return context.reply;
  }
  if (effect === null) return context.sendResponse(text);
  context.markUnanswered();
  if (effect.kind === 'error') throw failureOf(plan, effect, context.reply);
  context.recordLost(context.success.status, text);
  breakConnection(context.reply, context.heldConnections, effect.fault, { ...context.success, payload: text });
  return context.reply;
}

function checkpointFaultOf(plan: FaultPlan, context: FaultContext): (() => never) | null {
  const { effect } = plan;
  if (plan.phase !== 'before' || effect?.kind !== 'error' || !context.failsAtCheckpoint(effect.entry)) return null;
  return () => {
    throw failureOf(plan, effect, context.reply);
  };
}

function failureOf(plan: FaultPlan, { entry, headers = {} }: Effect & { kind: 'error' }, reply: FastifyReply): Failure {
  setFaultHeaders(plan, reply);
  return new Failure(entry, entry.message, {}, headers);
}

function setFaultHeaders(plan: FaultPlan, reply: FastifyReply): void {
  reply.header(FAULT_HEADER, plan.source);
  if (plan.applied !== null) reply.header('preference-applied', plan.applied);
}

/** Waits for `ms`; resolves early with true when the client disconnects. */
function clientLeftWithin(ms: number, { raw }: FastifyReply): Promise<boolean> {
  return new Promise((resolve) => {
    const left = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      raw.off('close', left);
      resolve(false);
    }, ms);
    raw.once('close', left);
  });
}
