// Cursors: a listing's rows are chosen by its first request, and each next page must be asked for within ten seconds.
import { HEX } from '../../../core/random-ids.ts';
import type { Database } from '../../../core/storage/database.ts';
import { invalid } from '../errors.ts';
import type { CompanyFile } from './company-file.ts';

/** How long a cursor lives after the last page, in ms of sandbox time (documented). */
const LIFETIME = 10_000;
/** Listings that a sandbox keeps open; the oldest are closed. */
const MAX_OPEN = 100;

/** A row of a listing: its `seq` may be that of another object once it is deleted, its id never. */
export interface ListedRow {
  readonly seq: number;
  readonly id: string;
  /** Which row of the object it is, where a list shows several: 0 is the object itself. */
  readonly part?: number;
}

interface Listing {
  readonly endUserId: string;
  readonly path: string;
  readonly rows: readonly ListedRow[];
  /** How many rows the pages before held. */
  done: number;
  expiresAt: number;
}

/** The open listings of each database: a reset or restore, which replaces it, closes them. */
const open = new WeakMap<Database, Map<string, Listing>>();

/** A page of a listing. */
export interface Page {
  readonly rows: readonly ListedRow[];
  readonly nextCursor: string | null;
  /** Rows after this page. */
  readonly remainingCount: number;
}

/** The first page of a new listing of these rows. */
export function firstPage(file: CompanyFile, path: string, rows: readonly ListedRow[], limit: number): Page {
  const first = rows.slice(0, limit);
  if (rows.length <= limit) return { rows: first, nextCursor: null, remainingCount: 0 };
  const listings = open.get(file.db) ?? new Map<string, Listing>();
  open.set(file.db, listings);
  const now = file.sandbox.clock.now();
  for (const [token, { expiresAt }] of listings) {
    if (expiresAt < now || listings.size >= MAX_OPEN) listings.delete(token);
  }
  const token = newToken(file);
  listings.set(token, { endUserId: file.endUserId, path, rows, done: limit, expiresAt: now + LIFETIME });
  return { rows: first, nextCursor: token, remainingCount: rows.length - limit };
}

/** The next page of a listing. @throws Failure PARAMETER_INVALID for a cursor that is unknown or too old */
export function nextPage(file: CompanyFile, path: string, token: string, limit: number): Page {
  const listings = open.get(file.db);
  const listing = listings?.get(token);
  const now = file.sandbox.clock.now();
  if (listing?.path !== path || listing.endUserId !== file.endUserId || listing.expiresAt < now) {
    throw invalid(
      'Invalid input: the cursor is unknown, or more than 10 seconds passed since its last page at "cursor"',
    );
  }
  const rows = listing.rows.slice(listing.done, listing.done + limit);
  listing.done += rows.length;
  listing.expiresAt = now + LIFETIME;
  const remainingCount = listing.rows.length - listing.done;
  if (remainingCount === 0) listings?.delete(token);
  return { rows: stillThere(file, rows), nextCursor: remainingCount === 0 ? null : token, remainingCount };
}

/** The rows that have not been deleted since. */
function stillThere(file: CompanyFile, rows: readonly ListedRow[]): ListedRow[] {
  const found = file.db.all<ListedRow>(
    'select seq, id from conductor_quickbooksObjects where seq in (select value from json_each(?))',
    JSON.stringify(rows.map(({ seq }) => seq)),
  );
  const ids = new Map(found.map(({ seq, id }) => [seq, id]));
  return rows.filter(({ seq, id }) => ids.get(seq) === id);
}

function newToken({ sandbox }: CompanyFile): string {
  return sandbox.ids.next('', 32, HEX).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
