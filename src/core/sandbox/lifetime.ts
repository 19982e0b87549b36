// How long sandboxes live, and what is remembered of one beside what it holds: who made it, its end, its settings.
import type { Database } from '../storage/database.ts';
import type { SettingsChange } from './settings.ts';

/** How many sandboxes there may be, and how long those live that nobody asked for. */
export interface Limits {
  /** Seconds a sandbox made by its first use stays without another. */
  readonly idleSeconds: number;
  /** How many there may be in memory. */
  readonly maxSandboxes: number;
  /** How many are open at a time; the others are suspended. */
  readonly maxOpen: number;
  /** Only those made on request are there. */
  readonly explicitOnly: boolean;
}

export const LIMITS: Limits = { idleSeconds: 3600, maxSandboxes: 20_000, maxOpen: 2000, explicitOnly: false };

/**
 * Real time in milliseconds that only ever passes: the machine's clock as it was when the process started, and how long
 * that is ago. Whoever sets the clock ends no sandbox with it.
 */
export function monotonicNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Kept as one row of the sandbox's file; a snapshot has none. */
export interface Lifetime {
  /** Real time, ISO 8601. */
  readonly createdAt: string;
  /** Made because somebody asked for it, or by its first use; the latter may go when nobody uses it. */
  readonly madeBy: 'request' | 'use';
  readonly ttlSeconds: number | null;
  /** When it ends, in real milliseconds; null for never. */
  readonly endsAt: number | null;
  /** Settings that differ from the server's. */
  readonly settings: SettingsChange;
}

export const LIFETIME_SCHEMA =
  'create table sandbox (one integer primary key check (one = 1), json text not null) strict;';

/** What a file says of its sandbox; undefined for one that was put there by hand. */
export function readLifetime(db: Database): Lifetime | undefined {
  const row = db.get<{ json: string }>('select json from sandbox');
  return row === undefined ? undefined : (JSON.parse(row.json) as Lifetime);
}

export function writeLifetime(db: Database, lifetime: Lifetime): void {
  db.run(
    'insert into sandbox (one, json) values (1, ?) on conflict do update set json = excluded.json',
    JSON.stringify(lifetime),
  );
}
