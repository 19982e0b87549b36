// Proficient authentication: kinds of credentials, spec and strict mode, HMAC, and creation of users.
import { request } from 'node:http';
import t from 'tap';
import { effectiveContract } from '../../../src/core/openapi/overlay.ts';
import { audienceOf } from '../../../src/providers/proficient/auth.ts';
import { proficient } from '../../../src/providers/proficient/index.ts';
import { listening, ROOT, testServer } from '../../harness.ts';
import { ALICE, admin, alice, CAFE, CAMILLE, client, failed, folder, TOMAS } from './fixtures.ts';

const REFUSED = failed('invalid_credentials', 'Missing or invalid credentials.');
const key = (value: string) => ({ 'x-proficient-api-key': value });
const external = (id: string) => ({ 'x-proficient-user-external-id': id });
const secret = (authorization: string) => ({ authorization });

/** Headers, and the resulting caller on a shared operation: in spec mode, in strict mode. */
const TABLE: [string, Record<string, string>, 'admin' | 'client' | 401, 'admin' | 'client' | 401][] = [
  ['no headers', {}, 'admin', 401],
  ['a known secret key', admin, 'admin', 'admin'],
  ['bearer in another case', secret('bEARER sk_test_understudy'), 'admin', 'admin'],
  ['a secret key nobody listed', secret('Bearer sk_other'), 'admin', 401],
  ['a secret key of this sandbox', secret('Bearer sk_test_understudy_sbx_default'), 'admin', 'admin'],
  ['a secret key beside client headers', { ...admin, ...key('nonsense'), ...external('user-42') }, 'admin', 'admin'],
  ['a publishable key as bearer', secret('Bearer pk_test_understudy'), 401, 401],
  ['an empty secret key', secret('Bearer sk_'), 401, 401],
  ['a secret key with a blank', secret('Bearer sk_a b'), 401, 401],
  ['a secret key of 201 characters', secret(`Bearer sk_${'a'.repeat(201)}`), 401, 401],
  ['basic auth', secret('Basic c2tfYTo='), 401, 401],
  ['an empty authorization beside a good client', { ...alice, ...secret('') }, 401, 401],
  ['a known publishable key with an external id', alice, 'client', 'client'],
  ['a publishable key nobody listed', { ...key('pk_other'), ...external('user-42') }, 'client', 401],
  [
    'a publishable key of this sandbox',
    { ...key('pk_test_understudy_sbx_default'), ...external('user-42') },
    'client',
    'client',
  ],
  ['a publishable key alone', key('pk_test_understudy'), 401, 401],
  ['a publishable key with an empty external id', { ...key('pk_test_understudy'), ...external('') }, 401, 401],
  ['a malformed publishable key', { ...key('sk_test_understudy'), ...external('user-42') }, 401, 401],
  ['an empty publishable key', { ...key(''), ...external('user-42') }, 401, 401],
  ['an external id alone', external('user-42'), 'client', 401],
  ['an empty external id alone', external(''), 'admin', 401],
];

for (const [column, auth] of [
  [2, 'spec'],
  [3, 'strict'],
] as const) {
  t.test(`with auth=${auth} the credentials determine the caller`, async (t) => {
    const { call } = await testServer(t, { settings: { auth } });
    for (const row of TABLE) {
      const [name, headers] = row;
      const expected = row[column];
      // A client may read only itself, an admin every user.
      const own = await call('GET', `/proficient/users/${ALICE}`, { headers });
      const others = await call('GET', `/proficient/users/${TOMAS}`, { headers });
      t.strictSame(
        [own.status, others.status],
        { admin: [200, 200], client: [200, 404], 401: [401, 401] }[expected],
        `${name}: ${expected}`,
      );
      if (expected === 401) {
        t.strictSame(own.body, REFUSED);
        t.notOk(own.headers['www-authenticate']);
      }
    }
  });
}

t.test('with auth=spec a secret key may act as a user, who has to be named', async (t) => {
  const { call } = await testServer(t);
  const count = async () => (await call('GET', '/proficient/users')).body.data.length;
  t.equal(
    (await call('GET', `/proficient/interactions/${CAFE}`, { headers: { ...admin, ...external('user-42') } })).body
      .user_id,
    ALICE,
  );
  t.strictSame(
    (await call('GET', '/proficient/interactions', { headers: { ...admin, ...external('by-secret-key') } })).body,
    { data: [], has_more: false },
  );
  t.equal(await count(), 7, 'a secret key with an external id acts as that user, who is created');
  for (const headers of [admin, {}, external(''), { ...admin, ...external('') }] as Record<string, string>[]) {
    const refused = await call('GET', '/proficient/interactions', { headers });
    t.equal(refused.status, 401);
    t.strictSame(refused.body, REFUSED);
  }
});

t.test('with auth=strict a publishable key is forbidden on every operation of the Admin API', async (t) => {
  const { call } = await testServer(t, { settings: { auth: 'strict' } });
  const before = (await call('GET', '/__admin/state?provider=proficient')).body;
  const ids: Readonly<Record<string, string>> = { user_id: TOMAS, agent_id: CAMILLE };
  for (const { operation, method, path } of proficient.operations) {
    if (audienceOf(operation) !== 'admin') continue;
    const url = `/proficient${path.replace(/\{(\w+)\}/g, (_, name) => ids[name] as string)}`;
    for (const headers of [client('user-42'), client('nobody-yet')]) {
      const { status, body } = await call(method, url, { headers, ...(method === 'POST' ? { json: {} } : {}) });
      t.strictSame([status, body], [403, failed('forbidden', 'This operation takes a secret key.')], operation);
    }
  }
  t.strictSame((await call('GET', '/__admin/state?provider=proficient')).body, before, 'nothing changed');
});

t.test('with auth=spec a client never reads, changes or deletes another user, but may delete its own', async (t) => {
  const { call } = await testServer(t);
  const state = async () => (await call('GET', '/__admin/state?provider=proficient')).body;
  const before = await state();
  const other = `/proficient/users/${TOMAS}`;
  const callers: Record<string, string>[] = [
    alice,
    client('nobody-yet'),
    external('user-42'),
    { ...key('pk_other'), ...external('user-42') },
  ];
  for (const headers of callers) {
    const deleted = await call('DELETE', other, { headers });
    t.strictSame([deleted.status, deleted.body], [404, failed('resource_not_found', `No such user: ${TOMAS}`)]);
    const { data } = (await call('GET', '/proficient/users', { headers })).body;
    t.ok(
      data.every(
        ({ external_id }: { external_id: string }) => external_id === headers['x-proficient-user-external-id'],
      ),
      'the list has nobody else',
    );
  }
  t.strictSame(await state(), before, 'nothing changed, and no user was created');
  t.equal((await call('GET', other, { headers: alice })).status, 404);
  t.equal((await call('POST', other, { headers: alice, json: { first_name: 'X' } })).status, 403);
  const live = (await call('GET', '/proficient/users?live_mode=true', { headers: alice })).body.data;
  t.strictSame(
    live.map(({ id }: { id: string }) => id),
    [ALICE],
    'its own user is listed',
  );
  t.equal((await call('DELETE', `/proficient/users/${ALICE}`, { headers: alice })).status, 200);
  t.equal((await call('DELETE', other, { headers: admin })).status, 200, 'a secret key may delete anybody');
});

t.test('with auth=strict a secret key is forbidden on the Client API', async (t) => {
  const { call } = await testServer(t, { settings: { auth: 'strict' } });
  for (const [method, path] of [
    ['GET', '/interactions'],
    ['DELETE', `/interactions/${CAFE}`],
    ['POST', '/messages'],
    ['POST', '/messages/none/ask'],
  ] as const) {
    const refused = await call(method, `/proficient${path}`, { headers: { ...admin, ...external('user-42') } });
    t.equal(refused.status, 403);
    t.strictSame(refused.body, failed('forbidden', 'This operation takes a publishable key.'));
  }
  t.equal((await call('GET', '/proficient/users', { headers: admin })).body.data.length, 6);
  t.equal((await call('GET', `/proficient/users/${ALICE}`, { headers: alice })).status, 200);
});

t.test('with HMAC enabled, strict mode verifies the external id of a client', async (t) => {
  const hash = '7awHkVmr341BSe2+Jm0OO0h8a1E/vPHqR3/i25BrUWc=';
  const keys = { secret_keys: ['sk_s'], publishable_keys: ['pk_p'], hmac: { enabled: true, secret: 'hsec_dummy0000' } };
  const fixtures = t.testdir(folder({ keys }));
  const me = { ...key('pk_p'), ...external('ext-1') };
  const strict = await testServer(t, { fixtures, settings: { auth: 'strict' } });
  const read = (headers: Record<string, string>, { call } = strict) =>
    call('GET', '/proficient/users/u_1', { headers });
  t.equal((await read({ ...me, 'x-proficient-user-hmac': hash })).status, 200, 'the documented test vector');
  for (const headers of [
    me,
    { ...me, 'x-proficient-user-hmac': 'wrong' },
    { ...me, 'x-proficient-user-hmac': hash.replace('7', '8') },
    { ...me, ...external('ext-2'), 'x-proficient-user-hmac': hash },
  ]) {
    const refused = await read(headers);
    t.equal(refused.status, 401);
    t.strictSame(refused.body, REFUSED);
  }
  t.equal((await read({ authorization: 'Bearer sk_s' })).body.external_id, 'ext-1', 'a secret key needs no HMAC');
  t.equal(
    (await strict.call('GET', '/proficient/users', { headers: secret('Bearer sk_s') })).body.data.length,
    1,
    'a rejected client is not created',
  );
  t.equal((await read(me, await testServer(t, { fixtures }))).status, 200, 'spec mode ignores the HMAC');
});

t.test('a client’s user is created once, on its first call, even if the call fails', async (t) => {
  const { call } = await testServer(t);
  const users = async () => (await call('GET', '/proficient/users', { headers: admin })).body.data;
  const before = Date.now();
  const answers = await Promise.all([
    call('GET', `/proficient/agents/${CAMILLE}`, { headers: client('first-sight') }),
    ...Array.from({ length: 8 }, () =>
      call('GET', `/proficient/interactions?agent_id=${CAMILLE}&limit=100`, { headers: client('first-sight') }),
    ),
  ]);
  t.ok(answers.every(({ status }) => status === 200));
  const [made, ...rest] = await users();
  t.equal(rest.length, 6);
  t.match(made.id, /^u_[0-9A-Za-z]{24}$/);
  t.ok(made.created_at >= before);
  t.strictSame(made, {
    id: made.id,
    object: 'user',
    created_at: made.created_at,
    external_id: 'first-sight',
    first_name: '',
    last_name: '',
    live_mode: true,
    updated_at: made.created_at,
  });

  t.equal((await call('POST', '/proficient/messages', { headers: client('failing'), raw: '{' })).status, 400);
  t.equal((await call('GET', '/proficient/agents/none', { headers: client('failing-too') })).status, 404);
  t.equal((await call('GET', '/proficient/nothing', { headers: client('unrouted') })).status, 404);
  t.equal(
    (await call('GET', '/proficient/agents', { headers: { ...client('malformed'), authorization: 'x' } })).status,
    401,
  );
  t.equal(
    (await call('GET', '/proficient/agents', { headers: { ...client('faulted'), prefer: 'code=500' } })).status,
    500,
  );
  t.strictSame((await users()).map(({ external_id }: { external_id: string }) => external_id).slice(0, -6), [
    'failing-too',
    'failing',
    'first-sight',
  ]);
});

t.test('the next client call of a deleted user creates a new user', async (t) => {
  const { call } = await testServer(t);
  t.equal((await call('DELETE', `/proficient/users/${ALICE}`, { headers: admin })).status, 200);
  t.strictSame((await call('GET', '/proficient/interactions', { headers: alice })).body, { data: [], has_more: false });
  t.equal((await call('GET', `/proficient/users/${ALICE}`, { headers: alice })).status, 404);
  const [again] = (await call('GET', '/proficient/users', { headers: admin })).body.data;
  t.equal(again.external_id, 'user-42');
  t.not(again.id, ALICE);
  t.equal((await call('POST', '/proficient/users', { headers: admin, json: { external_id: 'user-42' } })).status, 400);
});

t.test('a key with a sandbox suffix selects the sandbox', async (t) => {
  const { call } = await testServer(t, { settings: { auth: 'strict' } });
  const inOther = { ...alice, 'x-proficient-api-key': 'pk_test_understudy_sbx_other-1' };
  const made = await call('POST', '/proficient/interactions', { headers: inOther, json: { agent_id: CAMILLE } });
  t.equal(made.headers['x-understudy-sandbox'], 'other-1');
  t.equal((await call('GET', `/proficient/interactions/${made.body.interaction.id}`, { headers: alice })).status, 404);
  const other = secret('Bearer sk_test_understudy_sbx_other-1');
  t.equal((await call('DELETE', `/proficient/users/${ALICE}`, { headers: other })).status, 200);
  t.equal((await call('GET', `/proficient/users/${ALICE}`, { headers: admin })).status, 200);
  const { proficient } = await import('../../../src/providers/proficient/index.ts');
  t.strictSame(proficient.sampleKeys('default'), {
    secretKey: 'sk_test_understudy',
    publishableKey: 'pk_test_understudy',
  });
  t.strictSame(proficient.sampleKeys('other-1'), {
    secretKey: 'sk_test_understudy_sbx_other-1',
    publishableKey: 'pk_test_understudy_sbx_other-1',
  });
});

t.test(
  'external ids are decoded as UTF-8 if valid, else as Latin-1, and header names are case-insensitive',
  async (t) => {
    const { url, call } = await listening(t);
    const hello = (value: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = {
          'X-Proficient-Api-Key': 'pk_a',
          'X-PROFICIENT-USER-EXTERNAL-ID': value,
          'X-Fern-Language': 'JavaScript',
          Accept: 'application/json, text/plain, */*',
        };
        request(`${url}/proficient/agents`, { headers, agent: false }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        })
          .on('error', reject)
          .end();
      });
    t.equal(await hello(Buffer.from('José', 'utf8').toString('latin1')), 200);
    t.equal(await hello('Müller'), 200);
    const names = (await call('GET', '/proficient/users', { headers: admin })).body.data.map(
      ({ external_id }: { external_id: string }) => external_id,
    );
    t.strictSame(names.slice(0, 2), ['Müller', 'José']);
  },
);

t.test('each operation has the audience the provider publishes', (t) => {
  const { paths } = effectiveContract(`${ROOT}openapi/proficient.json`);
  for (const operation of Object.values(paths as Record<string, Record<string, any>>).flatMap((item) =>
    Object.values(item),
  )) {
    const audience = operation['x-audiences'].length === 2 ? 'both' : operation['x-audiences'][0];
    t.equal(audienceOf(operation.operationId), audience, operation.operationId);
  }
  t.end();
});
