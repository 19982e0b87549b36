// The query parameters and paging that the control plane's lists share.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
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
