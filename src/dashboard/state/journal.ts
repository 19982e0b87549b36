// The journal of the sandbox, kept up to date: what is loaded, more of it on request, paused, cleared.
import type { Entry } from '../model/answers.ts';
import { merged } from '../model/journal.ts';
import { singleFlight } from '../model/single-flight.ts';
import { cell } from './cell.ts';
import { callControl } from './control-plane.ts';
import { isLoaded, sandboxQuery } from './sandbox.ts';

/** How many entries are loaded at first, and with each step back. */
const STEP = 100;

interface List {
  readonly requests: readonly Entry[];
  readonly meta: { readonly total: number };
}

/** Newest first; null until they are loaded. */
export const entries = cell<readonly Entry[] | null>(null);
/** How many the sandbox remembers. */
export const total = cell(0);
/** While it is paused, how many came meanwhile; null otherwise. */
export const paused = cell<number | null>(null);

/** Loads the newest entries, and forgets what is shown. */
export async function load(limit = STEP): Promise<void> {
  if (!isLoaded()) return;
  const query = sandboxQuery();
  const { requests, meta } = await callControl<List>('GET', '/requests', { query: { ...query, limit } });
  if (query.sandbox !== sandboxQuery().sandbox) return;
  entries.value = requests;
  total.value = meta.total;
  if (paused.value !== null) paused.value = 0;
}

/** Loads entries that are older than those shown. */
export function loadOlder(): Promise<void> {
  return load((entries.value?.length ?? 0) + STEP * 2);
}

/** Fetches what came since; while it is paused it is only counted. */
export const loadNewer = singleFlight(async () => {
  const shown = entries.value;
  if (shown === null || shown.length === 0 || !isLoaded()) return load();
  const query = sandboxQuery();
  const since = shown[0]?.id;
  const { requests, meta } = await callControl<List>('GET', '/requests', {
    query: { ...query, since, limit: STEP * 5 },
  });
  // Meanwhile they may have been cleared, or another sandbox chosen.
  if (entries.value !== shown) return;
  if (paused.value !== null) {
    paused.value = meta.total;
    return;
  }
  entries.value = merged(requests, shown);
  total.value += meta.total;
});

/** Stops showing what comes, or goes on. */
export async function togglePause(): Promise<void> {
  const goesOn = paused.value !== null;
  paused.value = goesOn ? null : 0;
  if (goesOn) await loadNewer();
}

/** Forgets them all, at the server too. */
export async function clear(): Promise<void> {
  await callControl('DELETE', '/requests', { query: sandboxQuery() });
  entries.value = [];
  total.value = 0;
  if (paused.value !== null) paused.value = 0;
}
