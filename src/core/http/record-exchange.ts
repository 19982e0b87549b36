// What is known of a request while it is served, and how it gets into its sandbox's journal.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasReceipt } from '../deletions/receipts.ts';
import type { Events } from '../journal/events.ts';
import type { CapturedBody, Exchange, Journal } from '../journal/journal.ts';
import { faultOf, redactUrl, rounded } from '../journal/journal-entry.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import type { Database } from '../storage/database.ts';

/** How much of a body is kept, in bytes. */
const CAPTURED_BYTES = 16 * 1024;

/** What is known of a request while it is served. */
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
  readonly at: number;
  /** When it came, on a clock that nobody moves. */
  readonly started: number;
  readonly notes: object | null;
}

/**
 * Enters a request and its answer, just before the answer is sent: whoever has the answer finds the entry, and an
 * answer that is lost on the way is in it too.
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
  events.emit({ type: 'request', ...origin, data: { id, ...target, ...response, ...fault } });
  if (fault.fault !== undefined)
    events.emit({ type: 'fault', ...origin, data: { requestId: id, ...target, ...fault } });
  // The receipt stands in the database by the time the answer goes out.
  if (sandbox.db !== undefined && hasReceipt(sandbox.db, id)) {
    events.emit({ type: 'deletion', ...origin, data: { requestId: id, ...target } });
  }
}

/** A body as the journal keeps it: at most `CAPTURED_BYTES` bytes, which retain no memory besides their own. */
function captureBody(content: Buffer | string): CapturedBody {
  if (typeof content === 'string') {
    // A character takes at most three bytes, so a short string need not be measured.
    if (content.length * 3 <= CAPTURED_BYTES || Buffer.byteLength(content) <= CAPTURED_BYTES)
      return { content, truncated: false };
    // A slice of a string would retain the whole string.
    return { content: ownBytes(Buffer.from(content.slice(0, CAPTURED_BYTES))), truncated: true };
  }
  return { content: ownBytes(content), truncated: content.length > CAPTURED_BYTES };
}

/** The first `CAPTURED_BYTES` bytes, copied if they are part of larger memory: Node's pool, or what the socket read. */
function ownBytes(bytes: Buffer): Buffer {
  if (bytes.length <= CAPTURED_BYTES && bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(Math.min(bytes.length, CAPTURED_BYTES));
  bytes.copy(own);
  return own;
}
