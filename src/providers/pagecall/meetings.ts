// Presence in rooms: sessions open and close, and with them meeting time, the end of a room, and webhooks.
import { Failure } from '../../core/provider/errors.ts';
import { HEX } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Message } from '../../core/sandbox/webhooks.ts';
import { ERRORS } from './errors.ts';
import { type Counts, roomEvent } from './room-webhook.ts';
import type { RoomRow, SessionRow } from './schema.ts';

/** Webhook messages to send after the transaction that caused them has committed. */
export type RoomEvents = Message[];

/** A room that was terminated because its maximum meeting time was reached. */
export interface EndedRoom {
  readonly resource: 'rooms';
  readonly id: string;
  /** The computed end, not the time of the check (ISO 8601). */
  readonly terminated_at: string;
}

/** Runs `work`, then sends the webhooks it collected: none when it throws or in a dry run. */
export function withWebhooks<T>(sandbox: Sandbox, work: (events: RoomEvents) => T, dryRun = false): T {
  const events: RoomEvents = [];
  const result = work(events);
  if (!dryRun) for (const message of events) sandbox.webhooks.send(message);
  return result;
}

/** The room of that id, terminated first if its maximum meeting time was reached; undefined when there is none. */
export function findRoom(sandbox: Sandbox, id: string): RoomRow | undefined {
  const room = readRoom(sandbox, id);
  return room !== undefined && endIfOverdue(sandbox, room) !== null ? readRoom(sandbox, id) : room;
}

/** The room of that id, like `findRoom`. Throws Failure ROOM_NOT_FOUND. */
export function requiredRoom(sandbox: Sandbox, id: string): RoomRow {
  const room = findRoom(sandbox, id);
  if (room === undefined) throw new Failure(ERRORS.ROOM_NOT_FOUND);
  return room;
}

/** Terminates every room whose maximum meeting time was reached (documented). Returns them in order of time. */
export function endOverdueMeetings(sandbox: Sandbox): EndedRoom[] {
  return sandbox.db
    .all<RoomRow>(
      'select * from pagecall_rooms where meeting_since is not null and max_meeting_seconds is not null and terminated_at is null',
    )
    .sort((a, b) => (deadline(a) as number) - (deadline(b) as number))
    .map((room) => endIfOverdue(sandbox, room))
    .filter((ended) => ended !== null);
}

/** Meeting time in whole seconds, including the running meeting (our choice). `now` is in milliseconds. */
export function meetingSeconds(room: RoomRow, now: number): number {
  return Math.floor(meetingMilliseconds(room, now) / 1000);
}

/** Opens a session and adds its webhook event. */
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

/** Closes a session and adds its webhook event; a closed session is unchanged. */
export function disconnect(sandbox: Sandbox, room: RoomRow, session: SessionRow, events: RoomEvents): SessionRow {
  if (session.disconnected_at !== null) return session;
  const now = sandbox.clock.now();
  close(sandbox, room, [session], now, events);
  return { ...session, disconnected_at: iso(now) };
}

/** Closes a member's open sessions in a room, one by one. */
export function disconnectMember(sandbox: Sandbox, room: RoomRow, memberId: string, events: RoomEvents): void {
  const sessions = openSessions(sandbox, room.id).filter((session) => session.member_id === memberId);
  close(sandbox, room, sessions, sandbox.clock.now(), events);
}

/** Closes all open sessions of a room, one by one. */
export function disconnectAll(sandbox: Sandbox, room: RoomRow, now: number, events: RoomEvents): void {
  close(sandbox, room, openSessions(sandbox, room.id), now, events);
}

/** The rooms a user is connected to; rooms whose time was reached are terminated first. */
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

/** Terminates a room and closes its sessions. A terminated room cannot be joined. */
export function terminate(sandbox: Sandbox, room: RoomRow, at: number, events: RoomEvents): void {
  disconnectAll(sandbox, room, at, events);
  // Rows from fixtures may have a running meeting without open sessions.
  presenceChanged(sandbox, room.id, at);
  sandbox.db.run('update pagecall_rooms set terminated_at = ?, updated_at = ? where id = ?', iso(at), iso(at), room.id);
}

/**
 * Starts or stops the meeting time of a room after its sessions or member types changed: it runs while at least
 * two participants, monitors excluded, are connected (our choice). Returns the counts of the room.
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

/** The open sessions of a room, oldest first. */
export function openSessions(sandbox: Sandbox, roomId: string): SessionRow[] {
  return sandbox.db.all<SessionRow>(
    'select * from pagecall_sessions where room_id = ? and disconnected_at is null order by connected_at, seq',
    roomId,
  );
}

/**
 * Closes sessions; each event has the counts after its own session closed, though all have the same time (our choice).
 */
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

/**
 * Terminates the room if its maximum meeting time was reached. Uses its own transaction, so that a later error does not
 * undo it.
 */
function endIfOverdue(sandbox: Sandbox, room: RoomRow): EndedRoom | null {
  const at = deadline(room);
  if (at === null || at > sandbox.clock.now()) return null;
  withWebhooks(sandbox, (events) => sandbox.db.transaction(() => terminate(sandbox, room, at, events)));
  return { resource: 'rooms', id: room.id, terminated_at: iso(at) };
}

/**
 * When the maximum meeting time will be reached, in milliseconds; null when no meeting is running or there is no
 * maximum.
 */
function deadline(room: RoomRow): number | null {
  if (room.max_meeting_seconds === null || room.meeting_since === null || room.terminated_at !== null) return null;
  return (
    Date.parse(room.meeting_since) + Math.max(0, Math.round((room.max_meeting_seconds - room.meeting_time) * 1000))
  );
}

/** Meeting time in milliseconds. The running meeting never counts negative, because the clock can be set back. */
function meetingMilliseconds(room: RoomRow, now: number): number {
  const running =
    room.meeting_since === null || room.terminated_at !== null ? 0 : Math.max(0, now - Date.parse(room.meeting_since));
  return Math.round(room.meeting_time * 1000) + running;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
