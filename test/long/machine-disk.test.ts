// Full and read-only disks: writes fail without changes, reads work, no data is lost.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { fill, noDisks, readOnly, smallDisk } from '../disks.ts';
import { runProcess, startProcess } from '../process.ts';

const quiet = { UNDERSTUDY_LOG_LEVEL: 'silent' };

interface Reply {
  status: number;
  type: string | null;
  headers: Headers;
  body: any;
}

async function ask(url: string, method: string, path: string, json?: object): Promise<Reply> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: 'Bearer sk_test', ...(json ? { 'content-type': 'application/json' } : {}) },
    ...(json ? { body: JSON.stringify(json) } : {}),
  });
  const text = await answer.text();
  const type = answer.headers.get('content-type');
  return {
    status: answer.status,
    type,
    headers: answer.headers,
    body: /json/.test(type ?? '') ? JSON.parse(text) : text,
  };
}

/** The path of a fixture user of each provider. */
async function users(url: string): Promise<Map<string, string>> {
  const { body } = await ask(url, 'GET', '/__admin/state');
  return new Map([
    ['proficient', `/proficient/users/${body.proficient.users[0].id}`],
    ['pagecall', `/pagecall/v1/users/${body.pagecall.users[0].user_id}`],
    ['conductor', `/conductor/v1/end-users/${body.conductor.endUsers[0].id}`],
  ]);
}

/** Checks that every provider rejects a delete with its internal error and that nothing changed. */
async function refusesToWrite(t: Test, url: string): Promise<void> {
  const before = (await ask(url, 'GET', '/__admin/state')).body;
  for (const [name, path] of await users(url)) {
    const provider = PROVIDERS.find((one) => one.name === name) as (typeof PROVIDERS)[number];
    const { status, body, headers } = await ask(url, 'DELETE', path);
    const crash = provider.errors.transport.crash();
    const requestId = headers.get(provider.requestId?.header ?? 'none') ?? '';
    t.strictSame([status, body], [crash.entry.status, provider.errors.body(crash, { requestId })], name);
    t.equal((await ask(url, 'GET', path)).status, 200, `${name} can still read`);
  }
  t.strictSame((await ask(url, 'GET', '/__admin/state')).body, before, 'nothing has changed');
  t.same((await ask(url, 'GET', '/__admin/deletions')).body.deletions, [], 'there are no receipts');
}

/** Checks that deletes work again in the same process and persist across a restart. */
async function writesAgain(t: Test, server: Awaited<ReturnType<typeof startProcess>>, data: string): Promise<void> {
  const { url } = server;
  for (const [name, path] of await users(url)) t.equal((await ask(url, 'DELETE', path)).status, 200, name);
  const { body } = await ask(url, 'GET', '/__admin/state');
  await server.end('SIGTERM');
  const next = await startProcess(t, ['--data', data]);
  t.strictSame((await ask(next.url, 'GET', '/__admin/state')).body, body, 'no row is lost');
  t.equal((await ask(next.url, 'GET', '/__admin/deletions')).body.deletions.length, 3);
  await next.end('SIGTERM');
}

function problem(detail: string): object {
  return { type: 'urn:understudy:data-folder', title: 'Data folder unusable', status: 500, detail };
}

t.test('when the disk of the data folder is full, writes fail and reads work', { skip: noDisks }, async (t) => {
  const disk = smallDisk(t, 4096);
  const data = `${disk}/data`;
  const server = await startProcess(t, ['--data', data]);
  const { url } = server;
  t.equal((await ask(url, 'POST', '/__admin/snapshots', { name: 'early' })).status, 201);
  const free = fill(disk);
  await refusesToWrite(t, url);
  const why = 'the disk is full; free some space, or choose another --data folder.';
  for (const [method, path, json, file] of [
    ['POST', '/__admin/snapshots', { name: 'late' }, 'default.snapshots/late.sqlite'],
    ['POST', '/__admin/reset', undefined, 'default.sqlite'],
    ['POST', '/__admin/snapshots/early/restore', undefined, 'default.sqlite'],
    ['POST', '/__admin/sandboxes', { name: 'new' }, 'new.sqlite'],
    ['GET', '/pagecall/v1/users?sandbox', undefined, null],
  ] as const) {
    const { status, type, body } = await ask(url, method, path, json);
    if (file === null) t.equal(status, 200, 'lists can be read');
    else {
      t.strictSame([status, body], [500, problem(`${data}/${file} cannot be written: ${why}`)], `${method} ${path}`);
      t.equal(type, 'application/problem+json; charset=utf-8');
    }
  }
  const named = await fetch(`${url}/pagecall/v1/users`, { headers: { authorization: 'Bearer k_sbx_new' } });
  t.strictSame(
    await named.json(),
    problem(`${data}/new.sqlite cannot be written: ${why}`),
    'also for a sandbox created by use',
  );
  t.equal((await ask(url, 'GET', '/__admin/snapshots/early/export')).status, 200, 'a snapshot can be exported');
  t.same((await ask(url, 'GET', '/__admin/snapshots')).body.meta.total, 1, 'an incomplete snapshot is not listed');
  t.same(
    readdirSync(data)
      .sort()
      .filter((file) => !file.endsWith('-wal')),
    ['default.snapshots', 'default.sqlite', 'understudy.lock'],
  );
  await refusesToWrite(t, url);
  t.match(
    server.errors(),
    `"msg":"${data}/default.sqlite cannot be written: the disk is full; free some space. Nothing has changed, and no restart is needed."`,
  );
  free();
  t.equal((await ask(url, 'POST', '/__admin/snapshots', { name: 'late' })).status, 201);
  await writesAgain(t, server, data);
});

t.test(
  'a disk that fills up under load loses no acknowledged write and keeps no failed one',
  {
    skip: noDisks,
  },
  async (t) => {
    const disk = smallDisk(t, 8192);
    const data = `${disk}/data`;
    const server = await startProcess(t, ['--data', data], quiet);
    const free = fill(disk, 1024 * 1024);
    const made: string[] = [];
    const refused: string[] = [];
    const client = async (name: number) => {
      for (let n = 0; refused.length < 100; n++) {
        const id = `full-${name}-${n}`;
        const { status, body } = await ask(server.url, 'POST', '/pagecall/v1/users', { user_id: id });
        if (status === 200) made.push(id);
        else {
          refused.push(id);
          const { errors } = PROVIDERS.find(({ name }) => name === 'pagecall') as (typeof PROVIDERS)[number];
          const crash = errors.transport.crash();
          t.strictSame([status, body], [crash.entry.status, errors.body(crash, { requestId: '' })]);
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => client(name)));
    await server.end('SIGKILL');
    free();
    const next = await startProcess(t, ['--data', data]);
    const { body } = await ask(next.url, 'GET', '/__admin/state');
    const kept = new Set((body.pagecall.users as { user_id: string }[]).map(({ user_id }) => user_id));
    t.same(
      made.filter((id) => !kept.has(id)),
      [],
      'acknowledged writes are kept',
    );
    t.same(
      refused.filter((id) => kept.has(id)),
      [],
      'failed writes are not',
    );
    t.ok(made.length > 100, `${made.length} users were created before the disk was full`);
    await next.end('SIGTERM');
  },
);

t.test('a file size limit fails writes like a full disk', { skip: noPrlimit() }, async (t) => {
  const data = t.testdir({});
  const server = await startProcess(t, ['--data', data]);
  const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${server.process.pid}`, `--fsize=${bytes}`]);
  limit('1024:unlimited');
  await refusesToWrite(t, server.url);
  const { status, body } = await ask(server.url, 'POST', '/__admin/snapshots', { name: 'late' });
  const why = 'it has reached the file size limit; raise it (ulimit -f), or choose another --data folder.';
  t.strictSame([status, body], [500, problem(`${data}/default.snapshots/late.sqlite cannot be written: ${why}`)]);
  limit('unlimited:unlimited');
  await writesAgain(t, server, data);
});

t.test('a full or read-only disk is reported at the start', { skip: noDisks }, async (t) => {
  const disk = smallDisk(t, 512);
  mkdirSync(`${disk}/data`);
  const free = fill(disk);
  const failed = (sentence: string) => ({ code: 2, out: '', err: `understudy: ${sentence}\n` });
  t.strictSame(
    await runProcess(['--port', '0', '--data', `${disk}/data`], quiet),
    failed(
      `${disk}/data/default.sqlite cannot be written: the disk is full; free some space, or choose another --data folder.`,
    ),
  );
  t.same(readdirSync(`${disk}/data`), ['understudy.lock']);
  free();
  const first = await startProcess(t, ['--data', `${disk}/data`]);
  await first.end('SIGTERM');
  const locked = readOnly(t, disk);
  for (const folder of ['data', 'new']) {
    t.strictSame(
      await runProcess(['--port', '0', '--data', `${locked}/${folder}`], quiet),
      failed(`${locked}/${folder} cannot be used as --data folder: the disk is read-only, or choose another.`),
    );
  }
  t.notOk(existsSync(`${locked}/new`));
});

function noPrlimit(): string | false {
  try {
    execFileSync('prlimit', ['--version']);
    return false;
  } catch {
    return 'prlimit is not installed';
  }
}
