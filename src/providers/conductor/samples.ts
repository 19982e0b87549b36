// Sample parameters and bodies of Conductor's operations that work with the built-in fixtures.
import type { Samples } from '../../core/provider/samples.ts';

const END_USER = 'end_usr_alice000000042';

/** Conductor's samples. */
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
