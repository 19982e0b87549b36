// Account deletion under tap: a server for the file, a sandbox per test, over a socket.
import t from 'tap';
import { startUnderstudy } from 'understudy-sandbox';
import { alice, deleteAccount } from '../delete-account.js';

const understudy = await startUnderstudy();
t.teardown(() => understudy.close());

/** A sandbox that is deleted after its test. */
async function sandboxFor(t) {
  const sandbox = await understudy.sandbox();
  t.teardown(() => sandbox.delete());
  return sandbox;
}

t.test('nothing of a person is left', async (t) => {
  const sandbox = await sandboxFor(t);
  await deleteAccount(sandbox, alice);
  t.match(await sandbox.erasureCheck(['alice@example.com', 'user-42']), { clean: true, residues: [] });
});

t.test('nothing is left after a delete whose response was lost', async (t) => {
  const sandbox = await sandboxFor(t);
  await sandbox.faults.add({
    match: { operation: 'DeleteUser' },
    mode: { times: 1 },
    effect: { fault: 'truncated' },
    phase: 'after-commit',
  });
  await deleteAccount(sandbox, alice);
  t.match(await sandbox.deletions({ provider: 'pagecall' }), [{ counts: { users: 1 }, answered: false }]);
  t.match(await sandbox.erasureCheck(['alice@example.com', 'user-42']), { clean: true });
});
