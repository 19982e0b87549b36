// Model of Pagecall's state: users, rooms, members, pages, sessions, meeting time, and their delete cascades.
import { deepStrictEqual } from 'node:assert';
import { type Call, expectResponse, type Json, Model } from './model-runner.ts';

export const KEY = { authorization: 'Bearer anything' };
export const USERS = ['mia', 'noé', 'a/b'];
const WORKSPACE = { application_id: '000000000000000000000a01', organization_id: '000000000000000000000b01' };
const HEX = /^[0-9a-f]{24}$/;

const isOpen = (session: Json) => session.disconnected_at === null;

export class Pagecall extends Model {
  readonly provider = 'pagecall';
  // A session's member_id may refer to a deleted member.
  readonly references = [
    ['members', 'room_id', 'rooms', 'id'],
    ['members', 'user_id', 'users', 'user_id'],
    ['sessions', 'room_id', 'rooms', 'id'],
    ['sessions', 'user_id', 'users', 'user_id'],
    ['pages', 'room_id', 'rooms', 'id'],
  ] as const;
  readonly users = new Map<string, Json>();
  readonly rooms = new Map<string, Json>();
  readonly members = new Map<string, Json>();
  readonly sessions = new Map<string, Json>();
  readonly pages = new Map<string, Json>();
  readonly rows = {
    users: this.users,
    rooms: this.rooms,
    members: this.members,
    sessions: this.sessions,
    pages: this.pages,
  };
  readonly goneRooms: string[] = [];
  readonly goneTokens: string[] = [];

  id(id: string): string {
    return this.fresh(id, HEX);
  }

  room(n: number): string {
    return this.pick(this.rooms.keys(), n, this.goneRooms);
  }

  /** Timestamps of a row created now. */
  get stamps(): Json {
    return { created_at: this.iso, updated_at: this.iso };
  }

  memberOf(roomId: string, userId: string): Json | undefined {
    return this.#in('members', roomId).find(({ user_id }) => user_id === userId);
  }

  /** Makes a user a member, or updates the existing one. The id of a new member is taken from the list. */
  async invite(call: Call, room: Json, user: Json, { type, name, options }: Json): Promise<Json> {
    const known = this.memberOf(room.id, user.user_id);
    if (known !== undefined) {
      Object.assign(known, { type: type ?? known.type, options: options ?? known.options, updated_at: this.iso });
      return known;
    }
    const { body } = await call('GET', `/pagecall/v1/rooms/${room.id}/members?limit=1000`, { headers: KEY });
    const made = body.members.find(({ user_id }: Json) => user_id === user.user_id);
    const member = {
      id: this.id(made.id),
      room_id: room.id,
      user_id: user.user_id,
      type: type ?? user.default_member_type,
      name: name ?? null,
      is_blocked: false,
      options: options ?? null,
      ...this.stamps,
    };
    this.members.set(member.id, member);
    return member;
  }

  /** Closes the matching open sessions; returns their number. */
  close(fits: (session: Json) => boolean, at = this.iso): number {
    const closed = this.all('sessions').filter((session) => isOpen(session) && fits(session));
    for (const session of closed) session.disconnected_at = at;
    for (const { room_id } of closed) this.meet(room_id, at);
    return closed.length;
  }

  /** A meeting runs while two or more participants, monitors excluded, are connected. */
  meet(roomId: string, at = this.iso): void {
    const room = this.rooms.get(roomId) as Json;
    const present = this.#in('sessions', roomId)
      .filter(isOpen)
      .map(({ member_id }) => member_id)
      .filter((id) => this.members.get(id)?.type !== 'monitor');
    const meeting = new Set(present).size >= 2;
    if (meeting && room.meeting_since === null) {
      room.meeting_since = at;
      room.started_at ??= at;
      this.saw('a meeting started');
    } else if (!meeting && room.meeting_since !== null) {
      room.meeting_time = milliseconds(room, Date.parse(at)) / 1000;
      room.meeting_since = null;
    }
  }

  terminate(room: Json, at = this.iso): void {
    this.close(({ room_id }) => room_id === room.id, at);
    Object.assign(room, { terminated_at: at, updated_at: at });
  }

  /** Terminates the rooms whose maximum was reached; the server does so on the next request. */
  override settle(): void {
    for (const room of this.rooms.values()) {
      if (room.max_meeting_seconds === null || room.meeting_since === null) continue;
      const left = room.max_meeting_seconds * 1000 - Math.round(room.meeting_time * 1000);
      const end = Date.parse(room.meeting_since) + left;
      if (end > this.now) continue;
      this.terminate(room, new Date(end).toISOString());
      this.saw('a meeting reached its maximum');
    }
  }

  deleteUser(user: Json): void {
    const theirs = ({ user_id }: Json) => user_id === user.user_id;
    if (this.close(theirs)) this.saw('a user was deleted while connected');
    if (this.drop('members', theirs)) this.saw('memberships were deleted with their user');
    const past = this.all('sessions').filter(theirs);
    if (past.length > 0) this.saw('sessions remained without their user');
    // The deliberate error of a broken model: sessions are deleted too.
    if (this.broken) this.drop('sessions', theirs);
    for (const session of past) session.user_id = null;
    this.users.delete(user.user_id);
    this.goneTokens.push(user.access_token);
  }

  deleteRoom(room: Json): void {
    const within = ({ room_id }: Json) => room_id === room.id;
    if (this.drop('members', within)) this.saw('members were deleted with their room');
    if (this.drop('sessions', within)) this.saw('sessions were deleted with their room');
    if (this.drop('pages', within)) this.saw('pages were deleted with their room');
    this.rooms.delete(room.id);
    this.goneRooms.push(room.id);
  }

  shownUser({ email: _, ...row }: Json): Json {
    return given({ ...row, ...WORKSPACE });
  }

  shownRoom({ meeting_since: _, max_meeting_seconds: __, webhook: ___, ...row }: Json): Json {
    const meeting_time = Math.floor(milliseconds(this.rooms.get(row.id) as Json, this.now) / 1000);
    const deprecated = { is_terminated: row.terminated_at !== null, is_ephemeral: false, is_recurring: false };
    return given({ ...row, ...WORKSPACE, ...deprecated, meeting_time });
  }

  shownMember({ is_blocked: _, ...row }: Json): Json {
    const { name, access_token } = this.users.get(row.user_id) as Json;
    return given({ ...row, ...WORKSPACE, name: row.name ?? name, access_token, is_anonymous: false });
  }

  shownSession(row: Json): Json {
    return given({ ...row, ...WORKSPACE });
  }

  shownPage({ room_id: _, ...row }: Json): Json {
    return row;
  }

  protected async compareLists(call: Call): Promise<void> {
    const users = this.all('users').map((row) => this.shownUser(row));
    deepStrictEqual(await this.#allPages(call, '/users', 'users'), users);
    const rooms = this.all('rooms').map((row) => this.shownRoom(row));
    deepStrictEqual(await this.#allPages(call, '/rooms', 'rooms'), rooms);
    for (const id of this.rooms.keys()) {
      const members = this.#in('members', id).map((row) => this.shownMember(row));
      deepStrictEqual(await this.#allPages(call, `/rooms/${id}/members`, 'members'), members);
      const sessions = this.#in('sessions', id).map((row) => this.shownSession(row));
      deepStrictEqual(await this.#allPages(call, `/rooms/${id}/sessions`, 'sessions'), sessions);
      const pages = this.#in('pages', id).sort((a, b) => a.index - b.index);
      expectResponse(await call('GET', `/pagecall/v1/rooms/${id}/pages`, { headers: KEY }), 200, {
        pages: pages.map((row) => this.shownPage(row)),
      });
    }
  }

  #in(resource: string, roomId: string): Json[] {
    return this.all(resource).filter(({ room_id }) => room_id === roomId);
  }

  async #allPages(call: Call, path: string, name: string): Promise<Json[]> {
    const items: Json[] = [];
    for (;;) {
      const query = `limit=${this.pageSize}&offset=${items.length}`;
      const page = await call('GET', `/pagecall/v1${path}?${query}`, { headers: KEY });
      expectResponse(page, 200);
      const { total } = page.body.paging;
      deepStrictEqual(page.body[name].length, Math.min(this.pageSize, total - items.length));
      items.push(...page.body[name]);
      if (items.length >= total) return items;
    }
  }
}

/** The meeting time of a room. */
function milliseconds(room: Json, now: number): number {
  return (
    Math.round(room.meeting_time * 1000) + (room.meeting_since === null ? 0 : now - Date.parse(room.meeting_since))
  );
}

/** The members that have a value. */
function given(row: Json): Json {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
