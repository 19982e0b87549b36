// Random steps for Pagecall: users, rooms, members, pages, joins and leaves.
import fc from 'fast-check';
import {
  expectResponse,
  type Json,
  type ModelTest,
  optional,
  seldom,
  sequence,
  step,
  wait,
  which,
} from './model-runner.ts';
import { KEY, Pagecall, USERS } from './pagecall-model.ts';
import { join, leave } from './pagecall-presence.ts';

const user = fc.constantFrom(...USERS);
const memberType = fc.constantFrom('guest', 'host', 'monitor');
const name = fc.constantFrom('', 'Mia', '홍길동');

type Maybe<T> = T | undefined;

const path = (id: string) => `/pagecall/v1/users/${encodeURIComponent(id)}`;

const putUser = step<Pagecall, { user_id: string; name: Maybe<string>; default_member_type: Maybe<string> }>(
  'create or overwrite a user',
  3,
  null,
  { user_id: user, name: optional(name), default_member_type: optional(memberType) },
  async (json, m, call) => {
    const answer = await call('POST', '/pagecall/v1/users', { headers: KEY, json });
    const known = m.users.get(json.user_id);
    if (known !== undefined) {
      m.saw('a user was overwritten');
      change(known, m, json);
      return expectResponse(answer, 200, { user: m.shownUser(known) });
    }
    const row = {
      id: m.id(answer.body.user.id),
      user_id: json.user_id,
      name: json.name ?? null,
      profile_url: null,
      default_member_type: json.default_member_type ?? 'guest',
      access_token: m.fresh(answer.body.user.access_token, /^[\w-]{32}$/),
      email: null,
      metadata: {},
      ...m.stamps,
    };
    m.users.set(row.user_id, row);
    expectResponse(answer, 200, { user: m.shownUser(row) });
  },
);

/** Updates the given members of a row. */
function change(row: Json, m: Pagecall, given: Json): void {
  for (const [key, value] of Object.entries(given)) if (value !== undefined) row[key] = value;
  row.updated_at = m.iso;
}

const updateUser = step<Pagecall, { id: string; name: Maybe<string>; default_member_type: Maybe<string> }>(
  'update a user',
  1,
  'users',
  { id: user, name: optional(name), default_member_type: optional(memberType) },
  async ({ id, ...json }, m, call) => {
    const answer = await call('PUT', path(id), { headers: KEY, json });
    const row = m.users.get(id);
    if (row === undefined) return expectResponse(answer, 400);
    change(row, m, json);
    expectResponse(answer, 200, { user: m.shownUser(row) });
  },
);

const deleteUser = step<Pagecall, { id: string }>(
  'delete a user',
  2,
  'users',
  { id: user },
  async ({ id }, m, call) => {
    const answer = await call('DELETE', path(id), { headers: KEY });
    const row = m.users.get(id);
    if (row === undefined) return expectResponse(answer, 400);
    const last = m.shownUser(row);
    m.deleteUser(row);
    expectResponse(answer, 200, { user: last });
  },
);

type NewRoom = {
  type: string;
  max_meeting_seconds: Maybe<number>;
  members: Maybe<{ user_id: string; type: string; name: Maybe<string> }[]>;
  user_ids: Maybe<string[]>;
};

const createRoom = step<Pagecall, NewRoom>(
  'create a room',
  2,
  null,
  {
    type: fc.constantFrom('open', 'public', 'private', 'private'),
    max_meeting_seconds: fc.constantFrom(undefined, 1, 10),
    members: optional(fc.array(fc.record({ user_id: user, type: memberType, name: optional(name) }), { maxLength: 3 })),
    user_ids: optional(fc.array(user, { maxLength: 2 })),
  },
  async (given, m, call) => {
    const answer = await call('POST', '/pagecall/v1/rooms', { headers: KEY, json: { name: 'Algebra', ...given } });
    const invitations = new Map<string, Json>();
    for (const member of given.members ?? []) invitations.set(member.user_id, member);
    for (const user_id of given.user_ids ?? []) if (!invitations.has(user_id)) invitations.set(user_id, {});
    if ([...invitations.keys()].some((id) => !m.users.has(id))) return expectResponse(answer, 400);
    const room = {
      id: m.id(answer.body.room.id),
      type: given.type,
      name: 'Algebra',
      record: true,
      meeting_time: 0,
      meeting_since: null,
      max_meeting_seconds: given.max_meeting_seconds ?? null,
      webhook: null,
      layout: null,
      layout_id: null,
      thumbnail_url: null,
      created_user_id: null,
      last_thumbnail_updated_at: null,
      room_template_id: null,
      started_at: null,
      terminated_at: null,
      ...m.stamps,
    };
    m.rooms.set(room.id, room);
    expectResponse(answer, 200, { room: m.shownRoom(room) });
    for (const [id, settings] of invitations) await m.invite(call, room, m.users.get(id) as Json, settings);
  },
);

const updateRoom = step<Pagecall, { room: number; name: Maybe<string>; is_terminated: Maybe<boolean> }>(
  'rename or terminate a room',
  2,
  'rooms',
  { room: which, name: optional(name), is_terminated: seldom(fc.boolean()) },
  async ({ room, ...json }, m, call) => {
    const id = m.room(room);
    const answer = await call('PUT', `/pagecall/v1/rooms/${id}`, { headers: KEY, json });
    const row = m.rooms.get(id);
    if (row === undefined) return expectResponse(answer, 400);
    const before = m.shownRoom(row);
    if (json.is_terminated && row.terminated_at === null) m.terminate(row);
    change(row, m, { name: json.name });
    expectResponse(answer, 200, { room: m.shownRoom(row), before });
  },
);

const deleteRoom = step<Pagecall, { room: number }>(
  'delete a room',
  2,
  'rooms',
  { room: which },
  async ({ room }, m, call) => {
    const id = m.room(room);
    const answer = await call('DELETE', `/pagecall/v1/rooms/${id}`, { headers: KEY });
    const row = m.rooms.get(id);
    if (row === undefined) return expectResponse(answer, 400);
    const last = m.shownRoom(row);
    m.deleteRoom(row);
    expectResponse(answer, 200, { room: last });
  },
);

const invite = step<Pagecall, { room: number; user_id: string; type: Maybe<string>; options: Maybe<Json> }>(
  'invite a member',
  6,
  'rooms',
  { room: which, user_id: user, type: optional(memberType), options: seldom(fc.constant({ mute: true })) },
  async ({ room, ...json }, m, call) => {
    const id = m.room(room);
    const answer = await call('POST', `/pagecall/v1/rooms/${id}/members`, { headers: KEY, json });
    const [row, guest] = [m.rooms.get(id), m.users.get(json.user_id)];
    if (row === undefined || guest === undefined) return expectResponse(answer, 400);
    const member = await m.invite(call, row, guest, json);
    m.meet(id);
    expectResponse(answer, 200, { member: m.shownMember(member) });
  },
);

type Change = { name: Maybe<string>; type: Maybe<string>; is_blocked: Maybe<boolean> };

const updateMember = step<Pagecall, Change & { member: number; elsewhere: Maybe<number>; byUser: boolean }>(
  'change or block a member',
  5,
  'members',
  {
    member: which,
    elsewhere: seldom(which),
    byUser: fc.boolean(),
    name: optional(name),
    type: optional(memberType),
    is_blocked: fc.constantFrom(undefined, true, true, false),
  },
  async ({ member: n, elsewhere, byUser, ...json }, m, call) => {
    const picked = m.members.get(m.pick(m.members.keys(), n));
    const id = elsewhere === undefined ? (picked?.room_id ?? 'never-was') : m.room(elsewhere);
    const address = encodeURIComponent((byUser ? picked?.user_id : picked?.id) ?? 'never-was');
    const answer = await call('PUT', `/pagecall/v1/rooms/${id}/members/${address}`, { headers: KEY, json });
    const row = m.rooms.get(id);
    // A member id is valid in its own room only; a user id in every room of which the user is a member.
    const member = picked && (byUser || picked.room_id === id) ? m.memberOf(id, picked.user_id) : undefined;
    if (row === undefined || member === undefined) return expectResponse(answer, 400);
    if (json.is_blocked && row.type !== 'private') return expectResponse(answer, 400);
    change(member, m, json);
    if (json.is_blocked && m.close(({ member_id }) => member_id === member.id)) m.saw('a connected member was blocked');
    m.meet(id);
    expectResponse(answer, 200, { member: m.shownMember(member) });
  },
);

const addPages = step<Pagecall, { room: number; indexes: Maybe<number>[] }>(
  'add pages',
  2,
  'rooms',
  { room: which, indexes: fc.array(optional(fc.nat(3)), { maxLength: 3 }) },
  async ({ room, indexes }, m, call) => {
    const id = m.room(room);
    const json = indexes.map((index) => ({ index }));
    const answer = await call('POST', `/pagecall/v1/rooms/${id}/pages/create_many`, { headers: KEY, json });
    if (!m.rooms.has(id)) return expectResponse(answer, 400);
    const made = indexes.map((index, n) => {
      const taken = m.all('pages').filter(({ room_id }) => room_id === id);
      const next = Math.max(-1, ...taken.map((page) => page.index)) + 1;
      const size = { width: 4000, height: 3000 };
      const page = { id: m.id(answer.body.pages[n].id), room_id: id, entities: [], size, index: index ?? next };
      m.pages.set(page.id, page);
      return m.shownPage(page);
    });
    expectResponse(answer, 200, { pages: made });
  },
);

/** Two users meet in a room to which they were invited. */
const lesson = (max_meeting_seconds: Maybe<number>) =>
  sequence<Pagecall>(2, [
    putUser.of({ user_id: 'mia', name: 'Mia', default_member_type: 'host' }),
    putUser.of({ user_id: 'noé', name: undefined, default_member_type: 'guest' }),
    createRoom.of({
      type: 'private',
      max_meeting_seconds,
      members: [{ user_id: 'mia', type: 'host', name: undefined }],
      user_ids: ['noé'],
    }),
    addPages.of({ room: 0, indexes: [undefined, undefined] }),
    join.of({ room: 0, who: 'mia' }),
    join.of({ room: 0, who: 'noé' }),
  ]);

export const pagecall: ModelTest<Pagecall> = {
  provider: 'pagecall',
  model: Pagecall,
  steps: [
    lesson(undefined),
    lesson(10),
    putUser,
    updateUser,
    deleteUser,
    createRoom,
    updateRoom,
    deleteRoom,
    invite,
    updateMember,
    addPages,
    join,
    leave,
    wait<Pagecall>(3, fc.constantFrom(1, 600, 10_000, 10_000)),
  ],
  landmarks: [
    'a user was overwritten',
    'a user was deleted while connected',
    'memberships were deleted with their user',
    'sessions remained without their user',
    'members were deleted with their room',
    'sessions were deleted with their room',
    'pages were deleted with their room',
    'a meeting started',
    'a meeting reached its maximum',
    'a connected member was blocked',
  ],
};
