// Pages of other sites in a browser: what they request creates and evicts no sandbox.
import t from 'tap';
import { type TestServer, testServer } from '../../harness.ts';

const FROM_OTHER_SITE = { 'sec-fetch-site': 'cross-site' };

async function names({ call }: TestServer): Promise<string[]> {
  const { body } = await call('GET', '/__admin/sandboxes');
  return body.sandboxes.map(({ name }: { name: string }) => name).sort();
}

const server = (t: Parameters<typeof testServer>[0]) =>
  testServer(t, { limits: { idleSeconds: 3600, maxSandboxes: 2, maxOpen: 2, explicitOnly: false } });

t.test('a link to the connect page of an unknown sandbox creates none, and evicts none', async (t) => {
  const running = await server(t);
  await running.call('GET', '/pagecall/v1/users', { headers: { authorization: 'Bearer sbx_mine' } });
  for (const method of ['GET', 'POST'] as const) {
    for (const headers of [FROM_OTHER_SITE, {}]) {
      const url = '/conductor/connect/qbd/secret?key=pk_conductor_test&sandbox=evil';
      t.match(await running.call(method, url, { headers }), {
        status: 404,
        body: {
          type: 'urn:understudy:unknown-sandbox',
          detail: /^There is no sandbox evil; the nearest name is mine\./,
        },
      });
    }
  }
  t.same(await names(running), ['default', 'mine']);
  t.equal((await running.call('GET', '/conductor/connect/qbd/secret?sandbox=mine')).status, 404, 'known, but no link');
});

t.test('a request from a page of another site creates no sandbox where the provider allows no browsers', async (t) => {
  const running = await server(t);
  const { call } = running;
  const from = (name: string) => ({ authorization: `Bearer sk_test_sbx_${name}`, ...FROM_OTHER_SITE });
  t.match(await call('GET', '/conductor/v1/end-users', { headers: from('evil') }), {
    status: 401,
    body: { error: { code: 'API_KEY_INVALID' } },
  });
  const withoutKey = await call('GET', '/pagecall/v1/users');
  const refused = await call('GET', '/pagecall/v1/users', { headers: from('evil') });
  t.strictSame([refused.status, refused.body], [withoutKey.status, withoutKey.body], 'as without a key');
  t.equal((await call('GET', '/nothing', { headers: from('evil') })).status, 404);
  t.same(await names(running), ['default']);
  t.equal(
    (await call('GET', '/conductor/v1/end-users', { headers: from('default') })).status,
    200,
    'a known one works',
  );
  t.equal((await call('GET', '/nothing', { headers: from('default') })).status, 404);
  t.equal(
    (await call('GET', '/proficient/users', { headers: from('browser') })).status,
    200,
    'Proficient allows browsers',
  );
  t.same(await names(running), ['browser', 'default']);
});
