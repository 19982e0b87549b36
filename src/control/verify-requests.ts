// Checks or awaits the requests that a test expects.
import type { Exchange, Journal } from '../core/journal/journal.ts';
import { bodyValue, isSecretHeader, REDACTED, redactUrl } from '../core/journal/journal-entry.ts';
import type { Matcher, Mismatch } from '../core/journal/request-pattern.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { Verdict } from './schemas.ts';

/** Maximum number of near misses, and of extra matches, in a verdict. */
const MAX_LISTED = 5;

/** A pattern and how many requests must match it. */
export interface Expectation {
  readonly matcher: Matcher;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Whether a recorded exchange matches a pattern. */
export function matchesExchange(matcher: Matcher, exchange: Exchange): boolean {
  return matcher.matches(exchange, () => bodyValue(exchange.body));
}

/** Compares the number of matching requests in the journal with the expectation; for too few adds the near misses, for too many the extra ones. */
export function verify(journal: Journal, expectation: Expectation, providers: readonly Provider[]): Verdict {
  const { matcher, atLeast, atMost } = expectation;
  const all = journal.newestFirst();
  const matching = all.filter((one) => matchesExchange(matcher, one));
  const count = matching.length;
  // The first requests are those that were expected; the extra ones came after them.
  const extra = matching.slice(0, Math.min(MAX_LISTED, Math.max(0, count - atMost))).map(summaryOf);
  const nearMisses = [];
  for (const one of count < atLeast ? all : []) {
    const [miss, ...more] = matcher.mismatches(one, () => bodyValue(one.body));
    if (miss === undefined || more.length > 0) continue;
    nearMisses.push({ ...summaryOf(one), ...redactMismatch(miss, providers) });
    if (nearMisses.length === MAX_LISTED) break;
  }
  return { passed: count >= atLeast && count <= atMost, count, nearMisses, extra };
}

function summaryOf({ id, method, url, status }: Exchange) {
  return { id, method, url: redactUrl(url), status };
}

/** Resolves once the journal has `atLeast` matching requests, or when `ended` aborts. Never rejects. */
export function waitForRequests(
  journal: Journal,
  { matcher, atLeast }: Expectation,
  ended: AbortSignal,
): Promise<void> {
  const enough = () => journal.newestFirst().filter((one) => matchesExchange(matcher, one)).length >= atLeast;
  return new Promise((resolve) => {
    if (enough() || ended.aborted) return resolve();
    const done = () => {
      unwatch();
      ended.removeEventListener('abort', done);
      resolve();
    };
    const unwatch = journal.watch((exchange) => {
      if (matchesExchange(matcher, exchange) && enough()) done();
    });
    ended.addEventListener('abort', done);
  });
}

function redactMismatch({ member, expected, actual }: Mismatch, providers: readonly Provider[]): Mismatch {
  const header = /^header\.(.*)/.exec(member)?.[1];
  if (header === undefined || !isSecretHeader(header, providers)) return { member, expected, actual };
  return { member, expected: REDACTED, actual: actual === null ? null : REDACTED };
}
