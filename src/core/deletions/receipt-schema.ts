// The receipt of a deletion: the rows removed and detached, and whether the response reached the client.
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
    .describe('The rows deleted with the root, and the foreign key that caused it.'),
  detached: z
    .array(z.object({ resource: z.string(), id: z.string(), field: z.string() }))
    .describe('The rows that stayed and lost their owner.'),
  counts: z.record(z.string(), z.int()).describe('Deleted rows by resource, the root included.'),
  dryRun: z.boolean().describe('The deletion was rehearsed only: nothing was deleted.'),
  answered: z.boolean().describe("The provider's own response reached the client."),
  truncated: z.literal(true).optional().describe('There are more rows than listed.'),
});
/**
 * What a deletion removed, or would have removed (`dryRun`). Rows are identified by their id in the API. `deleted`
 * lists the rows deleted with the root, and the foreign key that caused each deletion (`via`; null for a row that the
 * request deleted itself); `detached` the rows that stayed and lost their owner; `counts` the deleted rows by resource,
 * the root included. `answered`: the provider's own response reached the client. `at` is sandbox time, ISO 8601.
 */
export type Receipt = z.output<typeof Receipt>;
