// Counts the requests that are served while a long call runs, against the processor time that it takes.
import { setTimeout } from 'node:timers/promises';
import type { Test } from 'tap';

/**
 * Sends requests one after another until the call ends, and asserts that they were served as often as its processor
 * time demands. The time of other processes does not count. On a fast machine, a call may end before it must let others
 * run.
 *
 * @param msPerRequest processor time for each request that must be served, in ms; a slice takes 10, a request some slices
 */
export async function servedMeanwhile<T>(
  t: Test,
  name: string,
  call: Promise<T>,
  request: () => Promise<unknown>,
  msPerRequest = 40,
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
  const least = Math.floor(spent / msPerRequest);
  t.ok(served >= least, `${served} requests were served during ${name}, in ${spent} ms of processor time`);
  return ended;
}
