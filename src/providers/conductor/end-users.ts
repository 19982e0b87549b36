// Conductor end-users: create, list, read, delete. There is no update (documented).
import { z } from 'zod';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE36 } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Database } from '../../core/storage/database.ts';
import { EndUser, endUserPath, operation } from './components.ts';
import { allConnections, connectionsOf, toConnection } from './connections.ts';
import { ERRORS } from './errors.ts';
import { EXAMPLE, restoreExample } from './example.ts';
import type { ConnectionRow, EndUserRow } from './schema.ts';

const createEndUser = operation({
  operation: 'endUsers.create',
  method: 'POST',
  path: '/end-users',
  // Stored as sent, even empty strings: the document specifies no lengths or formats.
  body: z.strictObject({ companyName: z.string(), sourceId: z.string(), email: z.string() }),
  response: EndUser,
  handle({ sandbox, body }) {
    const { db, ids } = sandbox;
    return db.transaction(() => {
      const existing = db.get<EndUserRow>('select * from conductor_endUsers where sourceId = ?', body.sourceId);
      if (existing !== undefined && sandbox.settings.mode !== 'example') {
        throw new Failure(
          ERRORS.RESOURCE_ALREADY_EXISTS,
          `An end-user with sourceId '${body.sourceId}' already exists: ${existing.id}`,
        );
      }
      const row: EndUserRow = { id: ids.next('end_usr_', 14, BASE36), createdAt: sandbox.clock.iso(), ...body };
      db.run(
        'insert into conductor_endUsers (id, createdAt, companyName, sourceId, email) values (?, ?, ?, ?, ?)',
        row.id,
        row.createdAt,
        row.companyName,
        row.sourceId,
        row.email,
      );
      return toEndUser(row, []);
    });
  },
});

const listEndUsers = operation({
  operation: 'endUsers.list',
  method: 'GET',
  path: '/end-users',
  response: z.strictObject({ objectType: z.literal('list'), url: z.string(), data: z.array(EndUser) }),
  handle({ db }) {
    const connections = allConnections(db);
    // Newest first, because tests usually look for recent rows (our choice).
    const rows = db.all<EndUserRow>('select * from conductor_endUsers order by createdAt desc, seq desc');
    return {
      objectType: 'list' as const,
      // The documented value, independent of the mount path.
      url: '/v1/end-users',
      data: rows.map((row) => toEndUser(row, connections.get(row.id) ?? [])),
    };
  },
});

const retrieveEndUser = operation({
  operation: 'endUsers.retrieve',
  method: 'GET',
  path: '/end-users/{id}',
  params: endUserPath,
  response: EndUser,
  handle: ({ sandbox, params }) => showEndUser(sandbox, requireEndUser(sandbox, params.id)),
});

const deleteEndUser = operation({
  operation: 'endUsers.delete',
  method: 'DELETE',
  path: '/end-users/{id}',
  params: endUserPath,
  response: z.strictObject({ id: z.string(), objectType: z.literal('end_user'), deleted: z.boolean() }),
  handle(call) {
    return call.remove(() => {
      const { id } = requireEndUser(call.sandbox, call.params.id);
      call.db.run('delete from conductor_endUsers where id = ?', id);
      return { id, objectType: 'end_user' as const, deleted: true };
    });
  },
});

export const END_USER_OPERATIONS: readonly Operation[] = [createEndUser, listEndUsers, retrieveEndUser, deleteEndUser];

/** The end-user of that id; undefined when there is none. */
export function findEndUser(db: Database, id: string): EndUserRow | undefined {
  return db.get<EndUserRow>('select * from conductor_endUsers where id = ?', id);
}

/**
 * The end-user that an operation addresses in path, header or body. In example mode restores the example end-user.
 *
 * @throws Failure RESOURCE_MISSING (the code is documented)
 */
export function requireEndUser(sandbox: Sandbox, id: string): EndUserRow {
  if (sandbox.settings.mode === 'example' && id === EXAMPLE.id) restoreExample(sandbox.db);
  const row = findEndUser(sandbox.db, id);
  if (row === undefined) throw new Failure(ERRORS.RESOURCE_MISSING, `No such end-user: '${id}'`);
  return row;
}

/** An end-user in its API form (documented), with its current connections. */
export function showEndUser(sandbox: Sandbox, row: EndUserRow): z.input<typeof EndUser> {
  return toEndUser(row, connectionsOf(sandbox.db, row.id));
}

function toEndUser(row: EndUserRow, connections: readonly ConnectionRow[]): z.input<typeof EndUser> {
  return {
    id: row.id,
    objectType: 'end_user',
    createdAt: row.createdAt,
    companyName: row.companyName,
    sourceId: row.sourceId,
    email: row.email,
    integrationConnections: connections.map(toConnection),
  };
}
