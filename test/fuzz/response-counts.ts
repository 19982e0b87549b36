// Statistics of a fuzz: responses by status, and calls and successes of each operation.
import type { Exchange } from './socket-client.ts';
import type { Target } from './targets.ts';

/** Number of calls and successes of each target. */
export class ResponseCounts {
  requests = 0;
  readonly statuses = new Map<string, number>();
  readonly met = new Map<Target, { times: number; successes: number }>();
  readonly ends = new Map<string, number>();

  count(target: Target, { answers, end }: Exchange, times: number): void {
    this.requests += times;
    const met = this.met.get(target) ?? { times: 0, successes: 0 };
    this.met.set(target, met);
    met.times += times;
    for (const { status } of answers) {
      add(this.statuses, String(status));
      if (status < 400) met.successes += 1;
    }
    if (end !== 'whole') add(this.ends, end);
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
