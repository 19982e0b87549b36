// The types of the library: rules, receipts, requests, residues. `await using` closes each of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ControlPlaneError,
  type ErasureResult,
  type FaultRule,
  type JournalEntry,
  type Pattern,
  type Providers,
  type Receipt,
  type Sandbox,
  type StartOptions,
  startUnderstudy,
} from 'understudy-sandbox';

const options: StartOptions & { port: false } = { port: false, settings: { auth: 'strict', seed: 'typed' } };
const lost: FaultRule = { mode: { times: 1 }, effect: { fault: 'empty' }, phase: 'after-commit' };
const deletes: Pattern = { operation: 'endUsers.delete', method: 'DELETE' };

async function erase({ conductor }: Providers, id: string, fetch: typeof globalThis.fetch): Promise<number> {
  const headers = { authorization: `Bearer ${conductor.secretKey}` };
  const response = await fetch(`${conductor.baseUrl}/end-users/${id}`, { method: 'DELETE', headers });
  return response.status;
}

test('a delete whose response was lost took effect', async () => {
  await using understudy = await startUnderstudy(options);
  const none: null = understudy.url;
  assert.equal(none, null);
  await using sandbox: Sandbox = await understudy.sandbox({ ttlSeconds: 60 });
  const { id } = await sandbox.faults.add({ ...lost, match: deletes });
  await assert.rejects(erase(sandbox, 'end_usr_alice000000042', understudy.fetch), TypeError);
  assert.equal(await erase(sandbox, 'end_usr_alice000000042', understudy.fetch), 404);

  const [receipt]: Receipt[] = await sandbox.deletions();
  assert.equal(receipt?.answered, false);
  const requests: JournalEntry[] = await sandbox.requests(deletes);
  assert.deepEqual(
    requests.map(({ response, fault }) => [response.status, fault]),
    [
      [404, undefined],
      [200, id],
    ],
  );
  // She is still at the other two providers, which a check that follows linked identities would find.
  const left: ErasureResult = await sandbox.erasureCheck('end_usr_alice000000042', { linked: false });
  assert.deepEqual(left.residues, []);
  const { due } = await sandbox.clock.advance('P1D');
  assert.ok(due.every(({ provider }) => provider !== 'nobody'));
  const refusal = await sandbox.restore('nowhere').catch((error: unknown) => error);
  assert.ok(refusal instanceof ControlPlaneError && refusal.status === 404);
});

test('invalid options do not compile', async () => {
  const { url, close } = await startUnderstudy();
  const text: string = url;
  assert.match(text, /^http:/);
  await close();
  // @ts-expect-error: no such option
  await assert.rejects(startUnderstudy({ prot: 1 }), /did you mean port\?$/);
  // @ts-expect-error: no such fault
  const wrong: FaultRule = { effect: { fault: 'explode' } };
  assert.ok(wrong);
});
