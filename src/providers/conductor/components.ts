// Schemas shared by several Conductor operations, under their names in the contract.
import { z } from 'zod';
import { defineOperation } from '../../core/provider/provider.ts';

/**
 * Defines an operation. The caller is null: every secret key of a sandbox belongs to the same project. The contract
 * declares no error statuses.
 */
export const operation = defineOperation<null>();

export const IntegrationSlug = z.enum(['quickbooks_desktop'], 'Invalid option: expected "quickbooks_desktop"');

export const IntegrationConnection = z.strictObject({
  id: z.string(),
  objectType: z.literal('integration_connection'),
  createdAt: z.string(),
  integrationSlug: IntegrationSlug,
  lastRequestAt: z.string().nullable(),
  lastSuccessfulRequestAt: z.string().nullable(),
});

export const EndUser = z.strictObject({
  id: z.string(),
  objectType: z.literal('end_user'),
  createdAt: z.string(),
  companyName: z.string(),
  sourceId: z.string(),
  email: z.string(),
  integrationConnections: z.array(IntegrationConnection),
});

export const AuthSession = z.strictObject({
  id: z.string(),
  objectType: z.literal('auth_session'),
  createdAt: z.string(),
  endUserId: z.string(),
  clientSecret: z.string(),
  authFlowUrl: z.string(),
  expiresAt: z.string(),
  redirectUrl: z.string().nullable(),
});

/** Path parameters of an operation on one end-user. Any text is accepted as an id; unknown ids get 404 (our choice). */
export const endUserPath = z.object({ id: z.string().describe('Id of the end-user.') });

const URI = /^[a-z][a-z0-9+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/i;
const SCRIPTS = new Set(['javascript:', 'data:', 'vbscript:']);

/**
 * A redirect target: an absolute URI (RFC 3986: ASCII without spaces) whose scheme runs no code. The format is
 * documented, the rejected schemes are our choice. `z.url()` would accept `javascript:` and trim spaces.
 */
export const RedirectTarget = shownAs(
  z
    .string()
    .refine((text) => URI.test(text) && URL.canParse(text) && !SCRIPTS.has(new URL(text).protocol), 'Invalid URL'),
  { type: 'string', format: 'uri' },
);

/** Sets the JSON Schema of a zod schema whose refinement zod cannot convert. */
export function shownAs<S extends z.ZodType>(schema: S, json: object): S {
  // A refined schema refers to its unrefined source, and zod would convert the source; a clone has no such reference.
  const copy = schema.clone(schema._zod.def);
  copy._zod.toJSONSchema = () => ({ ...json });
  return copy;
}
