// Which runs take place at the same time.
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { inParallel, lanesOf } from '../../../src/explore/parallel.ts';
import type { PlannedRun } from '../../../src/explore/plan.ts';

const planned = ['500 INTERNAL', 'hang', 'reset', 'slow'].map(
  (name) => ({ id: name, failure: { name } }) as unknown as PlannedRun,
);
const lanes = (jobs: number | null, durationMs: number) =>
  lanesOf(planned, jobs, durationMs).map(({ items, atOnce }) => [items.map(({ id }) => id), atOnce]);

t.test('runs that only wait take place beside the others, if the code is short and nobody says how many', async (t) => {
  const all = planned.map(({ id }) => id);
  t.strictSame(lanes(null, 100), [
    [['500 INTERNAL', 'reset'], availableParallelism()],
    [['hang', 'slow'], 8],
  ]);
  t.strictSame(lanes(3, 100), [[all, 3]]);
  t.strictSame(lanes(null, 1001), [[all, availableParallelism()]]);
});

t.test('each lane has as many at a time as it may, in order', async (t) => {
  const running = new Set<string>();
  const begun: string[] = [];
  const most = { a: 0, b: 0 };
  const work = async (item: string) => {
    running.add(item);
    begun.push(item);
    for (const lane of ['a', 'b'] as const)
      most[lane] = Math.max(most[lane], [...running].filter((one) => one.startsWith(lane)).length);
    await wait(5);
    running.delete(item);
    return item.toUpperCase();
  };
  const done: string[] = [];
  for await (const one of inParallel(
    [
      { items: ['a1', 'a2', 'a3'], atOnce: 1 },
      { items: ['b1', 'b2', 'b3'], atOnce: 2 },
    ],
    work,
  ))
    done.push(one);
  t.strictSame(most, { a: 1, b: 2 });
  t.strictSame(
    begun.filter((one) => one.startsWith('a')),
    ['a1', 'a2', 'a3'],
  );
  t.strictSame(done.sort(), ['A1', 'A2', 'A3', 'B1', 'B2', 'B3']);
});
