// Account deletion under Vitest: a server for the file, a fresh sandbox before each test.
import { startUnderstudy } from 'understudy-sandbox';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { alice, deleteAccount } from '../delete-account.js';

const understudy = await startUnderstudy();
afterAll(() => understudy.close());

let sandbox;
beforeEach(async () => {
  sandbox = await understudy.sandbox();
  return () => sandbox.delete();
});

test('nothing of a person is left', async () => {
  await deleteAccount(sandbox, alice);
  expect(await sandbox.erasureCheck(['alice@example.com', 'user-42'])).toMatchObject({ clean: true, residues: [] });
});

test('nothing is left after a delete whose response was lost', async () => {
  await sandbox.faults.add({
    match: { operation: 'users_delete' },
    mode: { times: 1 },
    effect: { status: 503 },
    phase: 'after-commit',
  });
  await deleteAccount(sandbox, alice);
  expect(await sandbox.deletions({ provider: 'proficient' })).toMatchObject([
    { counts: { users: 1 }, answered: false },
  ]);
  expect(await sandbox.erasureCheck(['alice@example.com', 'user-42'])).toMatchObject({ clean: true });
});
