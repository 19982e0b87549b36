// A sandbox's planned faults: add, read, replace, remove.
import type { FaultRule, PlannedFault } from '../control/schemas.ts';
import type { SandboxCalls } from './sandbox-calls.ts';

/** The planned faults of one sandbox. Every method throws a ControlPlaneError when the server rejects the request. */
export class Faults {
  readonly #calls: SandboxCalls;

  /** @internal Created by its sandbox. */
  constructor(calls: SandboxCalls) {
    this.#calls = calls;
  }

  /** Plans a fault; the server rejects one that could never be injected. */
  async add(rule: FaultRule): Promise<PlannedFault> {
    return await this.#calls.call('POST', '/faults', rule);
  }

  /** A planned fault, with its current count. */
  async get(id: string): Promise<PlannedFault> {
    return await this.#calls.call('GET', pathOf(id));
  }

  /** All of them, newest first. */
  async list(): Promise<PlannedFault[]> {
    const { faults } = await this.#calls.call<{ faults: PlannedFault[] }>('GET', '/faults?limit=100000');
    return faults;
  }

  /** Replaces its rule and resets its count. */
  async replace(id: string, rule: FaultRule): Promise<PlannedFault> {
    return await this.#calls.call('PUT', pathOf(id), rule);
  }

  /** Removes one. */
  async remove(id: string): Promise<void> {
    await this.#calls.call('DELETE', pathOf(id));
  }

  /** Removes them all. */
  async clear(): Promise<void> {
    await this.#calls.call('DELETE', '/faults');
  }
}

function pathOf(id: string): string {
  return `/faults/${encodeURIComponent(id)}`;
}
