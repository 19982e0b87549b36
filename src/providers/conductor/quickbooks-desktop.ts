// Conductor's QuickBooks Desktop operations that have no handler: answered from a published document, for end-users that are there.
import type { Provider } from '../../core/provider/provider.ts';
import { requireConnection } from './connections.ts';
import { requireEndUser } from './end-users.ts';
import { isConnectionError } from './errors.ts';

/**
 * They name their end-user in a header (documented) and go through its connection as the health check does (our
 * choice): unknown or deleted end-users are missing, and without a connection nothing is answered.
 */
export const PASSTHROUGH_PATH: NonNullable<Provider['contractRoutes']> = {
  failsAtCheckpoint: isConnectionError,
  enter(call) {
    const { 'conductor-end-user-id': named } = (call.headers ?? {}) as Record<string, string | undefined>;
    if (named === undefined) return;
    const { id } = requireEndUser(call.sandbox, named);
    requireConnection(call, id).succeeded();
  },
};
