// Isolation of sandboxes selected by header and by key, and a check that the test detects shared state.
import t from 'tap';
import { Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import { type TestServer, testServer } from '../../harness.ts';

/** Isolation errors of two sandboxes, one selected by header and one by key. */
async function isolationBreaches({ call }: TestServer): Promise<string[]> {
  const found: string[] = [];
  const one = { authorization: 'Bearer k', 'x-understudy-sandbox': 'one' };
  const two = { authorization: 'Bearer pagecall_test_key_sbx_two' };
  const three = { authorization: 'Bearer k' };
  await call('DELETE', '/pagecall/v1/users/user-42', { headers: one });
  await call('POST', '/pagecall/v1/users', { headers: two, json: { user_id: 'only-in-two' } });
  const sees = async (headers: Record<string, string>, id: string) =>
    (await call('GET', `/pagecall/v1/users/${id}`, { headers })).status === 200;
  if (await sees(one, 'user-42')) found.push('the delete in one did not happen');
  if (!(await sees(two, 'user-42'))) found.push('the delete in one reached two');
  if (!(await sees(three, 'user-42'))) found.push('the delete in one reached default');
  if (!(await sees(two, 'only-in-two'))) found.push('the create in two did not happen');
  if (await sees(one, 'only-in-two')) found.push('the create in two reached one');
  if (await sees(three, 'only-in-two')) found.push('the create in two reached default');
  await call('POST', '/__admin/reset?sandbox=one');
  if (!(await sees(one, 'user-42'))) found.push('the reset of one did not happen');
  if (!(await sees(two, 'only-in-two'))) found.push('the reset of one reached two');
  return found;
}

t.test('two sandboxes and the default one are isolated', async (t) => {
  t.same(await isolationBreaches(await testServer(t)), []);
});

t.test('with every lookup fixed to default, the same scenario finds isolation errors', async (t) => {
  const find = Sandboxes.prototype.find;
  Sandboxes.prototype.find = function (this: Sandboxes) {
    return find.call(this, 'default');
  };
  t.teardown(() => {
    Sandboxes.prototype.find = find;
  });
  t.not((await isolationBreaches(await testServer(t))).length, 0);
});

t.test('a response names its sandbox', async (t) => {
  const { call } = await testServer(t);
  const asked = async (headers: Record<string, string>) =>
    (await call('GET', '/pagecall/v1/users', { headers })).headers['x-understudy-sandbox'];
  t.equal(await asked({ authorization: 'Bearer k' }), 'default');
  t.equal(await asked({ authorization: 'Bearer sbx_worker-3' }), 'worker-3');
  t.equal(
    await asked({ authorization: 'Bearer sbx_worker-3', 'x-understudy-sandbox': 'mine' }),
    'mine',
    'the header takes precedence',
  );
  t.match(await call('GET', '/pagecall/v1/nope', { headers: { authorization: 'Bearer sbx_w' } }), {
    status: 404,
    headers: { 'x-understudy-sandbox': 'w' },
  });
});

t.test('an invalid sandbox name is rejected and never falls back to default', async (t) => {
  const { call } = await testServer(t);
  for (const headers of [
    { authorization: 'Bearer k', 'x-understudy-sandbox': 'a b' },
    { authorization: 'Bearer k', 'x-understudy-sandbox': 'x'.repeat(65) },
    { authorization: 'Bearer key_sbx_' },
    { authorization: 'Bearer key_sbx_a/b' },
  ]) {
    const refused = await call('DELETE', '/pagecall/v1/users/user-42', { headers });
    t.match(refused, {
      status: 400,
      headers: { 'content-type': /^application\/problem\+json/ },
      body: { type: 'urn:understudy:sandbox-name', status: 400 },
    });
  }
  t.match(await call('GET', '/__admin/state?sandbox=a%20b'), {
    status: 400,
    body: { detail: /"a b" is not a sandbox name/ },
  });
  t.equal((await call('GET', '/pagecall/v1/users/user-42', { headers: { authorization: 'Bearer k' } })).status, 200);
});

t.test('every request has a unique id', async (t) => {
  const { call } = await testServer(t);
  const ids = new Set<unknown>();
  for (let n = 0; n < 50; n++)
    ids.add(
      (await call('GET', '/pagecall/v1/users', { headers: { authorization: 'Bearer k' } })).headers[
        'x-understudy-request'
      ],
    );
  t.equal(ids.size, 50);
});
