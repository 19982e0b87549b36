// GET /__admin/resources: resources with their ownership, and their rows page by page.
import t from 'tap';
import { conductor } from '../../src/providers/conductor/index.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { testServer } from '../harness.ts';

interface Described {
  provider: string;
  name: string;
  rows: number;
}

t.test('every resource is described as in the schema, with its number of rows', async (t) => {
  const { call } = await testServer(t);
  const { status, body } = await call('GET', '/__admin/resources');
  t.equal(status, 200);
  t.equal(body.meta.total, PROVIDERS.flatMap(({ resources }) => resources).length);
  const state = (await call('GET', '/__admin/state')).body;
  for (const { provider, name, rows } of body.resources as Described[])
    t.equal(rows, state[provider][name].length, `${provider} ${name}`);
  const sessions = body.resources.find(({ name }: Described) => name === 'sessions');
  t.strictSame(sessions, {
    provider: 'pagecall',
    title: 'Pagecall',
    name: 'sessions',
    key: 'id',
    columns: ['id', 'room_id', 'user_id', 'member_id', 'connected_at', 'disconnected_at'],
    identity: [],
    owners: [
      { column: 'user_id', resource: 'users', field: 'user_id', tie: 'detached' },
      { column: 'room_id', resource: 'rooms', field: 'id', tie: 'owned' },
      { column: 'member_id', resource: 'members', field: 'id', tie: 'loose' },
    ],
    removal: { path: '/pagecall/v1/rooms/{room_id}', of: 'owner' },
    rows: 16,
  });
  const own = body.resources.filter(({ removal }: { removal: { of: string } }) => removal.of === 'row');
  t.strictSame(
    own
      .filter(({ removal }: { removal: { path: string } }) => !removal.path.includes('/quickbooks-desktop/'))
      .map(({ provider, name }: Described) => `${provider} ${name}`),
    [
      ...['proficient users', 'proficient agents', 'proficient interactions'],
      ...['pagecall users', 'pagecall rooms', 'conductor endUsers'],
    ],
    'resources with a DELETE of their own',
  );
  const deletable = conductor.operations.filter(
    ({ method, path }) => method === 'DELETE' && path.startsWith('/quickbooks-desktop/'),
  );
  t.same(
    own
      .map(({ removal }: { removal: { path: string } }) => removal.path.slice('/conductor/v1'.length))
      .filter((path: string) => path.startsWith('/quickbooks-desktop/'))
      .sort(),
    deletable.map(({ path }) => path).sort(),
  );
});

t.test('rows are paged in the order of the state', async (t) => {
  const { call } = await testServer(t);
  const all = (await call('GET', '/__admin/state?provider=proficient&resource=messages')).body.proficient.messages;
  const url = '/__admin/resources/proficient/messages';
  const first = (await call('GET', `${url}?limit=10`)).body;
  t.strictSame(first.rows, all.slice(0, 10));
  t.equal(first.meta.total, all.length);
  t.strictSame((await call('GET', `${url}?limit=10&offset=50`)).body.rows, all.slice(50));
  t.strictSame((await call('GET', `${url}?offset=1000`)).body, { rows: [], owned: [], meta: { total: all.length } });
});

t.test('text is searched in every column', async (t) => {
  const { call } = await testServer(t);
  const ids = async (text: string) => {
    const { body } = await call('GET', `/__admin/resources/pagecall/users?text=${encodeURIComponent(text)}`);
    t.equal(body.meta.total, body.rows.length);
    return body.rows.map((row: { user_id: string }) => row.user_id);
  };
  t.strictSame(await ids('ALICE@'), ['user-42']);
  t.strictSame(await ids('"plan":"weekly"'), ['user-42'], 'JSON too');
  t.strictSame(await ids('nobody'), []);
  t.strictSame(await ids("' or 1=1 --"), []);
});

t.test('rows can be filtered by owner, with the number of rows each owns', async (t) => {
  const { call } = await testServer(t);
  const of = 'column=user_id&value=u_Alice0000000000000000042';
  const { body } = await call('GET', `/__admin/resources/proficient/interactions?${of}`);
  t.equal(body.meta.total, 2);
  const [first, second] = body.rows;
  t.strictSame(body.owned, [
    { resource: 'messages', column: 'interaction_id', counts: { [first.id]: 8, [second.id]: 6 } },
  ]);
  const users = (await call('GET', '/__admin/resources/pagecall/users?text=user-42')).body;
  t.strictSame(users.owned, [
    { resource: 'members', column: 'user_id', counts: { 'user-42': 3 } },
    { resource: 'sessions', column: 'user_id', counts: { 'user-42': 3 } },
  ]);
});

t.test('one row comes with the DELETE that removes it, which works in any sandbox', async (t) => {
  const { call } = await testServer(t);
  const settings = { auth: 'strict' };
  await call('POST', '/__admin/sandboxes', { json: { name: 'strict', settings } });
  await call('POST', '/__admin/sandboxes', { json: { name: 'signed', settings } });
  const { keys } = (await call('GET', '/__admin/state?provider=proficient')).body.proficient;
  const hmac = { enabled: true, secret: 'hsec_dummy0000' };
  await call('POST', '/__admin/state?sandbox=signed', { json: { proficient: { keys: { ...keys, hmac } } } });
  for (const sandbox of ['default', 'strict', 'signed']) {
    const { resources } = (await call('GET', `/__admin/resources?sandbox=${sandbox}`)).body;
    for (const { provider, name, key } of resources) {
      await call('POST', `/__admin/reset?sandbox=${sandbox}`, { json: { scope: ['state'] } });
      if (sandbox === 'signed')
        await call('POST', '/__admin/state?sandbox=signed', { json: { proficient: { keys: { ...keys, hmac } } } });
      const url = `/__admin/resources/${provider}/${name}`;
      const { rows } = (await call('GET', `${url}?sandbox=${sandbox}&limit=50`)).body;
      // The first payment is in a deposit, which keeps it.
      const row = name === 'receivePayments' ? rows.at(-1) : rows[0];
      const one = `${url}/${encodeURIComponent(row[key])}?sandbox=${sandbox}`;
      const { status, body } = await call('GET', one);
      t.equal(status, 200);
      t.strictSame(body.row, row);
      const { method, path, headers } = body.removal;
      t.equal((await call(method, path, { headers })).status, 200, `${sandbox}: ${method} ${path}`);
      const left = await call('GET', one);
      // A session outlives its user and is deleted with its room; the returned request deletes it.
      t.match(left, { status: 404, body: { detail: new RegExp(`^Sandbox ${sandbox} has no ${name} row with`) } });
    }
  }
});

t.test('unknown names and incomplete filters are rejected with the reason', async (t) => {
  const { call } = await testServer(t);
  const cases: [string, number, RegExp][] = [
    ['/stripe/users', 404, /no provider "stripe"/],
    ['/pagecall/wings', 404, /Pagecall has no resource "wings"; it has users, rooms, members, sessions, pages/],
    ['/pagecall/users/nobody', 404, /^Sandbox default has no users row with user_id "nobody"\.$/],
    ['/pagecall/users?column=user_id', 400, /^value: column and value must be given together/],
    ['/pagecall/users?value=x', 400, /^column: column and value must be given together/],
    ['/pagecall/users?column=seq&value=1', 400, /^column: users has no column "seq"; it has id, user_id/],
    ['/pagecall/users?limit=0', 400, /^limit: /],
    ['/pagecall/users?offset=-1', 400, /^offset: /],
  ];
  for (const [path, status, detail] of cases)
    t.match(await call('GET', `/__admin/resources${path}`), { status, body: { detail } }, path);
});
