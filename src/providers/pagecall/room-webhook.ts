// The room webhook: set when the room is created, sent for every session that joins or leaves.
import type { Message } from '../../core/sandbox/webhooks.ts';
import type { RoomRow, SessionRow } from './schema.ts';

/** Presence counts after an event. */
export interface Counts {
  /** Open sessions. */
  readonly sessions: number;
  /** Members with an open session, including monitors, plus anonymous sessions. */
  readonly members: number;
}

/**
 * The webhook message of an event (documented); null when the room has no webhook. `userId` is omitted for an
 * anonymous session (our choice).
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
