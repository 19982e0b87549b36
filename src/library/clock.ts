// A sandbox's clock: freeze, set, advance, reset.
import type { ClockTime, DueItem } from '../control/schemas.ts';
import type { SandboxCalls } from './sandbox-calls.ts';

/** The clock of one sandbox. Every method throws a ControlPlaneError when the server rejects the request. */
export class SandboxClock {
  readonly #calls: SandboxCalls;

  /** @internal Created by its sandbox. */
  constructor(calls: SandboxCalls) {
    this.#calls = calls;
  }

  /** The sandbox's time. */
  async now(): Promise<Date> {
    const { now } = await this.#calls.call<ClockTime>('GET', '/clock');
    return new Date(now);
  }

  /** Freezes it at an instant (a Date, or ISO 8601 with its offset), or at its current time. */
  async freeze(instant?: Date | string): Promise<ClockTime> {
    return await this.#change({ action: 'freeze', instant });
  }

  /** Sets it to an instant; it runs on from there. */
  async set(instant: Date | string): Promise<ClockTime> {
    return await this.#change({ action: 'set', instant });
  }

  /**
   * Advances it by milliseconds, or an ISO 8601 duration (`'PT2H'`, `'P1D'`). What falls due happens at once, in order;
   * pending webhooks are sent.
   */
  async advance(duration: number | string): Promise<ClockTime & { readonly due: readonly DueItem[] }> {
    return await this.#change({
      action: 'advance',
      duration: typeof duration === 'number' ? `PT${duration / 1000}S` : duration,
    });
  }

  /** Returns to real time. */
  async reset(): Promise<ClockTime> {
    return await this.#change({ action: 'reset' });
  }

  async #change<T extends ClockTime>(body: object): Promise<T> {
    return await this.#calls.call('PUT', '/clock', body);
  }
}
