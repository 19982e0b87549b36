// Answers that are ready go out together: each that goes alone wakes its client, which costs as much as making it did.
import type { FastifyReply } from 'fastify';

/** How many are kept back at most: the first of them waits for the work of the others. */
const MOST = 32;
/** How many are sent at once, at most, before it is tried again whether there are others to wait for. */
const ALONE = 64;

interface Ready {
  readonly reply: FastifyReply;
  readonly payload: string;
}

let ready: Ready[] = [];
/** How many more are sent at once, and how many were after the last try: a client that is alone waits for nobody. */
let alone = 0;
let again = 1;

/** Sends an answer that has its status and headers, when what has arrived by now is worked off. */
export function sendSoon(reply: FastifyReply, payload: string): void {
  if (alone > 0) {
    alone -= 1;
    send({ reply, payload });
    return;
  }
  const waiting = ready.push({ reply, payload });
  if (waiting === 1) setImmediate(sendAll);
  else if (waiting === MOST) sendAll();
}

function sendAll(): void {
  const all = ready;
  if (all.length === 0) return;
  ready = [];
  again = all.length === 1 ? Math.min(again * 2, ALONE) : 1;
  alone = again - 1;
  for (const one of all) send(one);
}

function send({ reply, payload }: Ready): void {
  // An empty text would be sent with a type.
  reply.send(payload === '' ? undefined : payload);
}
