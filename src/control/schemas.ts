// Schemas of what the control plane returns; the dashboard, the library and the commands take their types from here.
import { z } from 'zod';
import type { Barrier } from '../core/faults/barrier.ts';
import type { Rule } from '../core/faults/fault-rule.ts';
import { SettingsShown } from '../core/sandbox/settings.ts';

export { ErasureResult, type LinkedIdentity, type Residue, type Unerasable } from '../core/deletions/erasure-result.ts';
export type { Receipt } from '../core/deletions/receipt-schema.ts';
export type { PlannedBarrier } from '../core/faults/barrier.ts';
export type { WireFault } from '../core/faults/fault-plan.ts';
export type { PlannedRule as PlannedFault } from '../core/faults/fault-rule.ts';
export type { AttemptedCall, ClientVerdict } from '../core/journal/client-schemas.ts';
export type { JournalEntry, Pattern } from '../core/journal/schemas.ts';

/**
 * A fault to plan. An empty `match` matches every request; without a `mode` the fault is injected `'always'`.
 *
 * ```js
 * { match: { operation: 'endUsers.delete' }, mode: { times: 1 }, effect: { fault: 'reset' }, phase: 'after-commit' }
 * { match: { provider: 'pagecall' }, effect: { status: 503, retryAfter: 1 }, delay: { fixedMs: 20 } }
 * ```
 */
export type FaultRule = z.input<typeof Rule>;

/**
 * Two requests to bring together. Without `second` it is the same as `first`.
 *
 * ```js
 * { first: { operation: 'endUsers.delete' } } // two deletes at once
 * { mode: 'order', first: { method: 'DELETE' }, second: { method: 'POST' }, timeoutMs: 2000 }
 * ```
 */
export type BarrierRule = z.input<typeof Barrier>;

/** How many entries a list would have without its limit. */
const meta = z.strictObject({ total: z.int() });

/** A list under the name of its entries, with the total: `{ faults: […], meta: { total } }`. */
export function listOf<Name extends string, Item extends z.ZodType>(name: Name, item: Item) {
  return z.strictObject({ [name]: z.array(item), meta } as Record<Name, z.ZodArray<Item>> & { meta: typeof meta });
}

/** A row with the API's own column names. */
const Row = z.record(z.string(), z.unknown());
export type Row = z.output<typeof Row>;

/** A resource of a provider: its columns, who owns its rows, and the DELETE that removes one. */
export const Resource = z.strictObject({
  provider: z.string(),
  /** The provider's display name. */
  title: z.string(),
  name: z.string(),
  /** The column by which the API addresses a row. */
  key: z.string(),
  columns: z.array(z.string()),
  /** Columns that identify a person outside the provider. */
  identity: z.array(z.string()),
  /** Columns that refer to another resource's row. */
  owners: z.array(
    z.strictObject({
      column: z.string(),
      resource: z.string(),
      field: z.string(),
      /** When the owner is deleted, the row is deleted too, loses the value, or keeps a dangling value. */
      tie: z.enum(['owned', 'detached', 'loose']),
    }),
  ),
  /** The path of the DELETE, with `{column}` for a value of the row; it removes the row itself or its owner. */
  removal: z.strictObject({ path: z.string(), of: z.enum(['row', 'owner']) }),
  rows: z.int(),
});
export type Resource = z.output<typeof Resource>;

const Owned = z.strictObject({ resource: z.string(), column: z.string(), counts: z.record(z.string(), z.int()) });
/** How many rows of a resource each row of a page owns, by the value its column holds. */
export type Owned = z.output<typeof Owned>;

/** A page of a resource's rows. */
export const RowsPage = z.strictObject({ rows: z.array(Row), owned: z.array(Owned), meta });
export type RowsPage = z.output<typeof RowsPage>;

const DeleteRequest = z.strictObject({
  method: z.literal('DELETE'),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
});
/** The request that removes a row, with the headers that authorize it. */
export type DeleteRequest = z.output<typeof DeleteRequest>;

/** A row and the request that removes it, itself or with its owner. */
export const RowWithRemoval = z.strictObject({ row: Row, removal: DeleteRequest });
export type RowWithRemoval = z.output<typeof RowWithRemoval>;

/** A sandbox: its settings, base URLs and keys. */
export const SandboxInfo = z.strictObject({
  name: z.string(),
  settings: SettingsShown,
  /** Real time, ISO 8601. */
  createdAt: z.string(),
  ttlSeconds: z.number().optional(),
  expiresAt: z
    .string()
    .optional()
    .describe(
      'When it expires, ISO 8601: after its `ttlSeconds`, or, if its first use created it, when it stays unused. Absent if it does not expire.',
    ),
  providers: z.record(z.string(), z.object({ baseUrl: z.string() }).catchall(z.string())),
});
export type SandboxInfo = z.output<typeof SandboxInfo>;

/** A snapshot's name and age. */
export const Snapshot = z.strictObject({
  name: z.string(),
  /** Real time, ISO 8601. */
  createdAt: z.string(),
});
/** A snapshot's name, and when it was made (real time, ISO 8601). */
export type Snapshot = z.output<typeof Snapshot>;

const Difference = z.strictObject({
  inserts: z.array(Row),
  updates: z.array(z.strictObject({ before: Row, after: Row })),
  deletes: z.array(Row),
});
/** The rows of one resource that changed since a snapshot. */
export type Difference = z.output<typeof Difference>;

/** What changed since a snapshot, by provider and resource. */
export const SnapshotDiff = z.record(z.string(), z.record(z.string(), Difference));
/** What changed since a snapshot, by provider and resource. */
export type SnapshotDiff = Record<string, Record<string, Difference>>;

/** The time of a sandbox's clock. */
export const ClockTime = z.strictObject({
  /** ISO 8601, UTC. */
  now: z.string(),
  frozen: z.boolean(),
  /** How far it is ahead of real time, in milliseconds. */
  offsetMs: z.number().int(),
});
/** The time of a sandbox's clock: `now` in ISO 8601 (UTC), and how many milliseconds it is ahead of real time. */
export type ClockTime = z.output<typeof ClockTime>;

const DueItem = z.strictObject({
  provider: z.string(),
  resource: z.string(),
  id: z.string(),
  /** What happened to it. */
  what: z.string(),
  /** When it fell due, ISO 8601. */
  at: z.string(),
});
/** Something that fell due when time passed: what happened to the object, and when (sandbox time, ISO 8601). */
export type DueItem = z.output<typeof DueItem>;

/** The time after a move; `due` comes with `advance`. */
export const MovedClock = ClockTime.extend({ due: z.array(DueItem).optional() });
export type MovedClock = z.output<typeof MovedClock>;

/** An error of the catalogue. */
export const ErrorEntry = z.strictObject({
  provider: z.string(),
  /** Null for a response to a request that matches no operation. */
  operation: z.string().nullable(),
  status: z.number().int(),
  code: z.string(),
  /** An object, or whatever a document given with --contract declares; null for a response without a body. */
  body: z.unknown(),
  source: z.enum(['documented', 'inferred', 'choice']),
  when: z.string(),
  onlyByFault: z.boolean(),
});
export type ErrorEntry = z.output<typeof ErrorEntry>;

const RequestSummary = z.object({
  id: z.string(),
  method: z.string(),
  url: z.string(),
  /** Null while the response is pending. */
  status: z.int().nullable(),
});

/** Whether as many requests match as expected. Both lists have at most five requests, newest first. */
export const Verdict = z.object({
  passed: z.boolean(),
  count: z.int(),
  /** For too few: the requests that differ from the pattern in one member. */
  nearMisses: z.array(
    z.object({ ...RequestSummary.shape, member: z.string(), expected: z.unknown(), actual: z.unknown() }),
  ),
  /** For too many: the matching requests beyond those expected. */
  extra: z.array(RequestSummary),
});
/** Whether as many requests match as expected. */
export type Verdict = z.output<typeof Verdict>;

/** An error of the control plane (RFC 9457). */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** For invalid input: what is wrong, by path; at most 50 findings. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** How many findings there are besides those in `errors`. */
  more: z.int().optional(),
  operation: z.string().optional().describe('The operation that does not return the requested status.'),
  statuses: z.array(z.int()).optional().describe('The statuses that the operation can return.'),
  integrationCode: z.string().optional().describe('The code with which QuickBooks refuses an action at its desk.'),
});
export type ProblemDocument = z.output<typeof ProblemDocument>;
