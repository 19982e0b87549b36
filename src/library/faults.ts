// A sandbox's planned faults: add, read, replace, remove.
import type { FaultRule, PlannedFault } from '../control/schemas.ts';
import type { ControlPlane } from './control-plane.ts';

/** The planned faults of one sandbox. Every method throws a ControlPlaneError when the server rejects the request. */
export class Faults {
  readonly #control: ControlPlane;
  readonly #sandbox: string;

  /** @internal Created by its sandbox. */
  constructor(control: ControlPlane, sandbox: string) {
    this.#control = control;
    this.#sandbox = sandbox;
  }

  /** Plans a fault; the server rejects one that could never be injected. */
  async add(rule: FaultRule): Promise<PlannedFault> {
    return await this.#control.call('POST', '/faults', { sandbox: this.#sandbox, body: rule });
  }

  /** A planned fault, with its current count. */
  async get(id: string): Promise<PlannedFault> {
    return await this.#control.call('GET', pathOf(id), { sandbox: this.#sandbox });
  }

  /** All of them, newest first. */
  async list(): Promise<PlannedFault[]> {
    const { faults } = await this.#control.call<{ faults: PlannedFault[] }>('GET', '/faults?limit=100000', {
      sandbox: this.#sandbox,
    });
    return faults;
  }

  /** Replaces its rule and resets its count. */
  async replace(id: string, rule: FaultRule): Promise<PlannedFault> {
    return await this.#control.call('PUT', pathOf(id), { sandbox: this.#sandbox, body: rule });
  }

  /** Removes one. */
  async remove(id: string): Promise<void> {
    await this.#control.call('DELETE', pathOf(id), { sandbox: this.#sandbox });
  }

  /** Removes them all. */
  async clear(): Promise<void> {
    await this.#control.call('DELETE', '/faults', { sandbox: this.#sandbox });
  }
}

function pathOf(id: string): string {
  return `/faults/${encodeURIComponent(id)}`;
}
