// Plays random sequences with random people, and holds every erasure check against the oracle.
import fc from 'fast-check';
import type { Test } from 'tap';
import { testServer } from '../../harness.ts';
import { seedFrom } from '../../seeds.ts';
import { People, step } from './erasure-people.ts';

/**
 * Fails the test with the shortest sequence after which check and oracle disagree. `ERASURE_SEED` repeats a run, with
 * `ERASURE_PATH` from one of its sequences on.
 */
export async function agreesWithOracle(
  t: Test,
  { sequences, steps }: { sequences: number; steps: number },
): Promise<void> {
  const { call } = await testServer(t);
  let played = 0;
  const verdicts = { clean: 0, left: 0 };
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: steps, size: 'max' }),
    fc.nat(3),
    async (taken, planFor) => {
      const people = new People(call, `p${++played}`);
      await people.open();
      for (const one of taken) await people.take(one);
      const { clean, left } = await people.judge(planFor);
      verdicts.clean += clean;
      verdicts.left += left;
      await people.close();
    },
  );
  const seed = seedFrom('ERASURE_SEED');
  const path = process.env.ERASURE_PATH ?? '';
  const details = await fc.check(property, { seed, path, numRuns: sequences, unbiased: true });
  t.notOk(details.failed, fc.defaultReportMessage(details) ?? `check and oracle agree (ERASURE_SEED=${seed})`);
  if (path !== '') return;
  t.comment(`${verdicts.clean} times clean, ${verdicts.left} times something was left`);
  // About one in seven is clean: of forty, by chance, none may be.
  const least = sequences < 200 ? 0 : sequences / 20;
  t.ok(verdicts.clean >= least && verdicts.left > sequences / 10, 'both happened');
}
