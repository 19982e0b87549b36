// The places of an erasure check and its findings: residues, and how many rows were searched.
import type { Residue } from './erasure-result.ts';
import type { Matched } from './erasure-subjects.ts';

/** The members of a residue that tell the match; null is a mere reference to a row of a subject. */
export function foundAs(found: Matched | null): Pick<Residue, 'match' | 'encodings'> {
  if (found === null) return { match: 'reference' };
  const { match, encodings } = found;
  return { match, ...(encodings.length === 0 ? {} : { encodings: [...encodings] }) };
}

/** The places that an erasure check can search. */
export const PLACES = ['state', 'journal', 'webhooks', 'faults', 'snapshots'] as const;
/** A place that an erasure check can search. */
export type Place = (typeof PLACES)[number];

/** Maximum number of listed residues. */
const LISTED = 10_000;

/** A residue before planning. */
export type Found = Omit<Residue, 'erasableBy'>;

/**
 * The findings of a check so far. Rows come with evidence to plan by, stored texts with the request that clears them.
 */
export class Findings<E> {
  readonly found: { readonly residue: Found; readonly erasableBy: string | null; readonly evidence: E | null }[] = [];
  resources = 0;
  rows = 0;
  /** The number of residues that decide the result. */
  decisive = 0;
  #total = 0;

  add(residue: Found, erasableBy: string | null, evidence: E | null): void {
    this.#total += 1;
    if (residue.match !== 'inside') this.decisive += 1;
    if (this.found.length < LISTED) this.found.push({ residue, erasableBy, evidence });
  }

  get truncated(): boolean {
    return this.#total > this.found.length;
  }
}
