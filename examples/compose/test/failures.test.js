// The providers fail, before the delete or after it, and the person is deleted all the same.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { deletePerson } from '../delete-person.js';
import { sandboxFor } from '../sandbox.js';

const ALICE = { proficient: 'u_Alice0000000000000000042', pagecall: 'user-42', conductor: 'end_usr_alice000000042' };
const sandbox = sandboxFor('failures');
beforeEach(() => sandbox.ask('POST', '/reset', {}));

test('a response that is lost after the delete', async () => {
  await sandbox.ask('POST', '/faults', {
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
  });
  await deletePerson(ALICE, sandbox.keys);
  const { deletions } = await sandbox.ask('GET', '/deletions');
  assert.deepEqual(
    deletions.map(({ provider, answered }) => [provider, answered]),
    [
      ['conductor', false],
      ['pagecall', true],
      ['proficient', true],
    ],
  );
});

test('a provider that returns 503 twice', async () => {
  const rule = { match: { provider: 'pagecall' }, mode: { times: 2 }, effect: { status: 503 } };
  await sandbox.ask('POST', '/faults', rule);
  await deletePerson(ALICE, sandbox.keys);
  const { requests } = await sandbox.ask('GET', '/requests?provider=pagecall');
  assert.deepEqual(
    requests.map(({ response }) => response.status),
    [200, 503, 503],
  );
});

test('a provider that keeps returning 503 is an error', async () => {
  await sandbox.ask('POST', '/faults', {
    match: { provider: 'pagecall' },
    mode: 'always',
    effect: { status: 503 },
  });
  await assert.rejects(
    deletePerson(ALICE, sandbox.keys),
    /DELETE https:\/\/api\.pagecall\.com\/v1\/users\/user-42 failed/,
  );
});
