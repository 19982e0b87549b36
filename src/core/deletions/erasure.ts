// The erasure check: searches a sandbox for anything left of a person, and names the request that removes it.
import { setImmediate } from 'node:timers/promises';
import type { Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Findings, PLACES, type Place, type Residue } from './erasure-findings.ts';
import { searchState } from './erasure-state.ts';
import { Subjects } from './erasure-subjects.ts';

/** The result of an erasure check. */
export interface ErasureResult {
  readonly clean: boolean;
  readonly subjects: readonly string[];
  readonly searched: { readonly resources: number; readonly rows: number };
  readonly residues: readonly Residue[];
  /** Set when there are more residues than listed. */
  readonly truncated?: true;
}

/** A text that the sandbox itself stores; texts with the same id are adjacent. */
export interface StoredText {
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  readonly text: string;
  readonly erasableBy: string;
}

/** Returns all texts of a place other than the state. */
export type ErasureSource = (sandbox: Sandbox) => Iterable<StoredText> | AsyncIterable<StoredText>;

/** Texts searched before yielding to the event loop. */
const TEXTS_PER_TURN = 5000;

/**
 * Searches the given places for the subjects. State is read in pages, with a yield to the event loop after each;
 * changes during the check may or may not be seen.
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
