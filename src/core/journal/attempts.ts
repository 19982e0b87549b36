// Finds the attempts of calls in a journal: equal requests of a client of which all but the last failed.
import type { Operation, Provider } from '../provider/provider.ts';
import type { Exchange } from './journal.ts';
import { CLIENT_HEADER } from './request-digest.ts';

/** A request of an operation that is over. */
export interface Attempt extends Exchange {
  readonly provider: Provider;
  readonly operation: Operation;
  readonly status: number;
}

/** The attempts of one call, oldest first; at least one. */
export type Attempts = readonly [Attempt, ...Attempt[]];

/** The calls of a journal in the order of their first attempts. Dry runs and pending requests are left out. */
export function attemptsOf(oldestFirst: readonly Exchange[]): Attempts[] {
  const calls: [Attempt, ...Attempt[]][] = [];
  const open = new Map<string, [Attempt, ...Attempt[]]>();
  /** The changes that each client has made at a provider. */
  const changes = new Map<string, Attempt[]>();
  for (const one of oldestFirst) {
    if (!isOver(one) || one.dryRun) continue;
    const client = `${one.headers[CLIENT_HEADER] ?? ''} ${one.provider.name}`;
    const key = [client, one.method, one.url, one.body === null ? '' : String(one.body.content)].join(' ');
    const earlier = open.get(key);
    if (earlier !== undefined && isRepeated(earlier.at(-1) as Attempt, one, changes.get(client) ?? []))
      earlier.push(one);
    else {
      const call: [Attempt] = [one];
      calls.push(call);
      open.set(key, call);
    }
    if (one.done && one.method !== 'GET') {
      const own = changes.get(client) ?? [];
      own.push(one);
      changes.set(client, own);
    }
  }
  return calls;
}

/**
 * Whether an equal request repeats a failed one. After a refusal it does not if something is different: the client has
 * changed in between what the request names, what owns it or what it owns, or it sends another key.
 */
function isRepeated(earlier: Attempt, one: Attempt, changes: readonly Attempt[]): boolean {
  if (!failed(earlier)) return false;
  if (!isRefusal(earlier)) return true;
  const keysOf = ({ provider, headers }: Attempt) => provider.auth.credentials(headers).join(' ');
  const path = pathOf(one);
  const changed = changes.some(
    (change) =>
      change.arrived > earlier.arrived &&
      change.operation !== one.operation &&
      (path.startsWith(pathOf(change)) || pathOf(change).startsWith(path)),
  );
  return !changed && keysOf(earlier) === keysOf(one);
}

/** The path of a request, so that the path of what owns a thing is a prefix of the thing's. */
function pathOf({ url }: Attempt): string {
  return `${(url.split('?', 1)[0] as string).replace(/\/$/, '')}/`;
}

/** Whether a request and its response are complete, or it was given up. */
function isOver(one: Exchange): one is Attempt {
  return one.provider !== null && one.operation !== null && one.status !== null;
}

/** Whether the client received a response. */
export function received({ delivered }: Attempt): boolean {
  return delivered;
}

/** The status that the client received; null without a response. */
export function statusOf(attempt: Attempt): number | null {
  return received(attempt) ? attempt.status : null;
}

/** Whether an attempt failed from the client's view. */
export function failed(attempt: Attempt): boolean {
  return !received(attempt) || attempt.status >= 400;
}

/** Whether the client was told that its request is wrong. */
export function isRefusal(attempt: Attempt): boolean {
  return received(attempt) && attempt.status >= 400 && attempt.status < 500 && attempt.status !== 429;
}

/** Real time between the end of an attempt and the next one, in ms. */
export function waitBefore(next: Attempt, earlier: Attempt): number {
  return Math.max(0, Math.round(next.arrived - earlier.arrived - earlier.durationMs));
}
