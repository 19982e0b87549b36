// The parts of a sandbox that can be reset separately.

/** All reset scopes. */
export const RESET_SCOPES = ['state', 'faults', 'requests', 'clock', 'ids', 'webhooks'] as const;
/** One part of a sandbox that can be reset. */
export type ResetScope = (typeof RESET_SCOPES)[number];
