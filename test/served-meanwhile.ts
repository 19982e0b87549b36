// Counts the requests that are served while a long call runs, against the processor time that it takes.
import { setTimeout } from 'node:timers/promises';
import type { Test } from 'tap';

/** Processor time in which at least one other request must be served, in ms: a slice takes 10 and a copy of a table more. */
const ONE_IN_MS = 60;

/**
 * Sends requests one after another until the call ends, and asserts that they were served as often as its processor
 * time demands: a quick machine may be done within one slice, and time taken by other processes does not count.
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
  const least = Math.floor(spent / ONE_IN_MS);
  t.ok(served >= least, `${served} requests were served during ${name}, in ${spent} ms of processor time`);
  return ended;
}
