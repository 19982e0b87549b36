// The receipt of a deletion: what it removed, what stayed behind, and whether the client was told.
import { z } from 'zod';

/** What a deletion removed, or would remove. */
export const Receipt = z.object({
  requestId: z.string(),
  providerRequestId: z.string().optional(),
  at: z.string().describe('Sandbox time.'),
  provider: z.string(),
  operation: z.string(),
  root: z.object({ resource: z.string(), id: z.string() }),
  deleted: z
    .array(z.object({ resource: z.string(), id: z.string(), via: z.string().nullable() }))
    .describe('What went along, and the foreign key that took it.'),
  detached: z
    .array(z.object({ resource: z.string(), id: z.string(), field: z.string() }))
    .describe('What stayed and lost its owner.'),
  counts: z.record(z.string(), z.int()).describe('Deleted rows by resource, the root included.'),
  dryRun: z.boolean().describe('Nothing went; this is what would have.'),
  answered: z.boolean().describe("The provider's own answer reached the client."),
  truncated: z.literal(true).optional().describe('There are more rows than are listed.'),
});
/**
 * What a deletion removed, or would have removed (`dryRun`). Rows are named by the id their API addresses them with.
 * `deleted` lists the rows that went with the root, with the foreign key that took each (`via`; null where the request
 * named the row itself); `detached` the rows that stayed and lost their owner; `counts` the deleted rows by resource,
 * the root included. `answered`: the provider's own response reached the client. `at` is sandbox time, ISO 8601.
 */
export type Receipt = z.output<typeof Receipt>;
