// Runs the saga under every documented failure of the three DELETEs, one at a time, before and after the commit.
import Conductor from 'conductor-node';
import t from 'tap';
// In a project of your own: from 'understudy-sandbox'.
import { startUnderstudy } from '../../src/index.ts';
import { deleteAccount, deleteAccountNaively, type Person, type Providers } from './saga.ts';

const ALICE: Person = {
  proficientId: 'u_Alice0000000000000000042',
  pagecallId: 'user-42',
  conductorId: 'end_usr_alice000000042',
};
const SUBJECTS = ['alice@example.com', 'user-42', 'Alice Moreau'];
const DELETES = ['users_delete', 'DeleteUser', 'endUsers.delete'];

/** One failure, written as the effect of a fault rule. */
interface Case {
  name: string;
  operation: string;
  phase: 'before' | 'after-commit';
  effect: { status: number; code: string; headers: object; lenient: true } | { fault: 'reset' };
}

interface ErrorEntry {
  operation: string | null;
  status: number;
  code: string;
}

const understudy = await startUnderstudy();
t.teardown(() => understudy.close());

/** A call of the sandbox's own API. */
async function admin<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`${understudy.url}/__admin/${path}`, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The providers in a sandbox of its own. Its name is in the keys, so the app does not need to know it. */
function providers(sandbox: string): Providers {
  const { url } = understudy;
  return {
    proficient: { baseUrl: `${url}/proficient`, key: `sk_test_understudy_sbx_${sandbox}` },
    pagecall: { baseUrl: `${url}/pagecall/v1`, key: `pagecall_test_key_sbx_${sandbox}` },
    conductor: new Conductor({ baseURL: `${url}/conductor/v1`, apiKey: `sk_conductor_test_sbx_${sandbox}` }),
  };
}

/** Makes the next `times` calls of the operation fail. `retry-after-ms` keeps the SDK from sleeping. */
const plan = (sandbox: string, { operation, phase, effect }: Case, times: number) =>
  admin(`faults?sandbox=${sandbox}`, { match: { operation }, mode: { times }, effect, phase });

const isClean = async (sandbox: string) =>
  (await admin<{ clean: boolean }>(`erasure-checks?sandbox=${sandbox}`, { subjects: SUBJECTS })).clean;

const { errors } = await admin<{ errors: ErrorEntry[] }>('errors');
const cases = DELETES.flatMap((operation) => {
  const failures = errors
    .filter((entry) => entry.operation === operation)
    .map(({ status, code }) => ({ status, code, headers: { 'retry-after-ms': '1' }, lenient: true as const }));
  return [...failures, { fault: 'reset' as const }].flatMap((effect) =>
    (['before', 'after-commit'] as const).map((phase): Case => {
      const what = 'fault' in effect ? effect.fault : `${effect.status} ${effect.code}`;
      return { name: `${operation}: ${what}, ${phase}`, operation, phase, effect };
    }),
  );
});

const statusOf = ({ effect }: Case) => ('status' in effect ? effect.status : null);
/** Transient failures: no response, a server error, too many requests. */
const passes = (one: Case) => {
  const status = statusOf(one);
  return status === null || status >= 500 || status === 429;
};
/** Whether this is the provider's "no such user" error. */
const saysGone = ({ effect }: Case) =>
  'code' in effect && ['resource_not_found', 'USER_NOT_FOUND', 'RESOURCE_MISSING'].includes(effect.code);

const succeeds = (call: Promise<void>) =>
  call.then(
    () => true,
    () => false,
  );

/** Every case in a sandbox of its own, all at once. */
async function inEach(some: Case[], prefix: string, run: (one: Case, sandbox: string) => Promise<void>) {
  await Promise.all(some.map((one, n) => run(one, `${prefix}-${n}`)));
}

t.test(
  'the retrying saga leaves nothing behind under every failure, and never succeeds when something is left',
  async (t) => {
    t.ok(cases.length > 40);
    await inEach(cases, 'retrying', async (one, sandbox) => {
      // Planning a fault creates the sandbox.
      await plan(sandbox, one, 1);
      t.notOk(await isClean(sandbox), `${one.name}: Alice is there`);
      const world = providers(sandbox);
      const done = await succeeds(deleteAccount(world, ALICE, { pauseMs: 1 }));
      t.equal(done, passes(one) || saysGone(one), `${one.name}: it ${done ? 'is done' : 'reports a refusal'}`);
      // A refusal (a key that was wrong, a right that was missing) is put right by people; then it is run again.
      if (!done) t.ok(await succeeds(deleteAccount(world, ALICE, { pauseMs: 1 })), `${one.name}: run again`);
      t.ok(await isClean(sandbox), `${one.name}: nothing is left`);
    });
  },
);

t.test('the naive one leaves something behind after a server error before the delete', async (t) => {
  const some = cases.filter((one) => one.phase === 'before' && Number(statusOf(one)) >= 500);
  t.ok(some.length >= 6);
  await inEach(some, 'naive', async (one, sandbox) => {
    // Three, because Conductor's SDK retries twice by itself.
    await plan(sandbox, one, 3);
    t.notOk(await succeeds(deleteAccountNaively(providers(sandbox), ALICE)), `${one.name}: it gives up`);
    t.notOk(await isClean(sandbox), `${one.name}: something is left`);
  });
});

t.test('the naive one fails for ever after a delete whose response was lost', async (t) => {
  const lost = cases.filter(({ phase, effect }) => phase === 'after-commit' && 'fault' in effect);
  await inEach(lost, 'lost', async (one, sandbox) => {
    await plan(sandbox, one, 1);
    const world = providers(sandbox);
    t.notOk(await succeeds(deleteAccountNaively(world, ALICE)), one.name);
    t.notOk(await succeeds(deleteAccountNaively(world, ALICE)), `${one.name}: again`);
  });
});
