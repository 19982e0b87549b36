// The places of an erasure check and its findings: residues, and how many rows were searched.
import type { Match } from './erasure-subjects.ts';

/** The places that an erasure check can search. */
export const PLACES = ['state', 'journal', 'webhooks', 'snapshots'] as const;
/** A place that an erasure check can search. */
export type Place = (typeof PLACES)[number];

/** Maximum number of listed residues. */
const LISTED = 10_000;

/** A remaining occurrence of a person. */
export interface Residue {
  /** `understudy` for data that the sandbox itself stores. */
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  /** The column; for JSON, the path of the value; `first_name + last_name` for a name in two columns. */
  readonly field: string;
  readonly match: Match;
  /** The request of the plan that removes it; null when none does without deleting rows of others. */
  readonly erasableBy: string | null;
}

/** A row with residues that the plan does not remove. */
export interface Unerasable {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly fields: readonly string[];
  /** The reason, and what can be done instead. */
  readonly instead: string;
}

/** A residue before planning. */
export type Found = Omit<Residue, 'erasableBy'>;

/** The findings of a check so far. Rows come with evidence to plan by, stored texts with the request that clears them. */
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
