// Limits the sockets of webhooks, over all sandboxes: receivers that do not respond must not use up the descriptors.

/** Maximum number of open webhook connections, in all and to one host and port. */
export const SOCKET_LIMITS = { total: 64, perReceiver: 8 } as const;

interface Waiting {
  readonly receiver: string;
  start(): void;
}

/** Hands out a limited number of sockets, first come, first served among receivers below their own limit. */
export class WebhookSockets {
  readonly #limits: { readonly total: number; readonly perReceiver: number };
  readonly #open = new Map<string, number>();
  #total = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(limits: { readonly total: number; readonly perReceiver: number } = SOCKET_LIMITS) {
    this.#limits = limits;
  }

  /** Resolves to a function that gives the socket back; when `stop` aborts first, to one without effect. */
  acquire(receiver: string, stop: AbortSignal): Promise<() => void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve(() => {});
      const leave = () => {
        this.#waiting.delete(waiting);
        resolve(() => {});
      };
      const waiting: Waiting = {
        receiver,
        start: () => {
          stop.removeEventListener('abort', leave);
          this.#count(receiver, 1);
          resolve(() => {
            this.#count(receiver, -1);
            this.#startWaiting();
          });
        },
      };
      stop.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    for (const waiting of this.#waiting) {
      if (this.#total >= this.#limits.total) return;
      if ((this.#open.get(waiting.receiver) ?? 0) >= this.#limits.perReceiver) continue;
      this.#waiting.delete(waiting);
      waiting.start();
    }
  }

  #count(receiver: string, change: 1 | -1): void {
    this.#total += change;
    const open = (this.#open.get(receiver) ?? 0) + change;
    if (open === 0) this.#open.delete(receiver);
    else this.#open.set(receiver, open);
  }
}

/** The sockets of this process. */
export const webhookSockets = new WebhookSockets();

/** The host and port of a URL; '' for text that is no URL, which only a data file edited by hand contains. */
export function receiverOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
