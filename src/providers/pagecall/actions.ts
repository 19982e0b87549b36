// What participants do and no call of Pagecall's API does: entering and leaving a room.
import { z } from 'zod';
import type { Call } from '../../core/http/call.ts';
import { Problem } from '../../core/problem.ts';
import type { Action } from '../../core/provider/provider.ts';
import { HEX } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import { Session } from './components.ts';
import { connect, disconnect, findRoom, withWebhooks } from './meetings.ts';
import { invite, memberOfUser } from './members.ts';
import type { MemberRow, RoomRow, SessionRow, UserRow } from './schema.ts';
import { toSession } from './sessions.ts';
import { findUser } from './users.ts';

const RoomPath = z.object({ id: z.string().describe('Id of the room.') });
const response = z.object({ session: Session });

const Join = z
  .strictObject({ user_id: z.string().optional(), access_token: z.string().optional() })
  .refine(
    ({ user_id, access_token }) => user_id === undefined || access_token === undefined,
    'takes user_id or access_token, not both',
  );

/** The call of an action on a room with this body. */
type RoomCall<Body extends z.ZodType> = Call<null, z.output<typeof RoomPath>, undefined, undefined, z.output<Body>>;

const join: Action = {
  name: 'join',
  summary: 'enters a room as a user, by id or by access token, or anonymously',
  path: '/rooms/{id}/join',
  params: RoomPath,
  body: Join,
  status: 201,
  response,
  handle(call) {
    const { sandbox, params, body } = call as RoomCall<typeof Join>;
    const room = roomOf(sandbox, params.id);
    const user = participant(sandbox, body);
    if (room.terminated_at !== null)
      throw refused(`Room ${room.id} was terminated at ${room.terminated_at}; nobody can join it.`);
    return withWebhooks(sandbox, (events) =>
      sandbox.db.transaction(() => {
        const who =
          user === null
            ? { user_id: null, member_id: stranger(sandbox, room) }
            : { user_id: user.user_id, member_id: admitted(sandbox, room, user).id };
        return { session: toSession(sandbox, connect(sandbox, room, who, events)) };
      }),
    );
  },
};

const Leave = z.strictObject({ session_id: z.string() });

const leave: Action = {
  name: 'leave',
  summary: 'closes a session of a room; one that is closed already stays as it is',
  path: '/rooms/{id}/leave',
  params: RoomPath,
  body: Leave,
  status: 200,
  response,
  handle(call) {
    const { sandbox, params, body } = call as RoomCall<typeof Leave>;
    const room = roomOf(sandbox, params.id);
    const session = sandbox.db.get<SessionRow>(
      'select * from pagecall_sessions where id = ? and room_id = ?',
      body.session_id,
      room.id,
    );
    if (session === undefined)
      throw missing('session', `Room ${room.id} has no session ${JSON.stringify(body.session_id)}.`);
    return withWebhooks(sandbox, (events) =>
      sandbox.db.transaction(() => ({ session: toSession(sandbox, disconnect(sandbox, room, session, events)) })),
    );
  },
};

export const ACTIONS: readonly Action[] = [join, leave];

function roomOf(sandbox: Sandbox, id: string): RoomRow {
  const room = findRoom(sandbox, id);
  if (room === undefined) throw missing('room', `There is no room ${JSON.stringify(id)}.`);
  return room;
}

/** Who wants in; null for somebody without a name. */
function participant(sandbox: Sandbox, { user_id, access_token }: z.output<typeof Join>): UserRow | null {
  if (user_id !== undefined) {
    const user = findUser(sandbox.db, user_id);
    if (user === undefined) throw missing('user', `There is no user ${JSON.stringify(user_id)}.`);
    return user;
  }
  if (access_token === undefined) return null;
  const user = sandbox.db.get<UserRow>('select * from pagecall_users where access_token = ?', access_token);
  if (user === undefined) throw missing('token', 'The access token belongs to no user; it dies with its user.');
  return user;
}

/** An id for an anonymous session, behind which there is no member; only open rooms take such (documented). */
function stranger(sandbox: Sandbox, room: RoomRow): string {
  if (room.type !== 'open')
    throw refused(`Room ${room.id} is ${room.type}; only an open room can be joined anonymously.`);
  return sandbox.ids.next('', 24, HEX);
}

/** The user's place in the room; public and open rooms make one on the way in (our choice). */
function admitted(sandbox: Sandbox, room: RoomRow, user: UserRow): MemberRow {
  const member = memberOfUser(sandbox, room.id, user.user_id);
  if (room.type === 'private') {
    if (member === undefined)
      throw refused(`Room ${room.id} is private and ${JSON.stringify(user.user_id)} is no member of it.`);
    if (member.is_blocked === 1) throw refused(`${JSON.stringify(user.user_id)} is blocked in room ${room.id}.`);
  }
  if (member === undefined) invite(sandbox, room.id, user, {});
  return member ?? (memberOfUser(sandbox, room.id, user.user_id) as MemberRow);
}

function missing(what: string, detail: string): Problem {
  return new Problem(404, `unknown-${what}`, `Unknown ${what}`, detail);
}

function refused(detail: string): Problem {
  return new Problem(403, 'join-refused', 'Not let in', detail);
}
