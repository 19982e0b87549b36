// Sends a DELETE to a provider as any client would, and finds out what it did, even where the response was lost.
import type { DeleteRequest, JournalEntry, Receipt } from '../../control/schemas.ts';
import { byteString } from '../model/delete-request.ts';
import { callControl } from './control-plane.ts';
import { sandboxQuery } from './sandbox.ts';

/** A DELETE and what it did. */
export interface Outcome {
  /** The request's id; null where the response was lost. */
  readonly id: string | null;
  readonly dryRun: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the response was lost. */
  readonly status: number | null;
  readonly body: unknown;
  readonly receipt: Receipt | null;
  /** The receipt belongs to an earlier attempt: its response was lost, and the browser sent the request again. */
  readonly retried: boolean;
}

/** How to send a DELETE. */
export interface DeleteOptions {
  readonly dryRun: boolean;
  /** The id of an earlier request: only deletions after it are taken for this one. */
  readonly since?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends a DELETE, or a dry run of it.
 *
 * @throws RequestError of the control plane, or the signal's AbortError
 */
export async function sendDelete(
  { method, path, headers: required }: DeleteRequest,
  { dryRun, since, signal }: DeleteOptions,
): Promise<Outcome> {
  const headers = { ...required, ...(dryRun ? { prefer: 'dry-run' } : {}) };
  const encoded = Object.entries(headers).map(([name, value]): [string, string] => [name, byteString(value)]);
  try {
    const response = await fetch(path, { method, headers: encoded, signal });
    const body = parseBody(await response.text());
    const id = response.headers.get('x-understudy-request');
    const own = id === null ? null : await receiptOf(id);
    const receipt = own ?? (dryRun ? null : await lastReceipt(path, since));
    return { dryRun, headers, id, status: response.status, body, receipt, retried: own !== receipt };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    // The response was lost, as a planned fault may have it; the journal has the request all the same.
    const receipt = await lastReceipt(path, since);
    return { dryRun, headers, id: null, status: null, body: null, receipt, retried: false };
  }
}

/** The receipt of a request, if it has one. */
async function receiptOf(id: string): Promise<Receipt | null> {
  const { deletion } = await callControl<JournalEntry>('GET', `/requests/${id}`, { query: sandboxQuery() });
  return deletion === true ? callControl<Receipt>('GET', `/deletions/${id}`, { query: sandboxQuery() }) : null;
}

/** The receipt of the last DELETE of this path that took effect, whether or not its response arrived. */
async function lastReceipt(path: string, since: string | undefined): Promise<Receipt | null> {
  const query = { ...sandboxQuery(), since, limit: 20 };
  const { requests } = await callControl<{ requests: JournalEntry[] }>('GET', '/requests', { query });
  const entry = requests.find((one) => one.request.url === path && one.deletion === true && !one.dryRun);
  return entry === undefined ? null : receiptOf(entry.id);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}
