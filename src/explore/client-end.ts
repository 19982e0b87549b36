// What the end of the code adds to the verdicts on its client, which a journal alone cannot decide.
import type { ClientVerdict } from '../control/schemas.ts';
import type { Ended } from './verdict.ts';

/** The verdicts on a client whose end is known. */
export function withEnd(verdicts: readonly ClientVerdict[], { exit, timedOut }: Ended): ClientVerdict[] {
  return verdicts
    .filter(({ rule, detail }) => {
      // It did not give up: it was stopped while it waited.
      return !(timedOut && rule === 'retries-transient-errors' && detail === 'gave up after no response');
    })
    .map((one) => (one.passed === null ? { ...one, passed: exit === 0 } : one))
    .sort((a, b) => Number(a.passed) - Number(b.passed));
}
