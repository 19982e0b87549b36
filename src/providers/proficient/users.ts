// Proficient users: list, create, read, update, delete, and creation on a client's first call.
import { z } from 'zod';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE62 } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Database } from '../../core/storage/database.ts';
import { forAdmins, forBoth, User } from './components.ts';
import { ERRORS, forbidden, notFound } from './errors.ts';
import type { UserRow } from './schema.ts';

const params = z.object({ user_id: z.string() });

export const UsersList = z.object({ data: z.array(User) });

/** The body of a create. Names may be null (documented), which is treated as omitted (our choice). */
export const UserCreateParams = z.object({
  external_id: z.string().refine((id) => id !== '', 'must not be empty'),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  live_mode: z.boolean().nullish(),
});

export const UserUpdateParams = z.object({ first_name: z.string().nullish(), last_name: z.string().nullish() });

const users_list = forAdmins({
  operation: 'users_list',
  method: 'GET',
  path: '/users',
  declared: [500],
  query: z.object({
    live_mode: z
      .string()
      .refine((text) => ['', 'true', 'false'].includes(text), 'expected true or false')
      .optional(),
  }),
  response: UsersList,
  handle({ db, query, caller: { onlyUser } }) {
    const liveMode = query.live_mode ? Number(query.live_mode === 'true') : null;
    const rows = db.all<UserRow>(
      `select * from proficient_users
       where live_mode = coalesce(?, live_mode) and external_id = coalesce(?, external_id)
       order by created_at desc, seq desc`,
      liveMode,
      // A client lists only itself, as it reads only itself (our choice).
      onlyUser,
    );
    return { data: rows.map(toUser) };
  },
});

const users_create = forAdmins({
  operation: 'users_create',
  method: 'POST',
  path: '/users',
  declared: [400, 403, 500],
  body: UserCreateParams,
  response: User,
  handle: ({ db, sandbox, body }) =>
    db.transaction(() => {
      if (idOf(db, body.external_id) !== undefined) {
        throw new Failure(ERRORS.invalid_request, 'external_id: another user of the project has it');
      }
      return toUser(insertUser(sandbox, body));
    }),
});

const users_get = forBoth({
  operation: 'users_get',
  method: 'GET',
  path: '/users/{user_id}',
  declared: [404, 500],
  params,
  response: User,
  handle({ db, caller, params: { user_id } }) {
    // This operation declares no 403, so a client gets 404 for other users.
    if (caller.userId !== null && caller.userId !== user_id) throw notFound('user', user_id);
    return toUser(requiredUser(db, user_id));
  },
});

const users_update = forBoth({
  operation: 'users_update',
  method: 'POST',
  path: '/users/{user_id}',
  declared: [400, 403, 404, 500, 503],
  params,
  body: UserUpdateParams,
  response: User,
  handle({ db, sandbox, caller, params: { user_id }, body }) {
    const user = requiredUser(db, user_id);
    if (caller.userId !== null && caller.userId !== user_id) throw forbidden('You may not change this user.');
    const first = body.first_name ?? null;
    const last = body.last_name ?? null;
    if (first === null && last === null) return toUser(user);
    return toUser(
      db.get<UserRow>(
        'update proficient_users set first_name = coalesce(?, first_name), last_name = coalesce(?, last_name), updated_at = ? where id = ? returning *',
        first,
        last,
        sandbox.clock.now(),
        user_id,
      ) as UserRow,
    );
  },
});

const users_delete = forAdmins({
  operation: 'users_delete',
  method: 'DELETE',
  path: '/users/{user_id}',
  declared: [404, 500, 503],
  params,
  response: User,
  handle: (call) =>
    call.remove(() => {
      // This operation declares no 403: other users do not exist for a client, as in users_get (our choice).
      const row = call.db.get<UserRow>(
        'delete from proficient_users where id = ? and external_id = coalesce(?, external_id) returning *',
        call.params.user_id,
        call.caller.onlyUser,
      );
      if (row === undefined) throw notFound('user', call.params.user_id);
      return toUser(row);
    }),
});

export const USER_OPERATIONS: readonly Operation[] = [users_list, users_create, users_get, users_update, users_delete];

/**
 * The id of the user with that external id; creates the user if it is new (documented for client calls). The user
 * stays even if the call then fails (our choice). No other code runs between select and insert.
 */
export function provisionUser(sandbox: Sandbox, externalId: string): string {
  const known = idOf(sandbox.db, externalId);
  return known ?? sandbox.db.transaction(() => insertUser(sandbox, { external_id: externalId }).id);
}

/** The stored user. Throws Failure resource_not_found. */
export function requiredUser(db: Database, id: string): UserRow {
  const row = db.get<UserRow>('select * from proficient_users where id = ?', id);
  if (row === undefined) throw notFound('user', id);
  return row;
}

/** A user in its API form. */
export function toUser(row: UserRow): z.input<typeof User> {
  return {
    id: row.id,
    object: 'user',
    created_at: row.created_at,
    external_id: row.external_id,
    first_name: row.first_name,
    last_name: row.last_name,
    live_mode: row.live_mode === 1,
    updated_at: row.updated_at,
  };
}

function idOf(db: Database, externalId: string): string | undefined {
  return db.get<{ id: string }>('select id from proficient_users where external_id = ?', externalId)?.id;
}

function insertUser({ db, ids, clock }: Sandbox, user: z.input<typeof UserCreateParams>): UserRow {
  const now = clock.now();
  return db.get<UserRow>(
    'insert into proficient_users (id, external_id, first_name, last_name, live_mode, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?) returning *',
    ids.next('u_', 24, BASE62),
    user.external_id,
    user.first_name ?? '',
    user.last_name ?? '',
    (user.live_mode ?? true) ? 1 : 0,
    now,
    now,
  ) as UserRow;
}
