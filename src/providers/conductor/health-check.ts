// Conductor's QuickBooks Desktop health check of an end-user's connection.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import { operation } from './components.ts';
import { requireConnection } from './connections.ts';
import { requireEndUser } from './end-users.ts';
import { isConnectionError } from './errors.ts';

/** Duration in ms: the documented example, constant so that tests are reproducible (our choice). */
const DURATION = 100;

const healthCheck = operation({
  operation: 'qbd.healthCheck',
  method: 'GET',
  path: '/quickbooks-desktop/health-check',
  headers: z.object({
    'conductor-end-user-id': z.string().refine((id) => id !== '', 'Too small: expected string to have >=1 characters'),
  }),
  failsAtCheckpoint: isConnectionError,
  response: z.strictObject({ duration: z.number(), status: z.literal('ok') }),
  handle(call) {
    const { id } = requireEndUser(call.sandbox, call.headers['conductor-end-user-id']);
    const connection = requireConnection(call, id);
    connection.succeeded();
    return connection.respond({ duration: call.delayMs || DURATION, status: 'ok' as const });
  },
});

export const HEALTH_CHECK_OPERATIONS: readonly Operation[] = [healthCheck];
