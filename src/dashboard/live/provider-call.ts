// A DELETE at a provider, sent from the browser as any client would, and what became of it.
import type { Entry, Receipt, Removal } from '../model/answers.ts';
import { byteString } from '../model/removal.ts';
import { ask } from './ask.ts';
import { here } from './world.ts';

/** What became of a request. */
export interface Outcome {
  readonly dryRun: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the answer never came. */
  readonly status: number | null;
  readonly body: unknown;
  readonly receipt: Receipt | null;
}

/** Sends a DELETE, or rehearses it. @throws Refusal, or the signal's AbortError */
export async function callDelete(
  { method, path, headers: needed }: Removal,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  const headers = { ...needed, ...(dryRun ? { prefer: 'dry-run' } : {}) };
  const made = { dryRun, headers };
  const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, byteString(value)]);
  try {
    const answer = await fetch(path, { method, headers: sent, signal });
    const body = readBody(await answer.text());
    const id = answer.headers.get('x-understudy-request');
    return { ...made, status: answer.status, body, receipt: id === null ? null : await receiptOf(id) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    // The answer was lost on the way, as planned faults have it; the journal knows the request all the same.
    return { ...made, status: null, body: null, receipt: await lostReceipt(path) };
  }
}

/** The receipt of a request, if it has one. */
async function receiptOf(id: string): Promise<Receipt | null> {
  const { deletion } = await ask<Entry>('GET', `/requests/${id}`, { query: here() });
  return deletion === true ? ask<Receipt>('GET', `/deletions/${id}`, { query: here() }) : null;
}

async function lostReceipt(path: string): Promise<Receipt | null> {
  const { requests } = await ask<{ requests: Entry[] }>('GET', '/requests', { query: { ...here(), limit: 20 } });
  const entry = requests.find(({ request }) => request.method === 'DELETE' && request.url === path);
  return entry === undefined ? null : receiptOf(entry.id);
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}
