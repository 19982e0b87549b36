// Answers that are ready go out together: each that goes alone wakes its client, which costs as much as making it did.
import type { FastifyReply } from 'fastify';

/** How many are kept back at most: the first of them waits for the work of the others. */
const MOST = 32;
/** How many are sent at once, at most, before it is tried again whether there are others to wait for. */
const ALONE = 64;

/** An answer that has its status and headers. */
interface Ready {
  readonly reply: FastifyReply;
  readonly payload: string;
  /** Answers otherwise, where it cannot be sent. */
  readonly refuse: (error: unknown) => void;
}

let ready: Ready[] = [];
/** How many more are sent at once, and how many were after the last try: a client that is alone waits for nobody. */
let alone = 0;
let again = 1;

/** Sends an answer when the requests that have arrived by now are worked off. */
export function sendSoon(answer: Ready): void {
  if (alone > 0) {
    alone -= 1;
    send(answer);
    return;
  }
  const waiting = ready.push(answer);
  if (waiting === 1) setImmediate(sendAll);
  else if (waiting === MOST) sendAll();
}

function sendAll(): void {
  const all = ready;
  // The immediate of those that went before, since they were so many.
  if (all.length === 0) return;
  ready = [];
  again = all.length === 1 ? Math.min(again * 2, ALONE) : 1;
  alone = again - 1;
  for (const one of all) send(one);
}

/** Never throws: the others that wait are somebody else's. */
function send({ reply, payload, refuse }: Ready): void {
  try {
    // An empty text would be sent with a type.
    reply.send(payload === '' ? undefined : payload);
  } catch (error) {
    try {
      refuse(error);
    } catch {
      reply.raw.destroy();
    }
  }
}
