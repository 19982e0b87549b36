// Fault rules: matching, modes, order, and CRUD by id.
import t from 'tap';
import { type TestServer, testServer } from '../../harness.ts';
import { alice, key, plan, USERS } from './alice.ts';

t.test(
  'modes: always, a number of times, after a number of requests, and with a reproducible probability',
  async (t) => {
    const server = await alice(t, 'conductor');
    const statuses = async (mode: unknown, calls: number) => {
      await server.call('DELETE', '/__admin/faults');
      t.equal(
        (await plan(server, { match: { operation: 'endUsers.list' }, mode, effect: { status: 503 } })).status,
        201,
      );
      const seen = [];
      for (let n = 0; n < calls; n++)
        seen.push((await server.call('GET', '/conductor/v1/end-users', { headers: key })).status);
      return seen.join(' ');
    };
    t.equal(await statuses('always', 3), '503 503 503');
    t.equal(await statuses({ times: 2 }, 3), '503 503 200');
    t.equal(await statuses({ skip: 1, times: 1 }, 3), '200 503 200');
    const chance = await statuses({ probability: 0.5, seed: 7 }, 20);
    t.match(chance, /503/);
    t.match(chance, /200/);
    t.equal(await statuses({ probability: 0.5, seed: 7 }, 20), chance);
    t.equal(await statuses({ probability: 0 }, 3), '200 200 200');
    t.equal((await server.call('DELETE', '/__admin/faults')).status, 204);
    t.equal((await server.call('GET', '/__admin/faults')).body.meta.total, 0);
  },
);

t.test('the earliest matching rule wins; a match must hold in all its members', async (t) => {
  const server = await alice(t, 'conductor');
  const { id } = USERS.conductor;
  const first = await plan(server, { match: { id }, mode: { times: 1 }, effect: { status: 503 } });
  await plan(server, {
    match: { provider: 'conductor', method: 'DELETE', path: '/end-users/*' },
    effect: { status: 500 },
  });
  await plan(server, {
    match: { provider: 'conductor', header: { 'x-who': 'me' } },
    effect: { status: 429, retryAfter: 7 },
  });
  t.match(await server.remove(), { status: 503, headers: { 'x-understudy-fault': first.body.id } });
  t.equal((await server.remove()).status, 500);
  t.equal((await server.call('GET', '/conductor/v1/end-users', { headers: key })).status, 200);
  t.match(await server.call('GET', '/conductor/v1/end-users', { headers: { ...key, 'x-who': 'me' } }), {
    status: 429,
    headers: { 'retry-after': '7' },
  });
  const [newest] = (await server.call('GET', '/__admin/faults')).body.faults;
  t.match(newest, { match: { header: { 'x-who': 'me' } }, mode: 'always', phase: 'before', hits: 1, spent: false });
});

t.test('a rule can match the body', async (t) => {
  const { call } = await testServer(t);
  await plan({ call } as TestServer, {
    match: { operation: 'createUser', body: { user_id: 'bad' } },
    effect: { status: 500 },
  });
  const create = (user_id: string) => call('POST', '/pagecall/v1/users', { headers: key, json: { user_id } });
  t.equal((await create('good')).status, 200);
  t.equal((await create('bad')).status, 500);
  const broken = { headers: { ...key, 'content-type': 'application/json' }, raw: '{"user_id":' };
  t.equal((await call('POST', '/pagecall/v1/users', broken)).status, 400);
});

t.test('rules can be read, replaced and removed by id', async (t) => {
  const server = await alice(t, 'conductor');
  const { body } = await plan(server, { effect: { status: 500, headers: { 'x-a': 'b' } } });
  t.match(await server.remove(), { status: 500, headers: { 'x-a': 'b' } });
  const url = `/__admin/faults/${body.id}`;
  t.match(await server.call('PUT', url, { json: { effect: { status: 503 }, delay: { fixedMs: 1 } } }), {
    status: 200,
    body: { id: body.id, hits: 0 },
  });
  t.equal((await server.remove()).status, 503);
  t.equal((await server.call('DELETE', url)).status, 204);
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const ask = method === 'PUT' ? { json: { effect: { status: 503 } } } : {};
    t.equal((await server.call(method, url, ask)).status, 404, method);
  }
  t.equal((await server.remove()).status, 200);
});

t.test('a rule without an operation applies only to operations that declare its status', async (t) => {
  const server = await alice(t, 'conductor');
  const { id } = USERS.conductor;
  t.equal((await plan(server, { match: { provider: 'conductor' }, effect: { status: 409 } })).status, 201);
  t.equal((await plan(server, { match: { id: 'somebody' }, effect: { status: 500 } })).status, 201);
  await plan(server, {
    match: { method: 'delete' },
    effect: { status: 404, code: 'RESOURCE_MISSING' },
    mode: { times: 1 },
  });
  await plan(server, { match: { id }, effect: { status: 503 }, mode: { times: 1 } });
  await plan(server, { match: { id }, effect: { status: 418, lenient: true }, mode: { times: 1 } });
  const seen = [];
  for (let n = 0; n < 4; n++) seen.push((await server.remove()).status);
  t.same(seen, [404, 503, 418, 200], 'in the order of planning; a delete does not declare 409');
  const path = `/conductor/v1/end-users/end_usr_1234567abcdefg/passthrough/quickbooks_desktop`;
  t.match(await server.call('POST', path, { headers: key, json: { A: {} } }), {
    status: 409,
    body: { error: { code: 'INTEGRATION_CONNECTION_NOT_SET_UP' } },
  });
  t.match(await plan(server, { effect: { status: 409, code: 'NOPE' } }), {
    status: 400,
    body: { detail: /409 NOPE is declared for none/ },
  });
});

t.test('a fault that was not injected because of an earlier error is not spent', async (t) => {
  const server = await alice(t, 'conductor');
  const { body } = await plan(server, {
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { status: 503 },
  });
  t.equal((await server.remove({ authorization: 'Bearer nobody' })).status, 401, 'authentication comes first');
  t.match((await server.call('GET', `/__admin/faults/${body.id}`)).body, { hits: 0, spent: false });
  t.equal((await server.remove()).status, 503);
  t.match((await server.call('GET', `/__admin/faults/${body.id}`)).body, { hits: 1, spent: true });
});

t.test('a rule can have only a delay', async (t) => {
  const server = await alice(t, 'pagecall');
  const { body } = await plan(server, { delay: { fixedMs: 1 }, mode: { times: 1 } });
  t.match(await server.remove(), { status: 200, headers: { 'x-understudy-fault': body.id } });
});

t.test('a rule that matches the body does not match requests without one', async (t) => {
  const server = await alice(t, 'pagecall');
  await plan(server, { match: { body: { a: 1 } }, effect: { status: 500 } });
  t.equal((await server.call('GET', '/pagecall/v1/users', { headers: key })).status, 200);
});
