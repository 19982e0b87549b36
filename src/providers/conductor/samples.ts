// What of Conductor a person can try at once, with the built-in rows.
import type { Samples } from '../../core/provider/samples.ts';

const END_USER = 'end_usr_alice000000042';

export const SAMPLES: Samples = {
  authorize: { BearerAuth: '{secretKey}' },
  parameters: { id: END_USER, 'conductor-end-user-id': END_USER, integrationslug: 'quickbooks_desktop' },
  bodies: {
    'endUsers.create': { companyName: 'Harbour Street Bakery', sourceId: 'user-77', email: 'bruno@example.com' },
    'endUsers.passthrough': { CompanyQueryRq: {} },
    connect: { state: 'connected' },
    disconnect: { remove: false },
    'authSessions.create': { publishableKey: 'pk_conductor_test', endUserId: END_USER, linkExpiryMins: 30 },
  },
};
