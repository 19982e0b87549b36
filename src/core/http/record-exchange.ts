// Records a request and its response in the sandbox's journal, and emits the events.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { markUnanswered } from '../deletions/ledger.ts';
import { hasReceipt } from '../deletions/receipts.ts';
import type { Place } from '../faults/meeting.ts';
import type { Events } from '../journal/events.ts';
import type { CapturedBody, Exchange, Journal } from '../journal/journal.ts';
import { faultOf, keylessOf, redactUrl, rounded } from '../journal/journal-entry.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import type { Database } from '../storage/database.ts';
import { turnOf } from './connection-order.ts';

/** Maximum size of a recorded body, in bytes. */
const CAPTURED_BYTES = 16 * 1024;

/** The data of a request that its journal entry needs. */
export interface ExchangeContext {
  readonly sandbox: {
    readonly name: string;
    readonly clock: { now(): number };
    readonly journal: Journal;
    readonly db?: Database;
    /** Whether it was deleted since the request arrived. */
    readonly deleted?: boolean;
    hold(): () => void;
  };
  readonly requestId: string;
  readonly provider: Provider | null;
  readonly operation: Operation | null;
  readonly matched: boolean;
  readonly body: ArrivedBody;
  /** Sandbox time of arrival, in ms since the epoch. */
  readonly at: number;
  /** `performance.now()` at arrival. */
  readonly started: number;
  notes: object | null;
  dryRun: boolean;
  /** Whether the operation wrote a receipt, or began to. */
  deletes: boolean;
  /** Whether the operation ran and succeeded. */
  done: boolean;
  /** The entry of a request whose response is pending. */
  pending: Exchange | null;
  /** Its place at a barrier, if it has one. */
  place?: Place;
}

/** What is not known of a request when it arrives. */
export const NOT_YET_KNOWN = { notes: null, dryRun: false, deletes: false, done: false, pending: null };

/** Records a request whose response takes time; `recordExchange` completes the entry. */
export function recordPending(context: ExchangeContext, events: Events, request: FastifyRequest, reply: FastifyReply) {
  if (context.pending !== null) return;
  const exchange = exchangeOf(context, request, reply);
  context.pending = exchange;
  context.sandbox.journal.add(exchange);
  if (!events.listening) return;
  const { id, method, url } = exchange;
  events.emit({
    type: 'pending',
    ...originOf(context),
    data: { id, ...targetOf(context), method, url: redactUrl(url), ...faultOf(exchange) },
  });
}

/**
 * Records a request and its response just before the response is sent: a client that has received the response finds
 * the entry, and responses lost on the wire (`lost`) are recorded too. When the connection closes before the response
 * is handed to it, entry and receipt say so.
 */
export function recordExchange(
  context: ExchangeContext,
  events: Events,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: string | null,
  lost = false,
): void {
  const { sandbox, pending } = context;
  const exchange = pending ?? exchangeOf(context, request, reply);
  exchange.durationMs = performance.now() - context.started;
  exchange.status = reply.statusCode;
  exchange.responseHeaders = reply.getHeaders();
  exchange.responseBody = payload === null || payload === '' ? null : captureBody(payload);
  exchange.notes = context.notes;
  exchange.done = context.done;
  exchange.delivered = !lost;
  if (!lost) followDelivery(context, exchange, request, reply);
  if (pending === null) sandbox.journal.add(exchange);
  else sandbox.journal.changed(exchange);
  context.place?.over();
  if (!events.listening) return;
  const { id, method, url, status, durationMs, delivered } = exchange;
  const origin = originOf(context);
  const target = targetOf(context);
  const fault = faultOf(exchange);
  const response = { method, url: redactUrl(url), status, durationMs: rounded(durationMs), delivered };
  events.emit({ type: 'request', ...origin, data: { id, ...target, ...response, ...fault, ...keylessOf(exchange) } });
  if (fault.fault !== undefined)
    events.emit({ type: 'fault', ...origin, data: { requestId: id, ...target, ...fault } });
  // The receipt is committed before the response is sent.
  if (sandbox.deleted !== true && sandbox.db !== undefined && hasReceipt(sandbox.db, id)) {
    events.emit({ type: 'deletion', ...origin, data: { requestId: id, ...target } });
  }
}

function originOf({ sandbox, at }: ExchangeContext) {
  return { sandbox: sandbox.name, at: new Date(at).toISOString() };
}

function targetOf({ provider, operation }: ExchangeContext) {
  return { provider: provider?.name ?? null, operation: operation?.operation ?? null };
}

/** The exchange without its response. */
function exchangeOf(context: ExchangeContext, request: FastifyRequest, reply: FastifyReply): Exchange {
  return {
    id: context.requestId,
    at: context.at,
    arrived: context.started,
    durationMs: 0,
    provider: context.provider,
    operation: context.operation,
    matched: context.matched,
    method: request.method,
    url: request.url,
    params: request.params as Record<string, string>,
    headers: request.headers,
    body: typeof context.body === 'object' ? captureBody(context.body) : null,
    status: null,
    responseHeaders: reply.getHeaders(),
    responseBody: null,
    notes: null,
    done: false,
    delivered: false,
    dryRun: context.dryRun,
  };
}

/** Corrects entry and receipt when the connection closes before the response is handed to it. */
function followDelivery(
  { sandbox, requestId, deletes }: ExchangeContext,
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  // The receipt can be corrected only while the sandbox is open.
  const release = deletes ? sandbox.hold() : null;
  turnOf(request, reply).onEnd((sent) => {
    if (!sent) {
      exchange.delivered = false;
      try {
        if (release !== null) markUnanswered(sandbox.db as Database, requestId);
      } catch (error) {
        request.log.error({ err: error, sandbox: sandbox.name }, 'a receipt could not be marked as unanswered');
      }
    }
    release?.();
  });
}

/** From this length on, texts are recorded as bytes: outside the heap they cost the garbage collector nothing. */
const LONG_TEXT = 1024;

/** A recorded body: at most `CAPTURED_BYTES` bytes, copied if they would retain other memory. */
function captureBody(content: Buffer | string): CapturedBody {
  if (typeof content === 'string') {
    if (content.length < LONG_TEXT) return { content, truncated: false };
    const truncated = content.length * 3 > CAPTURED_BYTES && Buffer.byteLength(content) > CAPTURED_BYTES;
    return { content: ownBytes(Buffer.from(truncated ? content.slice(0, CAPTURED_BYTES) : content)), truncated };
  }
  return { content: ownBytes(content), truncated: content.length > CAPTURED_BYTES };
}

/** The first `CAPTURED_BYTES` bytes, copied if they share a larger buffer: Node's pool or the socket's read buffer. */
function ownBytes(bytes: Buffer): Buffer {
  if (bytes.length <= CAPTURED_BYTES && bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(Math.min(bytes.length, CAPTURED_BYTES));
  bytes.copy(own);
  return own;
}
