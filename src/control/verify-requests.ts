// Checks or awaits the requests that a test expects.
import type { Exchange, Journal } from '../core/journal/journal.ts';
import { bodyValue, isSecretHeader, REDACTED, redactUrl } from '../core/journal/journal-entry.ts';
import type { Matcher, Mismatch } from '../core/journal/request-pattern.ts';
import type { Provider } from '../core/provider/provider.ts';
import type { Verdict } from './schemas.ts';

/** Maximum number of near misses in a verdict. */
const NEAR_MISSES = 5;

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

/** Compares the number of matching requests in the journal with the expectation; on failure adds the near misses. */
export function verify(journal: Journal, expectation: Expectation, providers: readonly Provider[]): Verdict {
  const { matcher, atLeast, atMost } = expectation;
  const all = journal.newestFirst();
  const count = all.filter((one) => matchesExchange(matcher, one)).length;
  const passed = count >= atLeast && count <= atMost;
  const nearMisses = [];
  for (const one of passed ? [] : all) {
    const [miss, ...more] = matcher.mismatches(one, () => bodyValue(one.body));
    if (miss === undefined || more.length > 0) continue;
    const { id, method, url, status } = one;
    nearMisses.push({ id, method, url: redactUrl(url), status, ...redactMismatch(miss, providers) });
    if (nearMisses.length === NEAR_MISSES) break;
  }
  return { passed, count, nearMisses };
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
