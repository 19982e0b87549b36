// State of the sandbox's journal: entries are loaded, updated, paused and cleared here.
import { batch, signal } from '@preact/signals-core';
import type { JournalEntry } from '../../control/schemas.ts';
import { merged } from '../model/journal.ts';
import { singleFlight } from '../model/single-flight.ts';
import { callControl } from './control-plane.ts';
import { isLoaded, sandboxQuery } from './sandbox.ts';

/** How many entries are loaded at first. */
const PAGE = 100;

interface EntryList {
  readonly requests: readonly JournalEntry[];
  readonly meta: { readonly total: number };
}

/** Newest first; null until they are loaded. */
export const entries = signal<readonly JournalEntry[] | null>(null);
/** How many entries the journal has on the server. */
export const total = signal(0);
/** While paused, the number of new entries; null otherwise. */
export const paused = signal<number | null>(null);

/** Loads the newest entries in place of those shown. */
export async function load(limit = PAGE): Promise<void> {
  if (!isLoaded()) return;
  const query = sandboxQuery();
  const { requests, meta } = await callControl<EntryList>('GET', '/requests', { query: { ...query, limit } });
  if (query.sandbox === sandboxQuery().sandbox) show(requests, meta.total);
}

/** Loads entries that are older than those shown. */
export function loadOlder(): Promise<void> {
  return load((entries.value?.length ?? 0) + PAGE * 2);
}

/** Loads entries newer than those shown, and again those shown as pending; while paused, only counts the new ones. */
export const loadNewer = singleFlight(async () => {
  const shown = entries.value;
  const known = shown === null ? 0 : shown.findLastIndex(({ pending }) => pending) + 1;
  const since = shown?.[known]?.id;
  if (shown === null || since === undefined || !isLoaded()) return load();
  const query = { ...sandboxQuery(), since, limit: PAGE * 5 };
  const { requests, meta } = await callControl<EntryList>('GET', '/requests', { query });
  // The journal was cleared or the sandbox changed in the meantime.
  if (entries.value !== shown) return;
  const added = meta.total - known;
  if (paused.value === null) show(merged(requests, shown), total.value + added);
  else paused.value = added;
});

/** Stops showing new entries, or resumes. */
export async function togglePause(): Promise<void> {
  const resumes = paused.value !== null;
  paused.value = resumes ? null : 0;
  if (resumes) await loadNewer();
}

/** Clears the journal on the server and here. */
export async function clear(): Promise<void> {
  await callControl('DELETE', '/requests', { query: sandboxQuery() });
  show([], 0);
}

function show(shown: readonly JournalEntry[], count: number): void {
  batch(() => {
    entries.value = shown;
    total.value = count;
    if (paused.value !== null) paused.value = 0;
  });
}
