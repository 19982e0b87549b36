// What the control plane's lists have in common.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SandboxQuery } from './context.ts';

/** How many entries a list shows when nobody says otherwise. */
const DEFAULT_LIMIT = 100;

export const ListQuery = SandboxQuery.extend({
  limit: z.coerce.number().int().min(1).max(100_000).default(DEFAULT_LIMIT).describe('How many at most.'),
});

/** A body where none is needed; an empty object does no harm. */
export const EmptyBody = z.strictObject({}).optional();

/** The first entries, as many as the request wants. */
export function firstPage<T>(all: readonly T[], request: FastifyRequest): T[] {
  return all.slice(0, (request.query as z.output<typeof ListQuery>).limit);
}
