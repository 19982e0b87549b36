// The erasure check: is anything of a person left, anywhere in a sandbox, and which call would remove it.
import { setImmediate } from 'node:timers/promises';
import type { Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Findings, PLACES, type Place, type Residue } from './erasure-findings.ts';
import { searchState } from './erasure-state.ts';
import { Subjects } from './erasure-subjects.ts';

/** What an erasure check found. */
export interface ErasureResult {
  readonly clean: boolean;
  readonly subjects: readonly string[];
  readonly searched: { readonly resources: number; readonly rows: number };
  readonly residues: readonly Residue[];
  /** There are more residues than are listed. */
  readonly truncated?: true;
}

/** One text that the sandbox itself keeps; those of one thing come one after another. */
export interface StoredText {
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  readonly text: string;
  readonly erasableBy: string;
}

/** Gives all texts of a place that is not state. */
export type ErasureSource = (sandbox: Sandbox) => Iterable<StoredText> | AsyncIterable<StoredText>;

/** How many texts of a source are looked at before others get their turn. */
const TEXTS_PER_TURN = 5000;

/**
 * Looks for the subjects in every place named. State is read in pages with a pause after each, so that the
 * server keeps answering; what changes meanwhile may be seen as it was or as it is.
 */
export async function checkErasure(
  sandbox: Sandbox,
  providers: readonly Provider[],
  names: readonly string[],
  places: readonly Place[],
  sources: ReadonlyMap<Place, ErasureSource>,
): Promise<ErasureResult> {
  const subjects = new Subjects(names);
  const findings = new Findings();
  for (const place of PLACES.filter((place) => places.includes(place))) {
    if (place === 'state') await searchState(sandbox, providers, subjects, findings);
    const source = sources.get(place);
    if (source !== undefined) await searchSource(source(sandbox), subjects, findings);
  }
  const { residues, resources, rows, total } = findings;
  return {
    clean: total === 0,
    subjects: names,
    searched: { resources, rows },
    residues,
    ...(total > residues.length ? { truncated: true as const } : {}),
  };
}

async function searchSource(
  texts: Iterable<StoredText> | AsyncIterable<StoredText>,
  subjects: Subjects,
  findings: Findings,
): Promise<void> {
  findings.resources += 1;
  let last = '';
  let seen = 0;
  for await (const { resource, id, field, text, erasableBy } of texts) {
    if (id !== last) findings.rows += 1;
    last = id;
    const match = subjects.match(text);
    if (match !== null) findings.add({ provider: 'understudy', resource, id, field, match, erasableBy });
    if (++seen % TEXTS_PER_TURN === 0) await setImmediate();
  }
}
