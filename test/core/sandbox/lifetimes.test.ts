// Lifetimes of sandboxes: expiry, eviction, and suspended databases.
import t, { type Test } from 'tap';
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import { InMemory } from '../../../src/core/sandbox/sandbox-database.ts';
import { Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import { WarmCopy } from '../../../src/core/sandbox/warm-spare.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import type { ServerOptions } from '../../../src/server.ts';
import { ROOT, testServer } from '../../harness.ts';

const FIXTURES = `${ROOT}fixtures`;

const DELETED = 'user-42';

/** A server whose real time the test controls. */
async function clocked(t: Test, options: Partial<ServerOptions> = {}) {
  let now = Date.UTC(2025, 0, 1);
  const { call } = await testServer(t, { now: () => now, ...options });
  const use = (sandbox: string, method = 'GET') =>
    call(method, `/pagecall/v1/users/${DELETED}`, { headers: { authorization: `Bearer sbx_${sandbox}` } });
  return {
    call,
    use,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    make: (name: string, more: object = {}) => call('POST', '/__admin/sandboxes', { json: { name, ...more } }),
    names: async () =>
      (await call('GET', '/__admin/sandboxes')).body.sandboxes.map(({ name }: { name: string }) => name).sort(),
  };
}

t.test('a sandbox created by use is evicted when idle, and its restart is reported', async (t) => {
  const { use, pass, make, names } = await clocked(t, { limits: { idleSeconds: 60 } });
  await make('asked');
  t.equal((await use('passing')).headers['x-understudy-sandbox-restarted'], undefined);
  await use('passing', 'DELETE');
  pass(60);
  t.not((await use('passing')).status, 200, 'still there');
  pass(61);
  t.same(await names(), ['asked', 'default']);
  t.match(await use('passing'), { status: 200, headers: { 'x-understudy-sandbox-restarted': 'true' } });
  t.equal(
    (await use('passing')).headers['x-understudy-sandbox-restarted'],
    undefined,
    'only the first response says so',
  );
  pass(61);
  await make('passing');
  t.equal(
    (await use('passing')).headers['x-understudy-sandbox-restarted'],
    undefined,
    'this one was created on request',
  );
});

t.test('a sandbox created on request stays until it expires', async (t) => {
  const { call, use, pass, make, names } = await clocked(t);
  t.equal((await make('short', { ttlSeconds: 100 })).body.ttlSeconds, 100);
  await make('long');
  await use('short', 'DELETE');
  pass(90);
  await call('PATCH', '/__admin/sandboxes/short', { json: { ttlSeconds: 20 } });
  pass(19);
  t.not((await use('short')).status, 200);
  pass(1);
  t.match(await use('short'), { status: 200, headers: { 'x-understudy-sandbox-restarted': 'true' } });
  pass(3601 * 24);
  t.same(await names(), ['default', 'long']);
  await make('other', { ttlSeconds: 5 });
  await call('PATCH', '/__admin/sandboxes/other', { json: { ttlSeconds: null } });
  pass(10);
  t.same(await names(), ['default', 'long', 'other']);
});

t.test('above the limit, the least recently used sandboxes created by use are evicted', async (t) => {
  const { use, make, names, pass } = await clocked(t, { limits: { maxSandboxes: 4 } });
  await make('asked');
  await use('a');
  await use('b');
  await use('a');
  await use('c');
  t.same(await names(), ['a', 'asked', 'c', 'default']);
  await make('d');
  await make('e', { ttlSeconds: 5 });
  t.same(await names(), ['asked', 'd', 'default', 'e']);
  t.match(await use('f'), { status: 503, body: { type: 'urn:understudy:too-many-sandboxes', detail: /4 sandboxes/ } });
  t.equal((await make('f')).status, 503);
  pass(5);
  t.equal((await make('f')).status, 201, 'an expired sandbox makes room');
});

t.test('a sandbox with running requests is neither evicted nor suspended, and a delete ends them', async (t) => {
  let now = 0;
  const fixtures = loadFixtures(FIXTURES, FIXTURES, PROVIDERS);
  const sandboxes = new Sandboxes(fixtures, { maxSandboxes: 3, maxOpen: 1, idleSeconds: 1, now: () => now });
  t.teardown(() => sandboxes.close());
  const busy = sandboxes.find('busy');
  const { db } = busy;
  const release = busy.hold();
  sandboxes.find('other').db;
  t.equal(busy.db, db, 'open, although only one may be');
  sandboxes.find('third').db;
  t.same(
    sandboxes.list().map(({ name }) => name),
    ['third', 'busy', 'default'],
    'the idle sandbox was evicted',
  );
  now = 5000;
  t.equal(sandboxes.peek('third'), undefined);
  t.equal(sandboxes.find('busy'), busy);
  now = 10_000;
  sandboxes.delete('busy');
  const ended = { status: 410, message: 'Sandbox busy was deleted while this request was in progress.' };
  for (const use of [
    () => db.get('select 1'),
    () => db.all('select 1'),
    () => db.once('select 1'),
    () => db.run('delete from meta'),
    () => db.insert('insert into sandbox (one, json) values (1, 2)'),
    () => db.execute('select 1'),
    () => db.pragma('user_version'),
    () => busy.db,
    () => busy.ended.throwIfAborted(),
  ])
    t.throws(use, ended);
  release();
  t.not(sandboxes.find('busy'), busy);
});

t.test('a sandbox with pending webhooks is not evicted', async (t) => {
  let now = 0;
  const fixtures = loadFixtures(FIXTURES, FIXTURES, PROVIDERS);
  const sandboxes = new Sandboxes(fixtures, { idleSeconds: 1, now: () => now });
  t.teardown(() => sandboxes.close());
  const sandbox = sandboxes.find('one');
  sandbox.webhooks.send({ key: 'k', url: 'http://127.0.0.1:1/', headers: {}, body: {} });
  now = 5000;
  t.equal(sandboxes.peek('one'), sandbox);
  sandbox.webhooks.clear();
  t.equal(sandboxes.peek('one'), undefined);
});

t.test('an in-memory database keeps its content when suspended', (t) => {
  const fixtures = loadFixtures(FIXTURES, FIXTURES, PROVIDERS);
  const spare = new WarmCopy(fixtures.image);
  t.teardown(() => spare.close());
  const home = new InMemory(fixtures.image, spare);
  const first = home.open();
  first.run('delete from pagecall_pages');
  home.suspend(first);
  for (let n = 0; n < 2; n++) {
    const again = home.open();
    t.match(again.get('select count(*) as users from pagecall_users'), { users: 7 });
    home.suspend(again);
  }
  t.end();
});

t.test('sandboxes beyond the open limit are suspended, and keep all their data', async (t) => {
  const { call, use, names } = await clocked(t, { limits: { maxOpen: 2 } });
  const sandboxes = Array.from({ length: 8 }, (_, n) => `s-${n}`);
  for (const name of sandboxes) await use(name, 'DELETE');
  for (const name of sandboxes) {
    await call('PUT', `/__admin/clock?sandbox=${name}`, {
      json: { action: 'freeze', instant: `20${name.at(-1)}0-01-01T00:00:00Z` },
    });
  }
  for (const round of [1, 2]) {
    for (const name of sandboxes) t.not((await use(name)).status, 200, `${name} is unchanged, round ${round}`);
  }
  t.match((await call('GET', '/__admin/clock?sandbox=s-3')).body, { now: '2030-01-01T00:00:00.000Z', frozen: true });
  t.equal((await names()).length, 9);
  await call('POST', '/__admin/reset?sandbox=*');
  for (const name of sandboxes) t.equal((await use(name)).status, 200, 'all are reset');
});

t.test('database files beyond the open limit are closed, and nothing is evicted', async (t) => {
  const { use, pass, names } = await clocked(t, {
    data: t.testdir(),
    limits: { maxOpen: 2, maxSandboxes: 3, idleSeconds: 1 },
  });
  const sandboxes = Array.from({ length: 6 }, (_, n) => `s-${n}`);
  for (const name of sandboxes) {
    await use(name, 'DELETE');
    pass(10);
  }
  for (const name of sandboxes) t.not((await use(name)).status, 200);
  t.same(await names(), ['default', ...sandboxes]);
});

t.test('a reset can be limited to some scopes', async (t) => {
  const { call } = await testServer(t, { settings: { seed: 'x' } });
  const headers = { authorization: 'Bearer k' };
  const create = async (user_id: string) =>
    (await call('POST', '/pagecall/v1/users', { headers, json: { user_id } })).body.user.id;
  const reset = async (json: object) => t.equal((await call('POST', '/__admin/reset', { json })).status, 204);
  const frozen = async () => (await call('GET', '/__admin/clock')).body.frozen;
  const requests = async () => (await call('GET', '/__admin/requests')).body.meta.total;
  await call('PUT', '/__admin/clock', { json: { action: 'freeze' } });
  const first = await create('one');
  await reset({ scope: ['state'] });
  t.equal(await frozen(), true, 'the clock is unchanged');
  t.equal(await requests(), 1, 'the requests are unchanged');
  t.not(await create('one'), first, 'the id counter is unchanged, the user is gone');
  await reset({ scope: ['ids', 'requests'] });
  t.equal(await requests(), 0);
  t.equal(await create('two'), first, 'the counter is reset, the rows are unchanged');
  await reset({ scope: ['clock'] });
  t.equal(await frozen(), false);
  await reset({ scope: [] });
  t.equal((await call('GET', '/pagecall/v1/users/two', { headers })).status, 200, 'nothing');
  await reset({ scope: ['state', 'clock'], to: 'empty' });
  t.not(await create('two'), first);
  await reset({ to: 'fixtures' });
  t.equal(await create('two'), first, 'everything');
});

t.test('a suspended sandbox opens for every kind of request', async (t) => {
  const sandboxes = new Sandboxes(loadFixtures(FIXTURES, FIXTURES, PROVIDERS));
  t.teardown(() => sandboxes.close());
  const sandbox = sandboxes.find('one');
  for (const ask of [
    () => sandbox.ids.next('', 8, '01'),
    () => sandbox.clock.iso(),
    async () => (await sandbox.image()).length,
  ]) {
    sandbox.suspend();
    sandbox.suspend();
    t.ok(await ask());
  }
});

t.test('with --data, one of two sandboxes with the same name that are created at once is refused', async (t) => {
  const sandboxes = new Sandboxes(loadFixtures(FIXTURES, FIXTURES, PROVIDERS), { data: t.testdir({}) });
  t.teardown(() => sandboxes.close());
  const create = () => sandboxes.create('twin', sandboxes.image('empty'), {}, null);
  const first = create();
  await t.rejects(create(), { message: /^Sandbox twin already exists/ });
  // Nor is it created by use.
  t.throws(() => sandboxes.find('twin'), { message: /^Sandbox twin already exists/ });
  t.equal((await first).name, 'twin');
  t.equal(sandboxes.find('twin'), await first);
});
