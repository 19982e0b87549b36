// Where an erasure check looks and what it has found: the residues, and how much was looked through.
import type { Match } from './erasure-subjects.ts';

/** Where an erasure check can look. */
export const PLACES = ['state', 'journal', 'webhooks', 'snapshots'] as const;
export type Place = (typeof PLACES)[number];

/** How many residues are listed. */
const LISTED = 10_000;

/** Something that is left of a person. */
export interface Residue {
  /** `understudy` for what the sandbox itself keeps. */
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  /** The column; inside of JSON the way to the value. */
  readonly field: string;
  readonly match: Match;
  /** The call that would remove it. */
  readonly erasableBy: string;
}

/** What a check has found so far. */
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
