// Large sandboxes: their state, their diffs and the reset of many are served in slices, with the same result.
import t, { type Test } from 'tap';
import { type TestServer, testServer } from '../harness.ts';
import { writeLargeFixtures } from '../large-fixtures.ts';
import { shortOrLong } from '../seeds.ts';
import { servedMeanwhile } from '../served-meanwhile.ts';

const SIZE = shortOrLong(1500, 3000);
const SANDBOXES = shortOrLong(25, 60);

/** Sends a request, and asserts that others are served until its response is there. */
function meanwhile(t: Test, { app, call }: TestServer, method: string, url: string, json?: object) {
  const pending = call(method, url, json === undefined ? {} : { json });
  return servedMeanwhile(t, `${method} ${url}`, pending, () => app.inject({ method: 'GET', url: '/__admin/health' }));
}

/** Whether two values have the same JSON; comparing tens of thousands of rows one by one takes seconds. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function large(t: Test, size: number): Promise<TestServer> {
  const fixtures = t.testdir();
  writeLargeFixtures(fixtures, size);
  return await testServer(t, { fixtures });
}

t.test('the state and the diff of a large sandbox are served in slices', async (t) => {
  const server = await large(t, SIZE);
  const { call } = server;
  const whole = await meanwhile(t, server, 'GET', '/__admin/state');
  t.match(whole.headers['content-type'], 'application/json');
  t.strictSame(Object.keys(whole.body), ['proficient', 'pagecall', 'conductor']);
  t.equal(whole.body.proficient.messages.length, 3 * SIZE);
  t.ok(whole.body.conductor.keys, 'settings objects are there too');
  for (const [provider, resource] of [
    ['proficient', 'messages'],
    ['conductor', 'passthroughRecords'],
  ] as const) {
    const one = await call('GET', `/__admin/state?provider=${provider}&resource=${resource}`);
    t.ok(same(one.body, { [provider]: { [resource]: whole.body[provider][resource] } }), resource);
  }
  // What it returns can be written, and is the same afterwards.
  t.equal((await call('PUT', '/__admin/state', { json: whole.body })).status, 204);
  t.ok(same((await call('GET', '/__admin/state')).body, whole.body), 'the same state');

  await call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  const url = '/__admin/snapshots/before/diff';
  t.strictSame((await call('GET', url)).body, {});
  const headers = { authorization: 'Bearer sk_x' };
  const [gone] = whole.body.conductor.endUsers;
  t.equal((await call('DELETE', `/conductor/v1/end-users/${gone.id}`, { headers })).status, 200);
  const room = whole.body.pagecall.rooms[0];
  await call('PUT', `/pagecall/v1/rooms/${room.id}`, { headers, json: { name: 'New' } });
  await call('POST', '/pagecall/v1/users', { headers, json: { user_id: 'new' } });
  const diff = await meanwhile(t, server, 'GET', url);
  t.match(diff.body, {
    conductor: { endUsers: { inserts: [], updates: [], deletes: [gone] } },
    pagecall: {
      rooms: { updates: [{ before: { name: 'Hall' }, after: { name: 'New' } }] },
      users: { inserts: [{ user_id: 'new' }], updates: [], deletes: [] },
    },
  });
  t.equal(diff.body.pagecall.users.inserts.length, 1);
});

t.test(
  'the reset of many sandboxes lets other requests through, and passes over those deleted meanwhile',
  async (t) => {
    const fixtures = t.testdir({ data: {}, fixtures: {} });
    writeLargeFixtures(`${fixtures}/fixtures`, 100);
    const server = await testServer(t, { fixtures: `${fixtures}/fixtures`, data: `${fixtures}/data` });
    const { call } = server;
    const names = Array.from({ length: SANDBOXES }, (_, n) => `s${n}`);
    for (const name of names) await call('POST', '/__admin/sandboxes', { json: { name } });
    for (const name of names) await call('POST', `/__admin/snapshots?sandbox=${name}`, { json: { name: 'a' } });
    await call('POST', '/__admin/snapshots', { json: { name: 'a' } });
    const scope = ['state', 'ids'];
    const resetting = meanwhile(t, server, 'POST', '/__admin/reset?sandbox=*', { to: { snapshot: 'a' }, scope });
    await call('GET', '/__admin/health');
    await call('DELETE', '/__admin/sandboxes/s0');
    const { status } = await resetting;
    t.equal(status, 204);
    t.equal((await call('GET', '/__admin/sandboxes?limit=1')).body.meta.total, SANDBOXES);
  },
);
