// Pagecall rooms: list, create, read, rename or terminate, delete.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import { HEX } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import {
  CreateRoomRequest,
  operation,
  Paging,
  pathId,
  Room,
  type RoomMember,
  UpdateRoomRequest,
  withoutNulls,
} from './components.ts';
import {
  disconnectAll,
  endOverdueMeetings,
  meetingSeconds,
  requiredRoom,
  terminate,
  withWebhooks,
} from './meetings.ts';
import { invite, resolveInvitations } from './members.ts';
import { flag, page, publishedPageQuery, sortByCreated } from './paging.ts';
import { type RoomRow, workspace } from './schema.ts';

const params = z.object({ id: pathId });
const wrapped = z.object({ room: Room });

const listRooms = operation({
  operation: 'listRooms',
  method: 'GET',
  path: '/rooms',
  query: z.object({
    ...publishedPageQuery,
    name: z.string().optional(),
    layout: z.string().optional(),
    is_terminated: flag,
    sort_by: sortByCreated,
  }),
  response: z.object({ rooms: z.array(Room), paging: Paging }),
  handle({ sandbox, query }) {
    endOverdueMeetings(sandbox);
    const name = query.name ?? null;
    const layout = query.layout ?? null;
    const terminated = query.is_terminated === undefined ? null : Number(query.is_terminated);
    const { rows, paging } = page<RoomRow>(
      sandbox.db,
      {
        table: 'pagecall_rooms',
        where:
          '(? is null or name = ?) and (? is null or layout = ?) and (? is null or (terminated_at is not null) = ?)',
        values: [name, name, layout, layout, terminated, terminated],
        order: 'created_at',
      },
      query,
    );
    return { rooms: rows.map((row) => toRoom(sandbox, row)), paging };
  },
});

const createRoom = operation({
  operation: 'createRoom',
  method: 'POST',
  path: '/rooms',
  body: CreateRoomRequest,
  // The contract declares `paging` here without a meaning; it is never sent.
  response: wrapped.extend({ paging: Paging.optional() }),
  handle({ sandbox, body }) {
    const invitations = resolveInvitations(sandbox, invitationsOf(body));
    return sandbox.db.transaction(() => {
      const now = sandbox.clock.iso();
      const room = sandbox.db.get<RoomRow>(
        `insert into pagecall_rooms (id, type, name, record, meeting_time, max_meeting_seconds, webhook, layout_id, created_at, updated_at)
         values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?) returning *`,
        sandbox.ids.next('', 24, HEX),
        body.type,
        body.name,
        Number(body.record ?? true),
        body.max_meeting_seconds ?? null,
        body.webhook === undefined ? null : JSON.stringify(body.webhook),
        body.layout_id ?? null,
        now,
        now,
      ) as RoomRow;
      for (const { user, ...settings } of invitations) invite(sandbox, room.id, user, settings);
      return { room: toRoom(sandbox, room) };
    });
  },
});

const getRoom = operation({
  operation: 'getRoom',
  method: 'GET',
  path: '/rooms/{id}',
  params,
  response: wrapped,
  handle: ({ sandbox, params }) => ({ room: toRoom(sandbox, requiredRoom(sandbox, params.id)) }),
});

const updateRoom = operation({
  operation: 'updateRoom',
  method: 'PUT',
  path: '/rooms/{id}',
  params,
  body: UpdateRoomRequest,
  response: wrapped.extend({ before: Room }),
  handle({ sandbox, params, body }) {
    const row = requiredRoom(sandbox, params.id);
    const before = toRoom(sandbox, row);
    return withWebhooks(sandbox, (events) =>
      sandbox.db.transaction(() => {
        const now = sandbox.clock.now();
        // Only `true` is documented; a terminated room cannot be reopened (our choice).
        if (body.is_terminated === true && row.terminated_at === null) terminate(sandbox, row, now, events);
        const after = sandbox.db.get<RoomRow>(
          'update pagecall_rooms set name = coalesce(?, name), updated_at = ? where id = ? returning *',
          body.name ?? null,
          new Date(now).toISOString(),
          row.id,
        ) as RoomRow;
        return { room: toRoom(sandbox, after), before };
      }),
    );
  },
});

const deleteRoom = operation({
  operation: 'deleteRoom',
  method: 'DELETE',
  path: '/rooms/{id}',
  params,
  response: wrapped,
  handle(call) {
    const { sandbox } = call;
    const row = requiredRoom(sandbox, call.params.id);
    const room = toRoom(sandbox, row);
    return withWebhooks(
      sandbox,
      (events) =>
        call.remove(() => {
          // Open sessions are closed first; members, sessions and pages are deleted by cascade.
          disconnectAll(sandbox, row, sandbox.clock.now(), events);
          sandbox.db.run('delete from pagecall_rooms where id = ?', row.id);
          return { room };
        }),
      call.dryRun,
    );
  },
});

export const ROOM_OPERATIONS: readonly Operation[] = [listRooms, createRoom, getRoom, updateRoom, deleteRoom];

/** One invitation per user: the last entry of `members` wins, and `members` wins over `user_ids` (our choice). */
function invitationsOf(body: z.output<typeof CreateRoomRequest>): Partial<z.output<typeof RoomMember>>[] {
  const invitations = new Map<string, Partial<z.output<typeof RoomMember>>>();
  for (const member of body.members ?? []) invitations.set(member.user_id, member);
  for (const user_id of body.user_ids ?? []) if (!invitations.has(user_id)) invitations.set(user_id, { user_id });
  return [...invitations.values()];
}

function toRoom(sandbox: Sandbox, row: RoomRow): z.input<typeof Room> {
  return {
    id: row.id,
    ...workspace(sandbox),
    type: row.type,
    name: row.name,
    record: row.record === 1,
    meeting_time: meetingSeconds(row, sandbox.clock.now()),
    is_terminated: row.terminated_at !== null,
    is_ephemeral: false,
    is_recurring: false,
    ...withoutNulls({
      created_user_id: row.created_user_id,
      thumbnail_url: row.thumbnail_url,
      last_thumbnail_updated_at: row.last_thumbnail_updated_at,
      room_template_id: row.room_template_id,
      layout: row.layout,
      layout_id: row.layout_id,
      started_at: row.started_at,
      terminated_at: row.terminated_at,
    }),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
