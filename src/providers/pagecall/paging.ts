// Pagecall's paged lists: offset, limit, sort_by, and the paging object of the response.
import { z } from 'zod';
import type { Cell } from '../../core/row.ts';
import type { Database } from '../../core/storage/database.ts';

const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/**
 * Parses a query number. Only decimal digits are valid (our choice); larger numbers are clamped to the largest safe
 * integer. Anything else becomes the smallest, fails the minimum, and so gets the same message.
 */
const digits = (value: unknown) =>
  typeof value === 'string' && /^-?\d+$/.test(value)
    ? Math.max(-MAX_NUMBER, Math.min(Number(value), MAX_NUMBER))
    : -MAX_NUMBER;
const tooSmall = (least: number) => `must be an integer of at least ${least}`;
const integer = (least: number) => z.preprocess(digits, z.int().min(least, tooSmall(least))).optional();
/** Like `integer`, but the minimum is not in the published document, so a refinement keeps it out of the schema. */
const publishedInteger = (least: number) =>
  z
    .preprocess(
      digits,
      z.int().refine((value) => value >= least, tooSmall(least)),
    )
    .optional();

/** `offset` and `limit` of lists that do not document them (source: the SDK). */
export const pageQuery = { offset: integer(0), limit: integer(1) };
/** `offset` and `limit` of the room list (documented). */
export const publishedPageQuery = { offset: publishedInteger(0), limit: publishedInteger(1) };

/** A query boolean: `true` or `false` as text, nothing else (our choice). */
export const flag = z
  .preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())
  .optional();

/** `sort_by`: a field with optional `+`, `-`, or a space, which an unescaped `+` decodes to. */
export const sortBy = (pattern: RegExp) =>
  z.string().regex(pattern, 'is not a field this list can be sorted by').optional();
/** `sort_by` of lists that sort by `created_at` only. */
export const sortByCreated = sortBy(/^[+ -]?created_at$/);

const DEFAULT_LIMIT = 30;
/** Larger limits are clamped (our choice); the official demo requests exactly this many. */
const MAX_LIMIT = 1000;

/** Reads the requested page of a list, with the paging object of the response. */
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
