// Conductor's integration connections: created by the auth flow, used by passthrough and health-check, listed in
// end-users.
import type { z } from 'zod';
import type { Call } from '../../core/http/call.ts';
import { Failure } from '../../core/provider/errors.ts';
import { BASE36 } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Database } from '../../core/storage/database.ts';
import type { IntegrationConnection } from './components.ts';
import { ERRORS } from './errors.ts';
import type { Desk } from './quickbooks/schema.ts';
import type { ConnectionRow } from './schema.ts';

const SLUG = 'quickbooks_desktop';

/** The connections of one end-user, oldest first. */
export function connectionsOf(db: Database, endUserId: string): ConnectionRow[] {
  return db.all<ConnectionRow>(
    'select * from conductor_integrationConnections where endUserId = ? order by createdAt, seq',
    endUserId,
  );
}

/** The connections of all end-users by end-user id, oldest first, read with one query. */
export function allConnections(db: Database): Map<string, ConnectionRow[]> {
  const byEndUser = new Map<string, ConnectionRow[]>();
  for (const row of db.all<ConnectionRow>('select * from conductor_integrationConnections order by createdAt, seq')) {
    const rows = byEndUser.get(row.endUserId) ?? [];
    rows.push(row);
    byEndUser.set(row.endUserId, rows);
  }
  return byEndUser;
}

/** A connection in its API form (documented). */
export function toConnection(row: ConnectionRow): z.input<typeof IntegrationConnection> {
  return {
    id: row.id,
    objectType: 'integration_connection',
    createdAt: row.createdAt,
    integrationSlug: row.integrationSlug,
    lastRequestAt: row.lastRequestAt,
    lastSuccessfulRequestAt: row.lastSuccessfulRequestAt,
  };
}

/** Creates the end-user's connection as not set up, unless it has one. Opening the auth page does this (our choice). */
export function beginConnection(sandbox: Sandbox, endUserId: string): void {
  const { db, ids, clock } = sandbox;
  db.transaction(() => {
    if (find(db, endUserId) !== undefined) return;
    db.run(
      'insert into conductor_integrationConnections (id, endUserId, createdAt, integrationSlug) values (?, ?, ?, ?)',
      ids.next('int_conn_', 14, BASE36),
      endUserId,
      clock.iso(),
      SLUG,
    );
  });
}

/** Marks the end-user's connection as connected, creating it if needed. The Connect button does this (our choice). */
export function completeConnection(sandbox: Sandbox, endUserId: string): void {
  sandbox.db.transaction(() => {
    beginConnection(sandbox, endUserId);
    const now = sandbox.clock.iso();
    sandbox.db.run(
      `update conductor_integrationConnections set lastRequestAt = ?, lastSuccessfulRequestAt = ?
       where endUserId = ? and integrationSlug = ? and lastSuccessfulRequestAt is null`,
      now,
      now,
      endUserId,
      SLUG,
    );
  });
}

/** Resets the end-user's connection, if any, to not set up (our choice). */
export function undoConnection(sandbox: Sandbox, endUserId: string): void {
  sandbox.db.run(
    'update conductor_integrationConnections set lastRequestAt = null, lastSuccessfulRequestAt = null where endUserId = ? and integrationSlug = ?',
    endUserId,
    SLUG,
  );
}

/** Deletes the end-user's connection, if any, and records a receipt (our choice). */
export function removeConnection(call: Call, endUserId: string): void {
  if (find(call.db, endUserId) === undefined) return;
  call.remove(() => {
    call.db.run(
      'delete from conductor_integrationConnections where endUserId = ? and integrationSlug = ?',
      endUserId,
      SLUG,
    );
  });
}

/**
 * Checks the connection of a call that reaches QuickBooks; planned connection faults are injected here.
 * `lastRequestAt` is written first, in its own transaction, because it also counts failed requests (our choice).
 * `succeeded()` writes `lastSuccessfulRequestAt`; `respond()` returns the response, or throws QBD_REQUEST_TIMEOUT where
 * it gets lost after the request took effect.
 *
 * @throws Failure INTEGRATION_CONNECTION_NOT_SET_UP, INTEGRATION_CONNECTION_NOT_ACTIVE when the computer is offline,
 * QBD_REQUEST_TIMEOUT when it does not respond
 */
export function requireConnection(call: Call, endUserId: string): { succeeded(): void; respond<T>(value: T): T } {
  const { db } = call;
  const now = call.sandbox.clock.iso();
  const connection = db.get<ConnectionRow>(
    'update conductor_integrationConnections set lastRequestAt = ? where endUserId = ? and integrationSlug = ? returning *',
    now,
    endUserId,
    SLUG,
  );
  call.checkpoint();
  const ready = connection !== undefined && connection.lastSuccessfulRequestAt !== null;
  if (!ready && call.sandbox.settings.mode !== 'example') throw new Failure(ERRORS.INTEGRATION_CONNECTION_NOT_SET_UP);
  const { state, phase } = computerOf(db, endUserId);
  if (state === 'offline') throw new Failure(ERRORS.INTEGRATION_CONNECTION_NOT_ACTIVE);
  if (state === 'timing-out' && phase === 'before') throw new Failure(ERRORS.QBD_REQUEST_TIMEOUT);
  return {
    respond: (value) => {
      if (state === 'online') return value;
      call.loseResponse();
      throw new Failure(ERRORS.QBD_REQUEST_TIMEOUT);
    },
    succeeded: () => {
      if (state !== 'online') return;
      // In example mode the connection may be missing; then no row is updated.
      db.run(
        'update conductor_integrationConnections set lastSuccessfulRequestAt = ? where endUserId = ? and integrationSlug = ?',
        now,
        endUserId,
        SLUG,
      );
    },
  };
}

/** The computer that the end-user's QuickBooks runs on; one without a company file yet is online. */
function computerOf(db: Database, endUserId: string): Desk['computer'] {
  const row = db.get<{ desk: string }>('select desk from conductor_companyFiles where endUserId = ?', endUserId);
  return row === undefined ? { state: 'online', phase: 'before' } : (JSON.parse(row.desk) as Desk).computer;
}

function find(db: Database, endUserId: string): ConnectionRow | undefined {
  return db.get<ConnectionRow>(
    'select * from conductor_integrationConnections where endUserId = ? and integrationSlug = ?',
    endUserId,
    SLUG,
  );
}
