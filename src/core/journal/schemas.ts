// Schemas of request patterns and of journal entries; their types are inferred, and clients share them.
import { z } from 'zod';
import { LONGEST_GLOB } from './path-glob.ts';

/** Any JSON value; one schema, so that documents can refer to it by name. */
export const Json = z.json();

/** Maximum length of a provider's or an operation's name: the nearest one is sought for an unknown name. */
const LONGEST_NAME = 200;

/** What identifies a request before there is a response. All members given must match. */
export const RequestPattern = z.strictObject({
  provider: z.string().max(LONGEST_NAME).optional(),
  operation: z.string().max(LONGEST_NAME).optional(),
  method: z
    .string()
    .regex(/^[A-Za-z-]+$/, 'is not an HTTP method')
    .optional(),
  path: z.string().max(LONGEST_GLOB).regex(/^[/*]/, 'must begin with / or *').optional(),
  id: z.string().min(1).optional(),
  header: z.record(z.string(), z.string()).optional(),
  body: z.record(z.string(), Json).optional(),
});

/** A response status, or a class of them: `2xx`. */
const StatusPattern = z.union(
  [z.int().min(100).max(599), z.enum(['1xx', '2xx', '3xx', '4xx', '5xx'])],
  'takes a status from 100 to 599, or a class of them, as in 2xx',
);

/**
 * A request pattern for the journal. `status` is what the client received: pending and lost responses have none, and
 * 499 is a client that left during a delay or at a barrier. Dry runs match only with `dryRun: true`.
 */
export const Pattern = z.strictObject({
  ...RequestPattern.shape,
  status: StatusPattern.optional(),
  dryRun: z.boolean().optional(),
});
export type Pattern = z.output<typeof Pattern>;

const NearestOperation = z.object({
  provider: z.string(),
  operation: z.string(),
  method: z.string(),
  path: z.string(),
});
/** An operation that an unmatched request may have meant. */
export type NearestOperation = z.output<typeof NearestOperation>;

const message = {
  headers: z.record(z.string(), z.unknown()),
  body: z.unknown(),
  bodyTruncated: z.literal(true).optional(),
  /** The body was dropped, because the journals reached their memory limit. */
  bodyDropped: z.literal(true).optional(),
};

/** A request and its response as the control plane shows them: bodies as JSON, secrets redacted. */
export const JournalEntry = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Null for a request outside every provider's mount. */
  provider: z.string().nullable(),
  /** Null for a request that no operation takes. */
  operation: z.string().nullable(),
  durationMs: z.number(),
  request: z.object({ method: z.string(), url: z.string(), ...message }),
  /** The status is null while the response is pending. */
  response: z.object({ status: z.int().nullable(), ...message }),
  /** Whether the response was handed to an open connection; false when it was lost, and while it is pending. */
  delivered: z.boolean(),
  /** The request is delayed, held by a fault, or still in progress. */
  pending: z.literal(true).optional(),
  /** The request changed nothing (`Prefer: dry-run`). */
  dryRun: z.literal(true).optional(),
  /** The value of `X-Understudy-Fault`: what injected a fault, or ordered a dry run. */
  fault: z.string().optional(),
  /** The id of the barrier at which it took part in a pair: the value of `X-Understudy-Barrier`. */
  barrier: z.string().optional(),
  /** A call of an operation that carried no key. Whether it was served is up to the provider and `auth`. */
  keyless: z.literal(true).optional(),
  notes: z.record(z.string(), z.unknown()).optional(),
  /** There is a receipt, `GET /__admin/deletions/{id}`. */
  deletion: z.literal(true).optional(),
  /** For an unmatched request: the operations with the most similar method and path. */
  nearest: z.array(NearestOperation).optional(),
});
export type JournalEntry = z.output<typeof JournalEntry>;
