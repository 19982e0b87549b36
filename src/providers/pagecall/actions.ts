// Pagecall's actions: a participant joins or leaves a room, which the real API has no operation for.
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
  summary: 'joins a room as a user, by id or by access token, or anonymously',
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
      throw joinRefused(`Room ${room.id} was terminated at ${room.terminated_at}; it cannot be joined.`);
    return withWebhooks(sandbox, (events) =>
      sandbox.db.transaction(() => {
        const who =
          user === null
            ? { user_id: null, member_id: anonymousMemberId(sandbox, room) }
            : { user_id: user.user_id, member_id: memberFor(sandbox, room, user).id };
        return { session: toSession(sandbox, connect(sandbox, room, who, events)) };
      }),
    );
  },
};

const Leave = z.strictObject({ session_id: z.string() });

const leave: Action = {
  name: 'leave',
  summary: 'closes a session of a room; a closed session is unchanged',
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
      throw notFound('session', `Room ${room.id} has no session ${JSON.stringify(body.session_id)}.`);
    return withWebhooks(sandbox, (events) =>
      sandbox.db.transaction(() => ({ session: toSession(sandbox, disconnect(sandbox, room, session, events)) })),
    );
  },
};

/** Pagecall's actions: `join` and `leave`. */
export const ACTIONS: readonly Action[] = [join, leave];

function roomOf(sandbox: Sandbox, id: string): RoomRow {
  const room = findRoom(sandbox, id);
  if (room === undefined) throw notFound('room', `There is no room ${JSON.stringify(id)}.`);
  return room;
}

/** The user who joins; null for an anonymous participant. Throws a Problem, 404, for an unknown user or token. */
function participant(sandbox: Sandbox, { user_id, access_token }: z.output<typeof Join>): UserRow | null {
  if (user_id !== undefined) {
    const user = findUser(sandbox.db, user_id);
    if (user === undefined) throw notFound('user', `There is no user ${JSON.stringify(user_id)}.`);
    return user;
  }
  if (access_token === undefined) return null;
  const user = sandbox.db.get<UserRow>('select * from pagecall_users where access_token = ?', access_token);
  if (user === undefined) throw notFound('token', 'No user has this access token; a token is deleted with its user.');
  return user;
}

/**
 * A member id for an anonymous session, which has no member. Only open rooms accept anonymous participants
 * (documented).
 */
function anonymousMemberId(sandbox: Sandbox, room: RoomRow): string {
  if (room.type !== 'open')
    throw joinRefused(`Room ${room.id} is ${room.type}; only an open room can be joined anonymously.`);
  return sandbox.ids.next('', 24, HEX);
}

/** The user's member in the room; public and open rooms create it on joining (our choice). Throws a Problem, 403. */
function memberFor(sandbox: Sandbox, room: RoomRow, user: UserRow): MemberRow {
  const member = memberOfUser(sandbox, room.id, user.user_id);
  if (room.type === 'private') {
    if (member === undefined)
      throw joinRefused(`Room ${room.id} is private and ${JSON.stringify(user.user_id)} is not a member of it.`);
    if (member.is_blocked === 1) throw joinRefused(`${JSON.stringify(user.user_id)} is blocked in room ${room.id}.`);
  }
  if (member === undefined) invite(sandbox, room.id, user, {});
  return member ?? (memberOfUser(sandbox, room.id, user.user_id) as MemberRow);
}

function notFound(what: string, detail: string): Problem {
  return new Problem(404, `unknown-${what}`, detail);
}

function joinRefused(detail: string): Problem {
  return new Problem(403, 'join-refused', detail);
}
