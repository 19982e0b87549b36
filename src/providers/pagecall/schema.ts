// Pagecall's tables and fixture rows: users, rooms, members, sessions and pages. Foreign keys define the delete
// cascades.
import { z } from 'zod';
import type { Resource, StoredRow } from '../../core/provider/resource.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import { MAX_SECONDS } from './components.ts';

/** The SQL schema. */
export const SCHEMA = `
create table pagecall_users (
  seq integer primary key,
  id text not null unique,
  user_id text not null unique,
  name text,
  profile_url text,
  default_member_type text not null,
  access_token text not null unique,
  email text,
  metadata text not null,
  created_at text not null,
  updated_at text not null
) strict;
create index pagecall_users_created on pagecall_users (created_at, seq);

create table pagecall_rooms (
  seq integer primary key,
  id text not null unique,
  type text not null,
  name text not null,
  record integer not null,
  meeting_time real not null,
  meeting_since text,
  max_meeting_seconds integer,
  webhook text,
  layout text,
  layout_id text,
  thumbnail_url text,
  created_user_id text,
  last_thumbnail_updated_at text,
  room_template_id text,
  started_at text,
  terminated_at text,
  created_at text not null,
  updated_at text not null
) strict;
create index pagecall_rooms_created on pagecall_rooms (created_at, seq);
create index pagecall_rooms_meeting on pagecall_rooms (meeting_since) where meeting_since is not null;

create table pagecall_members (
  seq integer primary key,
  id text not null unique,
  room_id text not null references pagecall_rooms (id) on delete cascade,
  user_id text not null references pagecall_users (user_id) on delete cascade,
  type text not null,
  name text,
  is_blocked integer not null,
  options text,
  created_at text not null,
  updated_at text not null,
  unique (room_id, user_id)
) strict;
create index pagecall_members_user on pagecall_members (user_id);

-- A session outlives its user as history: user_id is cleared, member_id keeps the id of the deleted member.
create table pagecall_sessions (
  seq integer primary key,
  id text not null unique,
  room_id text not null references pagecall_rooms (id) on delete cascade,
  user_id text references pagecall_users (user_id) on delete set null,
  member_id text not null,
  connected_at text not null,
  disconnected_at text
) strict;
create index pagecall_sessions_room on pagecall_sessions (room_id);
create index pagecall_sessions_user on pagecall_sessions (user_id);
create index pagecall_sessions_open on pagecall_sessions (room_id) where disconnected_at is null;

create table pagecall_pages (
  seq integer primary key,
  id text not null unique,
  room_id text not null references pagecall_rooms (id) on delete cascade,
  entities text not null,
  size text not null,
  "index" integer not null
) strict;
create index pagecall_pages_room on pagecall_pages (room_id, "index");
`;

const hex = z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 lower-case hex digits');
const time = z.iso.datetime({ message: 'must be an ISO 8601 time in UTC' });
const memberType = z.enum(['guest', 'host', 'monitor']);
const open = z.record(z.string(), z.unknown());

/** The resources, with their rows in the fixture format. `meeting_since` is set while a meeting is running. */
export const RESOURCES = [
  {
    name: 'users',
    key: 'user_id',
    identity: ['id', 'user_id', 'email'],
    names: [['name']],
    removal: '/users/{user_id}',
    row: z.strictObject({
      id: hex,
      user_id: z.string().min(1).max(512),
      name: z.string().nullish(),
      profile_url: z.string().nullish(),
      default_member_type: memberType.default('guest'),
      access_token: z.string().length(32),
      email: z.string().nullish(),
      metadata: open.default({}),
      created_at: time,
      updated_at: time,
    }),
  },
  {
    name: 'rooms',
    key: 'id',
    refersTo: { created_user_id: 'users' },
    removal: '/rooms/{id}',
    row: z.strictObject({
      id: hex,
      type: z.enum(['open', 'public', 'private']),
      name: z.string(),
      record: z.boolean().default(true),
      meeting_time: z.number().min(0).max(MAX_SECONDS).default(0),
      meeting_since: time.nullish(),
      max_meeting_seconds: z.int().min(1).max(MAX_SECONDS).nullish(),
      webhook: z
        .strictObject({ url: z.url({ protocol: /^https?$/ }), headers: z.record(z.string(), z.string()).optional() })
        .nullish(),
      layout: z.string().nullish(),
      layout_id: z.string().nullish(),
      thumbnail_url: z.string().nullish(),
      created_user_id: z.string().nullish(),
      last_thumbnail_updated_at: time.nullish(),
      room_template_id: z.string().nullish(),
      started_at: time.nullish(),
      terminated_at: time.nullish(),
      created_at: time,
      updated_at: time,
    }),
  },
  {
    name: 'members',
    key: 'id',
    removal: '/users/{user_id}',
    row: z.strictObject({
      id: hex,
      room_id: hex,
      user_id: z.string(),
      type: memberType,
      name: z.string().nullish(),
      is_blocked: z.boolean().default(false),
      options: open.nullish(),
      created_at: time,
      updated_at: time,
    }),
  },
  {
    name: 'sessions',
    key: 'id',
    // After the member is deleted the id refers to no row, and the session has no owner.
    refersTo: { member_id: 'members' },
    removal: '/rooms/{room_id}',
    row: z.strictObject({
      id: hex,
      room_id: hex,
      user_id: z.string().nullish(),
      member_id: hex,
      connected_at: time,
      disconnected_at: time.nullish(),
    }),
  },
  {
    name: 'pages',
    key: 'id',
    removal: '/rooms/{room_id}',
    row: z.strictObject({
      id: hex,
      room_id: hex,
      entities: z.array(z.strictObject({ type: z.enum(['Image']), src: z.string(), fixed: z.boolean().optional() })),
      size: z.strictObject({ width: z.int(), height: z.int() }),
      index: z.int().min(0),
    }),
  },
] as const satisfies readonly Resource[];

/** `keys.json`: the keys that strict auth accepts, and the two ids of the workspace. */
export const KEYS = z.strictObject({ api_keys: z.array(z.string()), application_id: hex, organization_id: hex });
export type Keys = z.infer<typeof KEYS>;

/** The two workspace ids that every object includes. */
export function workspace(sandbox: Sandbox): Pick<Keys, 'application_id' | 'organization_id'> {
  const { application_id, organization_id } = sandbox.document<Keys>('pagecall', 'keys');
  return { application_id, organization_id };
}

/** The type of a member, which sets its permissions in a room. */
export type MemberKind = z.infer<typeof memberType>;

export type UserRow = StoredRow<typeof RESOURCES, 'users'>;
export type RoomRow = StoredRow<typeof RESOURCES, 'rooms'>;
export type MemberRow = StoredRow<typeof RESOURCES, 'members'>;
export type SessionRow = StoredRow<typeof RESOURCES, 'sessions'>;
export type PageRow = StoredRow<typeof RESOURCES, 'pages'>;
