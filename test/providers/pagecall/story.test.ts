// A lesson from the first user to the last deletion, through every operation.
import t from 'tap';
import { pagecall } from './client.ts';

const NOW = '2025-06-01T10:00:00.000Z';
const HEX = /^[0-9a-f]{24}$/;
const WORKSPACE = { application_id: '000000000000000000000a01', organization_id: '000000000000000000000b01' };

t.test('a lesson is prepared, held and erased', async (t) => {
  const { ask, act } = await pagecall(t, NOW);

  const mia = (
    await ask('POST', '/users', {
      user_id: 'mia',
      name: 'Mia',
      profile_url: 'https://img.test/mia.png',
      metadata: { class: 7 },
    })
  ).body.user;
  t.match(mia.id, HEX);
  t.match(mia.access_token, /^[\w-]{32}$/);
  t.strictSame(mia, {
    user_id: 'mia',
    name: 'Mia',
    profile_url: 'https://img.test/mia.png',
    default_member_type: 'guest',
    access_token: mia.access_token,
    created_at: NOW,
    updated_at: NOW,
    id: mia.id,
    ...WORKSPACE,
    metadata: { class: 7 },
  });
  t.strictSame((await ask('GET', '/users/mia')).body, { user: mia }, 'the created user can be read');
  const host = (await ask('PUT', '/users/mia', { default_member_type: 'host' })).body.user;
  t.strictSame(host, { ...mia, default_member_type: 'host' });
  t.strictSame((await ask('GET', '/users?sort_by=-created_at&limit=1')).body, {
    users: [host],
    paging: { limit: 1, offset: 0, total: 8 },
  });

  const made = await ask('POST', '/rooms', {
    name: 'Algebra',
    type: 'private',
    record: false,
    layout_id: 'two-up',
    members: [{ user_id: 'mia', type: 'host', name: 'Teacher Mia' }],
    user_ids: ['user-42'],
  });
  const { room } = made.body;
  t.equal(made.status, 200);
  t.match(room.id, HEX);
  t.strictSame(made.body, {
    room: {
      id: room.id,
      ...WORKSPACE,
      type: 'private',
      name: 'Algebra',
      record: false,
      meeting_time: 0,
      is_terminated: false,
      is_ephemeral: false,
      is_recurring: false,
      layout_id: 'two-up',
      created_at: NOW,
      updated_at: NOW,
    },
  });
  t.strictSame((await ask('GET', `/rooms/${room.id}`)).body, { room });
  t.strictSame((await ask('GET', '/rooms?name=Algebra')).body, {
    rooms: [room],
    paging: { limit: 30, offset: 0, total: 1 },
  });

  const { members } = (await ask('GET', `/rooms/${room.id}/members`)).body;
  const [teacher, alice] = members;
  t.strictSame(members, [
    {
      id: teacher.id,
      user_id: 'mia',
      room_id: room.id,
      type: 'host',
      access_token: mia.access_token,
      name: 'Teacher Mia',
      ...WORKSPACE,
      is_anonymous: false,
      created_at: NOW,
      updated_at: NOW,
    },
    {
      id: alice.id,
      user_id: 'user-42',
      room_id: room.id,
      type: 'guest',
      access_token: 'BmLYUFLXPaPG0m_SGIi_ZyyCTFY9YCmz',
      name: 'Alice Moreau',
      ...WORKSPACE,
      is_anonymous: false,
      created_at: NOW,
      updated_at: NOW,
    },
  ]);
  const third = (await ask('POST', `/rooms/${room.id}/members`, { user_id: 'user-17', options: { chat: false } })).body
    .member;
  t.match(third, { user_id: 'user-17', type: 'guest', options: { chat: false } });
  t.strictSame((await ask('PUT', `/rooms/${room.id}/members/${third.id}`, { name: 'Tom', type: 'monitor' })).body, {
    member: { ...third, name: 'Tom', type: 'monitor' },
  });
  t.strictSame((await ask('GET', `/rooms/${room.id}/members/user-17`)).body, {
    member: { ...third, name: 'Tom', type: 'monitor' },
  });

  const image = { type: 'Image', src: 'https://img.test/board.png', fixed: true };
  const { pages } = (
    await ask('POST', `/rooms/${room.id}/pages/create_many`, [
      { entities: [image], size: { width: 800, height: 600 }, index: 4 },
      {},
    ])
  ).body;
  t.strictSame(pages, [
    { id: pages[0].id, entities: [image], size: { width: 800, height: 600 }, index: 4 },
    { id: pages[1].id, entities: [], size: { width: 4000, height: 3000 }, index: 5 },
  ]);
  t.strictSame((await ask('GET', `/rooms/${room.id}/pages`)).body, { pages });

  const joined = await act(`/rooms/${room.id}/join`, { access_token: mia.access_token });
  const { session } = joined.body;
  t.equal(joined.status, 201);
  t.strictSame(session, {
    id: session.id,
    member_id: teacher.id,
    user_id: 'mia',
    connected_at: NOW,
    room_id: room.id,
    ...WORKSPACE,
  });
  t.strictSame((await ask('GET', `/rooms/${room.id}/sessions?is_connecting=true`)).body, {
    sessions: [session],
    paging: { limit: 30, offset: 0, total: 1 },
  });
  t.strictSame((await ask('POST', `/rooms/${room.id}/message`, { message: 'Good morning' })).body, {
    message: 'Good morning',
  });
  const left = await act(`/rooms/${room.id}/leave`, { session_id: session.id });
  t.equal(left.status, 200);
  t.strictSame(left.body, { session: { ...session, disconnected_at: NOW } });

  const ended = { ...room, name: 'Algebra (over)', is_terminated: true, terminated_at: NOW };
  t.strictSame((await ask('PUT', `/rooms/${room.id}`, { name: 'Algebra (over)', is_terminated: true })).body, {
    room: ended,
    before: room,
  });

  t.strictSame((await ask('DELETE', '/users/mia')).body, { user: host }, 'a deletion returns the deleted user');
  t.strictSame(
    (await ask('GET', `/rooms/${room.id}/members`)).body.members.map((one: { user_id: string }) => one.user_id),
    ['user-42', 'user-17'],
  );
  const { user_id: _, ...anonymous } = session;
  t.strictSame(
    (await ask('GET', `/rooms/${room.id}/sessions`)).body.sessions,
    [{ ...anonymous, disconnected_at: NOW }],
    'sessions remain without the user id',
  );
  t.strictSame((await ask('DELETE', `/rooms/${room.id}`)).body, { room: ended });
  t.strictSame((await ask('GET', `/rooms/${room.id}`)).body, { message: 'Room not found.' });
});
