// Account deletion with Jest: in process without a port, one sandbox for the file, reset before each test.
import { startUnderstudy } from 'understudy-sandbox';
import { alice, deleteAccount } from '../delete-account.js';

const understudy = await startUnderstudy({ port: false });
const sandbox = await understudy.sandbox(`jest-${process.env.JEST_WORKER_ID}`);
beforeEach(() => sandbox.reset());
afterAll(() => understudy.close());

test('no data of a deleted person remains', async () => {
  await deleteAccount(sandbox, alice, understudy.fetch);
  expect(await sandbox.erasureCheck(['alice@example.com', 'user-42'])).toMatchObject({ clean: true, residues: [] });
});

test('no data remains when the response to a delete is lost', async () => {
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
