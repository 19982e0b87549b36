// Verdicts on clients whose create or delete took effect although they did not receive its response.
import t from 'tap';
import { typing } from '../cli/shell.ts';
import { ALICE, client, LARKSPUR, PERSON } from './client-requests.ts';

t.test('a create that is repeated after a lost response is done twice, or refused', async (t) => {
  const { send, verdicts } = await client(t);
  const lost = 'fault=reset, phase=after-commit';
  await send('POST', '/end-users', lost, PERSON);
  t.equal(await send('POST', '/end-users', '', PERSON), 400);
  const session = { endUserId: 'end_usr_alice000000042', publishableKey: 'pk_conductor_test' };
  await send('POST', '/auth-sessions', lost, session);
  t.equal(await send('POST', '/auth-sessions', '', session), 200);
  const found = (await verdicts()).filter(([rule]: string[]) => rule === 'creates-once');
  t.strictSame(found, [
    ['creates-once', false, 'created again what a lost response had created'],
    ['creates-once', true, 'repeated a create, and the provider refused the copy'],
  ]);
});

t.test('a delete that was done is accepted as done, or not', async (t) => {
  const lost = 'fault=reset, phase=after-commit';
  const accepts = async (...after: [string, string][]) => {
    const { send, verdicts } = await client(t);
    await send('DELETE', ALICE, lost);
    for (const [method, path] of after) await send(method, path);
    return (await verdicts()).filter(([rule]: string[]) => rule === 'accepts-not-found');
  };
  const detail = 'got "not found" for a delete that was done,';
  t.strictSame(await accepts(['DELETE', ALICE]), [['accepts-not-found', null, `${detail} and called nothing more`]]);
  t.strictSame(await accepts(['DELETE', ALICE], ['GET', '/end-users']), [
    ['accepts-not-found', true, `${detail} and went on`],
  ]);
  t.strictSame(await accepts(['DELETE', ALICE], ['DELETE', ALICE]), [
    ['accepts-not-found', false, `${detail} and repeated it again`],
  ]);
  t.strictSame(await accepts(['GET', ALICE]), []);
});

t.test('"not found" counts with any status that says it, as at Pagecall', async (t) => {
  const { url, verdicts } = await client(t);
  const send = (prefer: string) =>
    fetch(`${url}/pagecall/v1/users/user-42`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer k', prefer },
    }).catch(() => {});
  await send('fault=empty, phase=after-commit');
  await send('code=503');
  await send('');
  t.strictSame(await verdicts(), [
    ['accepts-not-found', null, 'got "not found" for a delete that was done, and called nothing more'],
    ['retries-transient-errors', true, 'retried after no response'],
    ['retries-transient-errors', true, 'retried after 503'],
    ['retries-nothing-else', true, 'did not retry after 400'],
  ]);
});

t.test(
  'a delete or create whose response was lost to an error is judged like one that was lost on the wire',
  async (t) => {
    const { url, send, verdicts } = await client(t);
    const lost = 'code=500, phase=after-commit';
    await send('DELETE', ALICE, lost);
    t.equal(await send('DELETE', ALICE), 404);
    t.match(await typing(url)('clients'), { code: 0, out: /^VERDICT .*\nunclear +accepts-not-found / });
    const session = { endUserId: LARKSPUR, publishableKey: 'pk_conductor_test' };
    await send('POST', '/auth-sessions', lost, session);
    await send('POST', '/auth-sessions', '', session);
    const found = (await verdicts()).filter(([rule]: string[]) => rule !== 'retries-transient-errors');
    t.strictSame(found, [
      ['creates-once', false, 'created again what a lost response had created'],
      ['retries-nothing-else', true, 'did not retry after 404'],
      ['accepts-not-found', true, 'got "not found" for a delete that was done, and went on'],
    ]);
  },
);

t.test('a create that never took effect, or an action on one thing, may be repeated', async (t) => {
  const { url, send, verdicts } = await client(t);
  await send('POST', '/end-users', 'fault=reset', PERSON);
  t.equal(await send('POST', '/end-users', '', PERSON), 200);
  const act = async (path: string, prefer: string, body: object = {}) => {
    const response = await fetch(`${url}/proficient${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_understudy', 'content-type': 'application/json', prefer },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (prefer === '') t.equal(response?.status, 200, path);
  };
  for (const prefer of ['fault=reset, phase=after-commit', '']) {
    await act('/agents/ag_Lad8YCGGiDLiqIZPWRXmc2ix/deactivate', prefer);
    await act('/users/u_Alice0000000000000000042', prefer, { name: 'Alice' });
  }
  for (const prefer of ['code=500, phase=after-commit', '']) {
    await act('/agents/ag_Lad8YCGGiDLiqIZPWRXmc2ix/activate', prefer);
  }
  t.strictSame(
    (await verdicts()).filter(([rule]: string[]) => rule !== 'retries-transient-errors'),
    [],
  );
});
