// How long planned delays are: fixed, uniform, or lognormal as real services are.
import type { Delay } from '../sandbox/settings.ts';

/** The longest delay anybody may plan, in ms: SDKs give up after two minutes. */
export const LONGEST_DELAY = 600_000;

/** One delay of that kind, in ms; `random` gives numbers from 0 up to 1. */
export function sampleDelay(delay: Delay, random: () => number = Math.random): number {
  if ('fixedMs' in delay) return delay.fixedMs;
  if ('uniformMs' in delay) {
    const [least, most] = delay.uniformMs;
    return least + random() * (most - least);
  }
  const { median, sigma } = delay.lognormal;
  // Box and Muller: two even numbers make a normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(LONGEST_DELAY, median * Math.exp(sigma * normal));
}
