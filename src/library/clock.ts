// A sandbox's clock, for a test: it stands still, is set, moves on.
import type { ClockTime, DueItem } from '../control/schemas.ts';
import type { ControlPlane } from './control-plane.ts';

/** The clock of one sandbox. Every call throws a ControlPlaneError when it is refused. */
export class SandboxClock {
  readonly #control: ControlPlane;
  readonly #sandbox: string;

  /** @internal A sandbox has its own. */
  constructor(control: ControlPlane, sandbox: string) {
    this.#control = control;
    this.#sandbox = sandbox;
  }

  /** What time it is in the sandbox. */
  async now(): Promise<Date> {
    const { now } = await this.#control.call<ClockTime>('GET', '/clock', { sandbox: this.#sandbox });
    return new Date(now);
  }

  /** Stops it at an instant (a Date, or ISO 8601 with its offset), or where it is. */
  async freeze(instant?: Date | string): Promise<ClockTime> {
    return await this.#move({ action: 'freeze', instant });
  }

  /** Moves it to an instant, from where it runs on. */
  async set(instant: Date | string): Promise<ClockTime> {
    return await this.#move({ action: 'set', instant });
  }

  /**
   * Lets time pass: milliseconds, or an ISO 8601 duration (`'PT2H'`, `'P1D'`). What falls due happens at once, in
   * order; webhooks that wait are sent.
   */
  async advance(duration: number | string): Promise<ClockTime & { readonly due: readonly DueItem[] }> {
    return await this.#move({
      action: 'advance',
      duration: typeof duration === 'number' ? `PT${duration / 1000}S` : duration,
    });
  }

  /** Goes back to real time. */
  async reset(): Promise<ClockTime> {
    return await this.#move({ action: 'reset' });
  }

  async #move<T extends ClockTime>(body: object): Promise<T> {
    return await this.#control.call('PUT', '/clock', { sandbox: this.#sandbox, body });
  }
}
