// A hundred thousand requests at everything there is to call, half of them wrong somehow: nothing breaks.
import t from 'tap';
import { fromEnvironment, fuzz } from '../fuzz/fuzz.ts';

/** From here on chance leaves nothing out. */
const MANY = 100_000;
/** There is no CA where nothing is served by https. */
const NEVER = new Set(['GET /__admin/ca.pem']);

const seed = fromEnvironment('FUZZ_SEED', Math.floor(Math.random() * 2 ** 31));
const requests = fromEnvironment('FUZZ_REQUESTS', MANY);

t.test(
  `${requests} requests at every provider and the control plane break nothing`,
  { timeout: 1_200_000 },
  async (t) => {
    const { tally, targets } = await fuzz(t, { seed, requests });
    const met = targets.map((target) => ({
      name: `${target.method} ${target.path}`,
      ...(tally.met.get(target) ?? { times: 0, successes: 0 }),
    }));
    const least = (of: 'times' | 'successes') =>
      met
        .sort((a, b) => a[of] - b[of])
        .slice(0, 5)
        .map((one) => `${one.name} ${one[of]}`)
        .join(', ');
    t.comment(
      `${met.length} calls; those made least: ${least('times')}; those that succeeded least: ${least('successes')}`,
    );
    if (requests < MANY) return;
    for (const { name, times, successes } of met) {
      t.ok(times >= 100, `${name} was made ${times} times`);
      t.ok(successes > 0 || NEVER.has(name), `${name} succeeded ${successes} times`);
    }
  },
);
