// Explorations of many calls, and whether a seed repeats them.
import t from 'tap';
import { explored, exploredJson } from '../explore/exploring.ts';

t.test(
  'the same seed gives the same runs and verdicts, concurrent calls included, and --repeat the same again',
  async (t) => {
    const flags = ['--only', '500,reset,after-commit', '--seed', 'x', '--max-runs', '5'];
    const one = await exploredJson(t, 'create-many', flags);
    const two = await exploredJson(t, 'create-many', flags);
    const facts = ({ runs }: typeof one) =>
      runs.map(({ id, call, verdict, findings }) => ({ id, call, verdict, findings }));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    t.strictSame(facts(two).sort(byId), facts(one).sort(byId));
    t.equal(new Set(one.runs.map(({ id }) => id)).size, 5);
    t.strictSame([one.planned, one.possible > 5], [5, true]);
    // A retry after a lost response gets 409, which this command does not expect.
    t.ok(one.runs.every(({ verdict }) => verdict === 'done-but-reported-failed'));
    const [run] = one.runs;
    const repeated = await exploredJson(t, 'create-many', ['--seed', 'x', '--repeat', String(run?.id)]);
    t.strictSame(facts(repeated), facts({ ...one, runs: one.runs.slice(0, 1) }));
    t.match(await explored('create-many', ['--repeat', String(run?.id)]), {
      code: 2,
      err: /There is no run \w{8} of this command with this seed; its calls have changed, or --seed is another one\./,
    });
  },
);

t.test('five hundred calls are explored with a sample', async (t) => {
  const { runs, possible } = await exploredJson(t, 'read-500', ['--max-runs', '2']);
  t.strictSame([runs.length, possible], [2, 500 * 11]);
  t.ok(runs.some(({ call }) => call.occurrence > 1));
});
