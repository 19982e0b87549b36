// Writes to a large sandbox: other sandboxes are served meanwhile, and the sandbox itself has the old rows or the new.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type TestServer, testServer } from '../harness.ts';
import { userId, writeLargeFixtures } from '../large-fixtures.ts';
import { everyOther, shortOrLong } from '../seeds.ts';
import { servedMeanwhile } from '../served-meanwhile.ts';

type State = Record<string, Record<string, Record<string, unknown>[]>>;

const SIZE = 1800;
const KEY = { authorization: 'Bearer sk_x' };
const OF_LARGE = { ...KEY, 'x-understudy-sandbox': 'large' };
const USER = `/conductor/v1/end-users/${userId.conductor(7)}`;

/** Rows of so many users as the body of a state write. */
function stateOf(t: Test, size = SIZE): State {
  const dir = mkdtempSync(join(tmpdir(), 'understudy-large-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  writeLargeFixtures(dir, size);
  const read = (provider: string, file: string) => JSON.parse(readFileSync(join(dir, provider, file), 'utf8'));
  return Object.fromEntries(
    readdirSync(dir).map((provider) => [
      provider,
      Object.fromEntries(
        readdirSync(join(dir, provider)).map((file) => [file.replace('.json', ''), read(provider, file)]),
      ),
    ]),
  );
}

/** A server that keeps its sandboxes in memory, and one that keeps them in a folder. */
const kinds = [
  ['in memory', (t: Test) => testServer(t)],
  ['with --data', (t: Test) => testServer(t, { data: t.testdir({ data: {} }) })],
] as const;

const admin = (server: TestServer, method: string, path: string, json?: object) =>
  server.call(method, `/__admin/${path}`, { headers: OF_LARGE, ...(json === undefined ? {} : { json }) });

for (const [n, [kind, start]] of kinds.entries()) {
  const test = everyOther(t, n);
  test(`${kind}: rows of a large body are stored in slices, and requests to the sandbox wait for them`, async (t) => {
    const state = stateOf(t);
    const server = await start(t);
    await admin(server, 'PUT', 'clock', { action: 'freeze' });
    for (const round of ['into a small sandbox', 'over as many rows']) {
      const put = admin(server, 'PUT', 'state', state);
      let [done, waited] = [false, 0];
      void put.then(() => {
        done = true;
      });
      const seen: Promise<{ status: number }>[] = [];
      while (!done) {
        let answered = false;
        const asked = server.call('GET', USER, { headers: OF_LARGE });
        void asked.then(() => {
          answered = true;
        });
        seen.push(asked);
        await setImmediate();
        await server.call('GET', '/conductor/v1/end-users?limit=1', { headers: KEY });
        if (!answered && !done) waited += 1;
      }
      t.equal((await put).status, 204, round);
      t.ok(waited > 3, `${waited} requests to another sandbox were answered before an earlier one to this sandbox`);
      t.equal((await seen.at(-1))?.status, 200, 'which sees the new rows');
    }
    const read = (await admin(server, 'GET', 'state')).body;
    for (const [provider, resources] of Object.entries(state)) {
      for (const [resource, rows] of Object.entries(resources))
        t.equal(read[provider][resource].length, rows.length, `${provider}.${resource}`);
    }
  });

  test(`${kind}: a large body with a dangling reference changes nothing, and names its row`, async (t) => {
    const state = stateOf(t);
    const server = await start(t);
    await admin(server, 'PUT', 'clock', { action: 'freeze' });
    const before = (await admin(server, 'GET', 'state')).body;
    const sessions = state.conductor?.authSessions as { endUserId: string }[];
    (sessions.at(-1) as { endUserId: string }).endUserId = 'end_usr_nobody';
    t.strictSame((await admin(server, 'PUT', 'state', state)).body, {
      type: 'urn:understudy:invalid-input',
      title: 'Invalid input',
      status: 400,
      detail: `conductor.authSessions[${SIZE - 1}].endUserId: no row of endUsers has id "end_usr_nobody".`,
      errors: [
        {
          path: `conductor.authSessions[${SIZE - 1}].endUserId`,
          message: 'no row of endUsers has id "end_usr_nobody"',
        },
      ],
    });
    t.strictSame((await admin(server, 'GET', 'state')).body, before);
  });

  test(`${kind}: a write beside a large one refuses that one, and is kept`, async (t) => {
    const state = stateOf(t);
    const server = await start(t);
    await admin(server, 'PUT', 'state', { conductor: {} });
    const put = admin(server, 'PUT', 'state', state);
    const [user] = state.pagecall?.users as object[];
    let status = 0;
    void put.then((answer) => {
      status = answer.status;
    });
    // Until one of them falls into the time in which the rows are stored.
    for (let n = 0; status === 0; n++) {
      const own = {
        id: `b${String(n).padStart(23, '0')}`,
        user_id: `beside-${n}`,
        access_token: `${n}`.padStart(32, 'b'),
      };
      const small = await admin(server, 'POST', 'state', { pagecall: { users: [{ ...user, ...own }] } });
      t.match(small, { status: 201, body: { pagecall: { users: [own] } } });
    }
    t.equal(status, 409);
    t.strictSame((await put).body, {
      type: 'urn:understudy:sandbox-changed',
      title: 'Sandbox changed',
      status: 409,
      detail:
        'Sandbox large was written to while this request wrote its rows, so nothing was stored; send the request again.',
    });
    const users = (await admin(server, 'GET', 'state?provider=pagecall&resource=users')).body.pagecall.users;
    t.ok(users.some(({ user_id }: { user_id: string }) => user_id === 'beside-0'));
    t.notOk(users.some(({ user_id }: { user_id: string }) => user_id === userId.pagecall(7)));
  });

  test(`${kind}: a sandbox deleted during a large write stays deleted`, async (t) => {
    const state = stateOf(t);
    const server = await start(t);
    await admin(server, 'PUT', 'state', { conductor: {} });
    const put = admin(server, 'PUT', 'state', state);
    const asked = server.call('GET', USER, { headers: OF_LARGE });
    for (let turns = 0; turns < 20; turns++) await setImmediate();
    t.equal((await admin(server, 'DELETE', 'sandboxes/large')).status, 204);
    const { status } = await put;
    t.ok([404, 410].includes(status) || status === 204, `${status}`);
    await asked;
    if (status === 410) t.equal((await admin(server, 'GET', 'sandboxes/large')).status, 404);
  });

  test(`${kind}: added rows come back as they are stored, and small writes to a large sandbox work`, async (t) => {
    const state = stateOf(t);
    const server = await start(t);
    await admin(server, 'PUT', 'state', { proficient: {}, pagecall: {}, conductor: {} });
    const added = await admin(server, 'POST', 'state', state);
    t.equal(added.status, 201);
    const read = (await admin(server, 'GET', 'state')).body;
    for (const [provider, resources] of Object.entries(state)) {
      for (const resource of Object.keys(resources))
        t.equal(JSON.stringify(added.body[provider][resource]), JSON.stringify(read[provider][resource]), resource);
    }
    const one = { id: 'end_usr_one0000000001', createdAt: '2025-06-01T10:00:00.000Z', sourceId: 'one' };
    const json = { conductor: { endUsers: [{ ...one, companyName: 'One', email: 'one@example.com' }] } };
    t.strictSame((await admin(server, 'POST', 'state', json)).body, json);
    t.equal((await admin(server, 'PUT', 'state', json)).status, 204);
    t.strictSame((await admin(server, 'GET', 'state?provider=conductor&resource=endUsers')).body, json);
    t.strictSame((await admin(server, 'POST', 'state', {})).body, {});
  });
}

t.test(
  'with --data, other sandboxes are served while a large one is copied, restored, exported or searched',
  async (t) => {
    const server = await testServer(t, { data: t.testdir({ data: {} }) });
    // Each call must take several slices.
    const rows = stateOf(t, shortOrLong(2, 4) * SIZE);
    await admin(server, 'PUT', 'state', rows);
    const other = () => server.call('GET', '/conductor/v1/end-users?limit=1', { headers: KEY });
    const calls: [string, string, object?][] = [
      ['POST', 'snapshots', { name: 'whole' }],
      ['POST', 'snapshots/whole/restore'],
      ['GET', 'snapshots/whole/export'],
      ['POST', 'reset', { to: { snapshot: 'whole' }, scope: ['state'] }],
      ['GET', 'state?provider=conductor'],
      ['GET', 'resources/proficient/messages?text=nowhere'],
    ];
    for (const [method, path, json] of calls) {
      const { status } = await servedMeanwhile(t, `${method} ${path}`, admin(server, method, path, json), other);
      t.ok(status < 300, `${method} ${path}`);
    }
    const fork = server.call('POST', '/__admin/sandboxes', { json: { name: 'fork', from: { sandbox: 'large' } } });
    const twin = server.call('POST', '/__admin/sandboxes', { json: { name: 'fork' } });
    await servedMeanwhile(t, 'a fork', fork, other);
    t.strictSame([(await fork).status, (await twin).status].sort(), [201, 409], 'only one of two with the same name');
  },
);

t.test(
  'with --data, copies of a large sandbox that are made at once are whole, and a reset refuses them',
  async (t) => {
    const server = await testServer(t, { data: t.testdir({ data: {} }) });
    await admin(server, 'PUT', 'state', stateOf(t));
    const read = () => admin(server, 'GET', 'state');
    const [one, other] = await Promise.all([read(), read()]);
    t.equal(JSON.stringify(one.body), JSON.stringify(other.body));
    t.equal(one.body.conductor.endUsers.length, SIZE);
    // One of them is being read when the reset replaces the file.
    const readings: ReturnType<typeof read>[] = [];
    let done = false;
    const resetting = admin(server, 'POST', 'reset', { scope: ['state'] }).finally(() => {
      done = true;
    });
    while (!done) {
      readings.push(read());
      await setTimeout(1);
    }
    t.equal((await resetting).status, 204);
    const answers = await Promise.all(readings);
    const refused = answers.filter(({ status }) => status !== 200);
    t.ok(refused.length > 0, 'a read during the reset is refused');
    for (const { body } of refused) t.match(body, { type: 'urn:understudy:sandbox-replaced', status: 409 });
  },
);

t.test('with --data, a snapshot of a sandbox that is deleted meanwhile is refused', async (t) => {
  const server = await testServer(t, { data: t.testdir({ data: {} }) });
  const statuses = new Set<number>();
  for (let turns = 0; turns < 100 && !statuses.has(410); turns += 2) {
    await admin(server, 'PUT', 'state', { conductor: {} });
    const taken = admin(server, 'POST', 'snapshots', { name: 'late' });
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    await admin(server, 'DELETE', 'sandboxes/large');
    statuses.add((await taken).status);
  }
  t.ok(statuses.has(410), `${[...statuses]}`);
});

t.test('two snapshots of the same name at once: one is taken', async (t) => {
  const server = await testServer(t, { data: t.testdir({ data: {} }) });
  const take = (name: string) => admin(server, 'POST', 'snapshots', { name });
  const taken = await Promise.all([take('one'), take('One')]);
  t.strictSame(taken.map(({ status }) => status).sort(), [201, 409]);
});

t.test('a text search finds the same page and the same total as a search of all rows', async (t) => {
  const server = await testServer(t);
  await admin(server, 'PUT', 'state', stateOf(t));
  const { body } = await admin(server, 'GET', 'resources/conductor/endUsers?text=CROWD-17&offset=3&limit=2');
  t.strictSame(
    body.rows.map(({ sourceId }: { sourceId: string }) => sourceId),
    ['crowd-172', 'crowd-173'],
  );
  t.equal(body.meta.total, 111, 'crowd-17, crowd-170 to crowd-179, crowd-1700 to crowd-1799');
});
