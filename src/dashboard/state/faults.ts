// The planned faults of the sandbox, as they are planned, met and spent.
import type { Fault, Rule } from '../model/answers.ts';
import { cell } from './cell.ts';
import { ask } from './control-plane.ts';
import { here, known } from './sandbox.ts';

/** Newest first; null until they are loaded. */
export const faults = cell<readonly Fault[] | null>(null);

/** Reads them anew. */
export async function loadFaults(): Promise<void> {
  if (!known()) return;
  const query = here();
  const { faults: found } = await ask<{ faults: Fault[] }>('GET', '/faults', { query: { ...query, limit: 1000 } });
  if (query.sandbox === here().sandbox) faults.value = found;
}

/** @throws Refusal where the rule could never happen */
export async function planFault(rule: Rule): Promise<void> {
  await ask('POST', '/faults', { query: here(), body: rule });
  await loadFaults();
}

/** Removes one, or all of them. */
export async function removeFault(id?: string): Promise<void> {
  await ask('DELETE', id === undefined ? '/faults' : `/faults/${id}`, { query: here() });
  await loadFaults();
}
