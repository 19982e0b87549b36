// Damaged, empty, foreign or missing database files: requests to that sandbox fail with the reason, others work.
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import { testServer } from '../../harness.ts';

const key = (sandbox: string) => ({ authorization: 'Bearer k', 'x-understudy-sandbox': sandbox });
const USERS = '/pagecall/v1/users';
const COPY = 'restore it from a backup, or delete it to start from the fixtures.';
const WAY_OUT = 'move it away to start from the fixtures, or choose another --data folder.';

/** A folder with the file of a sandbox that was used and closed properly. */
async function used(t: Test, ...names: string[]): Promise<string> {
  const data = t.testdir({});
  const { app, call } = await testServer(t, { data });
  for (const name of names) t.equal((await call('DELETE', `${USERS}/user-42`, { headers: key(name) })).status, 200);
  await app.close();
  return data;
}

function overwrite(path: string, offset: number, length: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, offset, offset + length);
  writeFileSync(path, bytes);
}

/** Kinds of damage to a file, and the error message for each. */
const BAD: Record<string, [(path: string) => void, (path: string) => string]> = {
  'a header of garbage': [
    (path) => overwrite(path, 0, 100),
    (path) => `${path} cannot be opened as a sandbox (file is not a database); ${COPY}`,
  ],
  'nothing but garbage': [
    (path) => writeFileSync(path, 'no database at all'.repeat(400)),
    (path) => `${path} cannot be opened as a sandbox (file is not a database); ${COPY}`,
  ],
  'half of itself': [
    (path) => truncateSync(path, statSync(path).size / 2),
    (path) => `${path} cannot be opened as a sandbox (database disk image is malformed); ${COPY}`,
  ],
  'not a byte': [(path) => truncateSync(path, 0), (path) => `${path} is empty; ${WAY_OUT}`],
  "somebody else's rows": [
    (path) => {
      rmSync(path);
      const db = new Sqlite(path);
      db.exec('create table theirs (name text); insert into theirs values (1)');
      db.close();
    },
    (path) => `${path} was written by another version of Understudy, or by another program; ${WAY_OUT}`,
  ],
  'a log that is none': [
    (path) => writeFileSync(`${path}-wal`, 'garbage'.repeat(1000)),
    (path) =>
      `${path}-wal is not the log of a database, so the latest changes are lost; move it away to continue with the content of ${path}.`,
  ],
  'a folder in its place': [
    (path) => {
      rmSync(path);
      mkdirSync(path);
    },
    (path) =>
      `${path} cannot be opened as a sandbox (unable to open database file); check that this user can read and write it and that the disk has space, or choose another --data folder.`,
  ],
};

for (const [what, [corrupt, sentence]] of Object.entries(BAD)) {
  t.test(`a file that holds ${what} is reported and left unchanged, and other sandboxes work`, async (t) => {
    const data = await used(t, 'bad', 'good');
    const path = join(data, 'bad.sqlite');
    corrupt(path);
    const state = () =>
      [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file));
    const before = state();
    const { app, call } = await testServer(t, { data });
    const problem = {
      type: 'urn:understudy:data-folder',
      title: 'Data folder unusable',
      status: 500,
      detail: sentence(path),
    };
    for (const answer of [
      await call('GET', USERS, { headers: key('bad') }),
      await call('DELETE', `${USERS}/user-7`, { headers: key('bad') }),
      await call('POST', '/__admin/reset?sandbox=bad'),
    ]) {
      t.strictSame([answer.status, answer.body], [500, problem]);
    }
    t.equal((await call('GET', `${USERS}/user-42`, { headers: key('good') })).status, 400);
    t.equal((await call('GET', `${USERS}/user-42`, { headers: key('new') })).status, 200);
    await app.close();
    t.strictSame(state(), before);
  });
}

t.test(
  'a file that another program has locked is reported with the program, and works once it is released',
  async (t) => {
    const data = await used(t, 'held');
    const path = join(data, 'held.sqlite');
    const holder = new Sqlite(path);
    t.teardown(() => holder.close());
    holder.exec('pragma locking_mode = exclusive; begin exclusive');
    const { call } = await testServer(t, { data });
    const pid = process.platform === 'linux' ? ` (pid ${process.pid})` : '';
    const refused = await call('GET', `${USERS}/user-42`, { headers: key('held') });
    t.strictSame(
      [refused.status, refused.body],
      [
        500,
        {
          type: 'urn:understudy:data-folder',
          title: 'Data folder unusable',
          status: 500,
          detail: `${path} is in use by another process${pid}; stop it, or start with another --data folder.`,
        },
      ],
    );
    t.equal((await call('GET', `${USERS}/user-42`, { headers: key('other') })).status, 200);
    holder.close();
    t.equal((await call('GET', `${USERS}/user-42`, { headers: key('held') })).status, 400, 'the deletion was kept');
  },
);

t.test('a sandbox whose file was deleted starts from the fixtures', async (t) => {
  const data = await used(t, 'bad');
  writeFileSync(join(data, 'bad.sqlite'), 'no database');
  const { call } = await testServer(t, { data });
  t.equal((await call('GET', `${USERS}/user-42`, { headers: key('bad') })).status, 500);
  rmSync(join(data, 'bad.sqlite'));
  t.equal((await call('GET', `${USERS}/user-42`, { headers: key('bad') })).status, 200);
});

t.test('an empty log is ignored, and the log of a killed process is replayed', async (t) => {
  const data = await used(t, 'cut');
  const path = join(data, 'cut.sqlite');
  for (const rest of ['', '\0\0\0\0\0\0\0\0']) {
    writeFileSync(`${path}-wal`, rest);
    const { app, call } = await testServer(t, { data });
    t.equal((await call('GET', `${USERS}/user-42`, { headers: key('cut') })).status, 400);
    t.equal((await call('DELETE', `${USERS}/user-7`, { headers: key('cut') })).status > 0, true);
    copyFileSync(`${path}-wal`, `${path}-kept`);
    await app.close();
  }
  renameSync(`${path}-kept`, `${path}-wal`);
  const { call } = await testServer(t, { data });
  t.equal((await call('GET', `${USERS}/user-42`, { headers: key('cut') })).status, 400);
});

t.test('a damaged page is reported by the request that reads it, and a reset repairs it', async (t) => {
  const data = await used(t, 'bad');
  const path = join(data, 'bad.sqlite');
  const db = new Sqlite(path, { readonly: true });
  const pageSize = db.pragma('page_size', { simple: true }) as number;
  const { rootpage } = db.prepare("select rootpage from sqlite_schema where name = 'pagecall_rooms'").get() as any;
  db.close();
  overwrite(path, (rootpage - 1) * pageSize, pageSize);
  const { call } = await testServer(t, { data });
  const problem = {
    type: 'urn:understudy:data-folder',
    title: 'Data folder unusable',
    status: 500,
    detail: `${path} is damaged (database disk image is malformed); reset the sandbox to go on from the fixtures, or stop Understudy and restore the file from a backup.`,
  };
  t.equal((await call('GET', `${USERS}/user-42`, { headers: key('bad') })).status, 400, 'the rest is readable');
  for (const answer of [
    await call('GET', '/pagecall/v1/rooms', { headers: key('bad') }),
    await call('GET', '/__admin/state?sandbox=bad'),
    await call('POST', '/__admin/erasure-checks?sandbox=bad', { json: { subjects: ['user-42'] } }),
  ]) {
    t.strictSame([answer.status, answer.body], [500, problem]);
  }
  t.equal((await call('POST', '/__admin/reset?sandbox=bad')).status, 204);
  t.equal((await call('GET', '/pagecall/v1/rooms', { headers: key('bad') })).status, 200);
});

t.test('damaged metadata is reported on opening, and the file is closed', async (t) => {
  const data = await used(t, 'bad');
  const path = join(data, 'bad.sqlite');
  const original = readFileSync(path);
  for (const table of ['meta', 'sandbox']) {
    writeFileSync(path, original);
    const db = new Sqlite(path);
    db.exec(`drop table ${table}`);
    db.close();
    const { app, call } = await testServer(t, { data });
    for (let n = 0; n < 2; n++)
      t.equal((await call('GET', USERS, { headers: key('bad') })).status, 500, `without ${table}`);
    const again = new Sqlite(path, { timeout: 0 });
    again.exec('begin exclusive; rollback');
    again.close();
    await app.close();
  }
});

t.test('a damaged snapshot is reported before anything is restored, and can be deleted', async (t) => {
  const data = t.testdir({});
  const { call } = await testServer(t, { data });
  const file = join(data, 'default.snapshots', 'one.sqlite');
  await call('POST', '/__admin/snapshots', { json: { name: 'one' } });
  const whole = readFileSync(file);
  const before = (await call('GET', '/__admin/state')).body;
  const corrupted: [() => void, string, string, string][] = [
    [() => overwrite(file, 2048, 4096), 'snapshot-damaged', 'Snapshot damaged', 'is damaged'],
    [() => truncateSync(file, 512), 'snapshot-damaged', 'Snapshot damaged', 'is damaged'],
    [() => truncateSync(file, 0), 'snapshot-version', 'Snapshot of another version', 'was not written'],
  ];
  for (const [corrupt, type, title, words] of corrupted) {
    writeFileSync(file, whole);
    corrupt();
    for (const [method, path] of [
      ['POST', 'snapshots/one/restore'],
      ['GET', 'snapshots/one/export'],
      ['GET', 'snapshots/one/diff'],
    ] as const) {
      const { status, body } = await call(method, `/__admin/${path}`);
      t.match([status, body], [409, { type: `urn:understudy:${type}`, title, detail: `${file} ${words}` }]);
      t.match(body.detail, /delete the snapshot\.$/);
    }
    t.equal((await call('POST', '/__admin/reset', { json: { to: { snapshot: 'one' } } })).status, 409);
    t.strictSame((await call('GET', '/__admin/state')).body, before);
  }
  t.equal((await call('DELETE', '/__admin/snapshots/one')).status, 204);
  t.match(await call('DELETE', '/__admin/snapshots/one'), {
    status: 404,
    body: { detail: 'Sandbox default has no snapshot one; it has no snapshots.' },
  });
});

t.test(
  'when the folder disappears, open data can be read, writes fail, and everything works once it is back',
  async (t) => {
    const data = join(t.testdir({ data: {} }), 'data');
    const { call, app } = await testServer(t, { data });
    await call('DELETE', `${USERS}/user-42`, { headers: key('default') });
    const before = (await call('GET', '/__admin/state')).body;
    renameSync(data, `${data}-elsewhere`);
    const [{ user_id: other }] = before.pagecall.users;
    const removal = await call('DELETE', `${USERS}/${other}`, { headers: key('default') });
    t.strictSame([removal.status, removal.body], [500, { message: 'Internal Server Error' }]);
    t.strictSame((await call('GET', '/__admin/state')).body, before);
    const gone = (
      path: string,
      what = 'no longer exists, so nothing is written; restore it or its folder, or create the folder and reset the sandbox.',
    ) => ({
      type: 'urn:understudy:data-folder',
      title: 'Data folder unusable',
      status: 500,
      detail: `${path} ${what}`,
    });
    const missing = 'cannot be written: it no longer exists; restore it, or choose another --data folder.';
    const file = join(data, 'default.sqlite');
    for (const [method, path, json, problem] of [
      ['PUT', 'clock', { action: 'freeze' }, gone(file)],
      ['POST', 'state', { pagecall: { users: [] } }, gone(file)],
      ['POST', 'snapshots', { name: 'one' }, gone(join(data, 'default.snapshots', 'one.sqlite'), missing)],
      ['POST', 'sandboxes', { name: 'new' }, gone(join(data, 'new.sqlite'), missing)],
    ] as const) {
      const { status, body } = await call(method, `/__admin/${path}`, { json });
      t.strictSame([status, body], [500, problem], path);
    }
    renameSync(`${data}-elsewhere`, data);
    t.equal((await call('POST', '/__admin/snapshots', { json: { name: 'one' } })).status, 201);
    const state = (await call('GET', '/__admin/state')).body;
    rmSync(data, { recursive: true });
    t.strictSame((await call('GET', '/__admin/state')).body, state, 'the deleted file can still be read');
    mkdirSync(data);
    t.equal(
      (await call('PUT', '/__admin/clock', { json: { action: 'freeze' } })).status,
      500,
      'the folder without the file is not enough',
    );
    t.equal((await call('POST', '/__admin/reset')).status, 204, 'a reset creates the file');
    t.equal((await call('DELETE', `${USERS}/user-42`, { headers: key('default') })).status, 200);
    await app.close();
    const next = await testServer(t, { data });
    t.equal((await next.call('GET', `${USERS}/user-42`, { headers: key('default') })).status, 400);
  },
);
