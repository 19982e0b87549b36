// Pagecall meetings: meeting time, and termination of rooms at their maximum.
import t, { type Test } from 'tap';
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import { Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import { pagecall as provider } from '../../../src/providers/pagecall/index.ts';
import { endOverdueMeetings } from '../../../src/providers/pagecall/meetings.ts';
import { ROOT } from '../../harness.ts';
import { at, pagecall, START } from './moving-clock.ts';
import { receiver } from './webhook-receiver.ts';

const hex = (n: number) => String(n).padStart(24, '0');

t.test('meeting time runs while two participants are connected', async (t) => {
  const { clock, ask, make, room, join, leave } = await pagecall(t);
  const id = await make({});
  const first = await join(id, 'user-42');
  clock.seconds = 10;
  await join(id, 'user-42');
  await join(id, 'supervisor-3');
  clock.seconds = 20;
  t.match(await room(id), { meeting_time: 0 });
  t.notOk('started_at' in (await room(id)), 'a second tab and a monitor do not start a meeting');
  const stranger = await join(id);
  clock.seconds = 25.9;
  t.match(await room(id), { meeting_time: 5, started_at: at(20) });
  await leave(id, first);
  clock.seconds = 30.9;
  await leave(id, stranger);
  clock.seconds = 100;
  t.match(await room(id), { meeting_time: 10, started_at: at(20) }, 'the other tab kept the meeting running');
  await ask('PUT', `/rooms/${id}/members/supervisor-3`, { type: 'guest' });
  clock.seconds = 101.2;
  t.match(
    await room(id),
    { meeting_time: 12, started_at: at(20) },
    'a monitor who becomes a guest counts as a participant; fractions of seconds add up',
  );
  await ask('POST', `/rooms/${id}/members`, { user_id: 'supervisor-3', type: 'monitor' });
  clock.seconds = 200;
  t.match(await room(id), { meeting_time: 12 });
  clock.seconds = -50;
  await ask('PUT', `/rooms/${id}/members/supervisor-3`, { type: 'host' });
  clock.seconds = -60;
  t.match(await room(id), { meeting_time: 12 }, 'setting the clock back does not reduce the time');
  clock.seconds = -40;
  await ask('DELETE', '/users/user-42');
  clock.seconds = 0;
  t.match(await room(id), { meeting_time: 22 }, 'the time with a deleted user is kept');
});

/** Fixtures with a meeting of two that started 100 s before the server, limited to `max` seconds. */
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

t.test('a room is terminated at its maximum meeting time, whenever it is read', async (t) => {
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
  t.test(`${what} finds a room terminated whose maximum was reached`, async (t) => {
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

t.test('a user in a room whose maximum was reached can be deleted', async (t) => {
  const { clock, ask } = await pagecall(t, running(t, 130));
  clock.seconds = 60;
  t.equal((await ask('DELETE', '/users/u1')).status, 200);
  t.match((await ask('GET', `/rooms/${hex(10)}/sessions`)).body.sessions, [
    { disconnected_at: at(9.5) },
    { disconnected_at: at(9.5) },
  ]);
});

t.test('all overdue rooms are terminated together, in order of their end', async (t) => {
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
  t.strictSame(endOverdueMeetings(sandbox), [
    { resource: 'rooms', id: hex(14), terminated_at: at(-100) },
    { resource: 'rooms', id: hex(11), terminated_at: at(-70.5) },
    { resource: 'rooms', id: hex(10), terminated_at: at(-30.5) },
  ]);
  t.strictSame(endOverdueMeetings(sandbox), []);
  t.equal(sandbox.webhooks.list().length, 6, 'two sessions left each room');
});
