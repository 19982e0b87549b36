// Connection faults as a program sees them: a lost response is a rejected fetch, with a socket and without one.
import t from 'tap';
import { ALICE, keyed, open, WAYS } from './open.ts';

const FAULTS = ['reset', 'empty', 'malformed', 'truncated'] as const;

for (const { way, port } of WAYS) {
  for (const phase of ['before', 'after-commit'] as const) {
    t.test(`${way}: a response lost ${phase} is a TypeError, and the receipt says so`, async (t) => {
      const { fetch, sandbox } = await open(t, { port });
      for (const fault of FAULTS) {
        const one = await sandbox();
        const path = `${one.conductor.baseUrl}/end-users/${ALICE}`;
        const headers = keyed(one.conductor.secretKey);
        const { id } = await one.faults.add({ mode: { times: 1 }, effect: { fault }, phase });
        // Over a socket, a truncated response has started; reading it fails.
        const error = await fetch(path, { method: 'DELETE', headers })
          .then((answer) => answer.text())
          .catch((error: Error & { cause: { code: string } }) => error);
        if (typeof error === 'string') return t.fail(`${fault} got a response: ${error}`);
        t.ok(error instanceof TypeError);
        if (port === false) {
          t.match(error, { message: 'fetch failed', cause: { code: 'ECONNRESET' } });
        }
        t.equal((await fetch(path, { headers })).status, phase === 'before' ? 200 : 404);
        t.match(await one.requests({ method: 'DELETE' }), [{ fault: id }]);
        t.match(await one.deletions(), phase === 'before' ? [] : [{ root: { id: ALICE }, answered: false }]);
      }
    });

    t.test(`${way}: a fault that hangs ${phase} waits for the signal`, async (t) => {
      const { fetch, sandbox } = await open(t, { port });
      const one = await sandbox();
      const path = `${one.conductor.baseUrl}/end-users/${ALICE}`;
      const headers = keyed(one.conductor.secretKey);
      await one.faults.add({ mode: { times: 1 }, effect: { fault: 'hang' }, phase });
      const patience = new AbortController();
      let settled = false;
      const hanging = fetch(path, { method: 'DELETE', headers, signal: patience.signal }).finally(() => {
        settled = true;
      });
      t.match(await one.waitForRequests({ operation: 'endUsers.delete' }), { passed: true });
      t.equal((await fetch(path, { headers })).status, phase === 'before' ? 200 : 404);
      t.notOk(settled);
      patience.abort(new Error('out of patience'));
      await t.rejects(hanging, { message: 'out of patience' });
      await t.rejects(fetch(path, { headers: { ...headers, prefer: 'fault=hang' }, signal: AbortSignal.timeout(50) }), {
        name: 'TimeoutError',
      });
    });
  }
}

t.test('inject fails too instead of hanging', async (t) => {
  const { inject } = await open(t, { port: false });
  for (const fault of FAULTS) {
    const headers = { ...keyed('sk_x'), prefer: `fault=${fault}` };
    await t.rejects(inject({ url: '/conductor/v1/end-users', headers }), { code: 'LIGHT_ECONNRESET' });
  }
});
