// Internal errors, seeded ids, inconsistent provider definitions and unusual JSON.
import t from 'tap';
import { defineProvider } from '../../../src/core/provider/provider.ts';
import { Sandbox } from '../../../src/core/sandbox/sandbox.ts';
import { pagecall } from '../../../src/providers/pagecall/index.ts';
import { testServer } from '../../harness.ts';

const key = { authorization: 'Bearer sk_test' };

t.test('an internal error gets the provider’s error body or problem+json and is rolled back', async (t) => {
  const { app, call } = await testServer(t);
  const db = Object.getOwnPropertyDescriptor(Sandbox.prototype, 'db') as PropertyDescriptor;
  Object.defineProperty(Sandbox.prototype, 'db', {
    get() {
      throw new Error('the disk is on fire');
    },
  });
  t.teardown(() => Object.defineProperty(Sandbox.prototype, 'db', db));
  t.match(await call('GET', '/proficient/users', { headers: key }), {
    status: 500,
    body: { error: { code: 'unknown', message: String } },
  });
  t.match(await call('GET', '/pagecall/v1/users', { headers: key }), {
    status: 500,
    body: { message: 'Internal Server Error' },
  });
  const conductor = await call('GET', '/conductor/v1/end-users', { headers: key });
  t.match(conductor, { status: 500, body: { error: { code: 'INTERNAL_ERROR', httpStatusCode: 500 } } });
  t.equal(conductor.body.error.requestId, conductor.headers['conductor-request-id']);
  t.match(await call('GET', '/__admin/state'), { status: 500, body: { type: 'urn:understudy:crash' } });
  t.match(await call('GET', '/conductor/connect/qbd/x?key=y'), {
    status: 500,
    body: { type: 'urn:understudy:page' },
  });
  Object.defineProperty(Sandbox.prototype, 'db', db);
  t.equal((await app.inject({ url: '/proficient/users', headers: key })).statusCode, 200);
});

t.test('the same seed and the same requests give the same ids', async (t) => {
  const ids = async (seed: string | null) => {
    const { call } = await testServer(t, { settings: { seed } });
    const made = [];
    for (const name of ['a', 'b']) {
      const user = await call('POST', '/pagecall/v1/users', { headers: key, json: { user_id: name } });
      made.push(user.body.user.id, user.body.user.access_token);
      await call('POST', '/proficient/users', { headers: key, json: { external_id: 'user-42' } });
    }
    const { body } = await call('POST', '/conductor/v1/end-users', {
      headers: key,
      json: { companyName: '', sourceId: 's', email: '' },
    });
    return [...made, body.id];
  };
  const seeded = await ids('x');
  t.same(await ids('x'), seeded);
  t.notSame(await ids('y'), seeded);
  t.notSame(await ids(null), await ids(null));
  t.equal(new Set(seeded).size, seeded.length);
  t.match(seeded[4], /^end_usr_[0-9a-z]{14}$/);
});

t.test('complete surrogate pairs are accepted', async (t) => {
  const { call } = await testServer(t);
  const raw = '{"user_id":"smile","name":"\\ud83d\\ude00","metadata":{"a":[1,null,true,{"b":"\\ud83d\\ude00"}]}}';
  const answer = await call('POST', '/pagecall/v1/users', {
    headers: { ...key, 'content-type': 'application/json' },
    raw,
  });
  t.match(answer, { status: 200, body: { user: { name: '😀', metadata: { a: [1, null, true, { b: '😀' }] } } } });
});

t.test('a provider with a duplicate definition is rejected', async (t) => {
  t.throws(() => defineProvider({ ...pagecall, operations: [...pagecall.operations, ...pagecall.operations] }), {
    message: 'pagecall: ListUsers is defined twice',
  });
  t.throws(() => defineProvider({ ...pagecall, resources: [...pagecall.resources, ...pagecall.resources] }), {
    message: 'pagecall: users is defined twice',
  });
});

t.test('a body that nests too deeply is rejected as invalid JSON', async (t) => {
  const { call } = await testServer(t);
  const send = (raw: string) =>
    call('POST', '/pagecall/v1/users', { headers: { ...key, 'content-type': 'application/json' }, raw });
  const nested = (depth: number) => `{"user_id":"n","metadata":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  t.match(await send(nested(100_000)), { status: 400, body: { message: 'Request body must be valid JSON.' } });
  t.equal((await send(nested(400))).status, 200);
  t.equal(
    (await send(JSON.stringify({ user_id: 'q', name: `"\\${'['.repeat(1000)}`, metadata: { a: [{}] } }))).status,
    200,
    'brackets in strings do not count as nesting',
  );
});
