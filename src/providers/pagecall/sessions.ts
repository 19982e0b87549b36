// Pagecall sessions (open or closed connections of a participant to a room): list. The API has no operation to create
// one.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import { operation, Paging, pathId, Session, withoutNulls } from './components.ts';
import { requiredRoom } from './meetings.ts';
import { flag, page, pageQuery, sortBy } from './paging.ts';
import { type SessionRow, workspace } from './schema.ts';

const GetRoomSessions = operation({
  operation: 'GetRoomSessions',
  method: 'GET',
  path: '/rooms/{room_id}/sessions',
  params: z.object({ room_id: pathId }),
  query: z.object({
    user_id: z.string().optional(),
    is_connecting: flag,
    ...pageQuery,
    // The SDK sorts by either name; both are the time of connecting.
    sort_by: sortBy(/^[+ -]?(created_at|connected_at)$/),
  }),
  response: z.object({ sessions: z.array(Session), paging: Paging }),
  handle({ sandbox, params, query }) {
    const room = requiredRoom(sandbox, params.room_id);
    const user = query.user_id ?? null;
    const open = query.is_connecting === undefined ? null : Number(query.is_connecting);
    const { rows, paging } = page<SessionRow>(
      sandbox.db,
      {
        table: 'pagecall_sessions',
        where: 'room_id = ? and (? is null or user_id = ?) and (? is null or (disconnected_at is null) = ?)',
        values: [room.id, user, user, open, open],
        order: 'connected_at',
      },
      query,
    );
    return { sessions: rows.map((row) => toSession(sandbox, row)), paging };
  },
});

export const SESSION_OPERATIONS: readonly Operation[] = [GetRoomSessions];

/** A session in its API form: no `user_id` when anonymous, no `disconnected_at` while open (our choice). */
export function toSession(sandbox: Sandbox, row: SessionRow): z.input<typeof Session> {
  return {
    id: row.id,
    member_id: row.member_id,
    ...withoutNulls({ user_id: row.user_id }),
    connected_at: row.connected_at,
    ...withoutNulls({ disconnected_at: row.disconnected_at }),
    room_id: row.room_id,
    ...workspace(sandbox),
  };
}
