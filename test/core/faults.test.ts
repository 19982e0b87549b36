// Failures on demand: four ways in, before and after the commit; the rows and the receipt looked at, not only the status.
import t, { type Test } from 'tap';
import { type Answer, type Ask, type World, world } from '../harness.ts';

const key = { authorization: 'Bearer sk_test' };
const USERS = {
  proficient: { path: '/proficient/users/', id: 'u_Alice0000000000000000042', operation: 'users_delete' },
  pagecall: { path: '/pagecall/v1/users/', id: 'user-42', operation: 'DeleteUser' },
  conductor: { path: '/conductor/v1/end-users/', id: 'end_usr_alice000000042', operation: 'endUsers.delete' },
} as const;

type Name = keyof typeof USERS;
const NAMES = Object.keys(USERS) as Name[];

/** A server, a DELETE of Alice with more headers, and whether she is still there. */
async function alice(t: Test, name: Name) {
  const server = await world(t);
  const { path, id } = USERS[name];
  const remove = (headers: Record<string, string> = {}, which: string = id) =>
    server.call('DELETE', path + which, { headers: { ...key, ...headers } });
  const there = async () => (await server.call('GET', path + id, { headers: key })).status === 200;
  return { ...server, remove, there };
}

const plan = ({ call }: World, rule: object): Promise<Answer> => call('POST', '/__admin/faults', { json: rule } as Ask);

for (const name of NAMES) {
  const { operation } = USERS[name];

  t.test(`${name}: a 503 before leaves the user, whichever way it is ordered`, async (t) => {
    const server = await alice(t, name);
    const retry = await server.call('POST', '/__admin/retry-tests', {
      json: { instructions: { [operation]: ['503'] } },
    });
    const orders: [string, () => Promise<Answer>][] = [
      ['code=503', () => server.remove({ prefer: 'code=503' })],
      ['_fail_503', () => server.remove({}, 'anybody_fail_503')],
      ['retry-test 503', () => server.remove({ 'x-retry-test-id': retry.body.id })],
    ];
    for (const [source, ask] of orders) {
      t.match(await ask(), { status: 503, headers: { 'x-understudy-fault': source } }, source);
    }
    const rule = await plan(server, { match: { operation }, mode: { times: 1 }, effect: { status: 503 } });
    t.match(await server.remove(), { status: 503, headers: { 'x-understudy-fault': rule.body.id } });
    t.ok(await server.there());
    t.equal(
      (await server.call('GET', '/__admin/deletions')).body.meta.total,
      0,
      'nothing was deleted, nothing written down',
    );
    t.match((await server.call('GET', `/__admin/faults/${rule.body.id}`)).body, { hits: 1, spent: true });
    t.equal((await server.remove({ 'x-retry-test-id': retry.body.id })).status, 200, 'all of them are spent');
    t.match((await server.call('GET', `/__admin/retry-tests/${retry.body.id}`)).body, { completed: true });
  });

  t.test(`${name}: a 500 after the commit finds the user gone`, async (t) => {
    for (const way of ['prefer', 'retry-test', 'rule']) {
      const server = await alice(t, name);
      let headers: Record<string, string> = {};
      if (way === 'prefer') headers = { prefer: 'code=500, phase=after-commit' };
      if (way === 'retry-test') {
        const { body } = await server.call('POST', '/__admin/retry-tests', {
          json: { instructions: { [operation]: ['500@after-commit'] } },
        });
        headers = { 'x-retry-test-id': body.id };
      }
      if (way === 'rule')
        await plan(server, {
          match: { operation },
          mode: { times: 1 },
          effect: { status: 500 },
          phase: 'after-commit',
        });
      const lost = await server.remove(headers);
      t.equal(lost.status, 500, way);
      t.notOk(await server.there(), `${way}: the delete took effect`);
      const receipt = await server.call('GET', `/__admin/deletions/${lost.headers['x-understudy-request']}`);
      t.match(
        receipt.body,
        { provider: name, operation, answered: false, dryRun: false, root: { id: USERS[name].id } },
        way,
      );
    }
  });

  t.test(`${name}: where the operation failed by itself there is nothing to lose and nothing is spent`, async (t) => {
    const server = await alice(t, name);
    const rule = await plan(server, {
      match: { operation },
      mode: { times: 1 },
      effect: { status: 500 },
      phase: 'after-commit',
    });
    const unknown = await server.remove({}, 'nobody');
    t.match(unknown.status, name === 'pagecall' ? 400 : 404);
    t.notOk('x-understudy-fault' in unknown.headers);
    t.match((await server.call('GET', `/__admin/faults/${rule.body.id}`)).body, { hits: 0, spent: false });
    t.equal((await server.remove()).status, 500);
    t.notOk(await server.there());
  });
}

for (const name of NAMES) {
  t.test(`${name}: a dry run answers and leaves a receipt as the delete would, and changes nothing`, async (t) => {
    const server = await alice(t, name);
    const before = (await server.call('GET', '/__admin/state')).body;
    const dry = await server.remove({ prefer: 'dry-run' });
    t.match(dry, { status: 200, headers: { 'preference-applied': 'dry-run' } });
    t.strictSame((await server.call('GET', '/__admin/state')).body, before);
    const receiptOf = async (answer: Answer) =>
      (await server.call('GET', `/__admin/deletions/${answer.headers['x-understudy-request']}`)).body;
    const played = await receiptOf(dry);
    t.match(played, { dryRun: true, answered: true });
    const done = await server.remove();
    t.strictSame(done.body, dry.body);
    const { counts, deleted, detached, root } = await receiptOf(done);
    t.strictSame(
      { counts, deleted, detached, root },
      { counts: played.counts, deleted: played.deleted, detached: played.detached, root: played.root },
    );
  });
}

t.test('modes: always, so many times, after so many, and by chance that can be repeated', async (t) => {
  const server = await alice(t, 'conductor');
  const statuses = async (mode: unknown, calls: number) => {
    await server.call('DELETE', '/__admin/faults');
    t.equal((await plan(server, { match: { operation: 'endUsers.list' }, mode, effect: { status: 503 } })).status, 201);
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
});

t.test('of several rules the one planned first has the request; all members of a match must hold', async (t) => {
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

t.test('a rule can look into the body', async (t) => {
  const { call } = await world(t);
  await plan({ call } as World, {
    match: { operation: 'createUser', body: { user_id: 'bad' } },
    effect: { status: 500 },
  });
  const create = (user_id: string) => call('POST', '/pagecall/v1/users', { headers: key, json: { user_id } });
  t.equal((await create('good')).status, 200);
  t.equal((await create('bad')).status, 500);
  const broken = { headers: { ...key, 'content-type': 'application/json' }, raw: '{"user_id":' };
  t.equal((await call('POST', '/pagecall/v1/users', broken)).status, 400);
});

t.test('a rule that could never happen is refused when it is written', async (t) => {
  const server = await alice(t, 'conductor');
  const cases: [object, object][] = [
    [{ effect: { status: 418 } }, { errors: [{ path: 'effect.status' }] }],
    [
      { match: { operation: 'users_delete' }, effect: { status: 409 } },
      { detail: /users_delete does not answer 409; it can be made to answer 401, 404, 500, 503/ },
    ],
    [
      { match: { operation: 'users_delete' }, effect: { status: 404, code: 'NOPE' } },
      { detail: /answers 404 with resource_not_found, not with NOPE/ },
    ],
    [{ match: { operation: 'users_delte' }, effect: { status: 500 } }, { detail: /did you mean users_delete\?/ }],
    [{ match: { operation: 'users_delete', method: 'GET' }, effect: { status: 500 } }, { errors: [{ path: 'match' }] }],
    [{}, { errors: [{ path: 'effect' }] }],
    [{ effect: { status: 500, retryAfter: 1 } }, { errors: [{ path: 'effect.retryAfter' }] }],
    [{ effect: { fault: 'rest' } }, { status: 400 }],
    [{ effekt: {} }, { errors: [{ path: 'effekt', message: 'unknown field' }] }],
  ];
  for (const [rule, body] of cases) t.match(await plan(server, rule), { status: 400, body }, JSON.stringify(rule));
  t.equal((await server.call('GET', '/__admin/faults')).body.meta.total, 0);
  t.equal(
    (await plan(server, { match: { operation: 'users_delete' }, effect: { status: 418, lenient: true } })).status,
    201,
  );
});

t.test('rules are read, replaced and removed by their id', async (t) => {
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

t.test('retry tests refuse what they cannot do, and end in ok', async (t) => {
  const server = await alice(t, 'pagecall');
  const make = (instructions: object) => server.call('POST', '/__admin/retry-tests', { json: { instructions } });
  t.match(await make({ DeleteUsr: ['503'] }), { status: 400, body: { detail: /no operation DeleteUsr/ } });
  for (const bad of ['nonsense', '503@before-that', 'delay:x', 'delay:999999']) {
    t.match(await make({ DeleteUser: [bad] }), { status: 400, body: { type: 'urn:understudy:bad-instruction' } }, bad);
  }
  t.match(await make({ DeleteUser: ['418'] }), {
    status: 400,
    body: { type: 'urn:understudy:undocumented-preference' },
  });
  const { body } = await make({ DeleteUser: ['ok', 'delay:1', '400'] });
  t.match(body, { instructions: { DeleteUser: ['ok', 'delay:1', '400'] }, completed: false });
  const headers = { 'x-retry-test-id': body.id };
  const seen = [];
  for (let n = 0; n < 4; n++) seen.push((await server.remove(headers)).body.message ?? 'gone');
  t.same(seen.slice(0, 2), ['gone', 'User not found.']);
  t.match(seen[2], /API key/);
  t.match(await server.remove({ 'x-retry-test-id': 'nope' }), {
    status: 400,
    body: { type: 'urn:understudy:unknown-retry-test' },
  });
  for (let n = 0; n < 1001; n++) await make({});
  t.equal((await server.call('GET', `/__admin/retry-tests/${body.id}`)).status, 400, 'only the last thousand are kept');
});

t.test('ids order faults only where they can, and not at all when that is off', async (t) => {
  const server = await alice(t, 'proficient');
  t.match(await server.remove({}, 'u_fail_409'), { status: 404 }, '409 is not declared there');
  t.match(await server.remove({}, 'u_delay_1'), { status: 404, headers: { 'x-understudy-fault': '_delay_1' } });
  t.notOk('x-understudy-fault' in (await server.remove({}, 'u_delay_700000')).headers);
  const plain = await world(t, { magicIds: false });
  t.equal((await plain.call('DELETE', '/proficient/users/u_fail_503', { headers: key })).status, 404);
});

t.test('a sandbox can be slow as a whole', async (t) => {
  const { call } = await world(t);
  for (const delay of [{ fixedMs: 1 }, { uniformMs: [1, 2] }, { lognormal: { median: 1, sigma: 0.1 } }]) {
    await call('PATCH', '/__admin/sandboxes/default', { json: { settings: { delay } } });
    t.match(await call('GET', '/pagecall/v1/users', { headers: key }), {
      status: 200,
      headers: { 'x-understudy-fault': 'settings.delay' },
    });
  }
});

t.test('a preference with a value that cannot be used is refused by name', async (t) => {
  const server = await alice(t, 'pagecall');
  for (const [prefer, detail] of [
    ['fault=rest', /fault=rest is no fault; there are reset, empty, malformed, truncated, hang/],
    ['delay=x', /delay=x is no number of milliseconds/],
    ['delay=700000', /delay=700000 is no number/],
    ['phase=later', /phase=later is no phase/],
    ['code=503, fault=reset', /cannot be had at once/],
    ['code=503, retry-after-ms=x', /retry-after-ms=x/],
  ] as const) {
    t.match(
      await server.remove({ prefer }),
      { status: 400, body: { type: 'urn:understudy:bad-preference', detail } },
      prefer,
    );
  }
  t.match(await server.call('GET', '/pagecall/v1/users', { headers: { ...key, prefer: 'dry-run' } }), {
    status: 400,
    body: { detail: /dry-run is for DELETE/ },
  });
  t.match(await server.remove({ prefer: 'code=503, retry-after-ms=1' }), {
    status: 503,
    headers: { 'retry-after-ms': '1' },
  });
  t.match(await server.remove({ prefer: 'delay=1' }), { status: 200, headers: { 'preference-applied': 'delay=1' } });
});

t.test('a rule without an operation meets only those that can answer so, beside rules that name an id', async (t) => {
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
  t.same(seen, [404, 503, 418, 200], 'in the order they were planned; 409 is not for a delete');
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

t.test('a fault that something else forestalls is still to come', async (t) => {
  const server = await alice(t, 'conductor');
  const { body } = await plan(server, {
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { status: 503 },
  });
  t.equal((await server.remove({ authorization: 'Bearer nobody' })).status, 401, 'the key comes first here');
  t.match((await server.call('GET', `/__admin/faults/${body.id}`)).body, { hits: 0, spent: false });
  t.equal((await server.remove()).status, 503);
  t.match((await server.call('GET', `/__admin/faults/${body.id}`)).body, { hits: 1, spent: true });
});

t.test('a rule may only delay', async (t) => {
  const server = await alice(t, 'pagecall');
  const { body } = await plan(server, { delay: { fixedMs: 1 }, mode: { times: 1 } });
  t.match(await server.remove(), { status: 200, headers: { 'x-understudy-fault': body.id } });
});

t.test('a rule that looks into the body leaves requests without one alone', async (t) => {
  const server = await alice(t, 'pagecall');
  await plan(server, { match: { body: { a: 1 } }, effect: { status: 500 } });
  t.equal((await server.call('GET', '/pagecall/v1/users', { headers: key })).status, 200);
});

t.test('an answer can be late after the commit, and retry tests can order that and wire faults', async (t) => {
  const server = await alice(t, 'conductor');
  const instructions = { 'endUsers.delete': ['delay:1@after-commit'], 'endUsers.list': ['reset', 'hang@after-commit'] };
  const { body } = await server.call('POST', '/__admin/retry-tests', { json: { instructions } });
  t.match(await server.remove({ 'x-retry-test-id': body.id }), {
    status: 200,
    headers: { 'x-understudy-fault': 'retry-test delay:1@after-commit' },
  });
  t.notOk(await server.there());
});
