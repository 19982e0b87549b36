// The calls that a command makes without a fault, in a form that finds each of them again in another run.
import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry } from '../control/schemas.ts';
import { decoded } from '../core/journal/percent-encoding.ts';
import { PROVIDERS } from '../providers/index.ts';
import { pairSimilar } from './similar.ts';

/** A call, named by operation, path and body; what differed between the two baselines is masked. */
export interface Call {
  readonly provider: string;
  readonly operation: string;
  readonly method: string;
  /** Below the provider's mount, decoded; a masked segment is `*`. */
  readonly path: string;
  /** The members of a JSON body that are the same in every run; null when the body does not tell calls apart. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** The members of its JSON body that are the same in every run; null without such a body. */
  readonly sent: Readonly<Record<string, unknown>> | null;
  /** Which of the calls with this name it is, from 1. */
  readonly occurrence: number;
  /** Whether it changes something, so that its response can be lost after the change. */
  readonly writes: boolean;
}

/** The calls of two baselines, compared. */
export interface AlignedCalls {
  /** In the order in which they arrived, or by name where that order differs. */
  readonly calls: readonly Call[];
  /** Parts of calls that differ between the baselines, such as `endUsers.create body.email`. */
  readonly masked: readonly string[];
  /** Calls that only one of the baselines made, as sentences; empty for a command that is repeatable. */
  readonly differences: readonly string[];
}

type Sent = Omit<Call, 'occurrence'>;

/** A call of both baselines, with its place in each. */
interface Pair {
  readonly call: Sent;
  readonly first: number;
  readonly second: number;
}

interface Placed {
  readonly call: Sent;
  readonly at: number;
}

/** Compares the calls of two baselines. */
export function alignCalls(first: readonly JournalEntry[], second: readonly JournalEntry[]): AlignedCalls {
  const place = (entries: readonly JournalEntry[]) => entries.flatMap(sentOf).map((call, at) => ({ call, at }));
  const { pairs, onlyFirst, onlySecond } = pairEqual(place(first), place(second));
  const masked = new Set<string>();
  const differences: string[] = [];
  for (const operation of new Set([...onlyFirst, ...onlySecond].map(({ call }) => call.operation))) {
    const ofIt = ({ call }: Placed) => call.operation === operation;
    const [mine, others] = [onlyFirst.filter(ofIt), onlySecond.filter(ofIt)];
    const couples = mine.length === others.length ? pairSimilar(mine, others, ({ call }) => membersOf(call)) : null;
    if (couples === null || couples.some(([one, two]) => !haveSameShape(one.call, two.call))) {
      differences.push(
        `${operation}: ${mine.length} of its calls in the first run and ${others.length} in the second differ`,
      );
      continue;
    }
    for (const [{ call, at }, other] of couples)
      pairs.push({ call: mask(call, other.call, masked), first: at, second: other.at });
  }
  pairs.sort((a, b) => a.first - b.first);
  const sameOrder = pairs.every(({ second }, n) => n === 0 || second > (pairs[n - 1] as Pair).second);
  if (!sameOrder) pairs.sort((a, b) => nameOf(a.call).localeCompare(nameOf(b.call), 'en'));
  return { calls: numbered(pairs.map(({ call }) => call)), masked: [...masked].sort(), differences };
}

/** What distinguishes a call from others, as text. */
export function nameOf({ operation, path, body }: Sent): string {
  return `${operation} ${path}${body === null ? '' : ` ${JSON.stringify(body)}`}`;
}

function sentOf({ provider, operation, request, response, dryRun }: JournalEntry): Sent[] {
  if (provider === null || operation === null) return [];
  const mount = PROVIDERS.find(({ name }) => name === provider)?.mount as string;
  const path = decoded(request.url.split('?', 1)[0] as string).slice(mount.length);
  const body = isObject(request.body) && request.bodyTruncated !== true ? request.body : null;
  const done = response.status !== null && response.status < 400;
  const writes = request.method !== 'GET' && done && dryRun !== true;
  return [{ provider, operation, method: request.method, path, body, sent: body, writes }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Pairs equal calls; the rest stays in order. */
function pairEqual(one: readonly Placed[], two: readonly Placed[]) {
  const left = [...two];
  const pairs: Pair[] = [];
  const onlyFirst: Placed[] = [];
  for (const placed of one) {
    const n = left.findIndex(({ call }) => isDeepStrictEqual(call, placed.call));
    if (n === -1) onlyFirst.push(placed);
    else pairs.push({ call: placed.call, first: placed.at, second: (left.splice(n, 1)[0] as Placed).at });
  }
  return { pairs, onlyFirst, onlySecond: left };
}

/** What makes a call like another: the steps of its path, and the members of its body. */
function membersOf({ path, body }: Sent): Record<string, unknown> {
  return { ...body, ...Object.fromEntries(path.split('/').map((step, n) => [`/${n}`, step])) };
}

function haveSameShape(one: Sent, two: Sent): boolean {
  return one.path.split('/').length === two.path.split('/').length && (one.body === null) === (two.body === null);
}

/** The call without what differs from its counterpart; adds the names of those parts to `masked`. */
function mask(call: Sent, other: Sent, masked: Set<string>): Sent {
  const steps = other.path.split('/');
  const path = call.path.split('/').map((step, n) => (step === steps[n] ? step : '*'));
  if (path.includes('*')) masked.add(`${call.operation} path`);
  if (call.body === null) return { ...call, path: path.join('/') };
  const body = Object.entries(call.body).filter(([name, value]) => {
    if (isDeepStrictEqual(value, other.body?.[name])) return true;
    masked.add(`${call.operation} body.${name}`);
    return false;
  });
  const same = Object.fromEntries(body);
  return { ...call, path: path.join('/'), body: same, sent: same };
}

/** The calls with their numbers; a body is left out of a name that it does not make unique. */
function numbered(calls: readonly Sent[]): Call[] {
  const bodies = new Map<string, Set<string>>();
  const keyOf = ({ operation, path }: Sent) => `${operation} ${path}`;
  for (const call of calls)
    bodies.set(keyOf(call), (bodies.get(keyOf(call)) ?? new Set()).add(JSON.stringify(call.body)));
  const counts = new Map<string, number>();
  return calls.map((call) => {
    const named = (bodies.get(keyOf(call)) as Set<string>).size > 1 ? call : { ...call, body: null };
    const occurrence = (counts.get(nameOf(named)) ?? 0) + 1;
    counts.set(nameOf(named), occurrence);
    return { ...named, occurrence };
  });
}
