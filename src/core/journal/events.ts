// What happens on a server, told to whoever listens: requests, deletions, faults spent.

/** One thing that happened in a sandbox. */
export interface SandboxEvent {
  readonly type: 'request' | 'deletion' | 'fault';
  readonly sandbox: string;
  /** The sandbox's own time, ISO 8601. */
  readonly at: string;
  readonly data: object;
}

/** A server's listeners. Nothing need be put together for an event when `listening` is false. */
export class Events {
  readonly #listeners = new Set<(event: SandboxEvent) => void>();

  get listening(): boolean {
    return this.#listeners.size > 0;
  }

  /** Adds a listener; the answer takes it away again. */
  on(listener: (event: SandboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  emit(event: SandboxEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
