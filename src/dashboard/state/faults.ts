// The planned faults of the sandbox, as they are planned, met and spent.
import type { Fault, Rule } from '../model/answers.ts';
import { cell } from './cell.ts';
import { callControl } from './control-plane.ts';
import { isLoaded, sandboxQuery } from './sandbox.ts';

/** Newest first; null until they are loaded. */
export const faults = cell<readonly Fault[] | null>(null);

/** Reads them anew. */
export async function loadFaults(): Promise<void> {
  if (!isLoaded()) return;
  const query = sandboxQuery();
  const { faults: found } = await callControl<{ faults: Fault[] }>('GET', '/faults', {
    query: { ...query, limit: 1000 },
  });
  if (query.sandbox === sandboxQuery().sandbox) faults.value = found;
}

/** @throws RequestError where the rule could never happen */
export async function planFault(rule: Rule): Promise<void> {
  await callControl('POST', '/faults', { query: sandboxQuery(), body: rule });
  await loadFaults();
}

/** Removes one, or all of them. */
export async function removeFault(id?: string): Promise<void> {
  await callControl('DELETE', id === undefined ? '/faults' : `/faults/${id}`, { query: sandboxQuery() });
  await loadFaults();
}
