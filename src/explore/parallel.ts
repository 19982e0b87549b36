// Which runs take place at the same time.
import { availableParallelism } from 'node:os';
import type { PlannedRun } from './plan.ts';

/** Items that are worked on in order, so many at a time. */
interface Lane<T> {
  readonly items: readonly T[];
  readonly atOnce: number;
}

/** Code that takes no longer without a fault, in ms, needs little of a processor while it waits. */
const SHORT = 1000;
/** How many runs wait beside those that work. */
const WAITING = 8;

/**
 * The lanes of a plan: `jobs` runs at a time, by default one for each processor. By default, runs of short code in which a
 * response hangs or is slow, and which do little but wait, take place beside the others.
 */
export function lanesOf(planned: readonly PlannedRun[], jobs: number | null, durationMs: number): Lane<PlannedRun>[] {
  const atOnce = jobs ?? availableParallelism();
  if (jobs !== null || durationMs > SHORT) return [{ items: planned, atOnce }];
  const waits = ({ failure: { name } }: PlannedRun) => name === 'hang' || name === 'slow';
  return [
    { items: planned.filter((run) => !waits(run)), atOnce },
    { items: planned.filter(waits), atOnce: WAITING },
  ];
}

/** Runs `work` for each item of the lanes; yields the results in the order in which they end. */
export async function* inParallel<T, R>(lanes: readonly Lane<T>[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const pending = new Map<T, Promise<{ item: T; result: R }>>();
  const waiting = lanes.map(({ items, atOnce }) => ({ left: [...items].reverse(), atOnce, running: new Set<T>() }));
  try {
    for (;;) {
      for (const { left, atOnce, running } of waiting) {
        while (running.size < atOnce && left.length > 0) {
          const item = left.pop() as T;
          running.add(item);
          pending.set(
            item,
            work(item)
              .finally(() => running.delete(item))
              .then((result) => ({ item, result })),
          );
        }
      }
      if (pending.size === 0) return;
      const { item, result } = await Promise.race(pending.values());
      pending.delete(item);
      yield result;
    }
  } finally {
    // After an error, or when the reader stops early.
    await Promise.allSettled(pending.values());
  }
}
