// Pagecall's paged lists: offset, limit, sort_by, and the paging object beside the rows.
import { z } from 'zod';
import type { Cell } from '../../core/row.ts';
import type { Database } from '../../core/storage/database.ts';

const REACH = Number.MAX_SAFE_INTEGER;

/**
 * Query numbers arrive as text; only decimal digits count (our choice), and more of them than fit mean "very many".
 * Anything else fails the minimum, so that every bad value gets the same sentence.
 */
const digits = (value: unknown) =>
  typeof value === 'string' && /^-?\d+$/.test(value) ? Math.max(-REACH, Math.min(Number(value), REACH)) : -REACH;
const tooSmall = (least: number) => `must be an integer of at least ${least}`;
const integer = (least: number) => z.preprocess(digits, z.int().min(least, tooSmall(least))).optional();
/** The same where the published document has no minimum: the limit is ours and stays out of the schema. */
const publishedInteger = (least: number) =>
  z
    .preprocess(
      digits,
      z.int().refine((value) => value >= least, tooSmall(least)),
    )
    .optional();

/** `offset` and `limit` as paged lists take them (seen in the SDK). */
export const pageQuery = { offset: integer(0), limit: integer(1) };
/** `offset` and `limit` as documented, on rooms. */
export const publishedPageQuery = { offset: publishedInteger(0), limit: publishedInteger(1) };

/** A query boolean: `true` or `false` as text, nothing else (our choice). */
export const flag = z
  .preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())
  .optional();

/** `sort_by`: `+`, `-`, or a blank that an unescaped `+` decodes to. */
export const sortBy = (pattern: RegExp) =>
  z.string().regex(pattern, 'is not a field this list can be sorted by').optional();
export const sortByCreated = sortBy(/^[+ -]?created_at$/);

const DEFAULT_LIMIT = 30;
/** Larger limits are clamped (our choice); the official demo asks for exactly this many. */
const MAX_LIMIT = 1000;

/** The part of a list that was asked for, and the paging object that goes with it. */
export function page<Row>(
  db: Database,
  from: { table: string; where: string; values: Cell[]; order: string },
  query: { offset?: number | undefined; limit?: number | undefined; sort_by?: string | undefined },
): { rows: Row[]; paging: { limit: number; offset: number; total: number } } {
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const offset = query.offset ?? 0;
  const direction = query.sort_by?.startsWith('-') ? 'desc' : 'asc';
  const scope = `from ${from.table} where ${from.where}`;
  const rows = db.all<Row>(
    `select * ${scope} order by ${from.order} ${direction}, seq ${direction} limit ? offset ?`,
    ...from.values,
    limit,
    offset,
  );
  const total = db.get<{ total: number }>(`select count(*) as total ${scope}`, ...from.values)?.total as number;
  return { rows, paging: { limit, offset, total } };
}
