// Explores both deletions: what they do not survive is found, not planned.
import Conductor from 'conductor-node';
import t from 'tap';
// In a project of your own: from 'understudy-sandbox'.
import { type ExploredRun, type Sandbox, startUnderstudy } from '../../src/index.ts';
import { deleteAccount, deleteAccountNaively, type Person, type Providers } from './saga.ts';

const ALICE: Person = {
  proficientId: 'u_Alice0000000000000000042',
  pagecallId: 'user-42',
  conductorId: 'end_usr_alice000000042',
};
const OPTIONS = {
  only: ['401', '404', 'USER_NOT_FOUND', '500', 'reset', 'truncated', 'hang'],
  subjects: ['alice@example.com', 'user-42', 'Alice Moreau'],
  jobs: 8,
};
const CALLS = ['users_delete', 'DeleteUser', 'endUsers.delete'];

const understudy = await startUnderstudy();
t.teardown(() => understudy.close());

/** The app's own clients, pointed at a sandbox; short time-outs, so that a held connection does not hold the test. */
function providers({ proficient, pagecall, conductor }: Sandbox, maxRetries: number): Providers {
  const timeoutMs = 2000;
  return {
    proficient: { baseUrl: proficient.baseUrl, key: proficient.secretKey, timeoutMs },
    pagecall: { baseUrl: pagecall.baseUrl, key: pagecall.apiKey, timeoutMs },
    conductor: new Conductor({
      baseURL: conductor.baseUrl,
      apiKey: conductor.secretKey,
      timeout: timeoutMs,
      maxRetries,
    }),
  };
}

/** One line for each failure, one column for each of the three calls. */
function matrix(runs: ExploredRun[]): string[] {
  const word = ({ verdict, healsOnRetry }: ExploredRun) => `${verdict}${healsOnRetry === false ? '!' : ''}`;
  const name = ({ failure, phase }: ExploredRun) => `${failure.replace(/ .*(?=NOT_FOUND)| .*/, ' ').trim()} ${phase}`;
  return [...new Set(runs.map(name))].sort().map((row) => {
    const cells = CALLS.map((operation) => {
      const run = runs.find((one) => name(one) === row && one.call.operation === operation);
      return run === undefined ? '-' : word(run);
    });
    return `${row}: ${cells.join(', ')}`;
  });
}

t.test('the naive deletion: what it leaves, and what running it again does not heal (!)', async (t) => {
  const runs: ExploredRun[] = [];
  const naive = (sandbox: Sandbox) => deleteAccountNaively(providers(sandbox, 0), ALICE);
  for await (const run of understudy.explore(naive, { ...OPTIONS, timeLimitMs: 8000 })) runs.push(run);
  // Proficient AI is called first, then Pagecall, then Conductor.
  t.strictSame(matrix(runs), [
    '400 NOT_FOUND after-commit: -, half-done!, -',
    '400 NOT_FOUND before: -, half-done!, -',
    '401 after-commit: half-done!, -, done-but-reported-failed!',
    '401 before: failed-cleanly, -, half-done!',
    '404 NOT_FOUND after-commit: -, half-done!, -',
    '404 NOT_FOUND before: -, half-done!, -',
    '404 after-commit: half-done!, -, done-but-reported-failed!',
    '404 before: failed-cleanly, -, half-done!',
    '500 after-commit: half-done!, half-done!, done-but-reported-failed!',
    '500 before: failed-cleanly, half-done!, half-done!',
    'hang after-commit: half-done!, half-done!, done-but-reported-failed!',
    'hang before: failed-cleanly, half-done!, half-done!',
    'reset after-commit: half-done!, half-done!, done-but-reported-failed!',
    'reset before: failed-cleanly, half-done!, half-done!',
    // The SDK waits for ever for the rest of a body.
    'truncated after-commit: half-done!, half-done!, hung!',
    'truncated before: failed-cleanly, half-done!, hung!',
  ]);
  const middle = runs.find(
    ({ call, failure, phase }) => call.operation === 'DeleteUser' && failure.startsWith('500') && phase === 'before',
  );
  t.ok(middle?.remains?.includes('pagecall users user-42'));
  t.ok(middle?.remains?.includes('conductor endUsers end_usr_alice000000042'));
});

t.test('the retrying deletion survives everything, when a job that fails is run again', async (t) => {
  const runs = await understudy
    .explore(async (sandbox) => {
      const work = () => deleteAccount(providers(sandbox, 1), ALICE, { pauseMs: 1, limitMs: 5000 });
      // As a queue does: a refusal is put right, and the job is run again.
      await work().catch(work);
    }, OPTIONS)
    .assertSurvives();
  t.ok(runs.length > 20);
});

t.test('another worker deletes the same account at the same time', async (t) => {
  const options = { races: true, only: ['race'], subjects: OPTIONS.subjects };
  const runs: ExploredRun[] = [];
  const naive = (sandbox: Sandbox) => deleteAccountNaively(providers(sandbox, 0), ALICE);
  for await (const run of understudy.explore(naive, options)) runs.push(run);
  // "Not found" stops it, and the providers after it keep the account.
  t.strictSame(matrix(runs), [
    'race after-commit: survived, survived, survived',
    'race before: half-done!, half-done!, done-but-reported-failed!',
  ]);
  const retrying = (sandbox: Sandbox) => deleteAccount(providers(sandbox, 1), ALICE, { pauseMs: 1, limitMs: 5000 });
  t.equal((await understudy.explore(retrying, options).assertSurvives()).length, runs.length);
});
