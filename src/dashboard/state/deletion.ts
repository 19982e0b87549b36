// A deletion in the making: first the dry run, then, if a person says so, for real.
import type { Receipt, Removal, Resource } from '../model/answers.ts';
import { marksOf } from '../model/cascade.ts';
import { deletableRow } from '../model/delete-request.ts';
import { cell } from './cell.ts';
import { callControl, errorText } from './control-plane.ts';
import { type Outcome, sendDelete } from './provider-call.ts';
import { delayRefresh, resources, rowsMayHaveChanged, sandboxQuery, separateOrigin } from './sandbox.ts';

/** What shall be deleted, and how far it has come. */
export interface Deletion {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly step: 'asking' | 'asked' | 'deleting' | 'done';
  /** The call that does it; null until it is known. */
  readonly call: Removal | null;
  readonly preview: Outcome | null;
  readonly outcome: Outcome | null;
  readonly failure: string | null;
}

export const deletion = cell<Deletion | null>(null);
/** What becomes of rows, by `markKey`. */
export const marks = cell<ReadonlyMap<string, 'goes' | 'stays' | 'gone'>>(new Map());
/** How many rows of a resource would go, by `provider/resource`. */
export const deletedCounts = cell<ReadonlyMap<string, number>>(new Map());

/** How long rows take to leave, in ms; the style sheet knows it too. */
const LEAVING = 450;

let ended = new AbortController();

/** Shows what the DELETE of a row would do; where the providers are out of this page's reach, only the call. */
export async function previewDelete({ provider, name }: Resource, id: string): Promise<void> {
  const { signal } = ended;
  const blank = { call: null, preview: null, outcome: null, failure: null };
  deletion.value = { provider, resource: name, id, step: 'asking', ...blank };
  await step(signal, { step: 'asked' }, async (current) => {
    const path = `/resources/${provider}/${name}/${encodeURIComponent(id)}`;
    const { removal: call } = await callControl<{ removal: Removal }>('GET', path, { query: sandboxQuery(), signal });
    if (separateOrigin.value) return { ...current, call };
    const preview = await sendDelete(call, { dryRun: true, signal });
    if (preview.receipt !== null) mark(preview.receipt);
    return { ...current, call, preview };
  });
}

/** The same for the path of a DELETE. */
export async function previewPath(path: string): Promise<void> {
  const target = deletableRow(resources.value, path);
  if (target !== undefined) await previewDelete(target.resource, target.id);
}

/** Deletes what was rehearsed. */
export async function confirmDelete(): Promise<void> {
  const { signal } = ended;
  deletion.value = { ...(deletion.value as Deletion), step: 'deleting' };
  await step(signal, { step: 'done' }, async (current) => {
    const outcome = await sendDelete(current.call as Removal, {
      dryRun: false,
      since: current.rehearsal?.id ?? undefined,
      signal,
    });
    if (outcome.receipt !== null) {
      mark(outcome.receipt, 'gone');
      delayRefresh(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : LEAVING);
    }
    return { ...current, outcome };
  });
  await rowsMayHaveChanged();
  forgetMarks();
}

/** Ends it, whatever it has come to. */
export function closeDeletion(): void {
  ended.abort();
  ended = new AbortController();
  deletion.value = null;
  if (![...marks.value.values()].includes('gone')) forgetMarks();
}

/** Does a part of it, and says what went wrong; nothing when it was ended meanwhile. */
async function step(
  signal: AbortSignal,
  then: Pick<Deletion, 'step'>,
  work: (current: Deletion) => Promise<Deletion>,
): Promise<void> {
  const current = deletion.value as Deletion;
  try {
    const next = await work(current);
    if (!signal.aborted) deletion.value = { ...next, ...then };
  } catch (error) {
    if (!signal.aborted) deletion.value = { ...current, ...then, failure: errorText(error) };
  }
}

function mark(receipt: Receipt, gone?: 'gone'): void {
  const found = [...marksOf(receipt)];
  marks.value = new Map(gone === undefined ? found : found.map(([key, as]) => [key, as === 'goes' ? gone : as]));
  deletedCounts.value = new Map(
    Object.entries(receipt.counts).map(([name, rows]) => [`${receipt.provider}/${name}`, rows]),
  );
}

function forgetMarks(): void {
  marks.value = new Map();
  deletedCounts.value = new Map();
}
