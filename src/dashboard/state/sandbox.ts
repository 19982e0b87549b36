// The sandbox that is looked at: its keys, resources and clock, and the news that something in it changed.
import type { Clock, Resource, Sandbox } from '../model/answers.ts';
import { treesOf } from '../model/resource-tree.ts';
import { coalesced } from '../model/single-flight.ts';
import { cell, derived } from './cell.ts';
import { ask, Refusal, sentenceOf } from './control-plane.ts';
import { sandbox } from './route.ts';

/** How many colours the style sheet has for providers. */
const HUES = 6;

/** The sandbox; null until it is known, and where there is none of that name. */
export const info = cell<Sandbox | null>(null);
export const resources = cell<readonly Resource[]>([]);
/** The clock, and when it was asked by the browser's own, in ms. */
export const clock = cell<{ readonly shown: Clock; readonly askedAt: number } | null>(null);
/** Why nothing can be shown; `missing` where there is no such sandbox. */
export const trouble = cell<{ readonly sentence: string; readonly missing: boolean } | null>(null);
/** Goes up when rows may have changed. */
export const changed = cell(0);

export const trees = derived(resources, treesOf);

/** Which of the page's colours stands for a provider; undefined for none. */
export function hueOf(provider: string | null): number | undefined {
  const at = trees.value.findIndex((tree) => tree.provider === provider);
  return at === -1 ? undefined : at % HUES;
}

/** Whether the providers are on another origin than this page, out of its reach. */
export const apart = cell(false);

/** Query of a call about the sandbox that is looked at. */
export function here(): { sandbox: string } {
  return { sandbox: sandbox.value };
}

/** Whether the sandbox is there: a call about one that is not would make it. */
export function known(): boolean {
  return info.value?.name === sandbox.value;
}

/** Reads everything about the sandbox anew. */
export async function refresh(): Promise<void> {
  const name = sandbox.value;
  try {
    // Asked first: other calls would make a sandbox that is not there.
    const found = await ask<Sandbox>('GET', `/sandboxes/${encodeURIComponent(name)}`);
    const [listed, time] = await Promise.all([
      ask<{ resources: Resource[] }>('GET', '/resources', { query: { sandbox: name } }),
      ask<Clock>('GET', '/clock', { query: { sandbox: name } }),
    ]);
    if (name !== sandbox.value) return;
    info.value = found;
    resources.value = listed.resources;
    clock.value = { shown: time, askedAt: performance.now() };
    trouble.value = null;
  } catch (error) {
    if (name !== sandbox.value) return;
    const missing = error instanceof Refusal && error.status === 404;
    // What is known stays in sight while the server is away.
    if (missing) info.value = null;
    trouble.value = { sentence: sentenceOf(error), missing };
  }
}

/** Something that went on in the background failed. */
export function report(error: unknown): void {
  trouble.value = { sentence: sentenceOf(error), missing: false };
}

/** What keeps news back, so that rows can be seen leaving. */
let leaving: Promise<void> = Promise.resolve();

/** Keeps news of changes back for so many ms. */
export function holdNews(ms: number): void {
  leaving = new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rows may have changed: counts are read anew, and whoever shows rows asks again. */
export const announceChange = coalesced(async () => {
  await leaving;
  // News of the sandbox that was looked at before.
  if (!known()) return;
  const query = here();
  try {
    const listed = await ask<{ resources: Resource[] }>('GET', '/resources', { query });
    if (query.sandbox !== sandbox.value) return;
    resources.value = listed.resources;
    changed.value += 1;
  } catch (error) {
    report(error);
  }
});
