// The erasure check: searches a sandbox for anything left of a person, and plans the requests that remove it.
import { setImmediate } from 'node:timers/promises';
import type { Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Findings, foundAs, type Place } from './erasure-findings.ts';
import { followLinks } from './erasure-links.ts';
import { planErasure } from './erasure-plan.ts';
import type { ErasureResult } from './erasure-result.ts';
import { type Evidence, type OwnRows, searchedTables, searchState } from './erasure-state.ts';
import { Subjects } from './erasure-subjects.ts';
import { RowOwners } from './row-owners.ts';

/** What to search for, and where. */
export interface ErasureQuestion {
  readonly subjects: readonly string[];
  readonly include: readonly Place[];
  /** Search for linked identities too. */
  readonly linked: boolean;
  /** Report matches inside longer identifiers too. */
  readonly contains: boolean;
}

/** A text that the sandbox itself stores; texts with the same id are adjacent. */
export interface StoredText {
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  readonly text: string;
  readonly number?: true;
  readonly erasableBy: string;
}

/** Returns all texts of a place other than the state. */
export type ErasureSource = (sandbox: Sandbox) => Iterable<StoredText> | AsyncIterable<StoredText>;

/** The journal comes last: it records the requests of the plan, so it must be cleared after them. */
const SEARCH_ORDER: readonly Place[] = ['state', 'webhooks', 'faults', 'snapshots', 'journal'];

/** The most texts searched before yielding to the event loop, and for how many milliseconds. */
const TEXTS_PER_TURN = 5000;
const TURN = 20;

/**
 * Searches the given places for the subjects. State is read in pages, with a yield to the event loop after each;
 * changes during the check may or may not be seen.
 *
 * @throws Problem when the sandbox is deleted, reset or restored during the check
 */
export async function checkErasure(
  sandbox: Sandbox,
  providers: readonly Provider[],
  { subjects: given, include, linked: follow, contains }: ErasureQuestion,
  sources: ReadonlyMap<Place, ErasureSource>,
): Promise<ErasureResult> {
  return await sandbox.holdWhile(async () => {
    const at = sandbox.clock.iso();
    const subjects = new Subjects(given, { contains });
    const { linked, forgotten, cut } = follow
      ? await followLinks(sandbox, providers, subjects)
      : { linked: false as const, forgotten: 0, cut: false };
    const findings = new Findings<Evidence>();
    const tables = searchedTables(sandbox.db, providers);
    let own: OwnRows = { followed: new Map(), rows: new Map() };
    for (const place of SEARCH_ORDER.filter((place) => include.includes(place))) {
      if (place === 'state') own = await searchState(sandbox, tables, subjects, findings);
      const source = sources.get(place);
      if (source !== undefined) await searchSource(source(sandbox), subjects, findings);
    }
    const { residues, plan, headers, unerasable } = await planErasure(
      findings,
      new RowOwners(sandbox.db, tables, own, subjects),
    );
    const { resources, rows, decisive, truncated } = findings;
    const outOfReach = [
      ...new Set(findings.found.flatMap(({ evidence }) => evidence?.searched.resource.kept?.outOfReach ?? [])),
    ];
    return {
      clean: decisive === 0,
      subjects: [...given],
      at,
      linked,
      ...(forgotten > 0 ? { linksForgotten: forgotten } : {}),
      ...(cut ? { linkedTruncated: true as const } : {}),
      searched: { resources, rows },
      residues,
      plan,
      ...(Object.keys(headers).length > 0 ? { planHeaders: headers } : {}),
      unerasable,
      ...(outOfReach.length > 0 ? { outOfReach } : {}),
      ...(truncated ? { truncated: true as const } : {}),
    };
  });
}

async function searchSource(
  texts: Iterable<StoredText> | AsyncIterable<StoredText>,
  subjects: Subjects,
  findings: Findings<Evidence>,
): Promise<void> {
  findings.resources += 1;
  // The previous id, and its last field with a residue: all forms of a name are one residue.
  let last = { id: '', field: '' };
  let seen = 0;
  let began = performance.now();
  for await (const { resource, id, field, text, number, erasableBy } of texts) {
    if (id !== last.id) findings.rows += 1;
    const found = field === last.field && id === last.id ? null : subjects.match(text, number);
    if (id !== last.id) last = { id, field: '' };
    if (found !== null) {
      last = { id, field };
      findings.add({ provider: 'understudy', resource, id, field, ...foundAs(found) }, erasableBy, null);
    }
    if (++seen % TEXTS_PER_TURN !== 0 && performance.now() - began < TURN) continue;
    await setImmediate();
    began = performance.now();
  }
}
