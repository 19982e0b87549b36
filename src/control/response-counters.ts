// Counts the providers' responses for the metrics.
import type { Provider } from '../core/provider/provider.ts';

/** Response counts by provider and status class. */
export class ResponseCounters {
  readonly #counts: { readonly provider: Provider; readonly classes: number[] }[];

  constructor(providers: readonly Provider[]) {
    this.#counts = providers.map((provider) => ({ provider, classes: [0, 0, 0, 0, 0, 0] }));
  }

  /** Counts one response. Runs for every request, so it does no more than one addition. */
  count(url: string, status: number): void {
    for (const { provider, classes } of this.#counts) {
      if (!url.startsWith(provider.mount)) continue;
      const digit = Math.floor(status / 100);
      classes[digit] = (classes[digit] as number) + 1;
      return;
    }
  }

  /** The counts as samples in the Prometheus text format. */
  lines(): string[] {
    return this.#counts.flatMap(({ provider, classes }) =>
      [2, 3, 4, 5].map(
        (digit) => `understudy_requests_total{provider="${provider.name}",status="${digit}xx"} ${classes[digit]}`,
      ),
    );
  }
}
