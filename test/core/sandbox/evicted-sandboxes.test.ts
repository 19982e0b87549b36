// Bounds on the memory of evicted sandboxes, and files that are not snapshots.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { testServer } from '../../harness.ts';

t.test('a name evicted a thousand sandboxes ago counts as new', async (t) => {
  const { call } = await testServer(t, { limits: { maxSandboxes: 2 } });
  const ask = (name: string) =>
    call('GET', '/pagecall/v1/users', { headers: { authorization: 'Bearer k', 'x-understudy-sandbox': name } });
  for (let n = 0; n < 1003; n++) await ask(`n${n}`);
  t.match((await ask('n1001')).headers, { 'x-understudy-sandbox-restarted': 'true' });
  t.notOk('x-understudy-sandbox-restarted' in (await ask('n0')).headers);
});

t.test('a file that is not a snapshot cannot be restored', async (t) => {
  const data = t.testdir();
  mkdirSync(join(data, 'default.snapshots'));
  writeFileSync(join(data, 'default.snapshots', 'short.sqlite'), 'x');
  const other = new Sqlite(join(data, 'default.snapshots', 'other.sqlite'));
  other.exec('create table a (b); pragma user_version = 7');
  other.close();
  const { call } = await testServer(t, { data });
  t.equal((await call('POST', '/__admin/snapshots/none/restore')).status, 404);
  for (const name of ['short', 'other']) {
    t.match(
      await call('POST', `/__admin/snapshots/${name}/restore`),
      { status: 409, body: { type: 'urn:understudy:snapshot-version' } },
      name,
    );
  }
  t.match(await call('POST', '/__admin/state', { json: { pagecall: { users: ['zoe'] } } }), {
    status: 400,
    body: { errors: [{ path: 'pagecall.users[0]' }] },
  });
});
