// Account deletion with Node's own test runner: a sandbox per test, and no port.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startUnderstudy } from 'understudy-sandbox';
import { alice, deleteAccount } from '../delete-account.js';

const understudy = await startUnderstudy({ port: false });
after(() => understudy.close());

test('nothing of a person is left', async () => {
  const sandbox = await understudy.sandbox();
  await deleteAccount(sandbox, alice, understudy.fetch);
  const { residues } = await sandbox.erasureCheck(['alice@example.com', 'user-42']);
  assert.deepEqual(residues, []);
});

test('nothing is left after a delete whose response was lost', async () => {
  const sandbox = await understudy.sandbox();
  await sandbox.faults.add({
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
  });
  await deleteAccount(sandbox, alice, understudy.fetch);
  assert.equal((await sandbox.requests({ operation: 'endUsers.delete' })).length, 2, 'it was retried');
  assert.equal((await sandbox.erasureCheck(['alice@example.com', 'user-42'])).clean, true);
});
