// Sandboxes in a data folder: persistent, and locked by one process at a time.
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { DataError } from '../../../src/core/storage/disk.ts';
import { buildServer } from '../../../src/server.ts';
import { testServer } from '../../harness.ts';

const key = (sandbox: string) => ({ authorization: 'Bearer k', 'x-understudy-sandbox': sandbox });

t.test('deleted rows stay deleted after a restart, and other rows are kept', async (t) => {
  const data = join(t.testdir(), 'made', 'on', 'the', 'way');
  const first = await testServer(t, { data });
  await first.call('DELETE', '/pagecall/v1/users/user-42', { headers: key('kept') });
  const before = (await first.call('GET', '/__admin/state?sandbox=kept')).body;
  await first.app.close();
  t.same(readdirSync(data).sort(), ['default.sqlite', 'kept.sqlite', 'understudy.lock']);
  const second = await testServer(t, { data });
  t.strictSame((await second.call('GET', '/__admin/state?sandbox=kept')).body, before);
  t.equal((await second.call('GET', '/pagecall/v1/users/user-42', { headers: key('default') })).status, 200);
  t.equal((await second.call('POST', '/__admin/reset?sandbox=kept')).status, 204);
  t.equal((await second.call('GET', '/pagecall/v1/users/user-42', { headers: key('kept') })).status, 200);
  await second.app.close();
  const file = new Sqlite(join(data, 'kept.sqlite'), { readonly: true });
  t.match(file.prepare('select count(*) as users from pagecall_users').get(), { users: 7 });
  file.close();
});

t.test('a second process is rejected while the first holds the folder', async (t) => {
  const data = t.testdir();
  const { app } = await testServer(t, { data });
  t.throws(() => buildServer({ data }), {
    message: /is in use by another process.*; stop it, or start with another --data folder/,
  });
  t.equal((await app.inject('/__admin/health')).statusCode, 200, 'the first process keeps working');
});

t.test('a lock file that cannot be locked is reported, and the folder works once it is moved away', async (t) => {
  const data = t.testdir({ 'understudy.lock': {} });
  const lock = join(data, 'understudy.lock');
  t.throws(
    () => buildServer({ data }),
    new DataError(
      `${lock} cannot be locked (unable to open database file); move it away, or choose another --data folder.`,
    ),
  );
  renameSync(lock, join(data, 'elsewhere'));
  const { call } = await testServer(t, { data });
  t.equal((await call('GET', '/pagecall/v1/users', { headers: key('default') })).status, 200);
});

t.test('a folder whose sandboxes cannot be recovered is reported and not kept locked', async (t) => {
  const data = t.testdir({ 'mine.snapshots': 'not a folder' });
  const { app } = await testServer(t, { data: join(data, 'used') });
  await app.close();
  renameSync(join(data, 'used', 'default.sqlite'), join(data, 'mine.sqlite'));
  const snapshots = join(data, 'mine.snapshots');
  t.throws(
    () => buildServer({ data }),
    new DataError(
      `${snapshots} cannot be read: ENOTDIR: not a directory, scandir '${snapshots}', or choose another --data folder.`,
    ),
  );
  rmSync(snapshots);
  const { call } = await testServer(t, { data });
  t.equal((await call('GET', '/pagecall/v1/users', { headers: key('mine') })).status, 200);
});

t.test('two names that differ only in case are rejected, because file systems may not distinguish them', async (t) => {
  const data = t.testdir();
  const { call } = await testServer(t, { data });
  t.equal((await call('GET', '/pagecall/v1/users', { headers: key('Mine') })).status, 200);
  t.match(await call('GET', '/pagecall/v1/users', { headers: key('mine') }), {
    status: 409,
    body: { detail: /Sandbox Mine exists, and/ },
  });
});

t.test('a file of another schema is rejected with a way out', async (t) => {
  const data = t.testdir();
  const { app } = await testServer(t, { data });
  await app.close();
  const file = new Sqlite(join(data, 'default.sqlite'));
  file.pragma('user_version = 7');
  file.close();
  t.throws(() => buildServer({ data }), {
    message: /default\.sqlite was written by another version of Understudy, .*; move it away/,
  });
  renameSync(join(data, 'default.sqlite'), join(data, 'other.sqlite'));
  const { call } = await testServer(t, { data });
  t.equal(
    (await call('GET', '/pagecall/v1/users', { headers: key('default') })).status,
    200,
    'other sandboxes are unaffected',
  );
});

t.test('other files in the folder are ignored; a sandbox with a damaged file is rejected on use', async (t) => {
  const data = t.testdir({ 'notes.txt': 'x', 'no name.sqlite': 'x', 'broken.sqlite': 'this is no database' });
  const { call } = await testServer(t, { data });
  t.equal((await call('GET', '/pagecall/v1/users', { headers: key('default') })).status, 200);
  t.match(await call('GET', '/pagecall/v1/users', { headers: key('broken') }), {
    status: 500,
    body: { type: 'urn:understudy:data-folder', detail: /broken\.sqlite cannot be opened as a sandbox .*delete it/ },
  });
  const { body } = await call('GET', '/__admin/sandboxes');
  t.same(
    body.sandboxes.map(({ name }: { name: string }) => name),
    ['default'],
    'the list omits it',
  );
  t.throws(() => buildServer({ data: join(data, 'notes.txt') }), { message: /notes\.txt cannot be used as --data/ });
});
