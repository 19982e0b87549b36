// Cursors: a listing's rows are chosen by its first request, and each next page must be asked for within ten seconds.
import { HEX } from '../../../core/random-ids.ts';
import type { Database } from '../../../core/storage/database.ts';
import { invalid } from '../errors.ts';
import type { CompanyFile } from './company-file.ts';

/** How long a cursor lives after the last page, in ms of sandbox time (documented). */
const LIFETIME = 10_000;
/** Listings that a sandbox keeps open; the oldest are closed. */
const MAX_OPEN = 100;

/** A row of a listing: the `seq` of an object, with a part of it where a list shows several rows of one. */
export type ListedRow = number | { readonly seq: number; readonly part: number };

const seqOf = (row: ListedRow) => (typeof row === 'number' ? row : row.seq);

interface Listing {
  readonly endUserId: string;
  readonly path: string;
  /** No other object gets the `seq` of one that is deleted. */
  readonly rows: readonly ListedRow[];
  /** How many rows the pages before held. */
  done: number;
  expiresAt: number;
}

/** The open listings of each database: a reset or restore, which replaces it, closes them. */
const open = new WeakMap<Database, Map<string, Listing>>();

/** A page of a listing. */
export interface Page<Row extends ListedRow = number> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
  /** Rows after this page. */
  readonly remainingCount: number;
}

/** The first page of a new listing of these rows; all of them without a limit. */
export function firstPage<Row extends ListedRow>(
  file: CompanyFile,
  path: string,
  rows: readonly Row[],
  limit = rows.length,
): Page<Row> {
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
export function nextPage<Row extends ListedRow>(
  file: CompanyFile,
  path: string,
  token: string,
  limit: number,
): Page<Row> {
  const listings = open.get(file.db);
  const listing = listings?.get(token);
  const now = file.sandbox.clock.now();
  if (listing?.path !== path || listing.endUserId !== file.endUserId || listing.expiresAt < now) {
    throw invalid(
      'Invalid input: the cursor is unknown, or more than 10 seconds passed since its last page at "cursor"',
    );
  }
  // A path has rows of one kind.
  const rows = listing.rows.slice(listing.done, listing.done + limit) as Row[];
  listing.done += rows.length;
  listing.expiresAt = now + LIFETIME;
  const remainingCount = listing.rows.length - listing.done;
  if (remainingCount === 0) listings?.delete(token);
  return { rows: stillThere(file, rows), nextCursor: remainingCount === 0 ? null : token, remainingCount };
}

/** The rows that have not been deleted since. */
function stillThere<Row extends ListedRow>(file: CompanyFile, rows: readonly Row[]): Row[] {
  const found = file.db.all<{ seq: number }>(
    'select seq from conductor_quickbooksObjects where seq in (select value from json_each(?))',
    JSON.stringify(rows.map(seqOf)),
  );
  const there = new Set(found.map(({ seq }) => seq));
  return rows.filter((row) => there.has(seqOf(row)));
}

function newToken({ sandbox }: CompanyFile): string {
  return sandbox.ids.next('', 32, HEX).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
