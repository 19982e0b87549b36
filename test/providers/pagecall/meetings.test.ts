// Meetings and webhooks: who counts as present, when a room's time is up, and what a receiver is told.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { loadFixtures } from '../../../src/core/fixtures.ts';
import { Sandboxes } from '../../../src/core/sandboxes.ts';
import { type Delivery, Webhooks } from '../../../src/core/webhooks.ts';
import { pagecall as provider } from '../../../src/providers/pagecall/index.ts';
import { settleMeetings } from '../../../src/providers/pagecall/meetings.ts';
import { ROOT, world } from '../../harness.ts';

const START = Date.parse('2025-06-01T10:00:00.000Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const hex = (n: number) => String(n).padStart(24, '0');

/** A server whose clock the test moves, and its ways in. */
async function pagecall(t: Test, fixtures?: string) {
  const clock = { seconds: 0 };
  t.capture(Date, 'now', () => START + clock.seconds * 1000);
  const { call } = await world(t, fixtures === undefined ? {} : { fixtures });
  const ask = (method: string, path: string, json?: unknown) =>
    call(method, `/pagecall/v1${path}`, { headers: { authorization: 'Bearer anything' }, json });
  const act = (path: string, json: unknown) => call('POST', `/__admin/pagecall${path}`, { json });
  return {
    clock,
    ask,
    make: async (room: object): Promise<string> =>
      (await ask('POST', '/rooms', { name: 'x', type: 'open', ...room })).body.room.id,
    room: async (id: string) => (await ask('GET', `/rooms/${id}`)).body.room,
    join: async (id: string, user_id?: string) =>
      (await act(`/rooms/${id}/join`, user_id === undefined ? {} : { user_id })).body.session,
    leave: async (id: string, session: { id: string }) =>
      (await act(`/rooms/${id}/leave`, { session_id: session.id })).body.session,
    act,
  };
}

interface Hit {
  headers: IncomingHttpHeaders;
  body: { action: string; payload: Record<string, unknown> };
}

/** A receiver of webhooks that answers with the given statuses in turn, the last one for ever; 0 hangs. */
async function receiver(t: Test, statuses: number[] = [200]) {
  const hits: Hit[] = [];
  let arrived = () => {};
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    hits.push({ headers: request.headers, body: JSON.parse(text) });
    const status = statuses.length > 1 ? (statuses.shift() as number) : (statuses[0] as number);
    if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end('thanks');
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    hits,
    /** The first so many hits, once they are there. */
    async until(count: number): Promise<Hit[]> {
      while (hits.length < count)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      return hits;
    },
  };
}

t.test('a receiver is told of every entry and exit, with the counts after it', async (t) => {
  const { clock, ask, make, join, leave } = await pagecall(t);
  const { url, until } = await receiver(t);
  const id = await make({
    webhook: { url, headers: { 'X-Key': 'secret', 'Content-Type': 'text/plain', HOST: 'evil', 'content-length': '3' } },
  });
  const alice = await join(id, 'user-42');
  clock.seconds = 1;
  const tab = await join(id, 'user-42');
  clock.seconds = 2;
  const monitor = await join(id, 'supervisor-3');
  clock.seconds = 3;
  const stranger = await join(id);
  clock.seconds = 4;
  await leave(id, tab);
  clock.seconds = 5;
  await ask('PUT', `/rooms/${id}`, { is_terminated: true });

  const hits = await until(8);
  const told = (
    action: string,
    session: { id: string; member_id: string },
    sessionsCount: number,
    membersCount: number,
    seconds: number,
    userId?: string,
  ) => ({
    action,
    payload: {
      roomId: id,
      ...(userId ? { userId } : {}),
      memberId: session.member_id,
      sessionId: session.id,
      sessionsCount,
      membersCount,
      timestamp: at(seconds),
    },
  });
  t.strictSame(
    hits.map(({ body }) => body),
    [
      told('sessionJoined', alice, 1, 1, 0, 'user-42'),
      told('sessionJoined', tab, 2, 1, 1, 'user-42'),
      told('sessionJoined', monitor, 3, 2, 2, 'supervisor-3'),
      told('sessionJoined', stranger, 4, 3, 3),
      told('sessionLeft', tab, 3, 3, 4, 'user-42'),
      told('sessionLeft', alice, 2, 2, 5, 'user-42'),
      told('sessionLeft', monitor, 1, 1, 5, 'supervisor-3'),
      told('sessionLeft', stranger, 0, 0, 5),
    ],
    'in order, and those that leave together one by one',
  );
  t.match(hits[0]?.headers, { 'x-key': 'secret', 'content-type': 'application/json', host: new URL(url).host });
});

t.test('blocking, and deleting a user or a room, close sessions and say so', async (t) => {
  const { ask, make, room, join } = await pagecall(t);
  const { url, until } = await receiver(t);
  const id = await make({ type: 'private', webhook: { url }, user_ids: ['user-42', 'user-17', 'user-23'] });
  const other = await make({ webhook: { url } });
  const [alice, tomas, hanne] = [await join(id, 'user-42'), await join(id, 'user-17'), await join(id, 'user-23')];
  await until(3);
  const away = await join(other, 'user-42');
  await until(4);
  await ask('PUT', `/rooms/${id}/members/user-23`, { is_blocked: true });
  await until(5);
  t.equal((await ask('DELETE', '/users/user-42')).status, 200);
  const hits = await until(7);
  t.strictSame(
    new Set(
      hits
        .slice(4)
        .map(({ body: { action, payload } }) =>
          [action, payload.userId, payload.sessionId, payload.sessionsCount, payload.membersCount].join(),
        ),
    ),
    new Set([
      `sessionLeft,user-23,${hanne.id},2,2`,
      `sessionLeft,user-42,${alice.id},1,1`,
      `sessionLeft,user-42,${away.id},0,0`,
    ]),
    'the exit still names the user',
  );
  t.equal((await room(id)).started_at, at(0));
  await ask('DELETE', `/rooms/${id}`);
  t.match(
    (await until(8))[7]?.body,
    { action: 'sessionLeft', payload: { userId: 'user-17', sessionId: tomas.id, sessionsCount: 0 } },
    'a room that is gone still says who left',
  );
});

t.test('time counts while two take part', async (t) => {
  const { clock, ask, make, room, join, leave } = await pagecall(t);
  const id = await make({});
  const first = await join(id, 'user-42');
  clock.seconds = 10;
  await join(id, 'user-42');
  await join(id, 'supervisor-3');
  clock.seconds = 20;
  t.match(await room(id), { meeting_time: 0 });
  t.notOk('started_at' in (await room(id)), 'a second tab and a monitor are no meeting');
  const stranger = await join(id);
  clock.seconds = 25.9;
  t.match(await room(id), { meeting_time: 5, started_at: at(20) });
  await leave(id, first);
  clock.seconds = 30.9;
  await leave(id, stranger);
  clock.seconds = 100;
  t.match(await room(id), { meeting_time: 10, started_at: at(20) }, 'the other tab kept it going');
  await ask('PUT', `/rooms/${id}/members/supervisor-3`, { type: 'guest' });
  clock.seconds = 101.2;
  t.match(
    await room(id),
    { meeting_time: 12, started_at: at(20) },
    'a monitor who becomes a guest takes part; parts of seconds add up',
  );
  await ask('POST', `/rooms/${id}/members`, { user_id: 'supervisor-3', type: 'monitor' });
  clock.seconds = 200;
  t.match(await room(id), { meeting_time: 12 });
  clock.seconds = -50;
  await ask('PUT', `/rooms/${id}/members/supervisor-3`, { type: 'host' });
  clock.seconds = -60;
  t.match(await room(id), { meeting_time: 12 }, 'a clock set back takes nothing away');
  clock.seconds = -40;
  await ask('DELETE', '/users/user-42');
  clock.seconds = 0;
  t.match(await room(id), { meeting_time: 22 }, 'time with somebody who is deleted stays');
});

/** Fixtures with a meeting of two that began 100 s before the start, of which `max` seconds were allowed. */
function running(t: Test, max: number, rooms: object[] = [{}], url = 'http://127.0.0.1:1/'): string {
  const users = [1, 2].map((n) => ({
    id: hex(n),
    user_id: `u${n}`,
    access_token: `${n}`.padStart(32, '0'),
    created_at: at(-900),
    updated_at: at(-900),
  }));
  const all = rooms.map((room, n) => ({
    id: hex(10 + n),
    type: 'open',
    name: 'x',
    meeting_time: 20.5,
    meeting_since: at(-100),
    started_at: at(-500),
    max_meeting_seconds: max,
    webhook: { url },
    created_at: at(-900),
    updated_at: at(-900),
    ...room,
  }));
  const members = all.flatMap((room, n) =>
    [1, 2].map((m) => ({
      id: hex(100 + 10 * n + m),
      room_id: room.id,
      user_id: `u${m}`,
      type: 'guest',
      created_at: at(-900),
      updated_at: at(-900),
    })),
  );
  const sessions = members.map((member, n) => ({
    id: hex(1000 + n),
    room_id: member.room_id,
    user_id: member.user_id,
    member_id: member.id,
    connected_at: at(-100),
  }));
  return t.testdir({
    pagecall: {
      'users.json': JSON.stringify(users),
      'rooms.json': JSON.stringify(all),
      'members.json': JSON.stringify(members),
      'sessions.json': JSON.stringify(sessions),
    },
  });
}

t.test('a room ends when its time is used up, at that moment, whenever somebody looks', async (t) => {
  const { url, until } = await receiver(t);
  const { clock, ask, room, act } = await pagecall(t, running(t, 200, [{}], url));
  const id = hex(10);
  t.match(await room(id), { meeting_time: 120, is_terminated: false });
  clock.seconds = 79.499;
  t.match(await room(id), { meeting_time: 199, is_terminated: false });
  clock.seconds = 5000;
  t.match((await ask('GET', '/rooms?is_terminated=true')).body.rooms, [
    { id, meeting_time: 200, is_terminated: true, terminated_at: at(79.5), updated_at: at(79.5) },
  ]);
  t.match((await ask('GET', `/rooms/${id}/sessions`)).body.sessions, [
    { disconnected_at: at(79.5) },
    { disconnected_at: at(79.5) },
  ]);
  t.equal((await act(`/rooms/${id}/join`, { user_id: 'u1' })).status, 403);
  t.match(
    (await until(2)).map(({ body }) => body),
    [
      { action: 'sessionLeft', payload: { userId: 'u1', sessionsCount: 1, timestamp: at(79.5) } },
      { action: 'sessionLeft', payload: { userId: 'u2', sessionsCount: 0, timestamp: at(79.5) } },
    ],
  );
});

for (const [what, touch] of [
  ['a join', ['POST', 'join']],
  ['a list of sessions', ['GET', 'sessions']],
  ['a message', ['POST', 'message']],
  ['an end', ['PUT', '']],
] as const) {
  t.test(`${what} comes too late for a room whose time is up`, async (t) => {
    const { clock, ask, act, room } = await pagecall(t, running(t, 130));
    const id = hex(10);
    clock.seconds = 60;
    const [method, path] = touch;
    if (path === 'join') t.equal((await act(`/rooms/${id}/join`, { user_id: 'u1' })).status, 403);
    else if (path === '')
      t.match((await ask('PUT', `/rooms/${id}`, { is_terminated: true })).body, {
        room: { updated_at: at(60) },
        before: { is_terminated: true, updated_at: at(9.5) },
      });
    else
      t.equal(
        (await ask(method, `/rooms/${id}/${path}`, method === 'POST' ? { message: 'hello' } : undefined)).status,
        200,
      );
    t.match(await room(id), { meeting_time: 130, terminated_at: at(9.5) });
  });
}

t.test('a user is deleted from a room whose time ran out before', async (t) => {
  const { clock, ask } = await pagecall(t, running(t, 130));
  clock.seconds = 60;
  t.equal((await ask('DELETE', '/users/u1')).status, 200);
  t.match((await ask('GET', `/rooms/${hex(10)}/sessions`)).body.sessions, [
    { disconnected_at: at(9.5) },
    { disconnected_at: at(9.5) },
  ]);
});

t.test('all rooms are settled at once, in the order their time ran out', async (t) => {
  t.capture(Date, 'now', () => START);
  const idle = { meeting_since: at(-100), max_meeting_seconds: null };
  const rooms = [
    { max_meeting_seconds: 90 },
    { max_meeting_seconds: 50 },
    { max_meeting_seconds: 121 },
    idle,
    { max_meeting_seconds: 1 },
    { max_meeting_seconds: 30, terminated_at: at(-90) },
  ];
  const builtIn = `${ROOT}fixtures`;
  const sandboxes = new Sandboxes(loadFixtures(running(t, 0, rooms), builtIn, [provider]));
  t.teardown(() => sandboxes.close());
  const sandbox = sandboxes.find('default');
  sandbox.webhooks.enabled = false;
  t.strictSame(settleMeetings(sandbox), [
    { resource: 'rooms', id: hex(14), terminated_at: at(-100) },
    { resource: 'rooms', id: hex(11), terminated_at: at(-70.5) },
    { resource: 'rooms', id: hex(10), terminated_at: at(-30.5) },
  ]);
  t.strictSame(settleMeetings(sandbox), []);
  t.equal(sandbox.webhooks.list().length, 6, 'two left each room');
});

/** Webhooks whose waits take no time, and the delivery of one message. */
function deliveries(t: Test, options: { waits?: number[]; timeout?: number; kept?: number } = {}) {
  const webhooks = new Webhooks({ now: () => at(0), waits: [0, 0], ...options });
  t.teardown(() => webhooks.close());
  return {
    webhooks,
    send: (url: string, n = 0, key = 'room') => webhooks.send({ key, url, headers: { a: 'b' }, body: { n } }),
  };
}

/** Settles once the first try of a delivery is over. */
async function tried(delivery: Delivery): Promise<void> {
  while (delivery.attempts.length === 0) await new Promise(setImmediate);
}

t.test('a delivery is tried three times and every try is kept', async (t) => {
  const { url, hits } = await receiver(t, [500, 302, 204, 404]);
  const { webhooks, send } = deliveries(t);
  const good = send(url, 1);
  const bad = send(url, 2);
  t.equal(good.state, 'waiting', 'nobody waits for it');
  await webhooks.flush();
  const tries = (statuses: number[]) => statuses.map((status) => ({ at: at(0), status, durationMs: Number }));
  t.match(good, {
    id: /^\w{16}$/,
    at: at(0),
    url,
    headers: { a: 'b', 'content-type': 'application/json' },
    body: { n: 1 },
    state: 'delivered',
    attempts: tries([500, 302, 204]),
  });
  t.match(bad, { state: 'failed', attempts: tries([404, 404, 404]) });
  t.equal(good.attempts.length + bad.attempts.length, 6);
  t.strictSame(
    hits.map(({ body }) => body),
    [1, 1, 1, 2, 2, 2].map((n) => ({ n })),
    'one after the other; a redirect is not followed',
  );
  t.strictSame(webhooks.list(), [good, bad]);
});

t.test('a receiver that is not there, does not answer or is no URL', async (t) => {
  const { url, until } = await receiver(t, [0]);
  const { webhooks, send } = deliveries(t, { waits: [], timeout: 30 });
  const silent = send(url, 1, 'silent');
  await until(1);
  const closed = send('http://127.0.0.1:1/', 2, 'closed');
  const unsendable = webhooks.send({ key: 'bad', url, headers: { 'bad name': 'x' }, body: null });
  await webhooks.flush();
  t.match(
    [silent, closed, unsendable].map(({ state, attempts: [attempt] }) => [state, attempt?.error]),
    [
      ['failed', /timeout/],
      ['failed', /port/],
      ['failed', /header name/],
    ],
  );
});

t.test('pauses end at once when somebody moves the clock', async (t) => {
  const { url } = await receiver(t, [500, 500, 200]);
  const { webhooks, send } = deliveries(t, { waits: [3_600_000, 3_600_000] });
  const delivery = send(url);
  await tried(delivery);
  await webhooks.flush();
  t.match(delivery, { state: 'delivered', attempts: [{ status: 500 }, { status: 500 }, { status: 200 }] });
});

t.test('a delivery can be sent once more', async (t) => {
  const { url, hits, until } = await receiver(t, [400, 400, 400, 200]);
  const { webhooks, send } = deliveries(t);
  const delivery = send(url);
  t.equal(webhooks.redeliver(delivery.id), delivery);
  await webhooks.flush();
  t.match(delivery, { state: 'failed' });
  t.equal(hits.length, 3, 'not while it still waits');
  t.equal(webhooks.redeliver(delivery.id)?.state, 'waiting');
  await until(4);
  await webhooks.flush();
  t.match(delivery, { state: 'delivered' });
  t.equal(delivery.attempts.length, 4);
  t.equal(webhooks.redeliver('unknown'), undefined);
});

t.test('switched off, deliveries are kept and not sent', async (t) => {
  const { url, hits } = await receiver(t);
  const { webhooks, send } = deliveries(t, { kept: 2 });
  webhooks.enabled = false;
  const [, second, third] = [send(url, 1), send(url, 2), send(url, 3)];
  webhooks.redeliver(second.id);
  await webhooks.flush();
  t.strictSame(webhooks.list(), [second, third], 'the last ones are kept');
  t.match(second, { state: 'waiting', attempts: [] });
  t.equal(hits.length, 0);
  webhooks.enabled = true;
  webhooks.redeliver(third.id);
  await webhooks.flush();
  t.match(third, { state: 'delivered' });
});

t.test('forgetting and closing stop what waits or is under way', async (t) => {
  const { url, hits, until } = await receiver(t, [500, 0]);
  const { webhooks, send } = deliveries(t, { waits: [3_600_000] });
  const pausing = send(url, 1);
  await tried(pausing);
  const behind = send(url, 2);
  webhooks.clear();
  t.strictSame(webhooks.list(), []);
  const silent = send(url, 3);
  const after = send(url, 4);
  await until(2);
  webhooks.close();
  await webhooks.flush();
  await new Promise(setImmediate);
  t.equal(hits.length, 2);
  t.strictSame(
    [pausing, behind, silent, after].map(({ state }) => state),
    ['waiting', 'waiting', 'waiting', 'waiting'],
  );
  t.strictSame(webhooks.list(), [silent, after], 'what was kept can still be read');
});
