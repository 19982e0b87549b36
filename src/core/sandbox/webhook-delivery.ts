// The record of a webhook: its message, its state, and every attempt to post it.
import { z } from 'zod';

/** One attempt: the response's status, or the error. */
const Attempt = z.strictObject({
  /** Sandbox time. */
  at: z.string(),
  status: z.int().optional(),
  error: z.string().optional(),
  durationMs: z.int(),
});
export type Attempt = z.output<typeof Attempt>;

/** A message with its state and attempts. */
export const Delivery = z.strictObject({
  id: z.string(),
  /** Sandbox time. */
  at: z.string(),
  url: z.string(),
  /** The headers as sent, without those added by the HTTP client. */
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.array(Attempt),
});
export type Delivery = z.output<typeof Delivery>;
