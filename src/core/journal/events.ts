// Events of a server (requests, deletions, injected faults, pairs at barriers) and their listeners.

/** An event of a sandbox. */
export interface SandboxEvent {
  readonly type: 'pending' | 'request' | 'deletion' | 'fault' | 'barrier' | 'sandbox-deleted';
  readonly sandbox: string;
  /** Sandbox time, ISO 8601. */
  readonly at: string;
  readonly data: object;
}

/** A server's event listeners. */
export class Events {
  readonly #listeners = new Set<(event: SandboxEvent) => void>();

  /** Whether there are listeners; without any, events need not be built. */
  get listening(): boolean {
    return this.#listeners.size > 0;
  }

  /** Adds a listener; the returned function removes it. */
  on(listener: (event: SandboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Calls all listeners. */
  emit(event: SandboxEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
