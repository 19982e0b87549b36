// Delivers a wish: waits, fails, or lets the operation happen and loses its answer. The one place that does.
import type { FastifyReply } from 'fastify';
import type { CatalogueEntry } from '../provider/errors.ts';
import { Failure } from '../provider/errors.ts';
import type { Operation } from '../provider/provider.ts';
import type { Effect, Wish } from './fault-plan.ts';
import { type Hung, spoil } from './wire-faults.ts';

/** On every answer that was bent on purpose. */
const FAULT_HEADER = 'x-understudy-fault';

/** The steps of the pipeline, for a request that carries a wish. */
export interface Way {
  readonly reply: FastifyReply;
  readonly hung: Hung;
  /** What the operation's success is sent with. */
  readonly success: Operation['success'];
  /** Whether planned faults come after the key check (the provider's choice). */
  readonly faultsAfterAuth: boolean;
  /** Whether an error waits inside the handler, at its checkpoint. */
  isLate(entry: CatalogueEntry): boolean;
  admit(): unknown;
  /** Reads the input and runs the handler. */
  work(caller: unknown, late: (() => never) | null): unknown;
  /** The handler's value as the answer's text. */
  text(value: unknown): string;
  answer(text: string): FastifyReply;
  refuse(error: unknown): FastifyReply;
  /** Enters an answer that does not go out into the journal. */
  lost(status: number, text: string): void;
  /** Marks the receipt of a deletion whose answer did not reach the client. */
  unanswered(): void;
}

/** Serves a request that carries a wish. Whatever happens, exactly one of answer, refusal or spoiled wire follows. */
export async function serveWished(wish: Wish, way: Way): Promise<FastifyReply> {
  const { reply } = way;
  try {
    const before = async () => wish.phase === 'before' && (await strikeBefore(wish, way));
    if (!way.faultsAfterAuth && (await before())) return reply;
    const caller = way.admit();
    if (way.faultsAfterAuth && (await before())) return reply;
    const late = lateOf(wish, way);
    const value = await way.work(caller, late);
    if (wish.phase === 'before') return way.answer(way.text(value));
    return await strikeAfter(wish, way, way.text(value));
  } catch (error) {
    // Something else failed first (the key, the operation itself): the fault met nobody and is still to come.
    if (!reply.hasHeader(FAULT_HEADER)) wish.unspent?.();
    return way.refuse(error);
  }
}

/** Delay and fault before anything happens; true when the request is over. */
async function strikeBefore(wish: Wish, way: Way): Promise<boolean> {
  const { effect } = wish;
  if (wish.delayMs > 0) {
    announce(wish, way.reply);
    // A client that left in the meantime has changed nothing.
    if (await leftWithin(wish.delayMs, way.reply)) {
      way.lost(499, '');
      way.reply.hijack();
      return true;
    }
  }
  if (effect === null) {
    if (wish.dryRun) announce(wish, way.reply);
    return false;
  }
  if (effect.kind === 'wire') {
    announce(wish, way.reply);
    way.lost(way.success.status, '');
    spoil(way.reply, way.hung, effect.fault, { ...way.success, payload: '{}' });
    return true;
  }
  if (way.isLate(effect.entry)) return false;
  throw failureOf(wish, effect, way.reply);
}

/** The operation took effect: now its answer is late, replaced or lost. */
async function strikeAfter(wish: Wish, way: Way, text: string): Promise<FastifyReply> {
  const { effect } = wish;
  announce(wish, way.reply);
  if (wish.delayMs > 0 && (await leftWithin(wish.delayMs, way.reply))) {
    way.unanswered();
    way.lost(499, text);
    way.reply.hijack();
    return way.reply;
  }
  if (effect === null) return way.answer(text);
  way.unanswered();
  if (effect.kind === 'error') throw failureOf(wish, effect, way.reply);
  way.lost(way.success.status, text);
  spoil(way.reply, way.hung, effect.fault, { ...way.success, payload: text });
  return way.reply;
}

function lateOf(wish: Wish, way: Way): (() => never) | null {
  const { effect } = wish;
  if (wish.phase !== 'before' || effect?.kind !== 'error' || !way.isLate(effect.entry)) return null;
  return () => {
    throw failureOf(wish, effect, way.reply);
  };
}

function failureOf(wish: Wish, { entry, headers = {} }: Effect & { kind: 'error' }, reply: FastifyReply): Failure {
  announce(wish, reply);
  return new Failure(entry, entry.message, {}, headers);
}

function announce(wish: Wish, reply: FastifyReply): void {
  reply.header(FAULT_HEADER, wish.source);
  if (wish.applied !== null) reply.header('preference-applied', wish.applied);
}

/** Waits; true as soon as the client is gone. */
function leftWithin(ms: number, { raw }: FastifyReply): Promise<boolean> {
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
