// State of the planned faults of the sandbox.
import { signal } from '@preact/signals-core';
import type { FaultRule, PlannedFault } from '../../control/schemas.ts';
import { callControl } from './control-plane.ts';
import { isLoaded, sandboxQuery } from './sandbox.ts';

/** Newest first; null until they are loaded. */
export const faults = signal<readonly PlannedFault[] | null>(null);

/** Loads them, or loads them again. */
export async function loadFaults(): Promise<void> {
  if (!isLoaded()) return;
  const query = sandboxQuery();
  const found = await callControl<{ faults: PlannedFault[] }>('GET', '/faults', { query: { ...query, limit: 1000 } });
  if (query.sandbox === sandboxQuery().sandbox) faults.value = found.faults;
}

/** @throws RequestError where the rule is rejected */
export async function planFault(rule: FaultRule): Promise<void> {
  await callControl('POST', '/faults', { query: sandboxQuery(), body: rule });
  await loadFaults();
}

/** Removes one, or all of them. */
export async function removeFault(id?: string): Promise<void> {
  await callControl('DELETE', id === undefined ? '/faults' : `/faults/${id}`, { query: sandboxQuery() });
  await loadFaults();
}
