// The parts of a sandbox that a reset puts back, each by itself where that is wanted.

export const RESET_SCOPES = ['state', 'faults', 'requests', 'clock', 'ids', 'webhooks'] as const;
export type ResetScope = (typeof RESET_SCOPES)[number];
