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

/** Keeps items in a memory, and releases all but the latest; its own variables would keep an item as well. */
function keepLatest(memory: RetainedMemory, items: number, latest: number): WeakRef<object>[] {
  const kept = Array.from({ length: items }, () => item(100));
  for (const [n, one] of kept.entries()) {
    memory.keep(one);
    const old = kept[n - latest];
    if (old !== undefined) memory.release(old);
  }
  return kept.map((one) => new WeakRef(one));
}

t.test('items that were released are collected while others are still kept', async (t) => {
  const memory = new RetainedMemory(1_000_000);
  const items = keepLatest(memory, 5000, 200);
  const alive = () => items.filter((one) => one.deref() !== undefined).length;
  // What a WeakRef was made of or read from stays until the end of the turn, and a collection may be under way.
  for (let round = 0; round < 10 && alive() > 200; round++) {
    await setImmediate();
    collectGarbage();
  }
  t.equal(alive(), 200);
  // Without this line the memory itself would be collected.
  t.equal(memory.used, 200 * 100);
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
