// Basics of the control plane: health, reset, state and documents.
import t from 'tap';
import { testServer } from '../harness.ts';

const key = { authorization: 'Bearer k' };

t.test('health and readiness', async (t) => {
  const { call } = await testServer(t);
  for (const url of ['/__admin/health', '/__admin/ready']) {
    const { status, body } = await call('GET', url);
    t.equal(status, 200);
    t.same(Object.keys(body), ['status', 'version', 'uptimeInSeconds', 'timestamp']);
    t.match(body, { status: 'healthy', version: /^\d+\.\d+\.\d+$/, uptimeInSeconds: Number, timestamp: /^\d{4}-.*Z$/ });
  }
});

t.test('a reset restores the fixtures, or deletes every row and keeps the keys', async (t) => {
  const { call } = await testServer(t);
  const before = (await call('GET', '/__admin/state')).body;
  await call('DELETE', '/pagecall/v1/users/user-42', { headers: key });
  t.notSame((await call('GET', '/__admin/state')).body, before);
  const reset = await call('POST', '/__admin/reset');
  t.match(reset, { status: 204, body: '' });
  t.strictSame((await call('GET', '/__admin/state')).body, before);
  t.equal((await call('POST', '/__admin/reset', { json: { to: 'empty' } })).status, 204);
  const empty = (await call('GET', '/__admin/state')).body;
  for (const provider of Object.keys(before)) {
    for (const [name, value] of Object.entries(before[provider]))
      t.strictSame(empty[provider][name], Array.isArray(value) ? [] : value, `${provider}.${name}`);
  }
});

t.test('a reset to a target that does not exist names what there is', async (t) => {
  const { call } = await testServer(t);
  const refused = async (query: string) =>
    (await call('POST', `/__admin/reset${query}`, { json: { to: 'nowhere' } })).body;
  const none = 'to: "nowhere" is none of "fixtures", "empty", and there are no snapshots.';
  t.equal((await refused('')).detail, none);
  t.equal((await refused('?sandbox=*')).detail, none);
  t.equal((await refused('?sandbox=unknown')).detail, none);
  await call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  t.equal((await refused('')).detail, 'to: "nowhere" is none of "fixtures", "empty", {"snapshot":"before"}.');
  t.strictSame(
    (await call('GET', '/__admin/sandboxes')).body.sandboxes.map(({ name }: { name: string }) => name),
    ['default'],
  );
});

t.test('state can be filtered by provider and by resource', async (t) => {
  const { call } = await testServer(t);
  const all = (await call('GET', '/__admin/state')).body;
  t.strictSame((await call('GET', '/__admin/state?provider=pagecall')).body, { pagecall: all.pagecall });
  t.strictSame((await call('GET', '/__admin/state?provider=pagecall&resource=rooms')).body, {
    pagecall: { rooms: all.pagecall.rooms },
  });
  t.match((await call('GET', '/__admin/state?resource=users')).body, {
    proficient: { users: Array },
    pagecall: { users: Array },
    conductor: {},
  });
  t.equal(
    all.pagecall.users.find((row: { user_id: string }) => row.user_id === 'user-42').email,
    'alice@example.com',
    'state includes columns that the API hides',
  );
});

t.test('invalid requests are rejected with the reason', async (t) => {
  const { call } = await testServer(t);
  const cases: [string, string, object | undefined, number, object][] = [
    [
      'GET',
      '/__admin/state?provider=stripe',
      undefined,
      404,
      { detail: /no provider "stripe"; the providers are proficient, pagecall, conductor/ },
    ],
    [
      'GET',
      '/__admin/state?resource=things',
      undefined,
      404,
      { detail: /no resource "things"; the resources are users, agents/ },
    ],
    ['GET', '/__admin/state?what=1', undefined, 400, { errors: [{ path: 'what', message: 'unknown field' }] }],
    ['POST', '/__admin/reset', { json: { from: 'x' } }, 400, { errors: [{ path: 'from', message: 'unknown field' }] }],
    ['POST', '/__admin/reset', { json: { to: 'x' } }, 400, { errors: [{ path: 'to' }], detail: /^to: / }],
    ['POST', '/__admin/reset', { json: 5 }, 400, { errors: [{ path: '' }], detail: /^The body: / }],
    [
      'POST',
      '/__admin/reset',
      { raw: '{', headers: { 'content-type': 'application/json' } },
      400,
      { detail: /not JSON/ },
    ],
    [
      'POST',
      '/__admin/reset',
      { raw: 'to=empty', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      { detail: /application\/json/ },
    ],
    [
      'POST',
      '/__admin/reset',
      { raw: `"${'x'.repeat(2 ** 20)}"`, headers: { 'content-type': 'application/json' } },
      413,
      { detail: /1 MiB/ },
    ],
    ['GET', '/__admin/nothing', undefined, 404, { detail: /no GET \/__admin\/nothing/ }],
    ['GET', '/__admin/openapi/stripe.json', undefined, 404, { detail: /no provider "stripe"/ }],
  ];
  for (const [method, url, ask, status, body] of cases) {
    const answer = await call(method, url, ask);
    t.match(
      answer,
      {
        status,
        headers: { 'content-type': 'application/problem+json; charset=utf-8' },
        body: { ...body, status, title: String, type: /^urn:understudy:/ },
      },
      `${method} ${url}`,
    );
  }
  t.equal((await call('GET', '/pagecall/v1/users/user-42', { headers: key })).status, 200, 'nothing has changed');
});

t.test('an empty body with a JSON content type counts as no body', async (t) => {
  const { call } = await testServer(t);
  t.equal(
    (await call('POST', '/__admin/reset', { raw: '', headers: { 'content-type': 'application/json' } })).status,
    204,
  );
});
