// Sends a DELETE or a void to a provider as any client would, and finds out what it did, even where the response was lost.
import type { JournalEntry, Receipt } from '../../control/schemas.ts';
import { type Reopenings, reopenedIn } from '../model/company-record.ts';
import { byteString, type ProviderRequest } from '../model/delete-request.ts';
import { callControl } from './control-plane.ts';
import { sandboxQuery } from './sandbox.ts';

/** A request and what it did. */
export interface Outcome {
  /** The request's id; null where the response was lost. */
  readonly id: string | null;
  readonly dryRun: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the response was lost. */
  readonly status: number | null;
  readonly body: unknown;
  readonly receipt: Receipt | null;
  /** The transactions of a company file that it reopens. */
  readonly reopenings: Reopenings;
  /** The receipt belongs to an earlier attempt: its response was lost, and the browser sent the request again. */
  readonly retried: boolean;
}

/** How to send it. */
export interface SendOptions {
  readonly dryRun: boolean;
  /** The id of an earlier request: only deletions after it are taken for this one. */
  readonly since?: string | undefined;
  readonly signal: AbortSignal;
}

/** What the control plane knows of a request's effect. */
type Effect = Pick<Outcome, 'receipt' | 'reopenings'>;

const NO_EFFECT: Effect = { receipt: null, reopenings: reopenedIn(undefined) };

/**
 * Sends a request, or a dry run of it.
 *
 * @throws RequestError of the control plane, or the signal's AbortError
 */
export async function sendRequest(
  { method, path, headers: required }: ProviderRequest,
  { dryRun, since, signal }: SendOptions,
): Promise<Outcome> {
  const headers = { ...required, ...(dryRun ? { prefer: 'dry-run' } : {}) };
  const encoded = Object.entries(headers).map(([name, value]): [string, string] => [name, byteString(value)]);
  try {
    const response = await fetch(path, { method, headers: encoded, signal });
    const body = parseBody(await response.text());
    const id = response.headers.get('x-understudy-request');
    const own = id === null ? NO_EFFECT : await effectOf(id);
    const effect = own.receipt !== null || dryRun ? own : { ...own, receipt: await lastReceipt(path, since) };
    return { dryRun, headers, id, status: response.status, body, ...effect, retried: own.receipt !== effect.receipt };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    // The response was lost, as a planned fault may have it; the journal has the request all the same.
    const receipt = await lastReceipt(path, since);
    return { dryRun, headers, id: null, status: null, body: null, ...NO_EFFECT, receipt, retried: false };
  }
}

async function effectOf(id: string): Promise<Effect> {
  const { deletion, notes } = await callControl<JournalEntry>('GET', `/requests/${id}`, { query: sandboxQuery() });
  const receipt =
    deletion === true ? await callControl<Receipt>('GET', `/deletions/${id}`, { query: sandboxQuery() }) : null;
  return { receipt, reopenings: reopenedIn(notes) };
}

/** The receipt of the last DELETE of this path that took effect, whether or not its response arrived. */
async function lastReceipt(path: string, since: string | undefined): Promise<Receipt | null> {
  const query = { ...sandboxQuery(), since, limit: 20 };
  const { requests } = await callControl<{ requests: JournalEntry[] }>('GET', '/requests', { query });
  const entry = requests.find((one) => one.request.url === path && one.deletion === true && !one.dryRun);
  return entry === undefined ? null : (await effectOf(entry.id)).receipt;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}
