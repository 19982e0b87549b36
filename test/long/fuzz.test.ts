// A hundred thousand random requests to all operations, half of them invalid, break nothing.
import t from 'tap';
import { fuzz } from '../fuzz/fuzz.ts';
import { fromEnvironment, seedFrom } from '../seeds.ts';

/** With this many requests every operation is called often enough: its weight times this. */
const MANY = 100_000;
const OFTEN = 20;
/**
 * Operations that need not succeed: there is no CA without HTTPS, reports that are not computed are refused outside of
 * example mode, and the fixtures have no inventory sites.
 */
const NEVER = /ca\.pem$|reports\/(budget-summary|custom-summary|job|payroll-\w+|time)$|item-sites\/\{id\}$/;

const seed = seedFrom('FUZZ_SEED');
const requests = fromEnvironment('FUZZ_REQUESTS', MANY);

t.test(
  `${requests} requests to all providers and the control plane break nothing`,
  { timeout: 1_200_000 },
  async (t) => {
    const { responseCounts, targets } = await fuzz(t, { seed, requests });
    const met = targets.map((target) => ({
      name: `${target.method} ${target.path}`,
      weight: target.weight,
      ...(responseCounts.met.get(target) ?? { times: 0, successes: 0 }),
    }));
    const least = (of: 'times' | 'successes') =>
      met
        .sort((a, b) => a[of] - b[of])
        .slice(0, 5)
        .map((one) => `${one.name} ${one[of]}`)
        .join(', ');
    t.comment(`${met.length} operations; least called: ${least('times')}; fewest successes: ${least('successes')}`);
    if (requests < MANY) return;
    for (const { name, weight, times, successes } of met) {
      t.ok(times >= weight * OFTEN, `${name} was called ${times} times`);
      t.ok(successes > 0 || NEVER.test(name), `${name} succeeded ${successes} times`);
    }
  },
);
