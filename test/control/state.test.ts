// /__admin/state: replace and add rows, all or nothing.
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { Database } from '../../src/core/storage/database.ts';
import { type TestServer, testServer } from '../harness.ts';

const headers = { authorization: 'Bearer k' };
const time = '2024-01-01T00:00:00.000Z';
const id = (digit: string) => digit.repeat(24);
const user = { id: id('1'), user_id: 'zoe', access_token: 'z'.repeat(32), created_at: time, updated_at: time };
const room = { id: id('a'), type: 'open', name: 'R', created_at: time, updated_at: time };
const member = { id: id('b'), room_id: room.id, user_id: 'zoe', type: 'guest', created_at: time, updated_at: time };
const endUser = (letter: string, sourceId: string) => ({
  id: `end_usr_${letter.repeat(14)}`,
  createdAt: time,
  companyName: 'C',
  sourceId,
  email: '',
});

const stateOf = async ({ call }: TestServer) => (await call('GET', '/__admin/state')).body;

t.test(
  'a PUT replaces all rows of the providers in the body and leaves other providers and keys unchanged',
  async (t) => {
    const running = await testServer(t);
    const before = await stateOf(running);
    const put = await running.call('PUT', '/__admin/state', {
      json: { pagecall: { members: [member], rooms: [room], users: [user] } },
    });
    t.match(put, { status: 204, body: '' });
    const after = await stateOf(running);
    t.strictSame(after.proficient, before.proficient);
    t.strictSame(after.conductor, before.conductor);
    t.strictSame(after.pagecall, {
      users: [{ ...user, name: null, profile_url: null, default_member_type: 'guest', email: null, metadata: {} }],
      rooms: after.pagecall.rooms,
      members: after.pagecall.members,
      sessions: [],
      pages: [],
      keys: before.pagecall.keys,
    });
    t.match([after.pagecall.rooms, after.pagecall.members], [[room], [member]]);
    t.match(await running.call('GET', '/pagecall/v1/users/zoe', { headers }), { status: 200 });
  },
);

t.test('PUT accepts the output of GET', async (t) => {
  const running = await testServer(t);
  const before = await stateOf(running);
  await running.call('POST', '/__admin/reset', { json: { to: 'empty' } });
  t.equal((await running.call('PUT', '/__admin/state', { json: before })).status, 204);
  t.strictSame(await stateOf(running), before);
});

t.test('a POST adds rows in any order to the existing ones and returns them as stored', async (t) => {
  const running = await testServer(t);
  const before = await stateOf(running);
  const added = await running.call('POST', '/__admin/state', {
    json: {
      pagecall: { members: [member, { ...member, id: id('c'), user_id: 'user-42' }], rooms: [room], users: [user] },
    },
  });
  t.equal(added.status, 201);
  t.same(Object.keys(added.body.pagecall), ['users', 'rooms', 'members'], 'only the parts in the body');
  t.match(added.body.pagecall.members, [member, { id: id('c'), is_blocked: false }]);
  const after = await stateOf(running);
  t.equal(after.pagecall.users.length, before.pagecall.users.length + 1);
  t.equal(after.pagecall.members.length, before.pagecall.members.length + 2);
});

t.test('new keys take effect immediately', async (t) => {
  const { call } = await testServer(t, { settings: { auth: 'strict' } });
  const asked = async (key: string) =>
    (await call('GET', '/pagecall/v1/users', { headers: { authorization: `Bearer ${key}` } })).status;
  t.equal(await asked('pagecall_test_key'), 200);
  const { keys } = (await call('GET', '/__admin/state')).body.pagecall;
  const json = { pagecall: { keys: { ...keys, api_keys: ['mine'] } } };
  t.strictSame((await call('POST', '/__admin/state', { json })).body, json);
  t.equal(await asked('mine'), 200);
  t.equal(await asked('pagecall_test_key'), 400);
  t.equal((await call('GET', '/__admin/state')).body.pagecall.users.length, 7, 'the rows are unchanged');
});

t.test('writing state leaves no receipt', async (t) => {
  const { app, call } = await testServer(t);
  await call('PUT', '/__admin/state', { json: { pagecall: {}, proficient: {}, conductor: {} } });
  for (const resources of Object.values<object>((await call('GET', '/__admin/state')).body)) {
    for (const rows of Object.values(resources).filter(Array.isArray)) t.strictSame(rows, []);
  }
  await call('POST', '/__admin/snapshots', { json: { name: 's' } });
  const { rawPayload } = await app.inject({ url: '/__admin/snapshots/s/export', headers: { host: 'localhost' } });
  const db = new Sqlite(rawPayload);
  t.teardown(() => db.close());
  t.match(db.prepare('select (select count(*) from deletions) + (select count(*) from ledger) as n').get(), { n: 0 });
});

t.test('an invalid row is reported with its path, and nothing changes', async (t) => {
  const running = await testServer(t);
  const before = await stateOf(running);
  const twice = [endUser('a', 'same'), endUser('b', 'same')];
  const cases: [string, string, object, { path: string; message: RegExp | string }][] = [
    [
      'an owner that does not exist',
      'POST',
      { pagecall: { users: [user], rooms: [room], members: [member, { ...member, id: id('c'), user_id: 'nobody' }] } },
      { path: 'pagecall.members[1].user_id', message: 'no row of users has user_id "nobody"' },
    ],
    [
      'an owner that the PUT replaced',
      'PUT',
      { pagecall: { rooms: [room], members: [{ ...member, user_id: 'user-42' }] } },
      { path: 'pagecall.members[0].user_id', message: 'no row of users has user_id "user-42"' },
    ],
    [
      'an id that exists already',
      'POST',
      { pagecall: { users: [{ ...user, user_id: 'user-42' }] } },
      { path: 'pagecall.users[0].user_id', message: '"user-42" is used by an earlier row' },
    ],
    [
      'a unique value of an existing row',
      'POST',
      { conductor: { endUsers: [endUser('a', 'fresh'), endUser('b', 'user-42')] } },
      { path: 'conductor.endUsers[1].sourceId', message: '"user-42" is used by an earlier row' },
    ],
    [
      'a unique value twice in one body',
      'PUT',
      { conductor: { endUsers: twice } },
      { path: 'conductor.endUsers[1].sourceId', message: '"same" is used by an earlier row' },
    ],
    [
      'a wrong type, deep inside',
      'POST',
      { pagecall: { rooms: [room, { ...room, id: id('d'), webhook: { url: 5 } }] } },
      { path: 'pagecall.rooms[1].webhook.url', message: /expected string|Invalid/ },
    ],
    [
      'an unknown field',
      'POST',
      { pagecall: { users: [{ ...user, nick: 'z' }] } },
      { path: 'pagecall.users[0].nick', message: 'unknown field' },
    ],
    ['an unknown resource', 'PUT', { pagecall: { things: [] } }, { path: 'pagecall.things', message: 'unknown field' }],
    ['an unknown provider', 'PUT', { stripe: {} }, { path: 'stripe', message: 'unknown field' }],
    [
      'keys of the wrong format',
      'PUT',
      { pagecall: { keys: { ...before.pagecall.keys, api_keys: 'x' } } },
      { path: 'pagecall.keys.api_keys', message: /expected array/ },
    ],
  ];
  for (const [what, method, json, error] of cases) {
    const refused = await running.call(method, '/__admin/state', { json });
    t.match(
      refused,
      {
        status: 400,
        headers: { 'content-type': /^application\/problem\+json/ },
        body: { type: 'urn:understudy:invalid-input', status: 400, errors: [error] },
      },
      what,
    );
    t.equal(refused.body.errors.length, 1, what);
  }
  const halves = { headers: { 'content-type': 'application/json' }, raw: '{"pagecall":{"users":["\\ud800"]}}' };
  t.match(await running.call('PUT', '/__admin/state', halves), {
    status: 400,
    body: { detail: /half of a surrogate pair/ },
  });
  t.strictSame(await stateOf(running), before);
});

t.test('all invalid rows are reported together', async (t) => {
  const { call } = await testServer(t);
  const json = {
    pagecall: {
      users: [
        { ...user, id: 'x' },
        { ...user, access_token: 5 },
      ],
    },
  };
  t.same(
    (await call('POST', '/__admin/state', { json })).body.errors.map(({ path }: { path: string }) => path),
    ['pagecall.users[0].id', 'pagecall.users[1].access_token'],
  );
});

t.test('in example mode a sourceId may be repeated', async (t) => {
  const { call } = await testServer(t);
  await call('PATCH', '/__admin/sandboxes/default', { json: { settings: { mode: 'example' } } });
  const json = { conductor: { endUsers: [endUser('a', 'same'), endUser('b', 'same')] } };
  t.equal((await call('PUT', '/__admin/state', { json })).status, 204);
});

t.test('an internal error is not reported as an invalid row', async (t) => {
  const { call } = await testServer(t);
  const { transaction } = Database.prototype;
  t.teardown(() => {
    Database.prototype.transaction = transaction;
  });
  Database.prototype.transaction = () => {
    throw new Error('disk full');
  };
  t.match(await call('POST', '/__admin/state', { json: {} }), { status: 500, body: { type: 'urn:understudy:crash' } });
});
