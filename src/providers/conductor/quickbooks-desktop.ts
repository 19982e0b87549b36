// Conductor's QuickBooks Desktop operations without a handler: the published document's examples, after end-user and
// connection checks.
import type { Provider } from '../../core/provider/provider.ts';
import { requireConnection } from './connections.ts';
import { requireEndUser } from './end-users.ts';
import { isConnectionError } from './errors.ts';

/**
 * The end-user is given in a header (documented). Its connection is checked as in the health check (our choice):
 * an unknown or deleted end-user gets RESOURCE_MISSING, a missing connection INTEGRATION_CONNECTION_NOT_SET_UP.
 */
export const PASSTHROUGH_PATH: NonNullable<Provider['contractRoutes']> = {
  failsAtCheckpoint: isConnectionError,
  enter(call) {
    const { 'conductor-end-user-id': endUserId } = (call.headers ?? {}) as Record<string, string | undefined>;
    if (endUserId === undefined) return;
    const { id } = requireEndUser(call.sandbox, endUserId);
    const connection = requireConnection(call, id);
    connection.succeeded();
    connection.respond(null);
  },
};
