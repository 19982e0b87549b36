// The parts of a sandbox that a reset puts back, each by itself where that is wanted.

export const SCOPES = ['state', 'faults', 'requests', 'clock', 'ids', 'webhooks'] as const;
export type Scope = (typeof SCOPES)[number];
