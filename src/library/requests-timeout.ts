// The error of a wait for requests that did not arrive: how many did, and which ones came nearest.
import type { JournalEntry, Pattern, Verdict } from '../control/schemas.ts';

/** The requests that were waited for did not arrive in time; the message says what did. */
export class RequestsTimeoutError extends Error {
  override readonly name = 'RequestsTimeoutError';
  /** How many requests matched, and those that differ from the pattern in one member. */
  readonly verdict: Verdict;

  /**
   * @param expected what was waited for: the pattern, the number of requests, and the time in ms
   * @param latest the newest requests in the journal, for a pattern that none comes near
   */
  constructor(
    sandbox: string,
    expected: { readonly pattern: Pattern; readonly count: number; readonly timeoutMs: number },
    verdict: Verdict,
    latest: readonly JournalEntry[],
  ) {
    const { pattern, count, timeoutMs } = expected;
    super(
      `${verdict.count} of ${count} requests that match ${JSON.stringify(pattern)} arrived in sandbox ${sandbox} within ${timeoutMs} ms; ${arrivedInstead(verdict, latest)}.`,
    );
    this.verdict = verdict;
  }
}

function arrivedInstead({ count, nearMisses }: Verdict, latest: readonly JournalEntry[]): string {
  if (nearMisses.length > 0) {
    const misses = nearMisses.map(
      ({ method, url, status, member, expected, actual }) =>
        `${method} ${url} ${status} (${member} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)})`,
    );
    return `nearest: ${misses.join(', ')}`;
  }
  if (latest.length === 0) return 'its journal is empty';
  const newest = latest.map(({ request, response }) => `${request.method} ${request.url} ${response.status}`);
  return `${count === 0 ? 'no request comes near' : 'the others differ'}; the latest are ${newest.join(', ')}`;
}
