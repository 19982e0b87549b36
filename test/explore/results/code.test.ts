// `understudy.explore()`: the failures of a function of a test, with and without a port.
import t from 'tap';
import { type ExploredRun, NotSurvivedError, type Sandbox } from '../../../src/index.ts';
import { open } from '../../library/open.ts';

const REMOVE = { method: 'DELETE', path: '/end-users/end_usr_alice000000042' };

t.test('a function is explored like a command, and a verdict is an object', async (t) => {
  for (const port of [0, false] as const) {
    const understudy = await open(t, { port });
    const remove = async ({ conductor }: Sandbox, environment: Readonly<Record<string, string>>) => {
      t.equal(environment.CONDUCTOR_SECRET_KEY, conductor.secretKey);
      const response = await understudy.fetch(conductor.baseUrl + REMOVE.path, {
        method: REMOVE.method,
        headers: { authorization: `Bearer ${conductor.secretKey}` },
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      await response.text();
    };
    const options = { only: ['404', 'reset', 'hang'], timeLimitMs: 2000 };
    const runs: ExploredRun[] = [];
    for await (const run of understudy.explore(remove, options)) runs.push(run);
    const verdicts = runs.map(({ failure, phase, verdict }) => `${failure} ${phase}: ${verdict}`).sort();
    t.strictSame(verdicts, [
      '404 RESOURCE_MISSING after-commit: done-but-reported-failed',
      '404 RESOURCE_MISSING before: failed-cleanly',
      'hang after-commit: hung',
      'hang before: hung',
      'reset after-commit: done-but-reported-failed',
      'reset before: failed-cleanly',
    ]);
    const failed = await understudy
      .explore(remove, { ...options, skip: ['hang'] })
      .assertSurvives(['failed-cleanly'])
      .catch((error) => error);
    t.ok(failed instanceof NotSurvivedError);
    t.equal(
      failed.message,
      `Not survived.
done but reported failed: endUsers.delete /v1/end-users/end_usr_alice000000042, reset after-commit
  exit 1
  client: gave up after no response (retries-transient-errors)
  running it again does not heal it
done but reported failed: endUsers.delete /v1/end-users/end_usr_alice000000042, 404 RESOURCE_MISSING after-commit
  exit 1
  running it again does not heal it`,
    );
    t.strictSame(
      failed.runs.map(({ verdict }: ExploredRun) => verdict),
      ['done-but-reported-failed', 'done-but-reported-failed'],
    );
  }
});

t.test('code that survives everything resolves with its runs; what it throws may be anything', async (t) => {
  const understudy = await open(t, { port: false });
  const read = async ({ conductor }: Sandbox) => {
    const headers = { authorization: `Bearer ${conductor.secretKey}` };
    await understudy.fetch(`${conductor.baseUrl}/end-users`, { headers }).catch(() => {});
  };
  const runs = await understudy.explore(read, { only: ['reset', '500'] }).assertSurvives();
  t.strictSame(
    runs.map(({ verdict }) => verdict),
    ['survived', 'survived'],
  );
  const throwing = understudy.explore(() => {
    throw 'a text';
  });
  await t.rejects(throwing.assertSurvives(), { name: 'ExploreError', message: /exits with 1 .* It wrote:\na text$/s });
});

t.test('an exploration that is left early ends its runs', async (t) => {
  const understudy = await open(t, { port: false });
  const read = ({ conductor }: Sandbox) =>
    understudy.fetch(`${conductor.baseUrl}/end-users`, { headers: { authorization: `Bearer ${conductor.secretKey}` } });
  let runs = 0;
  for await (const _ of understudy.explore(read, { jobs: 2 })) {
    runs++;
    break;
  }
  t.equal(runs, 1);
});
