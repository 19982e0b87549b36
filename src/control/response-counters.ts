// Counts what the providers answer, for the metrics.
import type { Provider } from '../core/provider/provider.ts';

/** Requests by provider and class of status. One addition a request: it is on the way of every one. */
export class ResponseCounters {
  readonly #counts: { readonly provider: Provider; readonly classes: number[] }[];

  constructor(providers: readonly Provider[]) {
    this.#counts = providers.map((provider) => ({ provider, classes: [0, 0, 0, 0, 0, 0] }));
  }

  count(url: string, status: number): void {
    for (const { provider, classes } of this.#counts) {
      if (!url.startsWith(provider.mount)) continue;
      const digit = Math.floor(status / 100);
      classes[digit] = (classes[digit] as number) + 1;
      return;
    }
  }

  lines(): string[] {
    return this.#counts.flatMap(({ provider, classes }) =>
      [2, 3, 4, 5].map(
        (digit) => `understudy_requests_total{provider="${provider.name}",status="${digit}xx"} ${classes[digit]}`,
      ),
    );
  }
}
