// A sandbox's planned faults, for a test.
import type { FaultRule, PlannedFault } from '../control/schemas.ts';
import type { ControlPlane } from './control-plane.ts';

/** The planned faults of one sandbox. Every call throws a ControlPlaneError when it is refused. */
export class Faults {
  readonly #control: ControlPlane;
  readonly #sandbox: string;

  /** @internal A sandbox has its own. */
  constructor(control: ControlPlane, sandbox: string) {
    this.#control = control;
    this.#sandbox = sandbox;
  }

  /** Plans a fault. One that could never happen is refused. */
  async add(rule: FaultRule): Promise<PlannedFault> {
    return await this.#control.call('POST', '/faults', { sandbox: this.#sandbox, body: rule });
  }

  /** A planned fault as it is now. */
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

  /** Puts another rule in its place; its count begins anew. */
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
