// Why a server cannot start: one sentence each, with what to do about it, and exit code 2.
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { cannotListen, cannotStart } from '../../src/cli/start-failures.ts';
import { diskErrorMessage } from '../../src/core/storage/disk.ts';
import { buildServer } from '../../src/server.ts';
import { noDisks, smallDisk } from '../disks.ts';
import { typed } from './shell.ts';

const quiet = { UNDERSTUDY_LOG_LEVEL: 'silent' };

/** The message of a start that fails. */
async function failure(t: Test, ...args: string[]): Promise<string> {
  const { code, out, err } = await typed(args, { env: quiet });
  t.strictSame([code, out], [2, '']);
  t.equal(err.split('\n').length, 2, 'one sentence');
  return err.replace(/^understudy: (.*)\n$/, '$1');
}

async function taken(t: Test): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

t.test('a port in use is named with its flag, and the ports that were opened are closed', async (t) => {
  const port = await taken(t);
  t.equal(
    await failure(t, '--port', String(port)),
    `Port ${port} of --port is in use; stop the process that listens there, or choose another port with --port <number> (0 picks a free one).`,
  );
  t.equal(
    await failure(t, '--port', '0', '--mount', `proficient=${port}`),
    `Port ${port} of --mount proficient=${port} is in use; stop the process that listens there, or choose another port with --mount proficient=<number> (0 picks a free one).`,
  );
  t.equal(
    await failure(t, '--port', '0', '--admin-port', String(port)),
    `Port ${port} of --admin-port is in use; stop the process that listens there, or choose another port with --admin-port <number> (0 picks a free one).`,
  );
});

t.test('a host that is not an address of this machine is refused with those that are', async (t) => {
  // Reserved for documentation, and for names that never are.
  t.match(
    await failure(t, '--port', '0', '--host', '203.0.113.77'),
    /^This machine has no address 203\.0\.113\.77; --host accepts one of .*127\.0\.0\.1.*, or 0\.0\.0\.0 for all\.$/,
  );
  const where = { flag: '--port', port: 80, host: 'nobody.invalid' };
  for (const code of ['ENOTFOUND', 'EAI_AGAIN'])
    t.match(
      cannotListen(fault(code), where).message,
      /^The host name nobody\.invalid cannot be resolved; --host accepts one of /,
    );
  t.equal(
    cannotListen(fault('EACCES'), where).message,
    'Port 80 of --port is not permitted for this user: ports below 1024 need extra privileges; choose a higher one with --port <number>.',
  );
  for (const code of ['EMFILE', 'ENFILE'])
    for (const { message } of [cannotListen(fault(code), where), cannotStart(fault(code))])
      t.equal(message, 'Too many files and connections are open (ulimit -n); raise the limit, e.g. ulimit -n 4096.');
  t.equal(
    cannotListen(fault('EIO', 'i/o error'), where).message,
    'The server cannot listen on port 80 of --port at nobody.invalid: i/o error.',
  );
});

t.test('fixtures that cannot be used are named by folder, file, row and field', async (t) => {
  const dir = t.testdir({
    row: { pagecall: { 'users.json': '[{}]' } },
    broken: { pagecall: { 'users.json': '[' } },
    file: '',
    provider: { conductor: '' },
    folder: { pagecall: { 'users.json': {} } },
    stranger: { stripe: {} },
  });
  const cases: [string, RegExp][] = [
    ['none', /^.*none is not a folder; --fixtures takes one that holds <provider>\/<resource>\.json files\.$/],
    ['file', /^.*file is not a folder; --fixtures takes one/],
    ['row', /^.*row\/pagecall\/users\.json, row 1, field id: .*\.$/],
    ['broken', /^.*broken\/pagecall\/users\.json cannot be read as JSON: .*\.$/],
    ['provider', /^.*provider\/conductor cannot be read: ENOTDIR: .*\.$/],
    ['folder', /^.*folder\/pagecall\/users\.json cannot be read: it is a directory, not a file\.$/],
    ['stranger', /^.*stranger\/stripe is not a known name here; the providers are proficient, pagecall, conductor\.$/],
  ];
  for (const [name, sentence] of cases)
    t.match(await failure(t, '--port', '0', '--fixtures', `${dir}/${name}`), sentence, name);
});

t.test('a data folder that cannot be used is refused with the reason, and whether deleting a file helps', async (t) => {
  const dir = t.testdir({ file: '', text: { 'default.sqlite': 'no database' }, folder: { 'default.sqlite': {} } });
  const held = buildServer({ data: `${dir}/held` });
  t.teardown(() => held.close());
  const other = buildServer({ data: `${dir}/other` });
  await other.close();
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(`${dir}/other/default.sqlite`);
  db.pragma('user_version = 1');
  db.close();
  const cases: [string, RegExp][] = [
    ['file', /^.*file cannot be used as --data folder: it is not a folder; name a folder, which need not exist yet\.$/],
    ['file/below', /^.*below cannot be used as --data folder: ENOTDIR: .*, or choose another\.$/],
    ['held', /^.*held is in use by another process.*; stop it, or start with another --data folder\.$/],
    [
      'text',
      /^.*default\.sqlite cannot be opened as a sandbox \(file is not a database\); restore it from a backup, or delete it to/,
    ],
    ['folder', /^.*default\.sqlite cannot be opened as a sandbox \(.*\); check that this user can read and write it/],
    [
      'other',
      /^.*default\.sqlite was written by another version of Understudy, or by another program; move it away to start/,
    ],
  ];
  for (const [name, sentence] of cases)
    t.match(await failure(t, '--port', '0', '--data', `${dir}/${name}`), sentence, name);
});

t.test('a full disk is reported, and no incomplete file stays', { skip: noDisks }, async (t) => {
  const data = smallDisk(t, 16);
  t.match(
    await failure(t, '--port', '0', '--data', data),
    /^.*default\.sqlite cannot be written: the disk is full; free some space, or choose another --data folder\.$/,
  );
  t.same(readdirSync(data), ['understudy.lock']);
});

t.test('disk errors are described in words', async (t) => {
  t.equal(diskErrorMessage(fault('EACCES')), 'permission denied; change its permissions');
  t.equal(diskErrorMessage(fault('EPERM')), 'permission denied; change its permissions');
  t.equal(diskErrorMessage(fault('EROFS')), 'the disk is read-only');
  t.equal(diskErrorMessage(fault('EDQUOT')), 'the disk is full; free some space');
  t.equal(diskErrorMessage(fault('ENOENT')), 'it no longer exists; restore it');
  t.equal(diskErrorMessage(fault('EFBIG')), 'it has reached the file size limit; raise it (ulimit -f)');
  for (const code of ['EMFILE', 'ENFILE'])
    t.equal(diskErrorMessage(fault(code)), 'too many files and connections are open; raise the limit (ulimit -n)');
  t.equal(diskErrorMessage(fault('EIO', 'i/o error')), 'i/o error');
});

t.test(
  'a native module built for another Node is refused with the command that rebuilds it, a bug with its stack',
  async (t) => {
    for (const error of [fault('ERR_DLOPEN_FAILED'), new Error('Could not locate the bindings file. Tried:')]) {
      t.match(
        cannotStart(error).message,
        /^The SQLite module is not built for this Node \(\d+\.\d+\.\d+\); run: npm rebuild --prefix ".+" better-sqlite3$/,
      );
    }
    t.match(cannotStart(new Error('surprise')).message, /^Error: surprise\n {4}at /);
  },
);

function fault(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}
