// Which sandboxes may be evicted, in which order, and which ones were.
import { expiryOf } from './lifetime.ts';
import type { Sandbox } from './sandbox.ts';

/** Maximum number of evicted names that are remembered. */
const MAX_EVICTED = 1000;

/** The sandboxes that were created by use: evicted when no request runs in them, expired when idle too long. */
export class Evictions {
  readonly #idleSeconds: number;
  /** Least recently used first. */
  readonly #evictable = new Map<string, Sandbox>();
  /** Names of evicted sandboxes, oldest first. */
  readonly #evicted = new Set<string>();

  /** @param idleSeconds after how long without use a sandbox is expired */
  constructor(idleSeconds: number) {
    this.#idleSeconds = idleSeconds;
  }

  /** Allows a sandbox to be evicted. */
  allow(sandbox: Sandbox): void {
    this.#evictable.set(sandbox.name, sandbox);
  }

  /** Marks a sandbox as the most recently used one. */
  used(sandbox: Sandbox): void {
    if (this.#evictable.delete(sandbox.name)) this.#evictable.set(sandbox.name, sandbox);
  }

  /** Forgets a removed sandbox. */
  removed({ name }: Sandbox): void {
    this.#evictable.delete(name);
  }

  /** Remembers that a sandbox was removed without a request, so that its next use reports a restart. */
  remember(name: string): void {
    this.#evicted.add(name);
    if (this.#evicted.size > MAX_EVICTED) this.#evicted.delete(this.#evicted.values().next().value as string);
  }

  /** Whether a sandbox of that name was evicted; true once. */
  takeEvicted(name: string): boolean {
    return this.#evicted.delete(name);
  }

  /** Whether a sandbox is idle for too long or past its expiry, and not busy. */
  isExpired({ lifetime, lastUsedAt, busy, name }: Sandbox, now: number): boolean {
    const idle = this.#evictable.has(name) && now - lastUsedAt > this.#idleSeconds * 1000;
    return !busy && (idle || (lifetime.endsAt !== null && now >= lifetime.endsAt));
  }

  /** When a sandbox expires, ISO 8601; null if it does not. */
  expiresAt(sandbox: Sandbox): string | null {
    return expiryOf(sandbox, this.#evictable.has(sandbox.name) ? this.#idleSeconds : null);
  }

  /** The least recently used sandbox with no request running; evicted for a new one where the limit is reached. */
  next(): Sandbox | undefined {
    for (const sandbox of this.#evictable.values()) if (!sandbox.busy) return sandbox;
    return undefined;
  }
}
