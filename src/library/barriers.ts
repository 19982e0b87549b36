// A sandbox's barriers: add, read, remove.
import type { BarrierRule, PlannedBarrier } from '../control/schemas.ts';
import type { SandboxCalls } from './sandbox-calls.ts';

/** The barriers of one sandbox. Every method throws a ControlPlaneError when the server rejects the request. */
export class Barriers {
  readonly #calls: SandboxCalls;

  /** @internal Created by its sandbox. */
  constructor(calls: SandboxCalls) {
    this.#calls = calls;
  }

  /** Plans a race of two requests; the server rejects a side that could never match. */
  async add(barrier: BarrierRule): Promise<PlannedBarrier> {
    return await this.#calls.call('POST', '/barriers', barrier);
  }

  /** A barrier: whether its pair waits, has met or timed out, and the ids of both requests. */
  async get(id: string): Promise<PlannedBarrier> {
    return await this.#calls.call('GET', pathOf(id));
  }

  /** All of them, newest first. */
  async list(): Promise<PlannedBarrier[]> {
    const { barriers } = await this.#calls.call<{ barriers: PlannedBarrier[] }>('GET', '/barriers?limit=100000');
    return barriers;
  }

  /** Removes one; requests that wait at it go on. */
  async remove(id: string): Promise<void> {
    await this.#calls.call('DELETE', pathOf(id));
  }

  /** Removes them all. */
  async clear(): Promise<void> {
    await this.#calls.call('DELETE', '/barriers');
  }
}

function pathOf(id: string): string {
  return `/barriers/${encodeURIComponent(id)}`;
}
