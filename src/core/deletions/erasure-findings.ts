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
  /** The column; inside of JSON the way to the value; `first_name + last_name` where they are one together. */
  readonly field: string;
  readonly match: Match;
  /** The call of the plan that removes it; null when no call does without rows of others. */
  readonly erasableBy: string | null;
}

/** A row with residues that no call of the plan removes. */
export interface Unerasable {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly fields: readonly string[];
  /** Why not, and what can be done. */
  readonly instead: string;
}

/** A residue before it is known what removes it. */
export type Found = Omit<Residue, 'erasableBy'>;

/** What a check has found so far; `erasableBy` is known of what the sandbox itself keeps, `E` says more of a row's. */
export class Findings<E> {
  readonly found: { readonly residue: Found; readonly erasableBy: string | null; readonly evidence: E | null }[] = [];
  resources = 0;
  rows = 0;
  /** Residues that decide. */
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
