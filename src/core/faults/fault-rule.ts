// Schema of a fault rule: which requests it matches, how often, and what it does to them.
import { z } from 'zod';
import { RequestPattern } from '../journal/schemas.ts';
import { Delay } from './delays.ts';
import { WIRE_FAULTS } from './fault-plan.ts';

const Headers = z.record(
  z.string().regex(/^[A-Za-z0-9-]+$/, 'is not a header name'),
  z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'contains a character that headers do not allow'),
);

/** A rule as a client sends it. */
export const Rule = z.strictObject({
  match: RequestPattern.default({}),
  mode: z
    .union([
      z.literal('always'),
      z.strictObject({ times: z.int().min(1), skip: z.int().min(0).optional() }),
      z.strictObject({ probability: z.number().min(0).max(1), seed: z.union([z.string(), z.number()]).optional() }),
    ])
    .default('always'),
  effect: z
    .union([
      z.strictObject({
        status: z.int().min(400).max(599),
        code: z.string().optional(),
        integration: z.string().optional(),
        headers: Headers.optional(),
        lenient: z.boolean().optional(),
        retryAfter: z.number().min(0).optional(),
      }),
      z.strictObject({ fault: z.enum(WIRE_FAULTS) }),
    ])
    .optional(),
  phase: z.enum(['before', 'after-commit']).default('before'),
  delay: Delay.optional(),
});
export type Rule = z.output<typeof Rule>;

/** A rule that is planned. */
export const PlannedRule = z.object({
  ...Rule.shape,
  id: z.string(),
  /** How many requests it was injected into. */
  hits: z.int(),
  /** Its `times` are used up. */
  spent: z.boolean(),
});
export type PlannedRule = z.output<typeof PlannedRule>;
