// A deletion in the making: first the dry run, then, if a person says so, for real.

import type { Receipt, Sandbox } from '../model/answers.ts';
import { marksOf } from '../model/cascade.ts';
import { removalTarget } from '../model/removal.ts';
import { sentenceOf } from './ask.ts';
import { cell } from './cell.ts';
import { callDelete, type Outcome } from './provider-call.ts';
import { announceChange, apart, holdNews, info, resources } from './world.ts';

/** What shall be deleted, and how far it has come. */
export interface Deletion {
  readonly path: string;
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly step: 'asking' | 'asked' | 'deleting' | 'done';
  readonly rehearsal: Outcome | null;
  readonly outcome: Outcome | null;
  readonly failure: string | null;
}

export const deletion = cell<Deletion | null>(null);
/** What becomes of rows, by `markKey`. */
export const marks = cell<ReadonlyMap<string, 'goes' | 'stays' | 'gone'>>(new Map());
/** How many rows of a resource would go, by `provider/resource`. */
export const losses = cell<ReadonlyMap<string, number>>(new Map());

/** How long rows take to leave, in ms; the style sheet knows it too. */
const LEAVING = 450;

let ended = new AbortController();

/** Shows what the DELETE of a path would do, unless the providers are out of this page's reach. */
export async function rehearse(path: string): Promise<void> {
  const target = removalTarget(resources.value, path);
  if (target === undefined) return;
  const { resource, id } = target;
  const { provider, name } = resource;
  const blank = { rehearsal: null, outcome: null, failure: null };
  deletion.value = { path, provider, resource: name, id, step: apart.value ? 'asked' : 'asking', ...blank };
  if (apart.value) return;
  await step(true, ({ receipt }) => {
    if (receipt !== null) mark(receipt);
  });
}

/** Deletes what was rehearsed. */
export async function deleteForReal(): Promise<void> {
  await step(false, ({ receipt }) => {
    if (receipt === null) return;
    mark(receipt, 'gone');
    holdNews(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : LEAVING);
  });
  await announceChange();
  forgetMarks();
}

/** Ends it, whatever it has come to. */
export function closeDeletion(): void {
  ended.abort();
  ended = new AbortController();
  deletion.value = null;
  if (![...marks.value.values()].includes('gone')) forgetMarks();
}

async function step(dryRun: boolean, then: (outcome: Outcome) => void): Promise<void> {
  const { signal } = ended;
  const current = deletion.value as Deletion;
  if (!dryRun) deletion.value = { ...current, step: 'deleting' };
  try {
    const outcome = await callDelete({ ...current, dryRun }, info.value as Sandbox, signal);
    const result = dryRun ? { rehearsal: outcome } : { outcome };
    deletion.value = { ...current, ...result, step: dryRun ? 'asked' : 'done' };
    then(outcome);
  } catch (error) {
    if (signal.aborted) return;
    deletion.value = { ...current, step: dryRun ? 'asked' : 'done', failure: sentenceOf(error) };
  }
}

function mark(receipt: Receipt, gone?: 'gone'): void {
  const found = [...marksOf(receipt)];
  marks.value = new Map(gone === undefined ? found : found.map(([key, as]) => [key, as === 'goes' ? gone : as]));
  losses.value = new Map(Object.entries(receipt.counts).map(([name, rows]) => [`${receipt.provider}/${name}`, rows]));
}

function forgetMarks(): void {
  marks.value = new Map();
  losses.value = new Map();
}
