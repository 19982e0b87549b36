// Account deletion under Node's own test runner: a sandbox per test, and no port at all.
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

test('nor when a delete took effect and its answer was lost', async () => {
  const sandbox = await understudy.sandbox();
  await sandbox.faults.add({
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
  });
  await deleteAccount(sandbox, alice, understudy.fetch);
  assert.equal((await sandbox.requests({ operation: 'endUsers.delete' })).length, 2, 'it was asked again');
  assert.equal((await sandbox.erasureCheck(['alice@example.com', 'user-42'])).clean, true);
});
