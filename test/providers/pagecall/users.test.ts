// Pagecall users: overwriting, unusual ids and deletion.
import t from 'tap';
import { pagecall } from './client.ts';

const LATER = '2025-06-02T08:00:00.000Z';

t.test('creating an existing user overwrites the given fields and keeps the others', async (t) => {
  const { ask } = await pagecall(t, LATER);
  const before = (await ask('GET', '/users/teacher-ines')).body.user;
  const place = (await ask('GET', '/users')).body.users.findIndex(
    (user: { user_id: string }) => user.user_id === 'teacher-ines',
  );
  const again = await ask('POST', '/users', { user_id: 'teacher-ines', name: 'Inês C.', metadata: { new: true } });
  t.equal(again.status, 200);
  t.strictSame(
    again.body,
    { user: { ...before, name: 'Inês C.', metadata: { new: true }, updated_at: LATER } },
    'id, token, type and created_at stay, metadata is replaced',
  );
  t.equal(
    (await ask('GET', '/users')).body.users.findIndex((user: { user_id: string }) => user.user_id === 'teacher-ines'),
    place,
  );
  t.strictSame(
    (await ask('POST', '/users', { user_id: 'teacher-ines', default_member_type: 'monitor' })).body.user
      .default_member_type,
    'monitor',
  );
  t.match(
    (await ask('GET', '/rooms/674d8520d61d4565c07509e5/members/teacher-ines')).body.member,
    { type: 'host', name: 'Inês C.' },
    'memberships are kept',
  );
});

t.test('an update keeps omitted fields, and sets updated_at even when empty', async (t) => {
  const { ask } = await pagecall(t, LATER);
  const before = (await ask('GET', '/users/supervisor-3')).body.user;
  t.strictSame((await ask('PUT', '/users/supervisor-3')).body, { user: { ...before, updated_at: LATER } });
  t.strictSame((await ask('PUT', '/users/supervisor-3', { name: '', user_id: 'other' })).body, {
    user: { ...before, name: '', updated_at: LATER },
  });
  t.strictSame((await ask('PUT', '/users/supervisor-3', { profile_url: 'not a URL' })).body, {
    user: { ...before, name: '', profile_url: 'not a URL', updated_at: LATER },
  });
});

t.test('a deletion removes memberships and keeps sessions without the user id', async (t) => {
  const { ask, act, rows } = await pagecall(t, LATER);
  const room = '674d8520d61d4565c07509e5';
  const before = await rows();
  const { session } = (await act(`/rooms/${room}/join`, { user_id: 'user-42' })).body;
  const user = (await ask('GET', '/users/user-42')).body.user;

  t.strictSame((await ask('DELETE', '/users/user-42')).body, { user });

  const after = await rows();
  const others = <T extends { user_id?: string | null }>(list: T[]) => list.filter((row) => row.user_id !== 'user-42');
  t.strictSame(after.users, others(before.users));
  t.strictSame(after.members, others(before.members));
  t.strictSame(after.rooms, before.rooms);
  t.strictSame(after.pages, before.pages);
  t.strictSame(after.sessions, [
    ...before.sessions.map((row: { user_id: string; disconnected_at: string | null }) =>
      row.user_id === 'user-42' ? { ...row, user_id: null, disconnected_at: row.disconnected_at ?? LATER } : row,
    ),
    {
      id: session.id,
      room_id: room,
      user_id: null,
      member_id: session.member_id,
      connected_at: LATER,
      disconnected_at: LATER,
    },
  ]);
  t.equal((await act(`/rooms/${room}/join`, { access_token: user.access_token })).status, 404, 'the token is invalid');
  t.strictSame((await ask('DELETE', '/users/user-42')).body, { message: 'User not found.' });
  t.equal((await ask('DELETE', '/users/user-42')).status, 400);

  const reborn = (await ask('POST', '/users', { user_id: 'user-42' })).body.user;
  t.not(reborn.id, user.id);
  t.not(reborn.access_token, user.access_token);
  t.strictSame(reborn, {
    user_id: 'user-42',
    default_member_type: 'guest',
    access_token: reborn.access_token,
    created_at: LATER,
    updated_at: LATER,
    id: reborn.id,
    application_id: user.application_id,
    organization_id: user.organization_id,
    metadata: {},
  });
  t.strictSame((await rows()).members, after.members, 'no membership is restored');
  t.strictSame((await ask('GET', `/rooms/${room}/sessions?user_id=user-42`)).body.sessions, []);
});

t.test('ids of any text are compared exactly', async (t) => {
  const { ask } = await pagecall(t, LATER);
  const korean = '홍길동(A-1)';
  t.equal((await ask('GET', `/users/${encodeURIComponent(korean)}`)).body.user.user_id, korean);
  t.equal((await ask('GET', `/users/${encodeURI(korean)}`)).body.user.user_id, korean, 'brackets may be unescaped');
  t.equal((await ask('DELETE', `/users/${encodeURI(korean)}`)).status, 200);

  for (const id of [
    '가'.repeat(400),
    'y'.repeat(512),
    'a/b?c=d%41',
    'UPPER',
    'upper',
    'é',
    'e\u0301',
    ' ',
    '__proto__',
    '0',
  ]) {
    t.equal((await ask('POST', '/users', { user_id: id })).body.user?.user_id, id);
    t.equal((await ask('GET', `/users/${encodeURIComponent(id)}`)).body.user?.user_id, id);
  }
  for (const id of ['가'.repeat(400), 'a/b?c=d%41', 'é']) {
    t.equal((await ask('DELETE', `/users/${encodeURIComponent(id)}`)).body.user?.user_id, id);
  }
  t.equal(
    (await ask('GET', `/users/${encodeURIComponent('e\u0301')}`)).status,
    200,
    'the decomposed form of é is another user',
  );
  t.equal(
    (await ask('GET', '/users/642cdbef85fd90a348d9da1a')).status,
    400,
    'the internal id is not accepted in a path',
  );
});
