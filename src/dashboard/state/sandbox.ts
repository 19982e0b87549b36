// The sandbox that is looked at: its keys, resources and clock, and the news that something in it rowsVersion.
import type { Clock, Resource, Sandbox } from '../model/answers.ts';
import { resourceTrees } from '../model/resource-tree.ts';
import { singleFlight } from '../model/single-flight.ts';
import { cell, derived } from './cell.ts';
import { callControl, errorText, RequestError } from './control-plane.ts';
import { sandbox } from './route.ts';

/** How many colours the style sheet has for providers. */
const HUES = 6;

/** The sandbox; null until it is known, and where there is none of that name. */
export const sandboxInfo = cell<Sandbox | null>(null);
export const resources = cell<readonly Resource[]>([]);
/** The clock, and when it was asked by the browser's own, in ms. */
export const clock = cell<{ readonly shown: Clock; readonly askedAt: number } | null>(null);
/** Why nothing can be shown; `missing` where there is no such sandbox. */
export const loadError = cell<{ readonly sentence: string; readonly missing: boolean } | null>(null);
/** Goes up when rows may have rowsVersion. */
export const rowsVersion = cell(0);

export const trees = derived(resources, resourceTrees);

/** Which of the page's colours stands for a provider; undefined for none. */
export function hueOf(provider: string | null): number | undefined {
  const at = trees.value.findIndex((tree) => tree.provider === provider);
  return at === -1 ? undefined : at % HUES;
}

/** Whether the providers are on another origin than this page, out of its reach. */
export const separateOrigin = cell(false);

/** Query of a call about the sandbox that is looked at. */
export function sandboxQuery(): { sandbox: string } {
  return { sandbox: sandbox.value };
}

/** Whether the sandbox is there: a call about one that is not would make it. */
export function isLoaded(): boolean {
  return sandboxInfo.value?.name === sandbox.value;
}

/** Reads everything about the sandbox anew. */
export async function loadSandbox(): Promise<void> {
  const name = sandbox.value;
  try {
    // RequestOptions first: other calls would make a sandbox that is not there.
    const found = await callControl<Sandbox>('GET', `/sandboxes/${encodeURIComponent(name)}`);
    const [listed, time] = await Promise.all([
      callControl<{ resources: Resource[] }>('GET', '/resources', { query: { sandbox: name } }),
      callControl<Clock>('GET', '/clock', { query: { sandbox: name } }),
    ]);
    if (name !== sandbox.value) return;
    sandboxInfo.value = found;
    resources.value = listed.resources;
    clock.value = { shown: time, askedAt: performance.now() };
    loadError.value = null;
  } catch (error) {
    if (name !== sandbox.value) return;
    const missing = error instanceof RequestError && error.status === 404;
    // What is known stays in sight while the server is away.
    if (missing) sandboxInfo.value = null;
    loadError.value = { sentence: errorText(error), missing };
  }
}

/** Something that went on in the background failed. */
export function reportError(error: unknown): void {
  loadError.value = { sentence: errorText(error), missing: false };
}

/** What keeps news back, so that rows can be seen leaving. */
let leaving: Promise<void> = Promise.resolve();

/** Keeps news of changes back for so many ms. */
export function delayRefresh(ms: number): void {
  leaving = new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rows may have rowsVersion: counts are read anew, and whoever shows rows asks again. */
export const rowsMayHaveChanged = singleFlight(async () => {
  await leaving;
  // News of the sandbox that was looked at before.
  if (!isLoaded()) return;
  const query = sandboxQuery();
  try {
    const listed = await callControl<{ resources: Resource[] }>('GET', '/resources', { query });
    if (query.sandbox !== sandbox.value) return;
    resources.value = listed.resources;
    rowsVersion.value += 1;
  } catch (error) {
    reportError(error);
  }
});
