// A DELETE at a provider, sent from the browser as any client would, and what became of it.
import type { Entry, Receipt, Sandbox } from '../model/answers.ts';
import { deletingKey } from '../model/removal.ts';
import { ask } from './ask.ts';
import { here } from './world.ts';

/** A request that was made, its answer, and the receipt of what it did. */
export interface Outcome {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the answer never came. */
  readonly status: number | null;
  readonly body: unknown;
  readonly receipt: Receipt | null;
}

/** Sends the DELETE of a path, or rehearses it. @throws Refusal, or the signal's AbortError */
export async function callDelete(
  { path, provider, dryRun }: { readonly path: string; readonly provider: string; readonly dryRun: boolean },
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Outcome> {
  const headers = {
    authorization: `Bearer ${deletingKey(sandbox, provider)}`,
    ...(dryRun ? { prefer: 'dry-run' } : {}),
  };
  const made = { method: 'DELETE', path, headers };
  try {
    const answer = await fetch(path, { method: 'DELETE', headers, signal });
    const text = await answer.text();
    const id = answer.headers.get('x-understudy-request');
    const receipt = id === null ? null : await receiptOf(id);
    return { ...made, status: answer.status, body: readBody(text), receipt };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    // The answer was lost on the way, as planned faults have it; the journal knows the request all the same.
    return { ...made, status: null, body: null, receipt: await lostReceipt(path) };
  }
}

/** The receipt of a request, if it has one. */
export async function receiptOf(id: string): Promise<Receipt | null> {
  const { deletion } = await ask<Entry>('GET', `/requests/${id}`, { query: here() });
  return deletion === true ? ask<Receipt>('GET', `/deletions/${id}`, { query: here() }) : null;
}

async function lostReceipt(path: string): Promise<Receipt | null> {
  const { requests } = await ask<{ requests: Entry[] }>('GET', '/requests', { query: { ...here(), limit: 20 } });
  const entry = requests.find(({ request }) => request.method === 'DELETE' && request.url === path);
  return entry?.deletion === true ? ask<Receipt>('GET', `/deletions/${entry.id}`, { query: here() }) : null;
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}
