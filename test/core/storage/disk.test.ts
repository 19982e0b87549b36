// Disk errors of a database file: full, missing, locked, not openable.
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import { Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import { writeFile } from '../../../src/core/storage/atomic-file.ts';
import { buildImage, type Database, FileVersionError, openFile } from '../../../src/core/storage/database.ts';
import { closedReason, SandboxFile } from '../../../src/core/storage/database-file.ts';
import { DataError, DiskError } from '../../../src/core/storage/disk.ts';
import { lockHolderOf } from '../../../src/core/storage/lock-holder.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { fill, noDisks, smallDisk } from '../../disks.ts';
import { ROOT, testServer } from '../../harness.ts';
import { shortOrLong } from '../../seeds.ts';

const FIXTURES = `${ROOT}fixtures`;

/** An open database file with one table and one row. */
function opened(t: Test): { db: Database; path: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-disk-')), 'one.sqlite');
  t.teardown(() => rmSync(dirname(path), { recursive: true }));
  const image = buildImage((db) => {
    db.execute('create table notes (text text) strict; pragma user_version = 3');
    db.run('insert into notes values (?)', 'kept');
  });
  writeFile(path, image);
  const db = openFile(path, 3);
  t.teardown(() => db.close());
  return { db, path };
}

const COUNT = 'select count(*) as n from notes';

t.test('a write that fails for lack of space changes nothing, in a transaction, a dry run or alone', (t) => {
  const { db, path } = opened(t);
  db.execute('pragma max_page_count = 1');
  const sentence = `${path} cannot be written: the disk is full; free some space. Nothing has changed, and no restart is needed.`;
  const write = () => {
    for (let n = 0; n < 100; n++) db.run('insert into notes values (?)', 'x'.repeat(1000));
  };
  for (const work of [
    () => db.transaction(write),
    () => db.rollBackAfter(write),
    () => db.transaction(() => db.rollBackAfter(write)),
  ]) {
    t.throws(work, new DiskError(sentence));
    t.same(db.get(COUNT), { n: 1 });
    t.equal(db.inTransaction, false);
  }
  t.throws(write, new DiskError(sentence));
  db.execute('pragma max_page_count = 10000');
  db.transaction(write);
  t.ok((db.get<{ n: number }>(COUNT)?.n as number) >= 100);
  t.end();
});

t.test('a state write on a full disk names the disk and changes nothing', { skip: noDisks }, async (t) => {
  const disk = smallDisk(t, 4096);
  const { call } = await testServer(t, { data: disk });
  // More than SQLite's cache of 16 MB, so that it writes before the commit.
  const endUsers = Array.from({ length: 20_000 }, (_, n) => ({
    id: `end_usr_full${n}`,
    createdAt: '2025-06-01T10:00:00.000Z',
    companyName: 'A'.repeat(1000),
    sourceId: `full-${n}`,
    email: `full-${n}@example.com`,
  }));
  const before = (await call('GET', '/__admin/state')).body;
  const free = fill(disk, 16_384);
  const wide = endUsers.slice(0, 500).map((user) => ({ ...user, companyName: 'A'.repeat(40_000) }));
  for (const [rows, way, methods] of [
    [endUsers, ', or choose another --data folder.', shortOrLong(['POST'], ['POST', 'PUT'])],
    // Few enough to be written in place.
    [wide, '. Nothing has changed, and no restart is needed.', shortOrLong(['PUT'], ['POST', 'PUT'])],
  ] as const) {
    for (const method of methods) {
      t.match(await call(method, '/__admin/state', { json: { conductor: { endUsers: rows } } }), {
        status: 500,
        body: {
          type: 'urn:understudy:data-folder',
          detail: `${disk}/default.sqlite cannot be written: the disk is full; free some space${way}`,
        },
      });
    }
  }
  t.strictSame((await call('GET', '/__admin/state')).body, before);
  free();
  t.equal(
    (await call('POST', '/__admin/state', { json: { conductor: { endUsers: endUsers.slice(0, 500) } } })).status,
    201,
  );
  t.match(await call('POST', '/__admin/state', { json: { conductor: { endUsers: endUsers.slice(0, 1) } } }), {
    status: 400,
    body: { detail: 'conductor.endUsers[0].sourceId: "full-0" is used by an earlier row.' },
  });
});

t.test('a file that was replaced after opening is not written to', (t) => {
  const { db, path } = opened(t);
  const gone = { message: /one\.sqlite no longer exists, so nothing is written/ };
  const unread = opened(t);
  rmSync(unread.path);
  t.throws(() => unread.db.get(COUNT), gone, 'its log would be created beside the new file');
  t.same(db.get(COUNT), { n: 1 });
  const other = writeFile.bind(
    null,
    path,
    buildImage((db) => db.execute('create table others (text text)')),
  );
  for (const take of [() => rmSync(path), other]) {
    take();
    t.throws(() => db.run("insert into notes values ('lost')"), gone);
    t.throws(() => db.transaction(() => {}), gone);
    t.throws(() => db.get("insert into notes values ('lost') returning text"), gone);
    t.throws(() => db.all("insert into notes values ('lost') returning text"), gone);
    t.same(db.get(COUNT), { n: 1 });
    t.same(db.once(COUNT), [{ n: 1 }]);
  }
  t.end();
});

t.test('disk errors of SQLite are reported with the file, programming errors are unchanged', (t) => {
  const { db, path } = opened(t);
  const file = new SandboxFile(path);
  const fault = (code: string, message: string) => Object.assign(new Error(message), { code });
  t.match(file.explain(fault('SQLITE_IOERR_WRITE', 'disk I/O error')), {
    constructor: DiskError,
    message: `${path} cannot be written: disk I/O error (SQLITE_IOERR_WRITE); check the disk, the permissions and this process's limits (ulimit -a). Nothing has changed, and no restart is needed.`,
  });
  t.match(file.explain(fault('SQLITE_CORRUPT', 'database disk image is malformed')), {
    constructor: DataError,
    message: `${path} is damaged (database disk image is malformed); reset the sandbox`,
  });
  t.throws(() => db.once('select * from nowhere'), { code: 'SQLITE_ERROR', message: 'no such table: nowhere' });
  t.throws(() => db.all('select * from nowhere'), { code: 'SQLITE_ERROR' });
  t.end();
});

t.test('a file of another version is not changed', (t) => {
  const { db, path } = opened(t);
  db.close();
  t.throws(() => openFile(path, 4), new FileVersionError(path));
  openFile(path).close();
  t.end();
});

t.test('the process that locks a file is found if the system lists locks', (t) => {
  const { path } = opened(t);
  const locks = join(t.testdir({ locks: '1: POSIX  ADVISORY  WRITE 0 fe:00:%\n' }), 'locks');
  if (process.platform === 'linux') t.equal(lockHolderOf(path), ` (pid ${process.pid})`);
  t.equal(lockHolderOf(`${path}-other`), '', 'the file does not exist');
  t.equal(lockHolderOf(path, `${locks}-none`), '', 'the system lists no locks');
  t.equal(lockHolderOf(path, locks), '', 'no process is listed');
  t.end();
});

t.test('the reason why SQLite could not open a file is determined', (t) => {
  const dir = t.testdir({ file: 'x' });
  t.equal(closedReason(join(dir, 'file')), undefined);
  t.equal(closedReason(join(dir, 'nothing')), 'it no longer exists; restore it');
  t.end();
});

t.test('webhooks work for a sandbox that cannot be opened', async (t) => {
  const data = join(t.testdir({ data: {} }), 'data');
  const sandboxes = new Sandboxes(loadFixtures(FIXTURES, FIXTURES, PROVIDERS), { data });
  t.teardown(() => sandboxes.close());
  const sandbox = sandboxes.find('one');
  sandbox.suspend();
  rmSync(join(data, 'one.sqlite'));
  t.throws(() => sandbox.db, { constructor: DataError, message: /one\.sqlite cannot be opened as a sandbox/ });
  const delivery = sandbox.webhooks.send({ key: 'k', url: 'http://127.0.0.1:1/', headers: {}, body: {} });
  await sandbox.webhooks.flush();
  t.match([delivery.state, delivery.attempts.length], ['failed', 3]);
  t.match(delivery.at, /^\d{4}-/, 'with the real time');
});

t.test('a reset without the folder keeps the open database, the only copy', async (t) => {
  const data = join(t.testdir({ data: {} }), 'data');
  const sandboxes = new Sandboxes(loadFixtures(FIXTURES, FIXTURES, PROVIDERS), { data });
  t.teardown(() => sandboxes.close());
  const { db } = sandboxes.find('default');
  rmSync(data, { recursive: true });
  await t.rejects(sandboxes.find('default').replace(sandboxes.image('fixtures')), {
    message: /default\.sqlite cannot be written: it no longer exists; restore it, or choose another --data folder\./,
  });
  t.same(db.get('select count(*) as users from pagecall_users'), { users: 7 });
});

t.test('an expired sandbox whose file cannot be deleted is deleted as soon as possible', async (t) => {
  const data = t.testdir({});
  let now = 0;
  const sandboxes = new Sandboxes(loadFixtures(FIXTURES, FIXTURES, PROVIDERS), { data, now: () => now });
  t.teardown(() => sandboxes.close());
  const path = join(data, 'short.sqlite');
  await sandboxes.create('short', sandboxes.image('fixtures'), {}, 10);
  // A file cannot be renamed to the name of a folder.
  mkdirSync(`${path}.deleted`);
  now = 10_001;
  sandboxes.sweep();
  t.throws(() => sandboxes.peek('short'), { constructor: DataError, message: `${path} cannot be deleted: ` });
  rmdirSync(`${path}.deleted`);
  sandboxes.sweep();
  t.equal(sandboxes.size, 1);
});
