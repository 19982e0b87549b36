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

/** A report, a list without pages, or the first page of one. */
export function readCompanyFile<T>(
  endUserId: string,
  operation: string,
  query: NonNullable<RequestOptions['query']>,
  signal: AbortSignal,
): Promise<T> {
  const path = `/conductor/end-users/${encodeURIComponent(endUserId)}/company-file/${operation}`;
  return callControl<T>('GET', path, { query: { ...sandboxQuery(), ...query }, signal });
}

/** A list with all its pages, up to `MOST` objects, and how many there are besides. */
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
