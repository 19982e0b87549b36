// Schemas that several Conductor operations share, by the names its contract gives them.
import { z } from 'zod';
import { defineOperation } from '../../core/provider/provider.ts';

/** Conductor's callers are all alike: one project a sandbox, any number of secret keys. */
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

/** Path of an operation on one end-user. Any text is an id, most of them unknown ones (our choice). */
export const endUserPath = z.object({ id: z.string().describe('Id of the end-user.') });

const URI = /^[a-z][a-z0-9+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/i;
const SCRIPTS = new Set(['javascript:', 'data:', 'vbscript:']);

/**
 * Where a browser may be sent: an absolute URI (RFC 3986, so ASCII without blanks) that runs no code.
 * That it is a URI is documented, the refused schemes are our choice. `z.url()` would take `javascript:` and
 * cut blanks off.
 */
export const RedirectTarget = shownAs(
  z
    .string()
    .refine((text) => URI.test(text) && URL.canParse(text) && !SCRIPTS.has(new URL(text).protocol), 'Invalid URL'),
  { type: 'string', format: 'uri' },
);

/** Says in the document what only a refinement checks: zod cannot read its code. */
export function shownAs<S extends z.ZodType>(schema: S, json: object): S {
  // A refined schema refers to the plain one it was made from, and zod would describe that one; a copy does not.
  const copy = schema.clone(schema._zod.def);
  copy._zod.toJSONSchema = () => ({ ...json });
  return copy;
}
