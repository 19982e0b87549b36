// Sandbox lifetime: capacity limits, and the metadata stored with a sandbox (creation, expiry, settings).
import type { Database } from '../storage/database.ts';
import type { SettingsChange } from './settings.ts';

/** Capacity, and the idle time after which sandboxes created by use are evicted. */
export interface Limits {
  /** Idle seconds after which a sandbox created by use is evicted. */
  readonly idleSeconds: number;
  /** Maximum number of sandboxes in memory. */
  readonly maxSandboxes: number;
  /** Maximum number of open databases; the other sandboxes are suspended. */
  readonly maxOpen: number;
  /** Sandboxes are created only on request, not by use. */
  readonly explicitOnly: boolean;
}

/** The default limits. */
export const LIMITS: Limits = { idleSeconds: 3600, maxSandboxes: 20_000, maxOpen: 2000, explicitOnly: false };

/**
 * Monotonic real time in ms since the epoch: the wall clock at process start plus the time elapsed since. Changes to
 * the machine's clock do not expire sandboxes.
 */
export function monotonicNow(): number {
  return performance.timeOrigin + performance.now();
}

/** A sandbox's metadata, stored as one row of its database; snapshots do not contain it. */
export interface Lifetime {
  /** Real time, ISO 8601. */
  readonly createdAt: string;
  /** Created on request, or by its first use; only the latter are evicted when idle. */
  readonly madeBy: 'request' | 'use';
  readonly ttlSeconds: number | null;
  /** Expiry in real time, ms since the epoch; null for never. */
  readonly endsAt: number | null;
  /** Settings that override the server's. */
  readonly settings: SettingsChange;
}

/** The table of the metadata, as SQL. */
export const LIFETIME_SCHEMA =
  'create table sandbox (one integer primary key check (one = 1), json text not null) strict;';

/** The stored metadata; undefined for a file that was placed in the data folder by hand. */
export function readLifetime(db: Database): Lifetime | undefined {
  const row = db.get<{ json: string }>('select json from sandbox');
  return row === undefined ? undefined : (JSON.parse(row.json) as Lifetime);
}

/** Stores the metadata. */
export function writeLifetime(db: Database, lifetime: Lifetime): void {
  db.run(
    'insert into sandbox (one, json) values (1, ?) on conflict do update set json = excluded.json',
    JSON.stringify(lifetime),
  );
}

/** A sandbox, as far as its lifetime is concerned; `lastUsedAt` in real milliseconds. */
interface Living {
  readonly lifetime: Lifetime;
  readonly lastUsedAt: number;
}

/**
 * When a sandbox expires, or would expire unused, ISO 8601; null if it does not.
 *
 * @param idleSeconds how long it is kept unused; null for one that is kept for good
 */
export function expiryOf({ lifetime: { endsAt }, lastUsedAt }: Living, idleSeconds: number | null): string | null {
  const never = Number.POSITIVE_INFINITY;
  const end = Math.min(idleSeconds === null ? never : lastUsedAt + idleSeconds * 1000, endsAt ?? never);
  return end === never ? null : new Date(end).toISOString();
}

/** The order of sandboxes in lists. */
export function newestFirst({ lifetime: a }: Living, { lifetime: b }: Living): number {
  return Number(a.createdAt < b.createdAt) - Number(a.createdAt > b.createdAt);
}
