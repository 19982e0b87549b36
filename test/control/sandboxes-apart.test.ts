// Isolation of many concurrent sandboxes, in process and over sockets.
import t from 'tap';
import { listening, type TestServer, testServer } from '../harness.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Isolation errors that one of many concurrent clients sees in its own sandbox. */
async function live(call: TestServer['call'], name: string): Promise<string[]> {
  const wrong: string[] = [];
  const headers = bearer(`pagecall_test_key_sbx_${name}`);
  const see = async (id: string) => (await call('GET', `/pagecall/v1/users/${id}`, { headers })).status === 200;
  const expect = (ok: boolean, what: string) => {
    if (!ok) wrong.push(`${name}: ${what}`);
  };
  expect(await see('user-42'), 'starts with the fixtures');
  await call('POST', '/pagecall/v1/users', { headers, json: { user_id: `only-${name}` } });
  await call('DELETE', '/pagecall/v1/users/user-42', { headers });
  const list = (await call('GET', '/pagecall/v1/users?limit=100', { headers })).body.users;
  const ids = list.map((row: { user_id: string }) => row.user_id);
  expect(ids.includes(`only-${name}`), 'has its own user');
  expect(!ids.includes('user-42'), 'deleted the other');
  expect(!ids.some((id: string) => id.startsWith('only-') && id !== `only-${name}`), 'sees no rows of other sandboxes');
  expect((await call('POST', `/__admin/reset?sandbox=${name}`)).status === 204, 'resets');
  expect(await see('user-42'), 'is reset');
  expect(!(await see(`only-${name}`)), 'a reset removed its own user');
  return wrong;
}

t.test('sixty concurrent sandboxes are isolated, as are thirty of which ten may be open', async (t) => {
  for (const [size, limits] of [
    [60, {}],
    [30, { maxOpen: 10 }],
  ] as const) {
    const { call } = await testServer(t, { limits });
    const names = Array.from({ length: size }, (_, n) => `w-${n}`);
    t.same((await Promise.all(names.map((name) => live(call, name)))).flat(), []);
  }
});

t.test('concurrent sandboxes are isolated over sockets', async (t) => {
  const { url } = await listening(t);
  const call: TestServer['call'] = async (method, path, { headers = {}, json } = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { ...headers, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: {}, body: text === '' ? '' : JSON.parse(text) };
  };
  const names = Array.from({ length: 20 }, (_, n) => `s-${n}`);
  t.same((await Promise.all(names.map((name) => live(call, name)))).flat(), []);
});
