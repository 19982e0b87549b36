// Records a request and its response in the sandbox's journal, and emits the events.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasReceipt } from '../deletions/receipts.ts';
import type { Events } from '../journal/events.ts';
import type { CapturedBody, Exchange, Journal } from '../journal/journal.ts';
import { faultOf, keylessOf, redactUrl, rounded } from '../journal/journal-entry.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import type { Database } from '../storage/database.ts';

/** Maximum size of a recorded body, in bytes. */
const CAPTURED_BYTES = 16 * 1024;

/** The data of a request that its journal entry needs. */
export interface ExchangeContext {
  readonly sandbox: {
    readonly name: string;
    readonly clock: { now(): number };
    readonly journal: Journal;
    readonly db?: Database;
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
  readonly notes: object | null;
}

/**
 * Records a request and its response just before the response is sent: a client that has received the response finds
 * the entry, and responses lost on the wire are recorded too.
 */
export function recordExchange(
  context: ExchangeContext,
  events: Events,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: string | null,
): void {
  const { sandbox, provider, operation } = context;
  const exchange: Exchange = {
    id: context.requestId,
    at: context.at,
    durationMs: performance.now() - context.started,
    provider,
    operation,
    matched: context.matched,
    method: request.method,
    url: request.url,
    params: request.params as Record<string, string>,
    headers: request.headers,
    body: typeof context.body === 'object' ? captureBody(context.body) : null,
    status: reply.statusCode,
    responseHeaders: reply.getHeaders(),
    responseBody: payload === null || payload === '' ? null : captureBody(payload),
    notes: context.notes,
  };
  sandbox.journal.add(exchange);
  if (!events.listening) return;
  const { id, method, url, status, durationMs } = exchange;
  const origin = { sandbox: sandbox.name, at: new Date(exchange.at).toISOString() };
  const target = { provider: provider?.name ?? null, operation: operation?.operation ?? null };
  const fault = faultOf(exchange);
  const response = { method, url: redactUrl(url), status, durationMs: rounded(durationMs) };
  events.emit({ type: 'request', ...origin, data: { id, ...target, ...response, ...fault, ...keylessOf(exchange) } });
  if (fault.fault !== undefined)
    events.emit({ type: 'fault', ...origin, data: { requestId: id, ...target, ...fault } });
  // The receipt is committed before the response is sent.
  if (sandbox.db !== undefined && hasReceipt(sandbox.db, id)) {
    events.emit({ type: 'deletion', ...origin, data: { requestId: id, ...target } });
  }
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
