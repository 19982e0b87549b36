// Plans the fewest requests that remove every residue and no row of anybody else.
import { setImmediate } from 'node:timers/promises';
import type { Findings } from './erasure-findings.ts';
import { insteadOf } from './erasure-instead.ts';
import type { Residue, Unerasable } from './erasure-result.ts';
import type { Evidence } from './erasure-state.ts';
import type { Placed, RowOwners } from './row-owners.ts';

/** The plan for the findings of a check. */
export interface ErasurePlan {
  readonly residues: Residue[];
  /** Requests, in order. */
  readonly plan: string[];
  /** The headers, besides credentials, that requests of the plan need. */
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly unerasable: Unerasable[];
}

/** Residues planned before yielding to the event loop. */
const RESIDUES_PER_TURN = 500;

/** Requests that delete no row of anybody else, with the indexes of the residues they remove. */
type Calls = Map<string, Set<number>>;

/**
 * Plans the removal of all findings. A request is considered where it is the nearest of some residue; that is enough for
 * the fewest, since no provider has two rows with a DELETE of their own below a row that belongs to no one.
 */
export async function planErasure(findings: Findings<Evidence>, owners: RowOwners): Promise<ErasurePlan> {
  const { found } = findings;
  const calls: Calls = new Map();
  const chosen = new Set<string>();
  const needed = new Map<string, Readonly<Record<string, string>>>();
  const known = new Map<string, boolean>();
  const isSafe = (target: Placed) => {
    const call = owners.removal(target);
    if (call === null) return false;
    const safe = known.get(call) ?? owners.bystander(target) === null;
    known.set(call, safe);
    return safe;
  };
  for (const [index, { evidence }] of found.entries()) {
    if (index % RESIDUES_PER_TURN === RESIDUES_PER_TURN - 1) await setImmediate();
    if (evidence === null) continue;
    const safe = targetsOf(evidence, owners).filter(isSafe);
    for (const target of safe) {
      const call = owners.removal(target) as string;
      calls.set(call, (calls.get(call) ?? new Set()).add(index));
      const header = owners.header(target);
      if (header !== null) needed.set(call, header);
    }
    // The nearest first; what a request further up removes anyway is dropped below.
    if (safe[0] !== undefined) chosen.add(owners.removal(safe[0]) as string);
  }
  dropCovered(chosen, calls);
  const by = new Map<number, string>();
  for (const call of chosen)
    for (const index of calls.get(call) as Set<number>) if (!by.has(index)) by.set(index, call);
  const residues = found.map(({ residue, erasableBy }, index) => ({
    ...residue,
    erasableBy: erasableBy ?? by.get(index) ?? null,
  }));
  const kept = new Set(found.flatMap(({ erasableBy }) => erasableBy ?? []));
  const headers = Object.fromEntries([...needed].filter(([call]) => chosen.has(call)));
  return { residues, plan: [...chosen, ...kept], headers, unerasable: unerasableOf(findings, by, owners) };
}

/** The rows whose removal clears a residue: its own, its owners, and what it refers to, nearest first. */
function targetsOf({ searched, row, clearedWith }: Evidence, owners: RowOwners): Placed[] {
  const above = owners.upward({ searched, row });
  const pointed = clearedWith === null ? null : owners.target(clearedWith, row);
  return pointed === null ? above : [...above, ...owners.upward(pointed)];
}

/** Drops every request whose residues the other chosen requests remove. */
function dropCovered(chosen: Set<string>, calls: Calls): void {
  const times = new Map<number, number>();
  const count = (call: string, by: 1 | -1) => {
    for (const index of calls.get(call) as Set<number>) times.set(index, (times.get(index) ?? 0) + by);
  };
  for (const call of chosen) count(call, 1);
  for (const call of chosen) {
    if (![...(calls.get(call) as Set<number>)].every((index) => (times.get(index) as number) > 1)) continue;
    chosen.delete(call);
    count(call, -1);
  }
}

function unerasableOf({ found }: Findings<Evidence>, by: ReadonlyMap<number, string>, owners: RowOwners): Unerasable[] {
  const rows = new Map<string, { evidence: Evidence; fields: string[] }>();
  for (const [index, { residue, evidence }] of found.entries()) {
    if (evidence === null || by.has(index)) continue;
    const name = JSON.stringify([residue.provider, residue.resource, residue.id]);
    const row = rows.get(name) ?? { evidence, fields: [] };
    row.fields.push(residue.field);
    rows.set(name, row);
  }
  return [...rows].map(([name, { evidence, fields }]) => {
    const [provider, resource, id] = JSON.parse(name) as [string, string, string];
    return { provider, resource, id, fields, instead: insteadOf(evidence, fields, owners) };
  });
}
