// Which runs `understudy explore` makes: samples, phases, races, and the line that repeats one.
import t from 'tap';
import { listening } from '../../harness.ts';
import { COMMAND, explored, exploredJson, verdicts } from '../exploring.ts';

t.test('a sample has every failure of every operation before any of them twice', async (t) => {
  const { runs } = await exploredJson(t, 'create-many', ['--only', 'before,401,403,500,503', '--max-runs', '5']);
  const kinds = runs.map(({ failure }) => failure);
  t.strictSame([kinds.length, new Set(kinds).size], [5, 4]);
});

t.test('a small sample takes the operations in turn, and a refusal after the commit last', async (t) => {
  const operations = ['DeleteUser', 'endUsers.delete'];
  for (const seed of ['a', 'b', 'c']) {
    const { runs } = await exploredJson(t, 'delete-two', ['--seed', seed, '--skip', 'hang', '--max-runs', '4']);
    t.strictSame(
      runs.map(({ call }) => call.operation).sort(),
      operations.flatMap((one) => [one, one]),
    );
    t.ok(runs.every(({ failure, phase }) => !failure.startsWith('4') || phase === 'before'));
  }
});

t.test('a refusal may come after the commit too, and a failure is chosen with its phase', async (t) => {
  const { runs } = await exploredJson(t, 'ignore-failures', ['--only', '4xx@after-commit']);
  t.ok(runs.length > 3);
  t.ok(runs.every(({ failure, phase }) => failure.startsWith('4') && phase === 'after-commit'));
  t.ok(runs.every(({ verdict }) => verdict === 'survived'));
  const others = await exploredJson(t, 'delete-two', [
    ...['--only', 'DeleteUser,404,reset', '--skip', '4xx@after-commit,reset@before'],
  ]);
  t.strictSame(verdicts(others.runs), {
    'DeleteUser 404 NOT_FOUND before': 'failed-cleanly',
    'DeleteUser reset after-commit': 'half-done',
  });
});

t.test('races are planned besides failures, told in words, and repeated by their ids', async (t) => {
  const all = await exploredJson(t, 'delete-two', ['--races', '--only', 'race']);
  const faults = await exploredJson(t, 'delete-two', ['--only', 'DeleteUser,reset']);
  t.strictSame([all.planned, all.possible - faults.possible], [4, 4]);
  t.strictSame(verdicts(all.runs), {
    'DeleteUser race with the same request after-commit': 'survived',
    'DeleteUser race with the same request before': 'half-done',
    'endUsers.delete race with the same request after-commit': 'survived',
    'endUsers.delete race with the same request before': 'done-but-reported-failed',
  });
  const half = all.runs.find(({ verdict }) => verdict === 'half-done');
  const { id = '' } = half ?? {};
  const [again, ...others] = (await exploredJson(t, 'delete-two', ['--repeat', id])).runs;
  t.strictSame(others, []);
  const facts = (run: typeof half) =>
    run && [run.id, run.verdict, run.findings, run.rival, run.requests.map((one) => one.id)];
  t.strictSame(facts(again), facts(half));
  const { out } = await explored('delete-two', ['--races', '--only', 'race,DeleteUser,before']);
  t.match(
    out,
    /HALF DONE {2}DeleteUser \/v1\/users\/user-42: race with the same request before\n {2}exit 1\n {2}another client sent DELETE \/pagecall\/v1\/users\/user-42 just before \(200\)\n {2}left: conductor endUsers end_usr_alice000000042, /,
  );
  const rejected = await explored('ignore-failures', ['--races', '--only', 'race', '--json']);
  t.equal(rejected.code, 0);
});

t.test('the line that repeats a run has every option on which its verdict depends', async (t) => {
  const { url } = await listening(t);
  const { out } = await explored('ignore-failures', [
    ...['--only', '500,before', '--time-limit', '20', '--subject', 'user-42,Alice Moreau', '--url', url],
    ...['--fixtures', 'fixtures', '--contract', 'pagecall=openapi/pagecall.json', '--jobs', '1'],
  ]);
  t.match(
    out,
    ` --time-limit 20 --subject user-42 --subject 'Alice Moreau' --fixtures fixtures --contract pagecall=openapi/pagecall.json --url ${url} -- ${COMMAND[0]} `,
  );
});
