// Presence: who is connected to a room, and what follows from it: meeting time, the end of a room, webhooks.
import { Failure } from '../../core/provider/errors.ts';
import { HEX } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Message } from '../../core/sandbox/webhooks.ts';
import { ERRORS } from './errors.ts';
import { type Counts, roomEvent } from './room-webhook.ts';
import type { RoomRow, SessionRow } from './schema.ts';

/** What receivers will be told once the work that caused it has committed. */
export type RoomEvents = Message[];

/** A room that ended because its maximum meeting time was used up. */
export interface EndedRoom {
  readonly resource: 'rooms';
  readonly id: string;
  /** The computed moment, not the time of the check. */
  readonly terminated_at: string;
}

/** Runs `work`, and tells receivers of its news afterwards: not at all when it throws, or is only played through. */
export function withWebhooks<T>(sandbox: Sandbox, work: (events: RoomEvents) => T, dryRun = false): T {
  const events: RoomEvents = [];
  const result = work(events);
  if (!dryRun) for (const message of events) sandbox.webhooks.send(message);
  return result;
}

/** The room as it is by now: one whose time is used up has ended before anybody looks at it. */
export function findRoom(sandbox: Sandbox, id: string): RoomRow | undefined {
  const room = readRoom(sandbox, id);
  return room !== undefined && endIfOverdue(sandbox, room) !== null ? readRoom(sandbox, id) : room;
}

/** The same; throws when there is no such room. */
export function requiredRoom(sandbox: Sandbox, id: string): RoomRow {
  const room = findRoom(sandbox, id);
  if (room === undefined) throw new Failure(ERRORS.ROOM_NOT_FOUND);
  return room;
}

/** Ends every room whose maximum meeting time is used up (documented) and says which, in order of time. */
export function endOverdueMeetings(sandbox: Sandbox): EndedRoom[] {
  return sandbox.db
    .all<RoomRow>(
      'select * from pagecall_rooms where meeting_since is not null and max_meeting_seconds is not null and terminated_at is null',
    )
    .sort((a, b) => (deadline(a) as number) - (deadline(b) as number))
    .map((room) => endIfOverdue(sandbox, room))
    .filter((ended) => ended !== null);
}

/** Meeting time so far in whole seconds, a running meeting included (our choice). */
export function meetingSeconds(room: RoomRow, now: number): number {
  return Math.floor(meetingMilliseconds(room, now) / 1000);
}

/** Opens a session and tells of it. */
export function connect(
  sandbox: Sandbox,
  room: RoomRow,
  who: { readonly user_id: string | null; readonly member_id: string },
  events: RoomEvents,
): SessionRow {
  const now = sandbox.clock.now();
  const session = sandbox.db.get<SessionRow>(
    'insert into pagecall_sessions (id, room_id, user_id, member_id, connected_at) values (?, ?, ?, ?, ?) returning *',
    sandbox.ids.next('', 24, HEX),
    room.id,
    who.user_id,
    who.member_id,
    iso(now),
  ) as SessionRow;
  addEvent('sessionJoined', room, session, presenceChanged(sandbox, room.id, now), now, events);
  return session;
}

/** Closes one session and tells of it; one that is closed already stays as it was. */
export function disconnect(sandbox: Sandbox, room: RoomRow, session: SessionRow, events: RoomEvents): SessionRow {
  if (session.disconnected_at !== null) return session;
  const now = sandbox.clock.now();
  close(sandbox, room, [session], now, events);
  return { ...session, disconnected_at: iso(now) };
}

/** Closes a member's open sessions, one by one. */
export function disconnectMember(sandbox: Sandbox, room: RoomRow, memberId: string, events: RoomEvents): void {
  const sessions = openSessions(sandbox, room.id).filter((session) => session.member_id === memberId);
  close(sandbox, room, sessions, sandbox.clock.now(), events);
}

/** Closes all open sessions of a room, one by one. */
export function disconnectAll(sandbox: Sandbox, room: RoomRow, now: number, events: RoomEvents): void {
  close(sandbox, room, openSessions(sandbox, room.id), now, events);
}

/** The rooms a user is connected to, as they are by now. */
export function roomsOfUser(sandbox: Sandbox, userId: string): RoomRow[] {
  return sandbox.db
    .all<{ room_id: string }>(
      'select distinct room_id from pagecall_sessions where user_id = ? and disconnected_at is null',
      userId,
    )
    .map(({ room_id }) => findRoom(sandbox, room_id) as RoomRow);
}

/** Closes a user's open sessions in a room, one by one. */
export function disconnectUser(sandbox: Sandbox, room: RoomRow, userId: string, events: RoomEvents): void {
  const sessions = openSessions(sandbox, room.id).filter((session) => session.user_id === userId);
  close(sandbox, room, sessions, sandbox.clock.now(), events);
}

/** Ends a room: its sessions close, and nobody gets in again. */
export function terminate(sandbox: Sandbox, room: RoomRow, at: number, events: RoomEvents): void {
  disconnectAll(sandbox, room, at, events);
  // Rows written by hand may say that a meeting runs though nobody is there.
  presenceChanged(sandbox, room.id, at);
  sandbox.db.run('update pagecall_rooms set terminated_at = ?, updated_at = ? where id = ?', iso(at), iso(at), room.id);
}

/**
 * Starts or ends the running stretch of a meeting after somebody came, went or became another type: it runs while
 * at least two take part, monitors not counted (our choice).
 */
export function presenceChanged(sandbox: Sandbox, roomId: string, at: number): Counts {
  const counts = sandbox.db.get<Counts & { participants: number }>(
    `select count(*) as sessions, count(distinct s.member_id) as members,
       count(distinct case when m.type is 'monitor' then null else s.member_id end) as participants
     from pagecall_sessions s left join pagecall_members m on m.id = s.member_id
     where s.room_id = ? and s.disconnected_at is null`,
    roomId,
  ) as Counts & { participants: number };
  const room = readRoom(sandbox, roomId) as RoomRow;
  if (counts.participants >= 2 && room.meeting_since === null) {
    sandbox.db.run(
      'update pagecall_rooms set meeting_since = ?, started_at = coalesce(started_at, ?) where id = ?',
      iso(at),
      iso(at),
      roomId,
    );
  } else if (counts.participants < 2 && room.meeting_since !== null) {
    const seconds = meetingMilliseconds(room, at) / 1000;
    sandbox.db.run('update pagecall_rooms set meeting_since = null, meeting_time = ? where id = ?', seconds, roomId);
  }
  return counts;
}

function readRoom(sandbox: Sandbox, id: string): RoomRow | undefined {
  return sandbox.db.get<RoomRow>('select * from pagecall_rooms where id = ?', id);
}

/** The sessions that are connected to a room, the oldest first. */
export function openSessions(sandbox: Sandbox, roomId: string): SessionRow[] {
  return sandbox.db.all<SessionRow>(
    'select * from pagecall_sessions where room_id = ? and disconnected_at is null order by connected_at, seq',
    roomId,
  );
}

/** Each exit is told with the counts after it, though they all happen at one moment (our choice). */
function close(sandbox: Sandbox, room: RoomRow, sessions: readonly SessionRow[], at: number, events: RoomEvents): void {
  for (const session of sessions) {
    sandbox.db.run('update pagecall_sessions set disconnected_at = ? where id = ?', iso(at), session.id);
    addEvent('sessionLeft', room, session, presenceChanged(sandbox, room.id, at), at, events);
  }
}

function addEvent(
  action: 'sessionJoined' | 'sessionLeft',
  room: RoomRow,
  session: SessionRow,
  counts: Counts,
  at: number,
  events: RoomEvents,
): void {
  const message = roomEvent(action, room, session, counts, iso(at));
  if (message !== null) events.push(message);
}

/** Ends the room if its time is used up. In a transaction of its own: what happened is not undone by a later refusal. */
function endIfOverdue(sandbox: Sandbox, room: RoomRow): EndedRoom | null {
  const at = deadline(room);
  if (at === null || at > sandbox.clock.now()) return null;
  withWebhooks(sandbox, (events) => sandbox.db.transaction(() => terminate(sandbox, room, at, events)));
  return { resource: 'rooms', id: room.id, terminated_at: iso(at) };
}

/** When the maximum will be used up if the meeting goes on; null when it is not running or has no maximum. */
function deadline(room: RoomRow): number | null {
  if (room.max_meeting_seconds === null || room.meeting_since === null || room.terminated_at !== null) return null;
  return (
    Date.parse(room.meeting_since) + Math.max(0, Math.round((room.max_meeting_seconds - room.meeting_time) * 1000))
  );
}

/** Clocks can be set back: a stretch never counts for less than nothing. */
function meetingMilliseconds(room: RoomRow, now: number): number {
  const running =
    room.meeting_since === null || room.terminated_at !== null ? 0 : Math.max(0, now - Date.parse(room.meeting_since));
  return Math.round(room.meeting_time * 1000) + running;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
