// Alice is a user at all three providers. After she is deleted, nothing of her is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deletePerson } from '../delete-person.js';
import { sandboxFor } from '../sandbox.js';

const ALICE = { proficient: 'u_Alice0000000000000000042', pagecall: 'user-42', conductor: 'end_usr_alice000000042' };
const sandbox = sandboxFor('erasure');
const residues = async () =>
  (await sandbox.ask('POST', '/erasure-checks', { subjects: ['alice@example.com', 'user-42'] })).residues;

test('nothing of a deleted person is left', async () => {
  assert.notEqual((await residues()).length, 0);
  await deletePerson(ALICE, sandbox.keys);
  assert.deepEqual(await residues(), []);
});

test('deleting her again succeeds', async () => {
  await deletePerson(ALICE, sandbox.keys);
});
