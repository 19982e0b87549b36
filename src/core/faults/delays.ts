// Planned delays: fixed, uniform, or log-normal as in real services.
import { z } from 'zod';

const milliseconds = z.number().min(0).max(3_600_000);

/** Maximum delay of a request, in ms; the SDKs time out after two minutes. */
export const LONGEST_DELAY = 600_000;

/** A delay in ms: fixed, or sampled from a range or a log-normal distribution. */
export const Delay = z.union([
  z.strictObject({ fixedMs: milliseconds }),
  z.strictObject({
    uniformMs: z
      .tuple([milliseconds, milliseconds])
      .refine(([least, most]) => least <= most, 'the first must not exceed the second'),
  }),
  z.strictObject({ lognormal: z.strictObject({ median: milliseconds, sigma: z.number().min(0).max(10) }) }),
]);
/** A delay distribution, in ms. */
export type Delay = z.output<typeof Delay>;

/** Samples a delay, in ms; `random` returns numbers in [0, 1). */
export function sampleDelay(delay: Delay, random: () => number = Math.random): number {
  if ('fixedMs' in delay) return delay.fixedMs;
  if ('uniformMs' in delay) {
    const [least, most] = delay.uniformMs;
    return least + random() * (most - least);
  }
  const { median, sigma } = delay.lognormal;
  // Box-Muller transform: two uniform numbers give a normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(LONGEST_DELAY, median * Math.exp(sigma * normal));
}
