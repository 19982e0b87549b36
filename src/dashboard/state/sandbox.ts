// State of the sandbox shown: its keys, resources and clock, and a version that changes with its rows.
import { batch, computed, signal } from '@preact/signals-core';
import type { ClockTime, Resource, SandboxInfo } from '../../control/schemas.ts';
import { resourceTrees } from '../model/resource-tree.ts';
import { singleFlight } from '../model/single-flight.ts';
import { callControl, errorText, RequestError } from './control-plane.ts';
import { sandboxName } from './route.ts';

/** How many provider colours the style sheet has. */
const HUES = 6;

/** The sandbox; null until it is loaded, and where there is none of that name. */
export const sandboxInfo = signal<SandboxInfo | null>(null);
export const resources = signal<readonly Resource[]>([]);
/** The clock, and the browser's own monotonic time when it was read, in ms. */
export const clock = signal<{ readonly time: ClockTime; readonly readAt: number } | null>(null);
/** Why nothing can be shown; `missing` where there is no such sandbox. */
export const loadError = signal<{ readonly message: string; readonly missing: boolean } | null>(null);
/** Incremented when rows may have changed. */
export const rowsVersion = signal(0);
/** Whether the providers are served from another origin, to which this page cannot send requests. */
export const separateOrigin = signal(false);

export const trees = computed(() => resourceTrees(resources.value));

/** The number of a provider's colour; undefined for no provider. */
export function hueOf(provider: string | null): number | undefined {
  const at = trees.value.findIndex((tree) => tree.provider === provider);
  return at === -1 ? undefined : at % HUES;
}

/** The query of a control plane request about the sandbox shown. */
export function sandboxQuery(): { sandbox: string } {
  return { sandbox: sandboxName.value };
}

/** Whether the sandbox shown exists: a request about one that does not would create it. */
export function isLoaded(): boolean {
  return sandboxInfo.value?.name === sandboxName.value;
}

/** Loads the sandbox, its resources and its clock. */
export async function loadSandbox(): Promise<void> {
  const name = sandboxName.value;
  try {
    // First, and alone: the other requests would create a sandbox that does not exist.
    const found = await callControl<SandboxInfo>('GET', `/sandboxes/${encodeURIComponent(name)}`);
    const [listed, time] = await Promise.all([
      callControl<{ resources: Resource[] }>('GET', '/resources', { query: { sandbox: name } }),
      callControl<ClockTime>('GET', '/clock', { query: { sandbox: name } }),
    ]);
    if (name !== sandboxName.value) return;
    batch(() => {
      sandboxInfo.value = found;
      resources.value = listed.resources;
      showClock(time);
      loadError.value = null;
    });
  } catch (error) {
    if (name !== sandboxName.value) return;
    const missing = error instanceof RequestError && error.problem?.status === 404;
    // While the server is unreachable, the last state stays visible.
    if (missing) sandboxInfo.value = null;
    loadError.value = { message: errorText(error), missing };
  }
}

/** Shows a time that was just read. */
export function showClock(time: ClockTime): void {
  clock.value = { time, readAt: performance.now() };
}

/** Shows the error of a background request. */
export function reportError(error: unknown): void {
  loadError.value = { message: errorText(error), missing: false };
}

/** Resolves when the row animation has ended. */
let animation: Promise<void> = Promise.resolve();

/** Delays the next refresh of rows, in ms, so that their animation can be seen. */
export function delayRefresh(ms: number): void {
  animation = new Promise((resolve) => setTimeout(resolve, ms));
}

/** Loads the row counts, and has every table of rows load again. */
export const rowsMayHaveChanged = singleFlight(async () => {
  await animation;
  // The sandbox was switched in the meantime.
  if (!isLoaded()) return;
  const query = sandboxQuery();
  try {
    const listed = await callControl<{ resources: Resource[] }>('GET', '/resources', { query });
    if (query.sandbox !== sandboxName.value) return;
    resources.value = listed.resources;
    rowsVersion.value += 1;
  } catch (error) {
    reportError(error);
  }
});
