// Single flight: concurrent calls share one run, and a call during a run causes one more.
import t from 'tap';
import { singleFlight } from '../../src/dashboard/model/single-flight.ts';

t.test('runs never overlap', async (t) => {
  const ends: (() => void)[] = [];
  let runs = 0;
  const callControl = singleFlight(() => {
    runs += 1;
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const first = callControl();
  const second = callControl();
  t.equal(first, second);
  t.equal(runs, 1);
  ends[0]?.();
  await Promise.resolve();
  await Promise.resolve();
  t.equal(runs, 2, 'a call arrived while it ran');
  ends[1]?.();
  await first;
  t.equal(runs, 2);
});

t.test('a failure rejects its callers, and later calls run again', async (t) => {
  let fails = true;
  const callControl = singleFlight(async () => {
    if (fails) throw new Error('no');
  });
  await t.rejects(callControl(), { message: 'no' });
  fails = false;
  await callControl();
});
