// Outgoing webhooks of a sandbox: one ordered queue per key, retries, and a record of every attempt.
import { type Kept, RetainedMemory } from '../journal/retained-memory.ts';
import type { Problem } from '../problem.ts';
import { BASE36, draw, pooledBytes } from '../random-ids.ts';
import { MemoryBudget } from '../storage/memory-budget.ts';
import type { Attempt, Delivery } from './webhook-delivery.ts';
import { postWebhook } from './webhook-post.ts';
import { receiverOf, webhookSockets } from './webhook-sockets.ts';

/** A message to post. Messages with the same key are delivered one at a time, in order. */
export interface Message {
  readonly key: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** Clock, retries and retention of webhooks; injected by tests. */
export interface WebhookOptions {
  /** Sandbox time in ISO 8601. */
  readonly now: () => string;
  /** Delays between attempts, in ms; there is one attempt more than delays. */
  readonly retryDelays?: readonly number[];
  /** Timeout of an attempt, in ms. */
  readonly timeout?: number;
  /** The maximum number of recorded deliveries, and of waiting ones. */
  readonly maxDeliveries?: number;
  /** Retention in bytes, over all sandboxes. */
  readonly memory?: RetainedMemory;
  /** The memory of deliveries that wait to be sent, over all sandboxes. */
  readonly queue?: MemoryBudget;
}

/** A recorded delivery, with its queue and its size. */
interface Recorded extends Kept {
  readonly key: string;
  readonly delivery: Delivery;
}

/** What a delivery takes besides its texts, in bytes. */
const DELIVERY_BYTES = 1500;

interface Queue {
  readonly waiting: Recorded[];
  readonly stop: AbortController;
  done: Promise<void>;
}

/** Headers that a message cannot override. */
const RESERVED_HEADERS = new Set(['content-type', 'content-length', 'host']);

/** The webhooks of one sandbox. Delivery runs in the background; `send` does not wait for it. */
export class Webhooks {
  /** When false, deliveries are recorded but not sent, and stay `waiting`. */
  enabled = true;
  readonly #now: () => string;
  readonly #retryDelays: readonly number[];
  readonly #timeout: number;
  readonly #maxDeliveries: number;
  readonly #memory: RetainedMemory;
  readonly #queueMemory: MemoryBudget;
  readonly #deliveries = new Map<string, Recorded>();
  readonly #queues = new Map<string, Queue>();
  readonly #pauses = new Set<() => void>();
  #flushes = 0;
  /** How many deliveries are queued or in progress. */
  #waiting = 0;
  /** What `collect` holds back while its work runs. */
  #collected: Recorded[] | null = null;

  constructor({
    now,
    retryDelays = [250, 1000],
    timeout = 5000,
    maxDeliveries = 1000,
    memory = new RetainedMemory(),
    queue = new MemoryBudget(Number.POSITIVE_INFINITY, '', ''),
  }: WebhookOptions) {
    this.#memory = memory;
    this.#queueMemory = queue;
    this.#now = now;
    this.#retryDelays = retryDelays;
    this.#timeout = timeout;
    this.#maxDeliveries = maxDeliveries;
  }

  /** Queues a message; call it after the transaction it reports has committed. */
  send({ key, url, headers, body }: Message): Delivery {
    const allowed = Object.entries(headers).filter(([name]) => !RESERVED_HEADERS.has(name.toLowerCase()));
    const delivery: Delivery = {
      id: draw(16, BASE36, pooledBytes),
      at: this.#now(),
      url,
      headers: { ...Object.fromEntries(allowed), 'content-type': 'application/json' },
      body,
      state: 'waiting',
      attempts: [],
    };
    const recorded: Recorded = {
      key,
      delivery,
      bytes: DELIVERY_BYTES + JSON.stringify([url, headers, body]).length * 2,
      // A queued delivery needs its body.
      bodyBytes: 0,
      drop: () => this.#deliveries.delete(delivery.id),
    };
    if (this.#collected === null) this.#record(recorded);
    else this.#collected.push(recorded);
    return delivery;
  }

  /** Runs `work`; what it sends is neither recorded nor sent until `send` is called. */
  collect<T>(work: () => T): { readonly value: T; readonly send: () => void } {
    const collected: Recorded[] = [];
    this.#collected = collected;
    try {
      const value = work();
      return {
        value,
        send: () => {
          for (const recorded of collected) this.#record(recorded);
        },
      };
    } finally {
      this.#collected = null;
    }
  }

  /** Whether a delivery is in progress or queued. */
  get busy(): boolean {
    return this.#queues.size > 0;
  }

  /** The recorded deliveries, oldest first. */
  list(): Delivery[] {
    return [...this.#deliveries.values()].map(({ delivery }) => delivery);
  }

  /** Queues a delivery again, behind the waiting ones of its key; undefined when it is unknown. */
  redeliver(id: string): Delivery | undefined {
    const known = this.#deliveries.get(id);
    if (known === undefined) return undefined;
    const { key, delivery } = known;
    if (this.enabled && !this.#queues.get(key)?.waiting.includes(known)) {
      delivery.state = 'waiting';
      this.#enqueue(known);
    }
    return delivery;
  }

  /** Sends queued deliveries without retry delays; resolves when the queues are empty. */
  async flush(): Promise<void> {
    this.#flushes += 1;
    for (const end of this.#pauses) end();
    await Promise.all([...this.#queues.values()].map(({ done }) => done));
    this.#flushes -= 1;
  }

  /** Discards all deliveries; queued ones are not sent. */
  clear(): void {
    this.#stop();
    for (const recorded of this.#deliveries.values()) this.#memory.release(recorded);
    this.#deliveries.clear();
  }

  /** Stops sending permanently; recorded deliveries stay readable. */
  close(): void {
    this.enabled = false;
    this.#stop();
  }

  #stop(): void {
    for (const { stop, waiting } of this.#queues.values()) {
      stop.abort();
      for (const { bytes } of waiting) this.#queueMemory.release(bytes);
    }
    this.#queues.clear();
    this.#waiting = 0;
    for (const end of this.#pauses) end();
  }

  #record(recorded: Recorded): void {
    this.#deliveries.set(recorded.delivery.id, recorded);
    this.#memory.keep(recorded);
    // A delivery dropped from the record while it waits is still sent.
    if (this.#deliveries.size > this.#maxDeliveries) {
      const [oldest] = this.#deliveries.values();
      this.#memory.release(oldest as Recorded);
      (oldest as Recorded).drop();
    }
    if (this.enabled) this.#enqueue(recorded);
  }

  /** Queues a delivery; when too many wait, or the queues have no memory left, it fails with the reason. */
  #enqueue(recorded: Recorded): void {
    const { key, delivery, bytes } = recorded;
    const reject = (reason: string) => {
      delivery.state = 'failed';
      delivery.attempts.push({ at: this.#now(), error: `not sent: ${reason}`, durationMs: 0 });
    };
    if (this.#waiting >= this.#maxDeliveries) {
      reject(`${this.#waiting} webhooks of this sandbox are waiting for their receivers`);
      return;
    }
    try {
      this.#queueMemory.take(bytes);
    } catch (error) {
      reject((error as Problem).message);
      return;
    }
    this.#waiting += 1;
    const busy = this.#queues.get(key);
    if (busy !== undefined) {
      busy.waiting.push(recorded);
      return;
    }
    const queue: Queue = { waiting: [recorded], stop: new AbortController(), done: Promise.resolve() };
    this.#queues.set(key, queue);
    queue.done = this.#drain(key, queue);
  }

  async #drain(key: string, queue: Queue): Promise<void> {
    // The response to the request that caused the webhook goes out first.
    await null;
    for (let next = queue.waiting[0]; next !== undefined; next = queue.waiting[0]) {
      await this.#deliver(next.delivery, queue.stop.signal);
      // After an abort another queue may serve the key.
      if (queue.stop.signal.aborted) return;
      queue.waiting.shift();
      this.#queueMemory.release(next.bytes);
      this.#waiting -= 1;
    }
    this.#queues.delete(key);
  }

  async #deliver(delivery: Delivery, stop: AbortSignal): Promise<void> {
    for (const wait of [...this.#retryDelays, null]) {
      if (stop.aborted) return;
      const release = await webhookSockets.acquire(receiverOf(delivery.url), stop);
      if (stop.aborted) return release();
      const attempt = await this.#attempt(delivery, stop).finally(release);
      delivery.attempts.push(attempt);
      if (attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300) {
        delivery.state = 'delivered';
        return;
      }
      if (wait !== null && !stop.aborted && this.#flushes === 0) await this.#pause(wait);
    }
    if (!stop.aborted) delivery.state = 'failed';
  }

  async #attempt({ url, headers, body }: Delivery, stop: AbortSignal): Promise<Attempt> {
    const at = this.#now();
    const began = performance.now();
    const took = () => Math.round(performance.now() - began);
    // Not AbortSignal.any: on Node 20 it lets a timeout signal be garbage collected, which then never fires.
    const end = new AbortController();
    const stopped = () => end.abort(stop.reason);
    stop.addEventListener('abort', stopped, { once: true });
    const timer = setTimeout(() => end.abort(new Error('The operation was aborted due to timeout')), this.#timeout);
    return await postWebhook(url, headers, JSON.stringify(body), end.signal)
      .then(
        (status) => ({ at, status, durationMs: took() }),
        (error) => ({ at, error: reason(error), durationMs: took() }),
      )
      .finally(() => {
        clearTimeout(timer);
        stop.removeEventListener('abort', stopped);
      });
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds).unref();
      this.#pauses.add(end);
    });
  }
}

/** The code of a network error, else the message. */
function reason({ code, message }: Error & { code?: unknown }): string {
  return typeof code === 'string' && !code.startsWith('ERR_') ? code : message;
}
