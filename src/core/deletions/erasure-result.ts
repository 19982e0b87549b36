// The result of an erasure check: residues, linked identities, and the plan that removes the residues.
import { z } from 'zod';

/** How a name can be encoded inside a text; `base64` means base64url too. */
const ENCODINGS = ['percent-encoded', 'form-encoded', 'JSON-escaped', 'base64'] as const;
/** How a name is encoded inside a text; `base64` means base64url too. */
export type Encoding = (typeof ENCODINGS)[number];

const Residue = z.object({
  /** `understudy` for what the sandbox itself stores. */
  provider: z.string(),
  resource: z.string(),
  id: z.string(),
  /** The column; for JSON, the path of the value; `first_name + last_name` for a name in two columns. */
  field: z.string(),
  match: z.enum(['exact', 'contains', 'linked', 'reference', 'inside']),
  /** The encodings that the name stands in, outermost first; left out where it stands as it is. */
  encodings: z.array(z.enum(ENCODINGS)).optional(),
  /** The request of the plan that removes it; null when none does without deleting rows of others. */
  erasableBy: z.string().nullable(),
});
/**
 * A value that still identifies a subject: `field` is the column, or the path inside its JSON; `match` is `exact` (the
 * whole value, after NFKC and case folding), `contains` (as a word), `linked` (a linked identity), `reference` (it
 * refers to a row of the subject) or `inside` (inside a longer identifier; never decides the result); `encodings` are
 * those the name stands in, outermost first, e.g. `['percent-encoded']` for `zoe%40example.com`; `erasableBy` is the
 * request of the plan that removes it, null if there is none; `provider` is `understudy` for what the sandbox itself
 * stores.
 */
export type Residue = z.output<typeof Residue>;

const LinkedIdentity = z.object({
  value: z.string(),
  linkedBy: z.object({ provider: z.string(), resource: z.string(), id: z.string(), field: z.string(), at: z.string() }),
});
/** A value ever seen on the same row as a subject, or as another linked identity; the row that links it, and when. */
export type LinkedIdentity = z.output<typeof LinkedIdentity>;

const Unerasable = z.object({
  provider: z.string(),
  resource: z.string(),
  id: z.string(),
  fields: z.array(z.string()),
  instead: z.string(),
});
/** A row with residues that the plan does not remove; `instead` says why, and what can be done. */
export type Unerasable = z.output<typeof Unerasable>;

/** The result of an erasure check. */
export const ErasureResult = z.object({
  clean: z.boolean(),
  subjects: z.array(z.string()),
  /** Sandbox time, ISO 8601. */
  at: z.string(),
  /** The linked identities that were also searched; false when only the given subjects were. */
  linked: z.union([z.array(LinkedIdentity), z.literal(false)]),
  /** The number of rows whose links have been forgotten. */
  linksForgotten: z.int().optional(),
  /** There are more linked identities than were searched. */
  linkedTruncated: z.literal(true).optional(),
  searched: z.object({ resources: z.int(), rows: z.int() }),
  residues: z.array(Residue),
  /** The fewest requests, in order, that remove every residue and no row of anybody else. */
  plan: z.array(z.string()),
  /** The headers, besides credentials, that requests of the plan need, by request. */
  planHeaders: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  unerasable: z.array(Unerasable),
  /** What stays elsewhere, whatever is deleted here; one sentence each. */
  outOfReach: z.array(z.string()).optional(),
  /** There are more residues than listed. */
  truncated: z.literal(true).optional(),
});
/**
 * The result of an erasure check. `linked` are identities that were searched too, false when only the given subjects
 * were; `linksForgotten` is how many rows' links have been forgotten, so that a clean result is not certain; `plan` are
 * the fewest requests, in order, that remove every residue and no row of anybody else; `planHeaders` are the headers,
 * besides credentials, that some of them need; `unerasable` are the rows it does not remove; `outOfReach` says what
 * stays elsewhere, whatever is deleted here; `truncated` when there are more residues than listed.
 */
export type ErasureResult = z.output<typeof ErasureResult>;
