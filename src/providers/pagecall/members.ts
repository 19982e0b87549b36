// Pagecall members (a user in a room): list, create, read, update or block.
import { z } from 'zod';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { HEX } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import {
  CreateMemberRequest,
  Member,
  operation,
  Paging,
  pathId,
  UpdateMemberRequest,
  withoutNulls,
} from './components.ts';
import { ERRORS } from './errors.ts';
import { disconnectMember, presenceChanged, requiredRoom, withWebhooks } from './meetings.ts';
import { page, pageQuery, sortByCreated } from './paging.ts';
import { type MemberKind, type MemberRow, type UserRow, workspace } from './schema.ts';
import { findUser } from './users.ts';

/** A member with the fields of its user that the API includes. */
type KnownMember = MemberRow & { access_token: string; user_name: string | null };

const KNOWN_MEMBERS =
  '(select m.*, u.access_token, u.name as user_name from pagecall_members m join pagecall_users u on u.user_id = m.user_id)';

const roomParams = z.object({ room_id: pathId });
const memberParams = roomParams.extend({ member_id: pathId });
const wrapped = z.object({ member: Member });

const ListMembers = operation({
  operation: 'ListMembers',
  method: 'GET',
  path: '/rooms/{room_id}/members',
  params: roomParams,
  query: z.object({ ...pageQuery, sort_by: sortByCreated }),
  response: z.object({ members: z.array(Member), paging: Paging }),
  handle({ sandbox, params, query }) {
    const room = requiredRoom(sandbox, params.room_id);
    const { rows, paging } = page<KnownMember>(
      sandbox.db,
      { table: KNOWN_MEMBERS, where: 'room_id = ?', values: [room.id], order: 'created_at' },
      query,
    );
    return { members: rows.map((row) => toMember(sandbox, row)), paging };
  },
});

const CreateMember = operation({
  operation: 'CreateMember',
  method: 'POST',
  path: '/rooms/{room_id}/members',
  params: roomParams,
  body: CreateMemberRequest,
  response: wrapped,
  handle({ sandbox, params, body }) {
    const room = requiredRoom(sandbox, params.room_id);
    const [invitation] = resolveInvitations(sandbox, [body]);
    const { user, ...settings } = invitation as Invitation;
    return sandbox.db.transaction(() => {
      invite(sandbox, room.id, user, settings);
      // A repeated call can change the type of a connected member between monitor and participant.
      presenceChanged(sandbox, room.id, sandbox.clock.now());
      return { member: toMember(sandbox, memberOfUser(sandbox, room.id, user.user_id) as KnownMember) };
    });
  },
});

const GetMember = operation({
  operation: 'GetMember',
  method: 'GET',
  path: '/rooms/{room_id}/members/{member_id}',
  params: memberParams,
  response: wrapped,
  handle({ sandbox, params }) {
    const room = requiredRoom(sandbox, params.room_id);
    return { member: toMember(sandbox, requireMember(sandbox, room.id, params.member_id)) };
  },
});

const UpdateMember = operation({
  operation: 'UpdateMember',
  method: 'PUT',
  path: '/rooms/{room_id}/members/{member_id}',
  params: memberParams,
  body: UpdateMemberRequest,
  response: wrapped,
  handle({ sandbox, params, body }) {
    const room = requiredRoom(sandbox, params.room_id);
    const member = requireMember(sandbox, room.id, params.member_id);
    const blockable = room.type === 'private';
    if (body.is_blocked === true && !blockable) {
      throw new Failure(ERRORS.INVALID_PARAMETER, 'is_blocked: only members of a private room can be blocked.');
    }
    return withWebhooks(sandbox, (events) =>
      sandbox.db.transaction(() => {
        const now = sandbox.clock.now();
        sandbox.db.run(
          `update pagecall_members set name = coalesce(?, name), type = coalesce(?, type), is_blocked = coalesce(?, is_blocked),
             updated_at = ? where id = ?`,
          body.name ?? null,
          body.type ?? null,
          body.is_blocked === undefined || !blockable ? null : Number(body.is_blocked),
          new Date(now).toISOString(),
          member.id,
        );
        if (body.is_blocked === true) disconnectMember(sandbox, room, member.id, events);
        presenceChanged(sandbox, room.id, now);
        return { member: toMember(sandbox, requireMember(sandbox, room.id, member.id)) };
      }),
    );
  },
});

export const MEMBER_OPERATIONS: readonly Operation[] = [ListMembers, CreateMember, GetMember, UpdateMember];

interface MemberSettings {
  type?: MemberKind | undefined;
  name?: string | undefined;
  options?: Record<string, unknown> | undefined;
}

/** A user to invite, and the settings of the invitation. */
export type Invitation = MemberSettings & { user: UserRow };

/** Resolves the users of invitations, before anything is stored. Throws Failure NO_SUCH_USER for an unknown user. */
export function resolveInvitations(
  sandbox: Sandbox,
  invitations: readonly (MemberSettings & { user_id?: string })[],
): Invitation[] {
  return invitations.map(({ user_id, ...settings }) => {
    const user = findUser(sandbox.db, user_id as string);
    if (user === undefined) throw new Failure(ERRORS.NO_SUCH_USER);
    return { ...settings, user };
  });
}

/**
 * Makes a user a member of a room. An existing member keeps id, position, blocked state and the settings that the
 * invitation omits (our choice; the SDK repeats this call).
 */
export function invite(sandbox: Sandbox, roomId: string, user: UserRow, { type, name, options }: MemberSettings): void {
  const known = memberOfUser(sandbox, roomId, user.user_id);
  const now = sandbox.clock.iso();
  const json = options === undefined ? null : JSON.stringify(options);
  sandbox.db.run(
    `insert into pagecall_members (id, room_id, user_id, type, name, is_blocked, options, created_at, updated_at)
     values (?, ?, ?, ?, ?, 0, ?, ?, ?)
     on conflict (room_id, user_id) do update set type = coalesce(?, type), options = coalesce(excluded.options, options),
       updated_at = excluded.updated_at`,
    known?.id ?? sandbox.ids.next('', 24, HEX),
    roomId,
    user.user_id,
    type ?? user.default_member_type,
    name ?? null,
    json,
    now,
    now,
    type ?? null,
  );
}

/** The user's member in a room; undefined when there is none. */
export function memberOfUser(sandbox: Sandbox, roomId: string, userId: string): KnownMember | undefined {
  return sandbox.db.get<KnownMember>(
    `select * from ${KNOWN_MEMBERS} where room_id = ? and user_id = ?`,
    roomId,
    userId,
  );
}

/**
 * The member with that id or, failing that, that user id: the parameter's description and example disagree (our
 * choice).
 */
function requireMember(sandbox: Sandbox, roomId: string, id: string): KnownMember {
  const member =
    sandbox.db.get<KnownMember>(`select * from ${KNOWN_MEMBERS} where room_id = ? and id = ?`, roomId, id) ??
    memberOfUser(sandbox, roomId, id);
  if (member === undefined) throw new Failure(ERRORS.MEMBER_NOT_FOUND);
  return member;
}

function toMember(sandbox: Sandbox, row: KnownMember): z.input<typeof Member> {
  return {
    id: row.id,
    user_id: row.user_id,
    room_id: row.room_id,
    type: row.type,
    access_token: row.access_token,
    ...withoutNulls({
      name: row.name ?? row.user_name,
      options: row.options === null ? null : (JSON.parse(row.options) as Record<string, unknown>),
    }),
    ...workspace(sandbox),
    is_anonymous: false,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
