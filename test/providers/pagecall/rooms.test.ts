// Pagecall rooms and members: invitations, repeated calls, blocking, joining, pages and deletion.
import t from 'tap';
import { pagecall } from './client.ts';

const NOW = '2025-06-01T10:00:00.000Z';
const OPEN = '674d8520d61d4565c07509e5';
const PRIVATE = '677b9b9087846ea37e513a97';
const ENDED = '67bc27007173cddc0bfc070b';

t.test('a user invited twice becomes one member', async (t) => {
  const { ask } = await pagecall(t, NOW);
  const { room } = (
    await ask('POST', '/rooms', {
      name: '',
      type: 'open',
      members: [
        { user_id: 'user-42', type: 'host' },
        { user_id: 'user-17', type: 'guest' },
        { user_id: 'user-42', type: 'monitor', name: 'Second' },
      ],
      user_ids: ['teacher-ines', 'user-42', 'teacher-ines'],
    })
  ).body;
  t.equal(room.record, true, 'rooms are recorded by default');
  const { members, paging } = (await ask('GET', `/rooms/${room.id}/members`)).body;
  t.strictSame(
    members.map(({ user_id, type, name }: Record<string, string>) => [user_id, type, name]),
    [
      ['user-42', 'monitor', 'Second'],
      ['user-17', 'guest', 'Tomas Ridgewell'],
      ['teacher-ines', 'host', 'Inês Carvalhal'],
    ],
    'the last entry wins, and members take precedence over user_ids',
  );
  t.equal(paging.total, 3);
});

t.test('a room with an unknown user is not created', async (t) => {
  const { ask, rows } = await pagecall(t, NOW);
  const before = await rows();
  t.strictSame(
    (
      await ask('POST', '/rooms', {
        name: 'x',
        type: 'open',
        members: [
          { user_id: 'user-42', type: 'guest' },
          { user_id: 'nobody', type: 'guest' },
        ],
      })
    ).body,
    { message: 'user_id: no such user.' },
  );
  t.equal((await ask('POST', '/rooms', { name: 'x', type: 'open', user_ids: ['nobody'] })).status, 400);
  t.strictSame(await rows(), before);
});

t.test('settings that a room does not show are stored', async (t) => {
  const { ask, rows } = await pagecall(t, NOW);
  const webhook = { url: 'http://127.0.0.1:1/hook', headers: { 'x-key': 'k' } };
  const { room } = (
    await ask('POST', '/rooms', { name: 'x', type: 'public', webhook, max_meeting_seconds: 60, is_distinct: true })
  ).body;
  t.strictSame(Object.keys(room).sort(), [
    'application_id',
    'created_at',
    'id',
    'is_ephemeral',
    'is_recurring',
    'is_terminated',
    'meeting_time',
    'name',
    'organization_id',
    'record',
    'type',
    'updated_at',
  ]);
  t.match((await rows()).rooms.at(-1), { id: room.id, webhook, max_meeting_seconds: 60 });
});

t.test('a fixture room shows its optional fields', async (t) => {
  const { ask } = await pagecall(t, NOW);
  t.strictSame((await ask('GET', '/rooms/000585f36eed9e8fb6b655b4')).body.room, {
    id: '000585f36eed9e8fb6b655b4',
    application_id: '000000000000000000000a01',
    organization_id: '000000000000000000000b01',
    type: 'public',
    name: 'Sample Room',
    record: true,
    meeting_time: 3240,
    is_terminated: false,
    is_ephemeral: false,
    is_recurring: false,
    layout: 'SixAll',
    started_at: '2023-01-10T15:01:00.519Z',
    created_at: '2023-01-01T01:00:00.692Z',
    updated_at: '2023-01-10T16:00:00.246Z',
  });
});

t.test('a room is terminated once and never reopened', async (t) => {
  const { ask } = await pagecall(t, NOW);
  const before = (await ask('GET', `/rooms/${ENDED}`)).body.room;
  const moved = { ...before, updated_at: NOW };
  t.strictSame(
    (await ask('PUT', `/rooms/${ENDED}`, { is_terminated: true })).body,
    { room: moved, before },
    'the first termination time is kept',
  );
  t.strictSame((await ask('PUT', `/rooms/${ENDED}`, { is_terminated: false })).body, { room: moved, before: moved });
  t.strictSame((await ask('PUT', `/rooms/${ENDED}`)).body, { room: moved, before: moved });
  t.equal((await ask('POST', `/rooms/${ENDED}/members`, { user_id: 'user-23' })).status, 200, 'replays need members');
  t.strictSame(
    (await ask('POST', `/rooms/${ENDED}/message`, { message: '' })).body,
    { message: '' },
    'a message needs no open session',
  );
});

t.test('inviting again keeps omitted settings', async (t) => {
  const { ask } = await pagecall(t, NOW);
  const list = `/rooms/${OPEN}/members`;
  const before = (await ask('GET', `${list}/teacher-ines`)).body.member;
  t.strictSame((await ask('POST', list, { user_id: 'teacher-ines' })).body, { member: { ...before, updated_at: NOW } });
  t.strictSame(
    (
      await ask('POST', list, {
        user_id: 'teacher-ines',
        type: 'guest',
        options: { a: 1 },
        layout_id: 'x',
        options_preset_id: 'y',
      })
    ).body,
    { member: { ...before, type: 'guest', options: { a: 1 }, updated_at: NOW } },
  );
  t.equal(
    (await ask('POST', list, { user_id: 'supervisor-3' })).body.member.type,
    'monitor',
    'the default type is that of the user',
  );
});

t.test('a member id takes precedence over an equal user id', async (t) => {
  const { ask } = await pagecall(t, NOW);
  const member = (await ask('GET', `/rooms/${OPEN}/members/user-42`)).body.member;
  await ask('POST', '/users', { user_id: member.id });
  const twin = (await ask('POST', `/rooms/${OPEN}/members`, { user_id: member.id })).body.member;
  t.equal(twin.user_id, member.id);
  t.not(twin.id, member.id);
  t.strictSame((await ask('GET', `/rooms/${OPEN}/members/${member.id}`)).body, { member });
  t.strictSame((await ask('GET', `/rooms/${OPEN}/members/${twin.id}`)).body, { member: twin });
  t.equal((await ask('GET', `/rooms/${ENDED}/members/${member.id}`)).status, 400, 'only in its own room');
});

t.test('a member without a name has its user’s name, if any', async (t) => {
  const { ask } = await pagecall(t, NOW);
  await ask('POST', '/users', { user_id: 'plain' });
  t.notOk('name' in (await ask('POST', `/rooms/${OPEN}/members`, { user_id: 'plain' })).body.member);
  await ask('PUT', '/users/plain', { name: 'Now named' });
  t.equal((await ask('GET', `/rooms/${OPEN}/members/plain`)).body.member.name, 'Now named');
});

t.test('members are blocked in private rooms only', async (t) => {
  const { ask, act, rows } = await pagecall(t, NOW);
  const before = (await ask('GET', `/rooms/${OPEN}/members/user-42`)).body.member;
  t.strictSame((await ask('PUT', `/rooms/${OPEN}/members/user-42`, { name: 'changed', is_blocked: true })).body, {
    message: 'is_blocked: only members of a private room can be blocked.',
  });
  t.strictSame((await ask('GET', `/rooms/${OPEN}/members/user-42`)).body, { member: before }, 'nothing changed');
  t.strictSame((await ask('PUT', `/rooms/${OPEN}/members/user-42`, { is_blocked: false })).body, {
    member: { ...before, updated_at: NOW },
  });

  const { session } = (await act(`/rooms/${PRIVATE}/join`, { user_id: 'user-42' })).body;
  const other = (await act(`/rooms/${PRIVATE}/join`, { user_id: 'teacher-ines' })).body.session;
  t.equal((await ask('PUT', `/rooms/${PRIVATE}/members/user-42`, { is_blocked: true })).status, 200);
  t.strictSame((await ask('GET', `/rooms/${PRIVATE}/sessions?is_connecting=true`)).body.sessions, [other]);
  t.strictSame((await ask('GET', `/rooms/${PRIVATE}/sessions?user_id=user-42`)).body.sessions.at(-1), {
    ...session,
    disconnected_at: NOW,
  });
  t.equal((await act(`/rooms/${PRIVATE}/join`, { user_id: 'user-42' })).status, 403);
  await ask('POST', `/rooms/${PRIVATE}/members`, { user_id: 'user-42' });
  t.equal((await act(`/rooms/${PRIVATE}/join`, { user_id: 'user-42' })).status, 403, 'inviting again does not unblock');
  t.match(
    (await rows()).members.find((row: { id: string }) => row.id === session.member_id),
    { is_blocked: true },
  );
  await ask('PUT', `/rooms/${PRIVATE}/members/user-42`, { is_blocked: false });
  t.equal((await act(`/rooms/${PRIVATE}/join`, { user_id: 'user-42' })).status, 201);
});

t.test('joining depends on room type, membership and block', async (t) => {
  const { ask, act, rows } = await pagecall(t, NOW);
  const problem = (status: number, type: string, detail: RegExp) => ({
    status,
    headers: { 'content-type': /^application\/problem\+json/ },
    body: { type: `urn:understudy:${type}`, status, detail },
  });
  t.match(await act('/rooms/nowhere/join', {}), problem(404, 'unknown-room', /"nowhere"/));
  t.match(await act(`/rooms/${OPEN}/join`, { user_id: 'nobody' }), problem(404, 'unknown-user', /"nobody"/));
  t.match(await act(`/rooms/${OPEN}/join`, { access_token: 'dead' }), problem(404, 'unknown-token', /token/));
  t.match(await act(`/rooms/${OPEN}/leave`, { session_id: 'none' }), problem(404, 'unknown-session', /"none"/));
  t.match(await act(`/rooms/${ENDED}/join`, { user_id: 'teacher-ines' }), problem(403, 'join-refused', /terminated/));
  t.match(await act('/rooms/000585f36eed9e8fb6b655b4/join', {}), problem(403, 'join-refused', /anonymously/));
  t.match(await act(`/rooms/${PRIVATE}/join`), problem(403, 'join-refused', /anonymously/));
  t.match(await act(`/rooms/${PRIVATE}/join`, { user_id: 'user-17' }), problem(403, 'join-refused', /not a member/));
  t.match(await act(`/rooms/${PRIVATE}/join`, { user_id: 'user-23' }), problem(403, 'join-refused', /blocked/));
  t.equal((await act(`/rooms/${OPEN}/join`, { user_id: 'user-42', access_token: 'x' })).status, 400);

  const guest = await act(`/rooms/${OPEN}/join`);
  t.equal(guest.status, 201);
  t.notOk('user_id' in guest.body.session);
  const other = await act(`/rooms/${OPEN}/join`, {});
  t.not(other.body.session.member_id, guest.body.session.member_id, 'anonymous participants have different member ids');
  t.notOk(
    (await rows()).members.some((row: { id: string }) => row.id === guest.body.session.member_id),
    'an anonymous participant has no member',
  );

  const walkIn = await act('/rooms/000585f36eed9e8fb6b655b4/join', { user_id: 'supervisor-3' });
  t.match(
    (await ask('GET', '/rooms/000585f36eed9e8fb6b655b4/members/supervisor-3')).body.member,
    { id: walkIn.body.session.member_id, type: 'monitor' },
    'a user who joins becomes a member',
  );
  const left = await act('/rooms/000585f36eed9e8fb6b655b4/leave', { session_id: walkIn.body.session.id });
  t.strictSame(
    await act('/rooms/000585f36eed9e8fb6b655b4/leave', { session_id: walkIn.body.session.id }).then(({ body }) => body),
    left.body,
    'leaving twice changes nothing',
  );
  t.equal(
    (await act(`/rooms/${OPEN}/leave`, { session_id: walkIn.body.session.id })).status,
    404,
    'a session can be closed in its own room only',
  );
});

t.test('pages get the requested index or the next one', async (t) => {
  const { ask, rows } = await pagecall(t, NOW);
  const path = `/rooms/${OPEN}/pages`;
  const places = (body: { pages: { index: number }[] }) => body.pages.map((page) => page.index);
  t.strictSame(
    places((await ask('POST', `${path}/create_many`, [{}, { index: 0 }, { index: 9 }, { entities: [] }])).body),
    [2, 0, 9, 10],
  );
  t.strictSame(places((await ask('GET', path)).body), [0, 0, 1, 2, 9, 10]);
  t.strictSame((await ask('POST', `${path}/create_many`, [])).body, { pages: [] });
  const before = await rows();
  t.equal((await ask('POST', `${path}/create_many`, [{}, { index: -1 }])).status, 400);
  t.strictSame(await rows(), before, 'all or nothing');
  const { room } = (await ask('POST', '/rooms', { name: 'new', type: 'open' })).body;
  t.strictSame(places((await ask('POST', `/rooms/${room.id}/pages/create_many`, [{}, {}])).body), [0, 1]);
});

t.test('deleting a room deletes members, sessions and pages, but no user', async (t) => {
  const { ask, rows } = await pagecall(t, NOW);
  const before = await rows();
  const { room } = (await ask('GET', `/rooms/${OPEN}`)).body;
  t.strictSame((await ask('DELETE', `/rooms/${OPEN}`)).body, { room });
  const elsewhere = (row: { room_id: string }) => row.room_id !== OPEN;
  t.strictSame(await rows(), {
    ...before,
    rooms: before.rooms.filter((row: { id: string }) => row.id !== OPEN),
    members: before.members.filter(elsewhere),
    sessions: before.sessions.filter(elsewhere),
    pages: before.pages.filter(elsewhere),
  });
  t.strictSame((await ask('DELETE', `/rooms/${OPEN}`)).body, { message: 'Room not found.' });
});
