// How long planned delays are: fixed, uniform, or lognormal as real services are.
import { z } from 'zod';

const milliseconds = z.number().min(0).max(3_600_000);

/** The longest delay anybody may plan, in ms: SDKs give up after two minutes. */
export const LONGEST_DELAY = 600_000;

/** How long answers are held back: always the same, or drawn from a range or a log-normal distribution. */
export const Delay = z.union([
  z.strictObject({ fixedMs: milliseconds }),
  z.strictObject({
    uniformMs: z
      .tuple([milliseconds, milliseconds])
      .refine(([least, most]) => least <= most, 'the first must not be over the second'),
  }),
  z.strictObject({ lognormal: z.strictObject({ median: milliseconds, sigma: z.number().min(0).max(10) }) }),
]);
export type Delay = z.output<typeof Delay>;

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
