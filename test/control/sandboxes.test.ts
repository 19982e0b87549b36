// /__admin/sandboxes: create, list, change, delete, and restore from a data folder.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type TestServer, testServer } from '../harness.ts';

const settings = { auth: 'spec', mode: 'strict', delay: null, seed: null, repeatable: false, publicUrl: null };
const users = async ({ call }: Pick<TestServer, 'call'>, sandbox: string) =>
  (await call('GET', `/__admin/state?provider=pagecall&resource=users&sandbox=${sandbox}`)).body.pagecall.users.map(
    (row: { user_id: string }) => row.user_id,
  );
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

t.test('a new sandbox has base URLs and keys that work immediately, also with strict auth', async (t) => {
  const { call } = await testServer(t);
  const made = await call('POST', '/__admin/sandboxes', {
    json: { name: 'mine', settings: { auth: 'strict' } },
    headers: { host: 'localhost:4010' },
  });
  t.equal(made.status, 201);
  const suffix = '_sbx_mine';
  t.strictSame(made.body, {
    name: 'mine',
    settings: { ...settings, auth: 'strict' },
    createdAt: made.body.createdAt,
    providers: {
      proficient: {
        baseUrl: 'http://localhost:4010/proficient',
        secretKey: `sk_test_understudy${suffix}`,
        publishableKey: `pk_test_understudy${suffix}`,
      },
      pagecall: { baseUrl: 'http://localhost:4010/pagecall/v1', apiKey: `pagecall_test_key${suffix}` },
      conductor: {
        baseUrl: 'http://localhost:4010/conductor/v1',
        secretKey: `sk_conductor_test${suffix}`,
        publishableKey: `pk_conductor_test${suffix}`,
      },
    },
  });
  const { providers } = made.body;
  const asked = [
    await call('GET', '/proficient/users', { headers: bearer(providers.proficient.secretKey) }),
    await call('GET', '/pagecall/v1/users', { headers: bearer(providers.pagecall.apiKey) }),
    await call('GET', '/conductor/v1/end-users', { headers: bearer(providers.conductor.secretKey) }),
  ];
  for (const answer of asked) t.match(answer, { status: 200, headers: { 'x-understudy-sandbox': 'mine' } });
  t.equal((await call('GET', '/pagecall/v1/users', { headers: bearer('other_sbx_mine') })).status, 400, 'strict');
  t.equal((await call('GET', '/pagecall/v1/users', { headers: bearer('other') })).status, 200, 'default is not strict');
  t.strictSame((await call('GET', '/__admin/sandboxes/mine', { headers: { host: 'localhost:4010' } })).body, made.body);
});

t.test('a sandbox without a name gets a generated one, and one created empty has no rows', async (t) => {
  const running = await testServer(t);
  const made = await running.call('POST', '/__admin/sandboxes');
  t.match(made, { status: 201, body: { name: /^[a-z0-9]{16}$/, settings } });
  t.equal((await users(running, made.body.name)).length, 7);
  await running.call('POST', '/__admin/sandboxes', { json: { name: 'bare', from: 'empty' } });
  t.same(await users(running, 'bare'), []);
});

t.test('the name of a new sandbox may come from header or query, but must not differ from the body', async (t) => {
  const { call } = await testServer(t);
  const make = (query: string, headers: Record<string, string>, json: object) =>
    call('POST', `/__admin/sandboxes${query}`, { headers, json });
  const header = (name: string) => ({ 'x-understudy-sandbox': name });
  for (const [query, headers, json, name] of [
    ['', header('by-header'), {}, 'by-header'],
    ['?sandbox=by-query', {}, {}, 'by-query'],
    ['?sandbox=not-heeded', header('header-first'), {}, 'header-first'],
    ['?sandbox=twice', {}, { name: 'twice' }, 'twice'],
  ] as const) {
    t.match(await make(query, headers, json), { status: 201, body: { name } });
  }
  const refused = await make('', header('worker-1'), { name: 'worker-2' });
  t.equal(refused.status, 400);
  t.strictSame(refused.body, {
    type: 'urn:understudy:sandbox-names-differ',
    title: 'Sandbox names differ',
    status: 400,
    detail:
      'The body names the sandbox "worker-2", the header or query (perhaps set by a proxy) worker-1; send the name in the body as X-Understudy-Sandbox too.',
  });
  t.match(await make('?sandbox=a_b', {}, {}), { status: 400, body: { type: 'urn:understudy:sandbox-name' } });
  t.equal((await call('GET', '/__admin/sandboxes')).body.meta.total, 5, 'no rejected sandbox was created');
});

t.test('a fork starts from another sandbox or its snapshot, and both are independent afterwards', async (t) => {
  const running = await testServer(t);
  const { call } = running;
  const headers = bearer('sbx_source');
  await call('POST', '/__admin/snapshots?sandbox=source', { json: { name: 'full' } });
  await call('DELETE', '/pagecall/v1/users/user-42', { headers });
  await call('POST', '/__admin/sandboxes', { json: { name: 'fork', from: { sandbox: 'source' } } });
  await call('POST', '/__admin/sandboxes', { json: { name: 'old', from: { sandbox: 'source', snapshot: 'full' } } });
  t.notOk((await users(running, 'fork')).includes('user-42'));
  t.ok((await users(running, 'old')).includes('user-42'));
  await call('POST', '/__admin/reset?sandbox=source');
  t.notOk((await users(running, 'fork')).includes('user-42'), 'the fork is independent');
});

t.test('sandboxes are listed newest first', async (t) => {
  let now = Date.UTC(2025, 0, 1);
  const { call } = await testServer(t, { now: () => now });
  for (const name of ['a', 'b', 'c']) {
    now += 1000;
    await call('POST', '/__admin/sandboxes', { json: { name } });
  }
  const { body } = await call('GET', '/__admin/sandboxes?limit=3');
  t.same(
    body.sandboxes.map(({ name }: { name: string }) => name),
    ['c', 'b', 'a'],
  );
  t.strictSame(body.meta, { total: 4 });
  t.equal((await call('GET', '/__admin/sandboxes')).body.sandboxes.length, 4);
});

t.test('settings change one by one, and null removes a setting', async (t) => {
  const { call } = await testServer(t);
  const path = '/__admin/sandboxes/default';
  const patch = async (json: object) => (await call('PATCH', path, { json })).body.settings;
  const delay = { lognormal: { median: 90, sigma: 0.1 } };
  t.strictSame(await patch({ settings: { seed: 's', delay } }), { ...settings, seed: 's', delay });
  t.strictSame(await patch({ settings: { publicUrl: 'https://sandbox.example/under/' } }), {
    ...settings,
    seed: 's',
    delay,
    publicUrl: 'https://sandbox.example/under',
  });
  t.equal((await call('GET', path)).body.providers.pagecall.baseUrl, 'https://sandbox.example/under/pagecall/v1');
  const session = await call('POST', '/conductor/v1/auth-sessions', {
    headers: bearer('sk_x'),
    json: { publishableKey: 'pk_x', endUserId: 'end_usr_alice000000042' },
  });
  t.match(session.body.authFlowUrl, /^https:\/\/sandbox\.example\/under\/conductor\/connect\/qbd\//);
  t.strictSame(await patch({ settings: { seed: null, delay: null, publicUrl: null } }), settings);
  t.strictSame(await patch({}), settings);
});

t.test('a seed makes ids reproducible from the moment it is set', async (t) => {
  const { call } = await testServer(t);
  const ids = [];
  for (const name of ['one', 'two']) {
    await call('POST', '/__admin/sandboxes', { json: { name, settings: { seed: 'x' } } });
    const made = await call('POST', '/pagecall/v1/users', { headers: bearer(`sbx_${name}`), json: { user_id: 'u' } });
    ids.push(made.body.user.id);
  }
  t.equal(ids[0], ids[1]);
});

t.test('a deleted sandbox is gone, and its name can be used for a new one', async (t) => {
  const running = await testServer(t);
  const { call } = running;
  const headers = bearer('sbx_w');
  await call('DELETE', '/pagecall/v1/users/user-42', { headers });
  t.match(await call('DELETE', '/__admin/sandboxes/w'), { status: 204, body: '' });
  t.equal((await call('GET', '/__admin/sandboxes/w')).status, 404);
  const again = await call('GET', '/pagecall/v1/users/user-42', { headers });
  t.equal(again.status, 200);
  t.equal(again.headers['x-understudy-sandbox-restarted'], undefined, 'it was deleted on request');
});

t.test('invalid requests about sandboxes are rejected with the reason', async (t) => {
  const { call } = await testServer(t);
  await call('POST', '/__admin/sandboxes', { json: { name: 'mine' } });
  const cases: [string, string, unknown, number, object][] = [
    ['POST', '', { name: 'mine' }, 409, { detail: /Sandbox mine already exists/ }],
    ['POST', '', { name: 'default' }, 409, { detail: /Sandbox default already exists/ }],
    ['POST', '', { name: 'a b' }, 400, { detail: /"a b" is not a sandbox name/ }],
    ['POST', '', { form: 'empty' }, 400, { errors: [{ path: 'form', message: 'unknown field' }] }],
    [
      'POST',
      '',
      { settings: { auht: 'spec' } },
      400,
      { errors: [{ path: 'settings.auht', message: 'unknown field' }] },
    ],
    ['POST', '', { settings: { mode: 'loose' } }, 400, { errors: [{ path: 'settings.mode' }] }],
    ['POST', '', { settings: { delay: { fixedMs: -1 } } }, 400, { errors: [{ path: 'settings.delay' }] }],
    ['POST', '', { settings: { delay: { uniformMs: [2, 1] } } }, 400, { errors: [{ path: 'settings.delay' }] }],
    ['POST', '', { settings: { publicUrl: 'ftp://x' } }, 400, { errors: [{ path: 'settings.publicUrl' }] }],
    ['POST', '', { ttlSeconds: 0 }, 400, { errors: [{ path: 'ttlSeconds' }] }],
    ['POST', '', { from: { sandbox: 'nope' } }, 404, { detail: /no sandbox nope/ }],
    ['POST', '', { from: { sandbox: 'mine', snapshot: 's' } }, 404, { detail: /mine has no snapshot s/ }],
    ['GET', '/nope', undefined, 404, { type: 'urn:understudy:unknown-sandbox' }],
    ['PATCH', '/nope', {}, 404, { type: 'urn:understudy:unknown-sandbox' }],
    ['PATCH', '/mine', { name: 'x' }, 400, { errors: [{ path: 'name', message: 'unknown field' }] }],
    ['PATCH', '/default', { ttlSeconds: 5 }, 409, { detail: /default never expires/ }],
    ['DELETE', '/nope', undefined, 404, { type: 'urn:understudy:unknown-sandbox' }],
    ['DELETE', '/default', undefined, 409, { detail: /default cannot be deleted; POST \/__admin\/reset/ }],
    ['GET', '/a%20b', undefined, 400, { detail: /"a b" is not a sandbox name/ }],
  ];
  for (const [method, path, json, status, body] of cases) {
    const answer = await call(method, `/__admin/sandboxes${path}`, json === undefined ? {} : { json });
    t.match(
      answer,
      { status, headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: { status, ...body } },
      `${method} ${path} ${JSON.stringify(json)}`,
    );
  }
  t.equal((await call('GET', '/__admin/sandboxes')).body.meta.total, 2, 'nothing was created');
});

t.test('with explicit sandboxes an unknown name gets the provider’s own auth error', async (t) => {
  const { call } = await testServer(t, { limits: { explicitOnly: true } });
  const missing = (await call('GET', '/pagecall/v1/users')).body;
  const refused = await call('GET', '/pagecall/v1/users', { headers: bearer('sbx_nope') });
  t.equal(refused.status, 400);
  t.strictSame(refused.body, missing);
  t.equal((await call('GET', '/proficient/users', { headers: bearer('sk_sbx_nope') })).status, 401);
  const conductor = await call('GET', '/conductor/v1/end-users', { headers: bearer('sk_sbx_nope') });
  t.match(conductor, { status: 401, body: { error: { code: 'API_KEY_INVALID' } } });
  t.equal(conductor.body.error.requestId, conductor.headers['conductor-request-id']);
  t.match(await call('GET', '/__admin/state?sandbox=nope'), {
    status: 404,
    body: {
      type: 'urn:understudy:unknown-sandbox',
      detail: /^There is no sandbox nope; the nearest name is \w+\. POST/,
    },
  });
  await call('POST', '/__admin/sandboxes', { json: { name: 'nope' } });
  t.equal((await call('GET', '/pagecall/v1/users', { headers: bearer('sbx_nope') })).status, 200);
  t.equal((await call('GET', '/pagecall/v1/users', { headers: bearer('k') })).status, 200, 'default always exists');
});

t.test('with a data folder, sandboxes are restored with settings, lifetime, snapshots and rows', async (t) => {
  const data = t.testdir();
  const first = await testServer(t, { data });
  const json = { name: 'kept', settings: { auth: 'strict', seed: 's' }, ttlSeconds: 5000 };
  const made = await first.call('POST', '/__admin/sandboxes', { json });
  const headers = bearer('pagecall_test_key_sbx_kept');
  await first.call('POST', '/__admin/snapshots?sandbox=kept', { json: { name: 'full' } });
  await first.call('DELETE', '/pagecall/v1/users/user-42', { headers });
  await first.call('GET', '/pagecall/v1/users', { headers: bearer('sbx_used') });
  await first.app.close();
  t.ok(existsSync(join(data, 'kept.snapshots', 'full.sqlite')));

  const second = await testServer(t, { data });
  const { body } = await second.call('GET', '/__admin/sandboxes');
  t.same(new Set(body.sandboxes.map(({ name }: { name: string }) => name)), new Set(['kept', 'used', 'default']));
  t.strictSame((await second.call('GET', '/__admin/sandboxes/kept')).body, made.body);
  t.notOk((await users(second, 'kept')).includes('user-42'));
  await second.call('POST', '/__admin/snapshots/full/restore?sandbox=kept');
  t.ok((await users(second, 'kept')).includes('user-42'));
  t.equal(
    (await second.call('GET', '/__admin/sandboxes/kept')).body.settings.auth,
    'strict',
    'settings survive a restart',
  );
  await second.call('POST', '/__admin/reset?sandbox=kept');
  await second.call('PATCH', '/__admin/sandboxes/kept', { json: { settings: { seed: null } } });
  t.equal((await second.call('DELETE', '/__admin/sandboxes/used')).status, 204);
  await second.app.close();

  const third = await testServer(t, { data });
  t.strictSame((await third.call('GET', '/__admin/sandboxes/kept')).body, {
    ...made.body,
    settings: { ...settings, auth: 'strict' },
  });
  t.equal((await third.call('GET', '/__admin/sandboxes/used')).status, 404);
  await third.call('DELETE', '/__admin/sandboxes/kept');
  t.same(
    readdirSync(data).filter((file) => !file.startsWith('default')),
    ['understudy.lock'],
    'a deleted sandbox leaves no file',
  );
});
