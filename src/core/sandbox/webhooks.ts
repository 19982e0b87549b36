// Outgoing webhooks of a sandbox: a queue per key in event order, a few tries each, every try kept with its delivery.
import { BASE36, draw, pooledBytes } from '../random-ids.ts';

/** What is to be posted. Messages of one key arrive in the order they were sent, one after the other. */
export interface Message {
  readonly key: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** One try: the status that came back, or why none did. */
export interface Attempt {
  /** Sandbox time. */
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
  readonly durationMs: number;
}

/** A message with what became of it. */
export interface Delivery {
  readonly id: string;
  /** Sandbox time. */
  readonly at: string;
  readonly url: string;
  /** As sent, without those the connection adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: Attempt[];
}

/** Where time comes from and how deliveries are sent; tests hand in their own. */
export interface WebhookOptions {
  /** Sandbox time in ISO 8601. */
  readonly now: () => string;
  /** Milliseconds between tries: one try more than there are waits. */
  readonly retryDelays?: readonly number[];
  /** Milliseconds a try may take. */
  readonly timeout?: number;
  /** How many deliveries are kept. */
  readonly maxDeliveries?: number;
}

interface Queue {
  readonly waiting: Delivery[];
  readonly stop: AbortController;
  done: Promise<void>;
}

/** Set by us on every delivery; a message cannot override them. */
const RESERVED_HEADERS = new Set(['content-type', 'content-length', 'host']);

/** The webhooks of one sandbox. Nothing here is awaited by whoever sends. */
export class Webhooks {
  /** Off: deliveries are kept and not sent, and stay waiting. */
  enabled = true;
  readonly #now: () => string;
  readonly #retryDelays: readonly number[];
  readonly #timeout: number;
  readonly #maxDeliveries: number;
  readonly #deliveries = new Map<string, { key: string; delivery: Delivery }>();
  readonly #queues = new Map<string, Queue>();
  readonly #pauses = new Set<() => void>();
  #flushes = 0;

  constructor({ now, retryDelays = [250, 1000], timeout = 5000, maxDeliveries = 1000 }: WebhookOptions) {
    this.#now = now;
    this.#retryDelays = retryDelays;
    this.#timeout = timeout;
    this.#maxDeliveries = maxDeliveries;
  }

  /** Takes a message; call it after the transaction it tells of has committed. */
  send({ key, url, headers, body }: Message): Delivery {
    const own = Object.entries(headers).filter(([name]) => !RESERVED_HEADERS.has(name.toLowerCase()));
    const delivery: Delivery = {
      id: draw(16, BASE36, pooledBytes),
      at: this.#now(),
      url,
      headers: { ...Object.fromEntries(own), 'content-type': 'application/json' },
      body,
      state: 'waiting',
      attempts: [],
    };
    this.#deliveries.set(delivery.id, { key, delivery });
    // One that is forgotten while it waits is sent all the same.
    if (this.#deliveries.size > this.#maxDeliveries)
      this.#deliveries.delete(this.#deliveries.keys().next().value as string);
    if (this.enabled) this.#enqueue(key, delivery);
    return delivery;
  }

  /** Whether anything is being sent, or waits for its turn. */
  get busy(): boolean {
    return this.#queues.size > 0;
  }

  /** The deliveries kept, oldest first. */
  list(): Delivery[] {
    return [...this.#deliveries.values()].map(({ delivery }) => delivery);
  }

  /** Sends a delivery once more, behind those of its key that still wait; undefined when it is not known. */
  redeliver(id: string): Delivery | undefined {
    const known = this.#deliveries.get(id);
    if (known === undefined) return undefined;
    const { key, delivery } = known;
    if (this.enabled && !this.#queues.get(key)?.waiting.includes(delivery)) {
      delivery.state = 'waiting';
      this.#enqueue(key, delivery);
    }
    return delivery;
  }

  /** Sends what waits without any pause; settles when nothing waits any more. */
  async flush(): Promise<void> {
    this.#flushes += 1;
    for (const end of this.#pauses) end();
    await Promise.all([...this.#queues.values()].map(({ done }) => done));
    this.#flushes -= 1;
  }

  /** Forgets all deliveries; those that wait are not sent. */
  clear(): void {
    this.#stop();
    this.#deliveries.clear();
  }

  /** Stops sending for good; what was kept can still be read. */
  close(): void {
    this.enabled = false;
    this.#stop();
  }

  #stop(): void {
    for (const { stop } of this.#queues.values()) stop.abort();
    this.#queues.clear();
    for (const end of this.#pauses) end();
  }

  #enqueue(key: string, delivery: Delivery): void {
    const busy = this.#queues.get(key);
    if (busy !== undefined) {
      busy.waiting.push(delivery);
      return;
    }
    const queue: Queue = { waiting: [delivery], stop: new AbortController(), done: Promise.resolve() };
    this.#queues.set(key, queue);
    queue.done = this.#drain(key, queue);
  }

  async #drain(key: string, queue: Queue): Promise<void> {
    // The answer to whoever caused this goes out first.
    await null;
    for (let next = queue.waiting[0]; next !== undefined; next = queue.waiting[0]) {
      await this.#deliver(next, queue.stop.signal);
      // Another queue may already serve the key.
      if (queue.stop.signal.aborted) return;
      queue.waiting.shift();
    }
    this.#queues.delete(key);
  }

  async #deliver(delivery: Delivery, stop: AbortSignal): Promise<void> {
    for (const wait of [...this.#retryDelays, null]) {
      if (stop.aborted) return;
      const attempt = await this.#attempt(delivery, stop);
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
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(this.#timeout), stop]),
      });
      // Nobody reads the answer; without this its connection would stay taken.
      await response.body?.cancel();
      return { at, status: response.status, durationMs: took() };
    } catch (error) {
      return { at, error: reason(error as Error & { cause?: Partial<NodeJS.ErrnoException> }), durationMs: took() };
    }
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

/** What went wrong, in a word if there is one: fetch says only "fetch failed" and hides the cause. */
function reason(error: Error & { cause?: Partial<NodeJS.ErrnoException> }): string {
  return error.cause?.code ?? error.cause?.message ?? error.message;
}
