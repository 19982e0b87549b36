// Reads a company file as somebody at the desk sees it, and does what is done there.
import { signal } from '@preact/signals-core';
import type { DeskAction } from '../model/desk.ts';
import { callControl, errorText, type RequestOptions } from './control-plane.ts';
import { rowsMayHaveChanged, sandboxQuery } from './sandbox.ts';

/** How many objects of a list are shown. */
const MOST = 600;
/** The longest page that the API has. */
const PAGE = 150;

/** What the last action at the desk did. */
export const deskOutcome = signal<{ readonly done?: string; readonly failure?: string }>({});

/** How long the server is left alone after a read, in times of what that took. */
const REST = 2;

/** Ends when the next read may begin. */
let quiet: Promise<unknown> = Promise.resolve();

/**
 * A report, a list without pages, or a page of one. Reads follow each other with pauses: a report of a large file takes
 * the server half a second, and an integration at work has the page read again and again.
 */
export function readCompanyFile<T>(
  endUserId: string,
  operation: string,
  query: NonNullable<RequestOptions['query']>,
  signal: AbortSignal,
): Promise<T> {
  const path = `/conductor/end-users/${encodeURIComponent(endUserId)}/company-file/${operation}`;
  const whole = { ...sandboxQuery(), ...query };
  let took = 0;
  const read = quiet.then(async () => {
    signal.throwIfAborted();
    const began = performance.now();
    try {
      return await callControl<T>('GET', path, { query: whole });
    } finally {
      took = performance.now() - began;
    }
  });
  const rest = () => new Promise((resolve) => setTimeout(resolve, took * REST));
  quiet = read.then(rest, rest);
  return read;
}

/** A list that has pages, with all of them, up to `MOST` objects, and how many there are besides. */
export async function readList<T>(
  endUserId: string,
  operation: string,
  query: NonNullable<RequestOptions['query']>,
  signal: AbortSignal,
): Promise<{ readonly data: readonly T[]; readonly more: number }> {
  interface Page {
    readonly data: readonly T[];
    readonly nextCursor: string | null;
    readonly remainingCount: number;
  }
  const read = (cursor?: string) => {
    return readCompanyFile<Page>(endUserId, operation, { ...query, limit: PAGE, cursor }, signal);
  };
  let page = await read();
  const data = [...page.data];
  while (page.nextCursor !== null && data.length < MOST) {
    page = await read(page.nextCursor);
    data.push(...page.data);
  }
  return { data, more: page.remainingCount };
}

/** Does something at the desk, and shows what it did. Resolves to whether it was done. */
export async function doAtDesk(action: () => DeskAction | Promise<DeskAction>): Promise<boolean> {
  try {
    const { path, body, done } = await action();
    await callControl('POST', path, { body, query: sandboxQuery() });
    deskOutcome.value = { done };
    await rowsMayHaveChanged();
    return true;
  } catch (error) {
    deskOutcome.value = { failure: errorText(error) };
    return false;
  }
}
