// The Conductor provider: QuickBooks Desktop integration for an application's end-users. One project per sandbox.
import { defineProvider } from '../../core/provider/provider.ts';
import { BASE36, draw, pooledBytes } from '../../core/random-ids.ts';
import { DEFAULT_SANDBOX } from '../../core/sandbox/sandboxes.ts';
import { AUTH } from './auth.ts';
import { AUTH_SESSION_OPERATIONS, expiredSessions } from './auth-sessions.ts';
import { PAGES } from './connect-page.ts';
import { ACTIONS } from './connection-actions.ts';
import { END_USER_OPERATIONS } from './end-users.ts';
import { ErrorResponse, PROVIDER_ERRORS } from './errors.ts';
import { HEALTH_CHECK_OPERATIONS } from './health-check.ts';
import { PASSTHROUGH_OPERATIONS } from './passthrough.ts';
import { DESK_VIEWS } from './quickbooks/desk-views.ts';
import { QUICKBOOKS_NOTES, QUICKBOOKS_OPERATIONS, QUICKBOOKS_RESOURCES } from './quickbooks/index.ts';
import { DESK_ACTIONS } from './quickbooks/office.ts';
import { PREFIX } from './quickbooks/operations.ts';
import { COMPANY_FILE, QUICKBOOKS_LINKS, QUICKBOOKS_SCHEMA } from './quickbooks/schema.ts';
import { PASSTHROUGH_PATH } from './quickbooks-desktop.ts';
import { SAMPLES } from './samples.ts';
import { KEYS, PASSTHROUGH, RESOURCES, SCHEMA } from './schema.ts';

const sampleKeys = (sandbox: string) => {
  const suffix = sandbox === DEFAULT_SANDBOX ? '' : `_sbx_${sandbox}`;
  return { secretKey: `sk_conductor_test${suffix}`, publishableKey: `pk_conductor_test${suffix}` };
};

/** The Conductor provider. */
export const conductor = defineProvider({
  name: 'conductor',
  title: 'Conductor',
  mount: '/conductor',
  base: '/v1',
  hosts: ['api.conductor.is'],
  schema: SCHEMA + QUICKBOOKS_SCHEMA,
  resources: [...RESOURCES, ...QUICKBOOKS_RESOURCES],
  links: [QUICKBOOKS_LINKS],
  documents: { keys: KEYS, passthrough: PASSTHROUGH, companyFile: COMPANY_FILE },
  errors: PROVIDER_ERRORS,
  errorSchema: ErrorResponse,
  auth: AUTH,
  faultsAfterAuth: true,
  requestId: { header: 'conductor-request-id', next: (source = pooledBytes) => `req_${draw(14, BASE36, source)}` },
  operations: [
    ...END_USER_OPERATIONS,
    ...PASSTHROUGH_OPERATIONS,
    ...AUTH_SESSION_OPERATIONS,
    ...HEALTH_CHECK_OPERATIONS,
    ...QUICKBOOKS_OPERATIONS,
  ],
  notes: QUICKBOOKS_NOTES,
  pages: PAGES,
  actions: [...ACTIONS, ...DESK_ACTIONS, ...DESK_VIEWS],
  applyElapsedTime: expiredSessions,
  contractRoutes: PASSTHROUGH_PATH,
  // The official SDKs read the first two.
  environment: {
    baseUrl: 'CONDUCTOR_BASE_URL',
    secretKey: 'CONDUCTOR_SECRET_KEY',
    publishableKey: 'CONDUCTOR_PUBLISHABLE_KEY',
  },
  samples: SAMPLES,
  sampleKeys,
  removalHeaders: ({ name }, resource, row) => ({
    authorization: `Bearer ${sampleKeys(name).secretKey}`,
    ...(QUICKBOOKS_RESOURCES.some((one) => one.name === resource && one.removal.startsWith(PREFIX))
      ? { 'conductor-end-user-id': String(row.endUserId) }
      : {}),
  }),
});
