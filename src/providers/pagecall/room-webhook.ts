// A room's webhook: set when the room is made, told of every entry and exit.
import type { Message } from '../../core/sandbox/webhooks.ts';
import type { RoomRow, SessionRow } from './schema.ts';

/** How many are there after an event. */
export interface Counts {
  /** Open sessions. */
  readonly sessions: number;
  /** Members with an open session, monitors too, and anonymous sessions. */
  readonly members: number;
}

/**
 * What a room's receiver is told (documented), or null when it has none. `userId` is left out for an anonymous
 * session (our choice).
 */
export function roomEvent(
  action: 'sessionJoined' | 'sessionLeft',
  room: Pick<RoomRow, 'id' | 'webhook'>,
  session: SessionRow,
  counts: Counts,
  timestamp: string,
): Message | null {
  if (room.webhook === null) return null;
  const { url, headers = {} } = JSON.parse(room.webhook) as { url: string; headers?: Record<string, string> };
  const payload = {
    roomId: room.id,
    ...(session.user_id === null ? {} : { userId: session.user_id }),
    memberId: session.member_id,
    sessionId: session.id,
    sessionsCount: counts.sessions,
    membersCount: counts.members,
    timestamp,
  };
  return { key: `pagecall/${room.id}`, url, headers, body: { action, payload } };
}
