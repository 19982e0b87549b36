// Injects a planned fault: delays, fails, or runs the operation and drops the response. The only place that does.
import type { FastifyReply } from 'fastify';
import { CLIENT_LEFT } from '../journal/request-pattern.ts';
import type { CatalogueEntry } from '../provider/errors.ts';
import { Failure } from '../provider/errors.ts';
import type { Operation } from '../provider/provider.ts';
import type { Effect, FaultPlan, WireFault } from './fault-plan.ts';
import { breakConnection, type HeldConnections } from './wire-faults.ts';

/** Names the source of the fault on every affected response. */
const FAULT_HEADER = 'x-understudy-fault';

/** The steps of the pipeline, for a request that has a fault plan. */
export interface FaultContext {
  readonly reply: FastifyReply;
  /** The request's connection: the responses before this one, and whether it has closed. */
  readonly turn: {
    first(): Promise<void>;
    readonly closed: boolean;
    onEnd(listener: (sent: boolean) => void): void;
  };
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
  /** Records the request in the journal before its response is known. */
  recordPending(): void;
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
    context.recordPending();
    // The client disconnected during the delay: the operation does not run.
    if (await clientLeftWithin(plan.delayMs, context)) {
      context.recordLost(CLIENT_LEFT, '');
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
    await loseResponse(effect.fault, context, { recorded: '', sent: '{}' });
    return true;
  }
  if (context.failsAtCheckpoint(effect.entry)) return false;
  throw failureOf(plan, effect, context.reply);
}

/** Delays, replaces or drops the response of an operation that has committed. */
async function failAfter(plan: FaultPlan, context: FaultContext, text: string): Promise<FastifyReply> {
  const { effect } = plan;
  setFaultHeaders(plan, context.reply);
  if (plan.delayMs > 0) {
    context.recordPending();
    if (await clientLeftWithin(plan.delayMs, context)) {
      context.markUnanswered();
      context.recordLost(CLIENT_LEFT, text);
      context.reply.hijack();
      return context.reply;
    }
  }
  if (effect === null) return context.sendResponse(text);
  context.markUnanswered();
  if (effect.kind === 'error') throw failureOf(plan, effect, context.reply);
  await loseResponse(effect.fault, context, { recorded: text, sent: text });
  return context.reply;
}

/** Breaks the connection behind the responses that are before this one, and completes the entry. */
async function loseResponse(
  fault: WireFault,
  context: FaultContext,
  text: { readonly recorded: string; readonly sent: string },
): Promise<void> {
  const { reply, turn, success, heldConnections } = context;
  const record = () => context.recordLost(success.status, text.recorded);
  if (fault === 'hang') {
    context.recordPending();
    turn.onEnd(record);
  } else {
    await turn.first();
    record();
    // The client left meanwhile; there is nothing left to break.
    if (turn.closed) {
      reply.hijack();
      return;
    }
  }
  breakConnection(reply, heldConnections, fault, { ...success, payload: text.sent });
}

function checkpointFaultOf(plan: FaultPlan, context: FaultContext): (() => never) | null {
  const { effect } = plan;
  if (plan.phase !== 'before' || effect?.kind !== 'error' || !context.failsAtCheckpoint(effect.entry)) return null;
  return () => {
    throw failureOf(plan, effect, context.reply);
  };
}

function failureOf(
  plan: FaultPlan,
  { entry, headers = {}, integration }: Effect & { kind: 'error' },
  reply: FastifyReply,
): Failure {
  setFaultHeaders(plan, reply);
  if (integration === undefined) return new Failure(entry, entry.message, {}, headers);
  return new Failure(entry, entry.integrations?.get(integration), { integrationCode: integration }, headers);
}

function setFaultHeaders(plan: FaultPlan, reply: FastifyReply): void {
  reply.header(FAULT_HEADER, plan.source);
  if (plan.applied !== null) reply.header('preference-applied', plan.applied);
}

/** Waits for `ms`; resolves early with true when the client disconnects. */
function clientLeftWithin(ms: number, { turn }: FaultContext): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    turn.onEnd(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
