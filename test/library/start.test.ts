// Starting and closing a server from a program, and the options it takes.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import t from 'tap';
import { ControlPlaneError, type StartOptions, startUnderstudy } from '../../src/index.ts';
import { ROOT } from '../harness.ts';
import { BARE } from '../process.ts';
import { FILE } from '../published/larger.ts';
import { ALICE, keyed, open, WAYS } from './open.ts';

const health = '/__admin/health';

t.test('it starts on a free port, responds there, and is gone once closed', async (t) => {
  const understudy = await startUnderstudy();
  t.match(understudy.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.equal((await fetch(`${understudy.url}${health}`)).status, 200);
  await understudy.close();
  await understudy.close();
  await t.rejects(fetch(understudy.url), { cause: { code: 'ECONNREFUSED' } });
});

t.test('it takes the port given, and says so when the port is in use', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await t.rejects(startUnderstudy({ port }), {
    message: `Port ${port} is not available (listen EADDRINUSE: address already in use 127.0.0.1:${port}); choose another one, or 0 for a free one.`,
    cause: { code: 'EADDRINUSE' },
  });
  await new Promise((resolve) => taken.close(resolve));
  const { url } = await open(t, { port });
  t.equal(url, `http://127.0.0.1:${port}`);
});

t.test('without a port nothing listens, and fetch and inject reach it', async (t) => {
  const understudy = await open(t, { port: false });
  t.equal(understudy.url, null);
  t.match(await (await understudy.fetch(health)).json(), { status: 'healthy' });
  t.match((await understudy.inject({ url: health })).json(), { status: 'healthy' });
  t.match((await understudy.inject().get(health)).json(), { status: 'healthy' });
});

for (const { way, port } of WAYS) {
  t.test(`${way}: a closed one says so in one sentence`, async (t) => {
    const understudy = await startUnderstudy({ port });
    const sandbox = await understudy.sandbox();
    await understudy.close();
    const error = await sandbox.reset().catch((error: unknown) => error);
    t.ok(error instanceof ControlPlaneError);
    t.match(error, {
      status: null,
      message: /^http:\S+ cannot be reached \(.+\); it is reachable from startUnderstudy\(\) to close\(\)\.$/,
    });
    await t.rejects(understudy.fetch(health), { name: 'TypeError', cause: { code: 'ECONNREFUSED' } });
  });

  t.test(`${way}: "await using" closes it`, async (t) => {
    const understudy = await startUnderstudy({ port });
    await understudy[Symbol.asyncDispose]();
    await t.rejects(understudy.fetch(health));
  });

  t.test(`${way}: close lets answers under way out that are quick, and waits for no other`, async (t) => {
    const understudy = await startUnderstudy({ port });
    const { conductor } = await understudy.sandbox();
    const list = (prefer: string) =>
      understudy.fetch(`${conductor.baseUrl}/end-users`, { headers: { ...keyed(conductor.secretKey), prefer } });
    const quick = list('delay=20');
    const slow = t.rejects(list('delay=60000'), { name: 'TypeError' });
    const hangs = t.rejects(list('fault=hang'), { name: 'TypeError' });
    const stream = await understudy.fetch('/__admin/events');
    const ended = stream.text();
    await understudy.fetch(health);
    await understudy.close();
    t.equal((await quick).status, 200);
    t.match(await ended, /^: understudy\n/);
    await Promise.all([slow, hangs]);
  });
}

t.test('settings are the defaults of every sandbox', async (t) => {
  const settings = {
    auth: 'strict',
    delay: { fixedMs: 5 },
    seed: 'x',
    publicUrl: 'https://sandbox.example/api/',
  } as const;
  const { fetch, sandbox } = await open(t, { port: false, settings });
  const { conductor } = await sandbox('worker');
  t.equal(conductor.baseUrl, 'https://sandbox.example/api/conductor/v1');
  t.equal((await fetch(`${conductor.baseUrl}/end-users`, { headers: keyed('sk_unknown') })).status, 401);
  t.equal((await fetch(`${conductor.baseUrl}/end-users`, { headers: keyed(conductor.secretKey) })).status, 200);
  t.match(await (await fetch('/__admin/sandboxes/worker')).json(), {
    settings: { ...settings, publicUrl: 'https://sandbox.example/api', mode: 'strict' },
  });
  const lax = await sandbox({ settings: { auth: 'spec', publicUrl: null } });
  t.equal((await fetch(`${lax.conductor.baseUrl}/end-users`, { headers: keyed(`sk_sbx_${lax.name}`) })).status, 200);
});

t.test('rows are read from a fixtures folder and kept in a data folder', async (t) => {
  const dir = t.testdir({ fixtures: { pagecall: { 'users.json': '[]' } } });
  const folders = { port: false, fixtures: `${dir}/fixtures`, data: `${dir}/data` } as const;
  const first = await startUnderstudy(folders);
  const { pagecall } = await first.sandbox('kept');
  const headers = { ...keyed(pagecall.apiKey), 'content-type': 'application/json' };
  await first.fetch(`${pagecall.baseUrl}/users`, { method: 'POST', headers, body: '{"user_id":"new"}' });
  await t.rejects(startUnderstudy(folders), { name: 'Error', message: /^[^\n]*data[^\n]*\.$/ }, 'one process a folder');
  await first.close();
  const second = await open(t, folders);
  const kept = await second.sandbox('kept');
  t.match(await kept.state({ provider: 'pagecall', resource: 'users' }), { pagecall: { users: [{ user_id: 'new' }] } });
  await t.rejects(startUnderstudy({ fixtures: `${dir}/nowhere` }), { message: /^[^\n]*nowhere[^\n]*\.$/ });
});

t.test('the other options are those of the command', async (t) => {
  const { fetch, sandbox } = await open(t, {
    port: false,
    magicIds: false,
    webhooks: false,
    journalSize: 2,
    journalMemory: 1,
    snapshotMemory: 1,
    sandboxTtl: 60,
    maxSandboxes: 3,
    openSandboxes: 1,
    explicitSandboxes: true,
  });
  const one = await sandbox('one');
  const list = (name: string) => fetch('/conductor/v1/end-users', { headers: keyed(`sk_sbx_${name}`) });
  t.equal(
    (await fetch('/proficient/users/u_fail_503', { headers: keyed('sk_sbx_one') })).status,
    404,
    'an id like any',
  );
  for (let n = 0; n < 3; n++) t.equal((await list('one')).status, 200);
  t.equal((await one.requests()).length, 2, 'the journal is as long as it was told');
  t.equal((await list('nobody')).status, 401, 'none is made by its use');
  const metrics = await (await fetch('/__admin/metrics')).text();
  for (const kind of ['journal', 'snapshots'])
    t.ok(metrics.includes(`understudy_kept_limit_bytes{kind="${kind}"} ${1024 * 1024}\n`), kind);
  await sandbox();
  t.match(await sandbox().catch((error) => error), { status: 503 }, 'default and two more are all there may be');
});

t.test('a fuller contract serves operations without a handler', async (t) => {
  const contract = { conductor: FILE, pagecall: undefined };
  const { fetch, close } = await startUnderstudy({ port: false, contract } as unknown as StartOptions);
  t.teardown(close);
  const headers = { authorization: 'Bearer sk_x', 'conductor-end-user-id': 'end_usr_alice000000042' };
  const answer = await fetch('/conductor/v1/quickbooks-desktop/next/customers', { headers });
  t.strictSame([answer.status, ((await answer.json()) as { objectType: string }).objectType], [200, 'list']);
});

t.test('an invalid option is named, with the most similar valid one', async (t) => {
  const cases: [unknown, string | RegExp][] = [
    [{ prot: 1 }, 'startUnderstudy has no option prot; did you mean port?'],
    [
      { contract: { conductr: 'a' } },
      'startUnderstudy has no option contract.conductr; did you mean contract.conductor?',
    ],
    [{ settings: { outh: 'spec' } }, 'startUnderstudy has no option settings.outh; did you mean settings.auth?'],
    [{ port: -1 }, 'startUnderstudy cannot use port: takes a port number, 0 for a free one, or false for none.'],
    [{ settings: { auth: 'lax' } }, /^startUnderstudy cannot use settings\.auth: .*"spec"\|"strict"\.$/],
    [{ maxSandboxes: 0 }, /^startUnderstudy cannot use maxSandboxes: .*\.$/],
    [4010, /^startUnderstudy cannot use its options: .*\.$/],
  ];
  for (const [options, message] of cases) {
    await t.rejects(startUnderstudy(options as object), { name: 'TypeError', message });
  }
});

t.test('without a port, the process stays alive only while a request is pending', async (t) => {
  const library = JSON.stringify(join(ROOT, 'src/index.js'));
  const script = `
    const { startUnderstudy } = await import(${library});
    const { fetch } = await startUnderstudy({ port: false });
    const late = await fetch('/conductor/v1/end-users', { headers: { authorization: 'Bearer sk_x', prefer: 'delay=50' } });
    const empty = await fetch('/__admin/reset', { method: 'POST' });
    console.log(late.status, empty.status);`;
  const args = [...BARE, process.execPath, '--input-type=module', '--eval', script];
  const { status, stdout } = spawnSync('env', args, { encoding: 'utf8', timeout: 20_000 });
  t.strictSame([status, stdout], [0, '200 204\n'], 'an answer is waited for, and nobody need read it');
});

t.test('the README’s person is there', async (t) => {
  const { fetch, sandbox } = await open(t, { port: false });
  const { conductor } = await sandbox();
  const { status } = await fetch(`${conductor.baseUrl}/end-users/${ALICE}`, { headers: keyed(conductor.secretKey) });
  t.equal(status, 200);
});
