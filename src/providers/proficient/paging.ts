// Proficient's paged lists: `limit`, and `starting_after` (the id of the last item seen) as cursor.
import { z } from 'zod';
import type { Cell } from '../../core/row.ts';
import type { Database } from '../../core/storage/database.ts';
import { notFound } from './errors.ts';

/** The range 1 to 100 and the default of 20 are documented; rejecting other values is our choice. */
const LIMIT = /^([1-9][0-9]?|100)$/;
const DEFAULT_LIMIT = 20;

/** The paging parameters of a list. */
export const pageQuery = {
  limit: z
    .string()
    .refine((text) => LIMIT.test(text), 'must be a whole number from 1 to 100')
    .optional(),
  starting_after: z.string().optional(),
};

/** A list to page through, in order of creation or the reverse. */
interface List {
  /** Name of an item in error messages. */
  readonly kind: string;
  readonly table: string;
  readonly where: string;
  readonly values: readonly Cell[];
  readonly order: 'asc' | 'desc';
}

/**
 * Reads the requested page. Throws Failure resource_not_found for a cursor outside the list (our choice: an empty page
 * would hide a bug).
 */
export function page<Row>(
  db: Database,
  { kind, table, where, values, order }: List,
  query: { limit?: string | undefined; starting_after?: string | undefined },
): { rows: Row[]; has_more: boolean } {
  const size = Number(query.limit ?? DEFAULT_LIMIT);
  const bounds: Cell[] = [];
  let after = '';
  if (query.starting_after) {
    const cursor = db.get<{ created_at: number; seq: number }>(
      `select created_at, seq from ${table} where id = ? and ${where}`,
      query.starting_after,
      ...values,
    );
    if (cursor === undefined) throw notFound(kind, query.starting_after);
    after = `and (created_at, seq) ${order === 'asc' ? '>' : '<'} (?, ?)`;
    bounds.push(cursor.created_at, cursor.seq);
  }
  // Reads one extra row to compute has_more.
  const rows = db.all<Row>(
    `select * from ${table} where ${where} ${after} order by created_at ${order}, seq ${order} limit ?`,
    ...values,
    ...bounds,
    size + 1,
  );
  return { rows: rows.slice(0, size), has_more: rows.length > size };
}
