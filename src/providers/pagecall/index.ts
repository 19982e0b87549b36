// The Pagecall provider: online whiteboard meetings. One workspace per sandbox.
import { defineProvider } from '../../core/provider/provider.ts';
import { ACTIONS } from './actions.ts';
import { AUTH } from './auth.ts';
import { ErrorBody, PROVIDER_ERRORS } from './errors.ts';
import { endOverdueMeetings } from './meetings.ts';
import { MEMBER_OPERATIONS } from './members.ts';
import { MESSAGE_OPERATIONS } from './messages.ts';
import { PAGE_OPERATIONS } from './pages.ts';
import { ROOM_OPERATIONS } from './rooms.ts';
import { SAMPLES } from './samples.ts';
import { KEYS, RESOURCES, SCHEMA } from './schema.ts';
import { SESSION_OPERATIONS } from './sessions.ts';
import { USER_OPERATIONS } from './users.ts';

const sampleKeys = (sandbox: string) => ({
  apiKey: sandbox === 'default' ? 'pagecall_test_key' : `pagecall_test_key_sbx_${sandbox}`,
});

/** The Pagecall provider. */
export const pagecall = defineProvider({
  name: 'pagecall',
  title: 'Pagecall',
  mount: '/pagecall',
  base: '/v1',
  hosts: ['api.pagecall.com', 'api.pagecall.net'],
  schema: SCHEMA,
  resources: RESOURCES,
  documents: { keys: KEYS },
  errors: PROVIDER_ERRORS,
  errorSchema: ErrorBody,
  auth: AUTH,
  operations: [
    ...USER_OPERATIONS,
    ...ROOM_OPERATIONS,
    ...SESSION_OPERATIONS,
    ...PAGE_OPERATIONS,
    ...MEMBER_OPERATIONS,
    ...MESSAGE_OPERATIONS,
  ],
  actions: ACTIONS,
  applyElapsedTime: (sandbox) =>
    endOverdueMeetings(sandbox).map(({ resource, id, terminated_at: at }) => ({
      resource,
      id,
      what: 'terminated',
      at,
    })),
  // Its SDKs read none; these are ours.
  environment: { baseUrl: 'PAGECALL_BASE_URL', apiKey: 'PAGECALL_API_KEY' },
  samples: SAMPLES,
  sampleKeys,
  removalHeaders: ({ name }) => ({ authorization: `Bearer ${sampleKeys(name).apiKey}` }),
});
