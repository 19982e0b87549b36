// Known values by name: from the fixtures, and ids from responses.
import { PROVIDERS } from '../../src/providers/index.ts';
import type { Known } from './schema-values.ts';
import type { Target } from './targets.ts';

/** A text and the name of its member. */
export interface Named {
  readonly name: string;
  readonly value: string;
}

/** A state to restore, unchanged or with a corruption. */
export function withStates(targets: readonly Target[], state: object): Target[] {
  const states = [state, ...Object.entries(state).map(([name, one]) => ({ [name]: one }))];
  return targets.map((target) =>
    target.path === '/__admin/state' && target.body !== null
      ? { ...target, body: { ...target.body, examples: [...target.body.examples, ...states] } }
      : target,
  );
}

/** Plausible values of a member or parameter by name: from the fixtures and the server's own names. */
export function knownOf(state: Record<string, Record<string, unknown>>, targets: readonly Target[]): Known {
  const values = new Map<string, Set<string>>();
  const know = (name: string, value: unknown) => {
    if (typeof value !== 'string' || value.length > 200) return;
    const all = values.get(name) ?? new Set();
    values.set(name, all);
    if (all.size < 40) all.add(value);
  };
  for (const provider of PROVIDERS) {
    know('provider', provider.name);
    for (const { name, key } of provider.resources) {
      know('resource', name);
      for (const row of state[provider.name]?.[name] as Record<string, unknown>[]) {
        for (const [column, value] of Object.entries(row)) know(column, value);
        // Paths contain the row's key under any parameter name.
        for (const own of ['id', 'member_id', 'clientSecret']) know(own, row[own === 'id' ? key : own]);
      }
    }
  }
  for (const { provider, name, statuses } of targets) {
    if (provider === null) continue;
    know('operation', name);
    for (const status of statuses) know('status', String(status));
  }
  for (const name of ['before', 'alpha', 'beta'])
    for (const place of ['name', 'sandbox', 'snapshot']) know(place, name);
  return (name) => [...(values.get(name) ?? [])];
}

/** Strings under names that sound like an id, in order. */
export function collect(node: unknown, found: Named[]): void {
  if (typeof node !== 'object' || node === null || found.length >= 8) return;
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string' && /(^|_)id$|Id$|^name$|[sS]ecret$|Url$/.test(name)) found.push({ name, value });
    else collect(value, found);
  }
}
