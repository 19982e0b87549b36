// Pagecall users: list, create or overwrite, read, update, delete.
import { z } from 'zod';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { HEX, URL_SAFE } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Database } from '../../core/storage/database.ts';
import { CreateUserRequest, operation, Paging, pathId, UpdateUserRequest, User, withoutNulls } from './components.ts';
import { ERRORS } from './errors.ts';
import { disconnectUser, roomsOfUser, withWebhooks } from './meetings.ts';
import { page, pageQuery, sortByCreated } from './paging.ts';
import { type UserRow, workspace } from './schema.ts';

const params = z.object({ user_id: pathId });
const wrapped = z.object({ user: User });

const ListUsers = operation({
  operation: 'ListUsers',
  method: 'GET',
  path: '/users',
  query: z.object({ email_search_query: z.string().optional(), ...pageQuery, sort_by: sortByCreated }),
  response: z.object({ users: z.array(User), paging: Paging }),
  handle({ sandbox, query }) {
    const search = query.email_search_query ?? '';
    const { rows, paging } = page<UserRow>(
      sandbox.db,
      // Only fixtures can set an email. instr() has no wildcards.
      {
        table: 'pagecall_users',
        where: "? = '' or instr(lower(email), lower(?)) > 0",
        values: [search, search],
        order: 'created_at',
      },
      query,
    );
    return { users: rows.map((row) => toUser(sandbox, row)), paging };
  },
});

const createUser = operation({
  operation: 'createUser',
  method: 'POST',
  path: '/users',
  body: CreateUserRequest,
  response: wrapped,
  handle({ sandbox, body }) {
    const { db, ids } = sandbox;
    const now = sandbox.clock.iso();
    const metadata = body.metadata === undefined ? null : JSON.stringify(body.metadata);
    const row = db.transaction(() => {
      // An existing user keeps id, token, position and all omitted fields; no new id is generated for it.
      const known = findUser(db, body.user_id);
      return db.get<UserRow>(
        `insert into pagecall_users (id, user_id, name, profile_url, default_member_type, access_token, metadata, created_at, updated_at)
         values (?, ?, ?, ?, coalesce(?, 'guest'), ?, coalesce(?, '{}'), ?, ?)
         on conflict (user_id) do update set name = coalesce(excluded.name, name), profile_url = coalesce(excluded.profile_url, profile_url),
           default_member_type = coalesce(?, default_member_type), metadata = coalesce(?, metadata), updated_at = excluded.updated_at
         returning *`,
        known?.id ?? ids.next('', 24, HEX),
        body.user_id,
        body.name ?? null,
        body.profile_url ?? null,
        body.default_member_type ?? null,
        known?.access_token ?? ids.next('', 32, URL_SAFE),
        metadata,
        now,
        now,
        body.default_member_type ?? null,
        metadata,
      ) as UserRow;
    });
    return { user: toUser(sandbox, row) };
  },
});

const GetUser = operation({
  operation: 'GetUser',
  method: 'GET',
  path: '/users/{user_id}',
  params,
  response: wrapped,
  handle: ({ sandbox, params }) => ({ user: toUser(sandbox, requireUser(sandbox.db, params.user_id)) }),
});

const UpdateUser = operation({
  operation: 'UpdateUser',
  method: 'PUT',
  path: '/users/{user_id}',
  params,
  body: UpdateUserRequest,
  response: wrapped,
  handle({ sandbox, params, body }) {
    const row = sandbox.db.get<UserRow>(
      `update pagecall_users set name = coalesce(?, name), profile_url = coalesce(?, profile_url),
         default_member_type = coalesce(?, default_member_type), updated_at = ? where user_id = ? returning *`,
      body.name ?? null,
      body.profile_url ?? null,
      body.default_member_type ?? null,
      sandbox.clock.iso(),
      params.user_id,
    );
    if (row === undefined) throw new Failure(ERRORS.USER_NOT_FOUND);
    return { user: toUser(sandbox, row) };
  },
});

const DeleteUser = operation({
  operation: 'DeleteUser',
  method: 'DELETE',
  path: '/users/{user_id}',
  params,
  response: wrapped,
  handle(call) {
    const { sandbox } = call;
    const row = requireUser(sandbox.db, call.params.user_id);
    const rooms = roomsOfUser(sandbox, row.user_id);
    return withWebhooks(
      sandbox,
      (events) =>
        call.remove(() => {
          // Sessions remain as history: open ones are closed, and the foreign key sets their user_id to null.
          for (const room of rooms) disconnectUser(sandbox, room, row.user_id, events);
          sandbox.db.run('delete from pagecall_users where user_id = ?', row.user_id);
          return { user: toUser(sandbox, row) };
        }),
      call.dryRun,
    );
  },
});

export const USER_OPERATIONS: readonly Operation[] = [ListUsers, createUser, GetUser, UpdateUser, DeleteUser];

/** The user of that id, compared exactly (our choice); undefined when there is none. */
export function findUser(db: Database, userId: string): UserRow | undefined {
  return db.get<UserRow>('select * from pagecall_users where user_id = ?', userId);
}

function requireUser(db: Database, userId: string): UserRow {
  const row = findUser(db, userId);
  if (row === undefined) throw new Failure(ERRORS.USER_NOT_FOUND);
  return row;
}

function toUser(sandbox: Sandbox, row: UserRow): z.input<typeof User> {
  return {
    user_id: row.user_id,
    ...withoutNulls({ name: row.name, profile_url: row.profile_url }),
    default_member_type: row.default_member_type,
    access_token: row.access_token,
    created_at: row.created_at,
    updated_at: row.updated_at,
    id: row.id,
    ...workspace(sandbox),
    metadata: JSON.parse(row.metadata),
  };
}
