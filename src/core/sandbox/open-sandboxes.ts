// Bounds how many sandboxes have an open database: suspends the least recently used ones.
import type { Sandbox } from './sandbox.ts';
import { DEFAULT_SANDBOX } from './sandbox-name.ts';

/** The sandboxes with an open database. */
export class OpenSandboxes {
  readonly #max: number;
  /** Least recently used first. */
  readonly #open = new Set<Sandbox>();

  /** @param max how many may be open; busy ones are never suspended */
  constructor(max: number) {
    this.#max = max;
  }

  /** Marks a sandbox as the most recently used one. */
  used(sandbox: Sandbox): void {
    if (this.#open.delete(sandbox)) this.#open.add(sandbox);
  }

  /** Call after a sandbox's database was opened or closed. */
  changed(sandbox: Sandbox, open: boolean): void {
    this.#open.delete(sandbox);
    if (!open) return;
    this.#open.add(sandbox);
    for (const one of this.#open) {
      if (this.#open.size <= this.#max) return;
      // The default sandbox stays open, so that it works when no file can be opened any more.
      if (one !== sandbox && !one.busy && one.name !== DEFAULT_SANDBOX) one.suspend();
    }
  }
}
