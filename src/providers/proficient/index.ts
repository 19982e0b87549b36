// The Proficient AI provider: chat agents for the users of a project. One project per sandbox; Admin API and Client API
// on one mount.
import { defineProvider } from '../../core/provider/provider.ts';
import { AGENT_CONFIG_OPERATIONS } from './agent-configs.ts';
import { AGENT_OPERATIONS } from './agents.ts';
import { AUTH } from './auth.ts';
import { ApiError, PROVIDER_ERRORS } from './errors.ts';
import { INTERACTION_OPERATIONS } from './interactions.ts';
import { MESSAGE_OPERATIONS } from './messages.ts';
import { removalHeaders, sampleKeys } from './sample-keys.ts';
import { SAMPLES } from './samples.ts';
import { KEYS, REPLIES, RESOURCES, SCHEMA } from './schema.ts';
import { USER_OPERATIONS } from './users.ts';

/** The Proficient AI provider. */
export const proficient = defineProvider({
  name: 'proficient',
  title: 'Proficient AI',
  mount: '/proficient',
  base: '',
  hosts: ['api.proficientai.com', 'main-64bxvpctea-uc.a.run.app'],
  schema: SCHEMA,
  resources: RESOURCES,
  documents: { keys: KEYS, replies: REPLIES },
  errors: PROVIDER_ERRORS,
  errorSchema: ApiError,
  auth: AUTH,
  secretHeaders: ['x-proficient-api-key', 'x-proficient-user-hmac'],
  operations: [
    ...USER_OPERATIONS,
    ...AGENT_OPERATIONS,
    ...AGENT_CONFIG_OPERATIONS,
    ...INTERACTION_OPERATIONS,
    ...MESSAGE_OPERATIONS,
  ],
  // The chat runs in browsers, on pages of any origin (our choice; documented only as a browser-side API).
  cors: {
    methods: ['GET', 'POST', 'DELETE', 'OPTIONS'],
    headers: [
      'Authorization',
      'Content-Type',
      'X-PROFICIENT-API-KEY',
      'X-PROFICIENT-USER-EXTERNAL-ID',
      'X-PROFICIENT-USER-HMAC',
      'X-Fern-Language',
      'X-Understudy-Sandbox',
      'X-Understudy-Client',
      'Prefer',
      'X-Retry-Test-Id',
    ],
    exposed: ['X-Understudy-Request', 'X-Understudy-Fault', 'X-Understudy-Barrier', 'Preference-Applied'],
  },
  // The SDKs read no environment variables; these names are our choice.
  environment: {
    baseUrl: 'PROFICIENT_BASE_URL',
    secretKey: 'PROFICIENT_SECRET_KEY',
    publishableKey: 'PROFICIENT_PUBLISHABLE_KEY',
  },
  samples: SAMPLES,
  sampleKeys,
  removalHeaders,
});
