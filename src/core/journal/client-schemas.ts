// Schemas of the verdicts on a client: what it did with failures, and the attempts that shows it.
import { z } from 'zod';

/** What a client is judged by, with the rule that it follows or breaks. */
export const CLIENT_RULES = {
  'retries-transient-errors':
    'a request without a response, with a 429 or with a 5xx is sent again; not judged for a create without a response',
  'retries-nothing-else':
    'a request that was refused (400, 401, 403, 404, 422, x-should-retry: false) is not sent again',
  'obeys-retry-after': 'a retry waits as long as Retry-After or retry-after-ms says',
  'creates-once': 'a create whose response was lost, or replaced by an error, is not done twice',
  'accepts-not-found': 'after a delete whose response was lost, "not found" counts as done; unclear if nothing follows',
  'gives-up-waiting': 'a request without a response is given up within half a minute',
  'keeps-secrets-out-of-urls': 'no key, token or password is part of a URL',
} as const;
/** A rule for clients. */
export type ClientRule = keyof typeof CLIENT_RULES;

/** A verdict on a client: whether it follows a rule, and the requests that show it. */
export const ClientVerdict = z.object({
  rule: z.enum(Object.keys(CLIENT_RULES) as [ClientRule, ...ClientRule[]]),
  /** Null where the journal does not show it. */
  passed: z.boolean().nullable(),
  provider: z.string(),
  operation: z.string(),
  /** What happened, in one sentence. */
  detail: z.string(),
  /** The ids of the requests that it is drawn from, oldest first. */
  requests: z.array(z.string()),
});
export type ClientVerdict = z.output<typeof ClientVerdict>;

/** A call and its attempts: equal requests of which all but the last failed. */
export const AttemptedCall = z.object({
  provider: z.string(),
  operation: z.string(),
  method: z.string(),
  url: z.string(),
  /** The status of each attempt that the client received; null without a response. */
  statuses: z.array(z.int().nullable()),
  /** From the end of one attempt to the next, in ms of real time. */
  waitsMs: z.array(z.number()),
  requests: z.array(z.string()),
});
export type AttemptedCall = z.output<typeof AttemptedCall>;
