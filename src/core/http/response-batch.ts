// Answers that are ready go out together: each that goes alone wakes its client, which costs as much as making it did.
import type { FastifyReply } from 'fastify';

/** How many are kept back at most: the first of them waits for the work of the others. */
const MAX_BATCH = 32;
/** How many are sent at once, at most, before it is tried again whether there are others to wait for. */
const MAX_UNBATCHED = 64;

/** An answer that has its status and headers. */
interface PendingResponse {
  readonly reply: FastifyReply;
  readonly payload: string;
  /** Answers otherwise, where it cannot be sent. */
  readonly sendError: (error: unknown) => void;
}

let pending: PendingResponse[] = [];
/** How many more are sent at once, and how many were after the last try: a client that is alone waits for nobody. */
let unbatched = 0;
let nextUnbatched = 1;

/** Sends an answer when the requests that have arrived by now are worked off. */
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
  // The immediate of those that went before, since they were so many.
  if (batch.length === 0) return;
  pending = [];
  nextUnbatched = batch.length === 1 ? Math.min(nextUnbatched * 2, MAX_UNBATCHED) : 1;
  unbatched = nextUnbatched - 1;
  for (const response of batch) send(response);
}

/** Never throws: the others that wait are somebody else's. */
function send({ reply, payload, sendError }: PendingResponse): void {
  try {
    // An empty text would be sent with a type.
    reply.send(payload === '' ? undefined : payload);
  } catch (error) {
    try {
      sendError(error);
    } catch {
      reply.raw.destroy();
    }
  }
}
