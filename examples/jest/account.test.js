// Account deletion under Jest: no port, and one sandbox for the file, reset before each test.
import { startUnderstudy } from 'understudy-sandbox';
import { alice, deleteAccount } from '../delete-account.js';

const understudy = await startUnderstudy({ port: false });
const sandbox = await understudy.sandbox(`jest-${process.env.JEST_WORKER_ID}`);
beforeEach(() => sandbox.reset());
afterAll(() => understudy.close());

test('nothing of a person is left', async () => {
  await deleteAccount(sandbox, alice, understudy.fetch);
  expect(await sandbox.erasureCheck(['alice@example.com', 'user-42'])).toMatchObject({ clean: true, residues: [] });
});

test('nothing is left after a delete whose response was lost', async () => {
  await sandbox.faults.add({
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
  });
  await deleteAccount(sandbox, alice, understudy.fetch);
  expect(await sandbox.deletions({ provider: 'conductor' })).toMatchObject([
    { counts: { endUsers: 1 }, answered: false },
  ]);
  expect(await sandbox.erasureCheck(['alice@example.com', 'user-42'])).toMatchObject({ clean: true });
});
