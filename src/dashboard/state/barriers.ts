// State of the barriers of the sandbox.
import { signal } from '@preact/signals-core';
import type { PlannedBarrier } from '../../control/schemas.ts';
import { callControl } from './control-plane.ts';
import { isLoaded, sandboxQuery } from './sandbox.ts';

/** Newest first; none until they are loaded. */
export const barriers = signal<readonly PlannedBarrier[]>([]);

/** Loads them, or loads them again. */
export async function loadBarriers(): Promise<void> {
  if (!isLoaded()) return;
  const query = sandboxQuery();
  const found = await callControl<{ barriers: PlannedBarrier[] }>('GET', '/barriers', {
    query: { ...query, limit: 1000 },
  });
  if (query.sandbox === sandboxQuery().sandbox) barriers.value = found.barriers;
}

/** Removes one; requests that wait at it go on. */
export async function removeBarrier(id: string): Promise<void> {
  await callControl('DELETE', `/barriers/${id}`, { query: sandboxQuery() });
  await loadBarriers();
}
