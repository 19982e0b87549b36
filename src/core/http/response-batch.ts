// Sends responses in batches: waking a client for each single response costs as much as producing it.
import type { FastifyReply } from 'fastify';

/** Maximum size of a batch; it bounds how long the first response waits. */
const MAX_BATCH = 32;
/** Maximum number of responses sent unbatched before batching is tried again. */
const MAX_UNBATCHED = 64;

/** A response whose status and headers are set. */
interface PendingResponse {
  readonly reply: FastifyReply;
  readonly payload: string;
  /** Sends an error instead when sending throws. */
  readonly sendError: (error: unknown) => void;
}

let pending: PendingResponse[] = [];
/** How many more responses are sent unbatched; doubles while batches hold one response, as from a sequential client. */
let unbatched = 0;
let nextUnbatched = 1;

/** Sends a response once the requests that have already arrived are handled. */
export function queueResponse(response: PendingResponse): void {
  if (unbatched > 0) {
    unbatched -= 1;
    send(response);
    return;
  }
  const queued = pending.push(response);
  if (queued === 1) setImmediate(sendBatch);
  else if (queued === MAX_BATCH) sendBatch();
}

function sendBatch(): void {
  const batch = pending;
  // A full batch was sent before its immediate ran.
  if (batch.length === 0) return;
  pending = [];
  nextUnbatched = batch.length === 1 ? Math.min(nextUnbatched * 2, MAX_UNBATCHED) : 1;
  unbatched = nextUnbatched - 1;
  for (const response of batch) send(response);
}

/** Never throws: the other responses of the batch belong to other requests. */
function send({ reply, payload, sendError }: PendingResponse): void {
  try {
    // Fastify would add a content type to an empty string.
    reply.send(payload === '' ? undefined : payload);
  } catch (error) {
    try {
      sendError(error);
    } catch {
      reply.raw.destroy();
    }
  }
}
