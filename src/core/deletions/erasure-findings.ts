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
  /** The column; for JSON, the path of the value. */
  readonly field: string;
  readonly match: Match;
  /** The request that removes it. */
  readonly erasableBy: string;
}

/** The findings of a check so far. */
export class Findings {
  readonly residues: Residue[] = [];
  resources = 0;
  rows = 0;
  total = 0;

  add(residue: Residue): void {
    this.total += 1;
    if (this.residues.length < LISTED) this.residues.push(residue);
  }
}
