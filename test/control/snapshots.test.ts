// /__admin/snapshots: take, list, compare, restore, export and delete snapshots.
import { pbkdf2 } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { type TestServer, testServer } from '../harness.ts';

const headers = { authorization: 'Bearer k' };
const PROBLEM = 'application/problem+json; charset=utf-8';

async function bytesOf({ app }: TestServer, url: string) {
  const answer = await app.inject({ url, headers: { host: 'localhost' } });
  return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload };
}

for (const place of ['memory', 'files'] as const) {
  t.test(`a snapshot in ${place} can be restored, compared, listed and deleted`, async (t) => {
    const { call } = await testServer(t, place === 'files' ? { data: t.testdir() } : {});
    const before = (await call('GET', '/__admin/state')).body;
    const made = await call('POST', '/__admin/snapshots', { json: { name: 'seeded' } });
    t.match(made, { status: 201, body: { name: 'seeded', createdAt: /^\d{4}-.*Z$/ } });
    t.same(Object.keys(made.body), ['name', 'createdAt']);
    t.strictSame((await call('GET', '/__admin/snapshots')).body, { snapshots: [made.body], meta: { total: 1 } });
    t.strictSame((await call('GET', '/__admin/snapshots/seeded/diff')).body, {}, 'nothing has changed yet');

    await call('DELETE', '/pagecall/v1/users/user-42', { headers });
    await call('POST', '/pagecall/v1/users', { headers, json: { user_id: 'new' } });
    await call('PUT', '/pagecall/v1/users/user-03', { headers, json: { name: 'Other' } });
    const { body: diff } = await call('GET', '/__admin/snapshots/seeded/diff');
    t.same(Object.keys(diff), ['pagecall'], 'the other providers are unchanged');
    t.match(diff.pagecall.users.inserts, [{ user_id: 'new' }]);
    t.strictSame(
      diff.pagecall.users.deletes,
      before.pagecall.users.filter((row: { user_id: string }) => row.user_id === 'user-42'),
    );
    t.equal(diff.pagecall.members.deletes.length, 3);
    t.match(diff.pagecall.sessions.updates[0], { before: { user_id: 'user-42' }, after: { user_id: null } });

    t.match(await call('POST', '/__admin/snapshots/seeded/restore'), { status: 204, body: '' });
    t.strictSame((await call('GET', '/__admin/state')).body, before);
    await call('DELETE', '/pagecall/v1/users/user-42', { headers });
    await call('POST', '/__admin/snapshots', { json: { name: 'later' } });
    t.same((await call('GET', '/__admin/snapshots?limit=1')).body.snapshots.length, 1, 'the list can be limited');
    t.equal((await call('POST', '/__admin/reset', { json: { to: { snapshot: 'seeded' } } })).status, 204);
    t.strictSame((await call('GET', '/__admin/state')).body, before, 'a reset can restore a snapshot');
    t.equal((await call('DELETE', '/__admin/snapshots/later')).status, 204);
    t.same((await call('GET', '/__admin/snapshots')).body.meta, { total: 1 });
  });
}

t.test('a snapshot includes clock and id counter, but not settings, requests or webhooks', async (t) => {
  const { call } = await testServer(t, { settings: { seed: 'x' } });
  const create = async (user_id: string) =>
    (await call('POST', '/pagecall/v1/users', { headers, json: { user_id } })).body;
  await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: '2030-01-01T00:00:00Z' } });
  await call('POST', '/__admin/snapshots', { json: { name: 's' } });
  const first = await create('one');
  await call('PUT', '/__admin/clock', { json: { action: 'reset' } });
  await call('PATCH', '/__admin/sandboxes/default', { json: { settings: { publicUrl: 'https://x.example' } } });
  await call('POST', '/__admin/snapshots/s/restore');
  t.strictSame(await create('one'), first, 'the same id at the same time');
  t.equal((await call('GET', '/__admin/sandboxes/default')).body.settings.publicUrl, 'https://x.example');
  t.equal((await call('GET', '/__admin/requests')).body.meta.total, 2);
});

t.test('each sandbox has its own snapshots, which are deleted with it', async (t) => {
  const { call } = await testServer(t);
  await call('POST', '/__admin/snapshots?sandbox=one', { json: { name: 's' } });
  await call('POST', '/__admin/sandboxes', { json: { name: 'two' } });
  t.same((await call('GET', '/__admin/snapshots?sandbox=two')).body, { snapshots: [], meta: { total: 0 } });
  await call('DELETE', '/__admin/sandboxes/one');
  await call('POST', '/__admin/sandboxes', { json: { name: 'one' } });
  t.same((await call('GET', '/__admin/snapshots?sandbox=one')).body, { snapshots: [], meta: { total: 0 } });
});

t.test('an export opens in any SQLite tool, and a data folder can start from it', async (t) => {
  const source = await testServer(t, { data: t.testdir({ b: {} }) });
  const { call } = source;
  await call('PATCH', '/__admin/sandboxes/default', { json: { settings: { auth: 'strict' } } });
  await call('DELETE', '/pagecall/v1/users/user-42', { headers: { authorization: 'Bearer pagecall_test_key' } });
  await call('POST', '/__admin/snapshots', { json: { name: 'gone' } });
  const { status, headers: sent, bytes } = await bytesOf(source, '/__admin/snapshots/gone/export');
  t.match(
    { status, ...sent },
    {
      status: 200,
      'content-type': 'application/vnd.sqlite3',
      'content-disposition': 'attachment; filename="gone.sqlite"',
    },
  );
  const db = new Sqlite(bytes);
  t.match(db.prepare('select count(*) as users from pagecall_users').get(), { users: 6 });
  t.match(
    db.prepare('select count(*) as deletions from deletions').get(),
    { deletions: 1 },
    'the export includes the ledger',
  );
  db.close();
  const data = join(t.testdirName, 'b');
  writeFileSync(join(data, 'default.sqlite'), bytes);
  const next = await testServer(t, { data });
  t.equal((await next.call('GET', '/pagecall/v1/users/user-42', { headers })).status, 400, 'unknown');
  t.equal(
    (await next.call('GET', '/__admin/sandboxes/default')).body.settings.auth,
    'spec',
    'the export has no settings',
  );
});

t.test('invalid requests about snapshots are rejected with the reason', async (t) => {
  const { call } = await testServer(t);
  const unknown = { detail: 'Sandbox default has no snapshot nope; it has s.' };
  await call('POST', '/__admin/snapshots', { json: { name: 's' } });
  const cases: [string, string, unknown, number, object][] = [
    ['POST', '/__admin/snapshots', { name: 's' }, 409, { detail: /Snapshot s already exists/ }],
    ['POST', '/__admin/snapshots', { name: 'a b' }, 400, { detail: /"a b" is not a snapshot name/ }],
    ['POST', '/__admin/snapshots', {}, 400, { errors: [{ path: 'name' }] }],
    ['POST', '/__admin/snapshots', { name: 't', x: 1 }, 400, { errors: [{ path: 'x', message: 'unknown field' }] }],
    ['POST', '/__admin/snapshots/nope/restore', undefined, 404, unknown],
    ['GET', '/__admin/snapshots/nope/diff', undefined, 404, unknown],
    ['GET', '/__admin/snapshots/nope/export', undefined, 404, unknown],
    ['DELETE', '/__admin/snapshots/nope', undefined, 404, unknown],
    [
      'DELETE',
      '/__admin/snapshots/nope?sandbox=o',
      undefined,
      404,
      { detail: /has no snapshot nope; it has no snapshots\.$/ },
    ],
    ['POST', '/__admin/reset', { to: { snapshot: 'nope' } }, 404, unknown],
    ['POST', '/__admin/reset?sandbox=*', { to: { snapshot: 's' } }, 404, { detail: /Sandbox o has no snapshot s/ }],
    ['GET', '/__admin/snapshots?limit=0', undefined, 400, { errors: [{ path: 'limit' }] }],
  ];
  for (const [method, url, json, status, body] of cases) {
    const answer = await call(method, url, json === undefined ? {} : { json });
    t.match(answer, { status, headers: { 'content-type': PROBLEM }, body: { status, ...body } }, `${method} ${url}`);
  }
});

t.test('two snapshots in files must not differ only in case', async (t) => {
  const { call } = await testServer(t, { data: t.testdir() });
  await call('POST', '/__admin/snapshots', { json: { name: 'Mine' } });
  t.match(await call('POST', '/__admin/snapshots', { json: { name: 'mine' } }), {
    status: 409,
    body: { detail: /Snapshot Mine already exists/ },
  });
});

t.test('a snapshot file of another schema is rejected before anything is restored', async (t) => {
  const data = t.testdir();
  const { call } = await testServer(t, { data });
  await call('POST', '/__admin/snapshots', { json: { name: 'old' } });
  const file = new Sqlite(join(data, 'default.snapshots', 'old.sqlite'));
  file.pragma('user_version = 7');
  file.close();
  t.match(await call('POST', '/__admin/snapshots/old/restore'), {
    status: 409,
    body: { type: 'urn:understudy:snapshot-version', detail: /old\.sqlite was not written by this version/ },
  });
  writeFileSync(join(data, 'default.snapshots', 'half.sqlite'), 'SQLite');
  t.equal((await call('POST', '/__admin/reset', { json: { to: { snapshot: 'half' } } })).status, 409);
  t.equal((await call('GET', '/pagecall/v1/users/user-42', { headers })).status, 200);
});

t.test('a snapshot that is deleted while it is read is unknown, not an error of the disk', async (t) => {
  const { call } = await testServer(t, { data: t.testdir({}) });
  for (const [method, path] of [
    ['DELETE', '/__admin/snapshots/early?sandbox=a'],
    ['DELETE', '/__admin/sandboxes/a'],
  ] as const) {
    t.equal((await call('POST', '/__admin/snapshots?sandbox=a', { json: { name: 'early' } })).status, 201);
    // All of Node's threads for files are busy, so that the file is opened after the deletion.
    const busy = Array.from({ length: 16 }, () => promisify(pbkdf2)('a', 'b', 50_000, 64, 'sha512'));
    const read = call('GET', '/__admin/snapshots/early/export?sandbox=a');
    t.equal((await call(method, path)).status, 204);
    t.match(await read, { status: 404, body: { type: 'urn:understudy:unknown-snapshot' } }, path);
    await Promise.all(busy);
  }
});

t.test('no snapshot is taken of a sandbox that is deleted meanwhile', async (t) => {
  const data = t.testdir({});
  const { call } = await testServer(t, { data });
  t.equal((await call('POST', '/__admin/sandboxes', { json: { name: 'a' } })).status, 201);
  // Each step of writing a file waits for a free thread.
  let taken = false;
  const busy = Array.from({ length: 8 }, async () => {
    while (!taken) await promisify(pbkdf2)('a', 'b', 20_000, 64, 'sha512');
  });
  const taking = call('POST', '/__admin/snapshots?sandbox=a', { json: { name: 'late' } }).finally(() => (taken = true));
  const isBegun = (file: string) => /^late\.sqlite\.\d+\.new$/.test(file);
  const folder = join(data, 'a.snapshots');
  while (!(existsSync(folder) && readdirSync(folder).some(isBegun))) await setImmediate();
  t.equal((await call('DELETE', '/__admin/sandboxes/a')).status, 204);
  t.match(await taking, { status: 410, body: { type: 'urn:understudy:sandbox-deleted' } });
  await Promise.all(busy);
  t.same(
    readdirSync(data).filter((file) => file.startsWith('a.')),
    [],
  );
});

t.test('a snapshot that cannot be read is an error of the disk', async (t) => {
  const data = t.testdir({});
  const { call } = await testServer(t, { data });
  mkdirSync(join(data, 'default.snapshots', 'folder.sqlite'), { recursive: true });
  t.match(await call('GET', '/__admin/snapshots/folder/export'), {
    status: 500,
    body: {
      type: 'urn:understudy:data-folder',
      detail: /folder\.sqlite cannot be read: it is a directory, not a file/,
    },
  });
});

t.test('a sandbox is created while the reset of a deleted one of that name is still being written', async (t) => {
  const data = t.testdir({});
  const { call } = await testServer(t, { data });
  const create = () => call('POST', '/__admin/sandboxes', { json: { name: 'a' } });
  t.equal((await create()).status, 201);
  // Each step of writing a file waits for a free thread.
  let created = false;
  const busy = Array.from({ length: 8 }, async () => {
    while (!created) await promisify(pbkdf2)('a', 'b', 20_000, 64, 'sha512');
  });
  const resetting = call('POST', '/__admin/reset?sandbox=a');
  while (!readdirSync(data).some((file) => /^a\.sqlite\.\d+\.new$/.test(file))) await setImmediate();
  t.equal((await call('DELETE', '/__admin/sandboxes/a')).status, 204);
  const creating = create().finally(() => (created = true));
  t.match(await resetting, { status: 410, body: { type: 'urn:understudy:sandbox-deleted' } });
  t.equal((await creating).status, 201);
  await Promise.all(busy);
  t.same(
    readdirSync(data).filter((file) => file.endsWith('.new')),
    [],
  );
});

t.test('resources that share a table are told apart: only the one that has changed is in the difference', async (t) => {
  const { call } = await testServer(t);
  t.equal((await call('POST', '/__admin/snapshots', { json: { name: 'before' } })).status, 201);
  const headers = { authorization: 'Bearer sk_test', 'conductor-end-user-id': 'end_usr_larkspur000001' };
  const created = await call('POST', '/conductor/v1/quickbooks-desktop/classes', { headers, json: { name: 'West' } });
  t.equal(created.status, 200);
  const { body: diff } = await call('GET', '/__admin/snapshots/before/diff');
  t.match(diff.conductor.classes, { inserts: [{ body: { name: 'West' } }], updates: [], deletes: [] });
  // The time of the last request is part of the connection.
  t.strictSame(Object.keys(diff.conductor).sort(), ['classes', 'integrationConnections']);
});
