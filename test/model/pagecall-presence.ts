// Random steps for Pagecall presence: join a room by user id, token or anonymously, and leave it.
import fc from 'fast-check';
import { type Call, expectResponse, type Json, seldom, step, which } from './model-runner.ts';
import { type Pagecall, USERS } from './pagecall-model.ts';

export const join = step<Pagecall, { room: number; who: string }>(
  'join a room',
  12,
  'rooms',
  { room: which, who: fc.constantFrom(...USERS, ...USERS, 'token of mia', 'dead token', 'anonymous') },
  async ({ room, who }, m, call) => {
    const id = m.room(room);
    const known = m.users.get(who === 'token of mia' ? 'mia' : who);
    const json = entrance(who, m, known);
    const answer = await call('POST', `/__admin/pagecall/rooms/${id}/join`, { json });
    const row = m.rooms.get(id);
    if (row === undefined || (who !== 'anonymous' && known === undefined)) return expectResponse(answer, 404);
    const member = known && m.memberOf(id, known.user_id);
    const admitted = known === undefined ? row.type === 'open' : row.type !== 'private' || member?.is_blocked === false;
    if (row.terminated_at !== null || !admitted) return expectResponse(answer, 403);
    await enter(m, call, row, known, answer.body.session);
    expectResponse(answer, 201, { session: m.shownSession(m.all('sessions').at(-1) as Json) });
  },
);

function entrance(who: string, m: Pagecall, known: Json | undefined): Json {
  if (who === 'anonymous') return {};
  if (who === 'token of mia') return { access_token: known?.access_token ?? 'nobody' };
  return who === 'dead token' ? { access_token: m.goneTokens.at(-1) ?? 'nobody' } : { user_id: who };
}

async function enter(m: Pagecall, call: Call, room: Json, known: Json | undefined, session: Json): Promise<void> {
  const member = known && (m.memberOf(room.id, known.user_id) ?? (await m.invite(call, room, known, {})));
  const row = {
    id: m.id(session.id),
    room_id: room.id,
    user_id: known?.user_id ?? null,
    member_id: member?.id ?? m.id(session.member_id),
    connected_at: m.iso,
    disconnected_at: null,
  };
  m.sessions.set(row.id, row);
  m.meet(room.id);
}

export const leave = step<Pagecall, { room: number; session: number; wrong: boolean | undefined }>(
  'leave a room',
  2,
  'sessions',
  { room: which, session: which, wrong: seldom(fc.constant(true)) },
  async ({ room, session, wrong }, m, call) => {
    const session_id = m.pick(m.sessions.keys(), session);
    const row = m.sessions.get(session_id);
    const id = wrong ? m.room(room) : (row?.room_id ?? m.room(room));
    const answer = await call('POST', `/__admin/pagecall/rooms/${id}/leave`, { json: { session_id } });
    if (row === undefined || row.room_id !== id) return expectResponse(answer, 404);
    m.close((one) => one === row);
    expectResponse(answer, 200, { session: m.shownSession(row) });
  },
);
