// State of a deletion or void: the dry run first, then, once confirmed, the request itself.
import { signal } from '@preact/signals-core';
import type { Receipt, Resource, RowWithRemoval } from '../../control/schemas.ts';
import { marksOf } from '../model/cascade.ts';
import { deletableRow, type ProviderRequest, type Verb, voidRequest } from '../model/delete-request.ts';
import { callControl, errorText } from './control-plane.ts';
import { type Outcome, sendRequest } from './provider-call.ts';
import { delayRefresh, resources, rowsMayHaveChanged, sandboxQuery, separateOrigin } from './sandbox.ts';

/** The row to delete or void, and the state of that. */
export interface Deletion {
  readonly verb: Verb;
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly step: 'previewing' | 'previewed' | 'deleting' | 'done';
  /** Null until it is loaded. */
  readonly request: ProviderRequest | null;
  readonly preview: Outcome | null;
  readonly outcome: Outcome | null;
  readonly failure: string | null;
}

export const deletion = signal<Deletion | null>(null);
/** What the deletion does to rows, by `markKey`. */
export const marks = signal<ReadonlyMap<string, 'goes' | 'stays' | 'gone'>>(new Map());
/** How many rows of a resource it deletes, by `provider/resource`. */
export const deletedCounts = signal<ReadonlyMap<string, number>>(new Map());

/** Duration of the row animation in ms; the style sheet has the same value. */
const ROW_ANIMATION = 450;

let current = new AbortController();

/** Shows a dry run of the DELETE or void of a row, or only the request where this page cannot send it. */
export async function previewDelete(
  { provider, name }: Pick<Resource, 'provider' | 'name'>,
  id: string,
  verb: Verb = 'delete',
): Promise<void> {
  const { signal } = current;
  const blank = { request: null, preview: null, outcome: null, failure: null };
  deletion.value = { verb, provider, resource: name, id, step: 'previewing', ...blank };
  await runStep(signal, 'previewed', async (before) => {
    const path = `/resources/${provider}/${name}/${encodeURIComponent(id)}`;
    const { removal } = await callControl<RowWithRemoval>('GET', path, { query: sandboxQuery(), signal });
    const request = verb === 'delete' ? removal : voidRequest(removal);
    if (separateOrigin.value) return { ...before, request };
    const preview = await sendRequest(request, { dryRun: true, signal });
    if (preview.receipt !== null) markRows(preview.receipt, 'goes');
    return { ...before, request, preview };
  });
}

/** Shows a dry run of the DELETE with this path. */
export async function previewPath(path: string): Promise<void> {
  const row = deletableRow(resources.value, path);
  if (row !== undefined) await previewDelete(row.resource, row.id);
}

/** Sends the request that was previewed. */
export async function confirmDelete(): Promise<void> {
  const { signal } = current;
  deletion.value = { ...(deletion.value as Deletion), step: 'deleting' };
  await runStep(signal, 'done', async (before) => {
    const since = before.preview?.id ?? undefined;
    const outcome = await sendRequest(before.request as ProviderRequest, { dryRun: false, since, signal });
    if (outcome.receipt !== null) {
      markRows(outcome.receipt, 'gone');
      delayRefresh(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ROW_ANIMATION);
    }
    return { ...before, outcome };
  });
  await rowsMayHaveChanged();
  clearMarks();
}

/** Closes the deletion in whatever state it is; a request in flight is aborted. */
export function closeDeletion(): void {
  current.abort();
  current = new AbortController();
  deletion.value = null;
  if (![...marks.value.values()].includes('gone')) clearMarks();
}

/** Runs `work` and moves on to `step`, with the error where it failed; does nothing once aborted. */
async function runStep(
  signal: AbortSignal,
  step: Deletion['step'],
  work: (before: Deletion) => Promise<Deletion>,
): Promise<void> {
  const before = deletion.value as Deletion;
  const after = await work(before).catch((error) => ({ ...before, failure: errorText(error) }));
  if (!signal.aborted) deletion.value = { ...after, step };
}

function markRows(receipt: Receipt, deleted: 'goes' | 'gone'): void {
  marks.value = new Map([...marksOf(receipt)].map(([key, mark]) => [key, mark === 'goes' ? deleted : mark]));
  deletedCounts.value = new Map(
    Object.entries(receipt.counts).map(([name, rows]) => [`${receipt.provider}/${name}`, rows]),
  );
}

function clearMarks(): void {
  marks.value = new Map();
  deletedCounts.value = new Map();
}
