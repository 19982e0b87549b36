// What sandboxes keep of their past is bounded, and what they have dropped is given back to the machine.
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { OldestFirst, RetainedMemory } from '../../../src/core/journal/retained-memory.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** An item as a journal or a webhook record keeps it. */
const item = (bytes: number) => ({ bytes, bodyBytes: 0, drop: () => {} });

/** How many of the items are still in memory. */
async function alive(items: readonly WeakRef<object>[]): Promise<number> {
  // An item that was just referred to lives until the end of the turn.
  await setImmediate();
  collectGarbage();
  return items.filter((one) => one.deref() !== undefined).length;
}

t.test('items that were released are collected while others are still kept', async (t) => {
  const memory = new RetainedMemory(1_000_000);
  const items: WeakRef<object>[] = [];
  for (let n = 0; n < 5000; n++) {
    const one = item(100);
    items.push(new WeakRef(one));
    memory.keep(one);
    if (n % 100 !== 0) memory.release(one);
  }
  t.equal(memory.used, 50 * 100);
  t.equal(await alive(items), 50);
});

t.test('members leave in the order they came, wherever others were deleted', async (t) => {
  const queue = new OldestFirst<number>();
  t.equal(queue.shift(), undefined);
  for (let n = 1; n <= 6; n++) queue.add(n);
  // The oldest, one in the middle, the newest, and one that is not there.
  for (const n of [1, 3, 6, 7]) queue.delete(n);
  queue.add(8);
  t.strictSame([[...queue], queue.size, queue.has(2), queue.has(3)], [[2, 4, 5, 8], 4, true, false]);
  t.strictSame(
    Array.from({ length: 5 }, () => queue.shift()),
    [2, 4, 5, 8, undefined],
  );
  queue.add(9);
  queue.clear();
  queue.add(10);
  t.strictSame([queue.shift(), queue.shift(), queue.size], [10, undefined, 0]);
});
