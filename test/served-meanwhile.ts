// Counts the requests that are served while a long call runs, against the processor time that it takes.
import { setTimeout } from 'node:timers/promises';
import type { Test } from 'tap';

/**
 * Sends requests one after another until the call ends, and asserts that some were served: one for each 100 ms of
 * processor time, and three at most. A call that does not let others run serves none before its end. How long the
 * others wait is measured by `npm run bench`: processor time includes the threads of V8, which a loaded machine makes
 * longer. On a fast machine, a call may end before it must let others run.
 */
export async function servedMeanwhile<T>(
  t: Test,
  name: string,
  call: Promise<T>,
  request: () => Promise<unknown>,
): Promise<T> {
  const before = process.cpuUsage();
  let done = false;
  const ended = call.finally(() => {
    done = true;
  });
  let served = -1;
  while (!done) {
    await request();
    served += 1;
    if (!done) await setTimeout(1);
  }
  const { user, system } = process.cpuUsage(before);
  const spent = (user + system) / 1000;
  const least = Math.min(3, Math.floor(spent / 100));
  t.ok(served >= least, `${served} requests were served during ${name}, in ${spent} ms of processor time`);
  return ended;
}
