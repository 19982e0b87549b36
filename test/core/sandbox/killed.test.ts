// What a killed process leaves in the data folder: deletes and resets are there as a whole or not at all.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { buildServer } from '../../../src/server.ts';
import { noDisks } from '../../disks.ts';
import { type TestServer, testServer } from '../../harness.ts';
import { atFileChanges, killedCopies } from './file-changes.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
const of = (sandbox: string) => ({ authorization: 'Bearer sk_test', 'x-understudy-sandbox': sandbox });

/** The files of a folder in use, without the log of the open database. */
const filesOf = (data: string) =>
  readdirSync(data)
    .filter((file) => file !== 'default.sqlite-wal')
    .sort();

/** The names of a sandbox's snapshots; null when there is no sandbox of that name. */
async function snapshotsOf({ call }: TestServer, sandbox: string): Promise<string[] | null> {
  const { status, body } = await call('GET', `/__admin/snapshots?sandbox=${sandbox}`);
  return status === 404 ? null : body.snapshots.map(({ name }: { name: string }) => name).sort();
}

async function withSnapshots(server: TestServer): Promise<void> {
  for (const name of ['one', 'two'])
    t.equal((await server.call('POST', '/__admin/snapshots?sandbox=k', { json: { name } })).status, 201);
  await server.call('DELETE', ALICE, { headers: of('k') });
}

t.test('a sandbox whose deletion was killed is there with all its snapshots, or is gone with them', async (t) => {
  const dir = t.testdir({ copies: {} });
  const data = join(dir, 'data');
  const server = await testServer(t, { data });
  await withSnapshots(server);
  const copies = await killedCopies(data, join(dir, 'copies'), async () => {
    t.equal((await server.call('DELETE', '/__admin/sandboxes/k')).status, 204);
  });
  t.same(filesOf(data), ['default.sqlite', 'understudy.lock']);
  const found = [];
  for (const copy of copies) {
    const after = await testServer(t, { data: copy });
    const snapshots = await snapshotsOf(after, 'k');
    if (snapshots === null) {
      t.equal((await after.call('POST', '/__admin/sandboxes', { json: { name: 'k' } })).status, 201);
      t.same(await snapshotsOf(after, 'k'), [], 'a new sandbox does not find those of a deleted one');
    } else {
      t.equal((await after.call('GET', ALICE, { headers: of('k') })).status, 404, 'with its rows');
      t.equal((await after.call('POST', '/__admin/snapshots/one/restore?sandbox=k')).status, 204);
    }
    await after.app.close();
    const files = ['default.sqlite', 'k.sqlite', ...(snapshots === null ? [] : ['k.snapshots']), 'understudy.lock'];
    t.same(readdirSync(copy).sort(), files.sort(), 'and nothing is left over');
    found.push(snapshots);
  }
  t.ok(copies.length > 4, `${copies.length} moments`);
  for (const snapshots of found) if (snapshots !== null) t.same(snapshots, ['one', 'two']);
  t.ok(found.includes(null) && found.some((one) => one !== null), 'some were killed before, some after');
});

t.test('leftovers of a killed process are cleared at start, and other files stay', async (t) => {
  const data = t.testdir({
    'gone.snapshots': { 'one.sqlite': 'x' },
    'gone.sqlite-wal': 'x',
    'gone.sqlite-shm': 'x',
    'gone.sqlite.7.new': 'x',
    'gone.sqlite.deleted': 'x',
    'going.snapshots.deleted': { 'one.sqlite': 'x' },
    'default.snapshots': { 'mine.sqlite': 'x' },
    'default.sqlite.12.new': 'x',
    'no name.snapshots': {},
    'notes.txt': 'x',
  });
  const { app } = await testServer(t, { data });
  await app.close();
  t.same(readdirSync(data).sort(), [
    'default.snapshots',
    'default.sqlite',
    'no name.snapshots',
    'notes.txt',
    'understudy.lock',
  ]);
  t.same(readdirSync(join(data, 'default.snapshots')), ['mine.sqlite'], 'the default sandbox is never deleted');
});

t.test('what was left while the server ran is cleared when a sandbox of that name is made', async (t) => {
  const data = t.testdir({});
  const server = await testServer(t, { data });
  mkdirSync(join(data, 'k.snapshots'));
  writeFileSync(join(data, 'k.snapshots', 'old.sqlite'), 'x');
  writeFileSync(join(data, 'k.sqlite-wal'), 'x');
  t.equal((await server.call('POST', '/__admin/sandboxes', { json: { name: 'k' } })).status, 201);
  t.same(await snapshotsOf(server, 'k'), []);
});

t.test('a partial snapshot of a killed process is cleared, and whole ones stay', async (t) => {
  const data = t.testdir({});
  const server = await testServer(t, { data });
  await withSnapshots(server);
  await server.app.close();
  writeFileSync(join(data, 'k.snapshots', 'three.sqlite.3.new'), 'x');
  t.same(await snapshotsOf(await testServer(t, { data }), 'k'), ['one', 'two']);
  t.same(readdirSync(join(data, 'k.snapshots')).sort(), ['one.sqlite', 'two.sqlite']);
});

t.test('a snapshot that cannot be deleted stops the deletion, and nothing is gone', { skip: noDisks }, async (t) => {
  const data = t.testdir({});
  const server = await testServer(t, { data });
  await withSnapshots(server);
  const stuck = join(data, 'k.snapshots', 'two.sqlite');
  execFileSync('mount', ['--bind', stuck, stuck]);
  const problem = await server.call('DELETE', '/__admin/sandboxes/k');
  execFileSync('umount', [stuck]);
  t.match(problem, {
    status: 500,
    body: { type: 'urn:understudy:data-folder', detail: `${stuck} cannot be deleted: ` },
  });
  t.same(await snapshotsOf(server, 'k'), ['one', 'two']);
  t.equal((await server.call('POST', '/__admin/snapshots/two/restore?sandbox=k')).status, 204);
  t.equal((await server.call('DELETE', '/__admin/sandboxes/k')).status, 204);
  t.same(filesOf(data), ['default.sqlite', 'understudy.lock']);
});

t.test('rows that a killed process reset keep clock and id counter', async (t) => {
  const dir = t.testdir({ copies: {} });
  const data = join(dir, 'data');
  const { call } = await testServer(t, { data, settings: { seed: 'x' } });
  const user = { companyName: 'A', sourceId: 'a', email: 'a@example.com' };
  t.equal(
    (await call('POST', '/conductor/v1/end-users', { headers: of('default'), json: user })).status,
    200,
    'an id is used up',
  );
  await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: '2031-01-01T00:00:00Z' } });
  const meta = "select key, value from meta where key like 'clock_%' or key like 'id_%' order by key";
  const read = (path: string) => {
    const db = new Sqlite(path);
    const rows = db.prepare(meta).all();
    const { users } = db.prepare('select count(*) as users from conductor_endUsers').get() as { users: number };
    db.close();
    return { rows, users };
  };
  const copies = await killedCopies(data, join(dir, 'copies'), async () => {
    t.equal((await call('POST', '/__admin/reset', { json: { scope: ['state'] } })).status, 204);
  });
  const [first, ...more] = copies.map((copy) => read(join(copy, 'default.sqlite')));
  t.match(first, { rows: [{ key: 'clock_frozen', value: Date.UTC(2031, 0) }, {}, { key: 'id_counter' }] });
  for (const one of more) t.same(one.rows, first?.rows);
  t.equal(more.at(-1)?.users, (first?.users ?? 0) - 1, 'the rows are reset at the end');
});

t.test('no other process gets into the folder at any moment of a reset', async (t) => {
  const data = t.testdir({});
  const { call } = await testServer(t, { data });
  const refusals: string[] = [];
  const enter = () => {
    try {
      void buildServer({ data }).close();
      refusals.push('it got in');
    } catch (error) {
      refusals.push((error as Error).message);
    }
  };
  await atFileChanges(enter, async () => {
    for (const sandbox of ['default', 'k'])
      t.equal((await call('POST', `/__admin/reset?sandbox=${sandbox}`)).status, 204);
  });
  t.ok(refusals.length > 4, `${refusals.length} attempts`);
  for (const refusal of refusals) t.match(refusal, /^\S+ is in use by another process.*; stop it, or start with/);
});
