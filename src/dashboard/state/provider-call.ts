// A DELETE at a provider, sent from the browser as any client would, and what became of it.
import type { Entry, Receipt, Removal } from '../model/answers.ts';
import { byteString } from '../model/delete-request.ts';
import { isDryRun } from '../model/journal.ts';
import { callControl } from './control-plane.ts';
import { sandboxQuery } from './sandbox.ts';

/** What became of a request. */
export interface Outcome {
  /** Its id; null where the answer never came. */
  readonly id: string | null;
  readonly dryRun: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the answer never came. */
  readonly status: number | null;
  readonly body: unknown;
  readonly receipt: Receipt | null;
  /** The receipt is of an earlier request: its answer was lost, and the browser asked once more by itself. */
  readonly again: boolean;
}

/**
 * Sends a DELETE, or rehearses it; `since` is a request that came before.
 *
 * @throws RequestError, or the signal's AbortError
 */
export async function sendDelete(
  { method, path, headers: needed }: Removal,
  {
    dryRun,
    since,
    signal,
  }: { readonly dryRun: boolean; readonly since?: string | undefined; readonly signal: AbortSignal },
): Promise<Outcome> {
  const headers = { ...needed, ...(dryRun ? { prefer: 'dry-run' } : {}) };
  const made = { dryRun, headers };
  const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, byteString(value)]);
  try {
    const answer = await fetch(path, { method, headers: sent, signal });
    const body = readBody(await answer.text());
    const id = answer.headers.get('x-understudy-request');
    const own = id === null ? null : await receiptOf(id);
    const receipt = own ?? (dryRun ? null : await findReceipt(path, since));
    return { ...made, id, status: answer.status, body, receipt, again: own !== receipt };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    // The answer was lost on the way, as planned faults have it; the journal knows the request all the same.
    return { ...made, id: null, status: null, body: null, receipt: await findReceipt(path, since), again: false };
  }
}

/** The receipt of a request, if it has one. */
async function receiptOf(id: string): Promise<Receipt | null> {
  const { deletion } = await callControl<Entry>('GET', `/requests/${id}`, { query: sandboxQuery() });
  return deletion === true ? callControl<Receipt>('GET', `/deletions/${id}`, { query: sandboxQuery() }) : null;
}

/** The receipt of the last such DELETE that took effect, whoever has its answer. */
async function findReceipt(path: string, since: string | undefined): Promise<Receipt | null> {
  const query = { ...here(), since, limit: 20 };
  const { requests } = await callControl<{ requests: Entry[] }>('GET', '/requests', { query });
  const entry = requests.find((one) => one.request.url === path && one.deletion === true && !isDryRun(one));
  return entry === undefined ? null : receiptOf(entry.id);
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}
