// The query parameters and paging that the control plane's lists share.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { invalidInput } from '../core/problem.ts';
import { SandboxQuery } from './context.ts';

/** Number of entries a list returns without `?limit=`. */
const DEFAULT_LIMIT = 100;

/** The query of a list: `sandbox` and `limit`. */
export const ListQuery = SandboxQuery.extend({
  limit: z.coerce.number().int().min(1).max(100_000).default(DEFAULT_LIMIT).describe('Maximum number of entries.'),
});

/** The body of routes that need none: absent or an empty object. */
export const EmptyBody = z.strictObject({}).optional();

/** The first entries of a list, at most `limit`. */
export function firstPage<T>(all: readonly T[], request: FastifyRequest): T[] {
  return all.slice(0, (request.query as z.output<typeof ListQuery>).limit);
}

/**
 * The entries after `since`, the id of one or an ISO 8601 time; all of them without it.
 *
 * @param what the entries are, for the message
 * @throws Problem, 400, for any other text
 */
export function after<T extends { readonly id: string; readonly at: number | string }>(
  newestFirst: readonly T[],
  since: string | undefined,
  what: string,
): readonly T[] {
  if (since === undefined) return newestFirst;
  // An unknown id was cleared or evicted, so everything listed now is newer.
  if (/^[0-9a-z]{16}$/.test(since)) {
    const at = newestFirst.findIndex(({ id }) => id === since);
    return at === -1 ? newestFirst : newestFirst.slice(0, at);
  }
  if (!z.iso.datetime({ offset: true }).safeParse(since).success)
    throw invalidInput('since', `takes the id of a ${what}, or a time such as 2025-01-31T12:00:00Z`);
  return newestFirst.filter(({ at }) => new Date(at) >= new Date(since));
}
