// The verdict on a run, from facts only: how the command ended, and what it did to the rows.
import type { Finding } from './compare.ts';

/** Every verdict, worst first, with what it says. */
export const VERDICTS = {
  'half-done': 'a part of the work is done: rows are left, missing or doubled',
  hung: 'it did not end within the time limit',
  crashed: 'it was ended by a signal',
  'done-but-reported-failed': 'the work is complete, and the command reports a failure',
  'survived-differently': 'it reports success, and rows differ from the baseline',
  'failed-cleanly': 'it reports a failure, and nothing has changed',
  'not-reached': 'the call that was to fail did not come',
  survived: 'it reports success, and did the same as the baseline',
} as const;
/** The verdict on a run. */
export type Verdict = keyof typeof VERDICTS;

/** The names of the verdicts, worst first. */
export const VERDICT_NAMES = Object.keys(VERDICTS) as Verdict[];

/** A verdict in words: `done but reported failed`. */
export function wordsOf(verdict: Verdict): string {
  return verdict.replaceAll('-', ' ');
}

/** How a command ended. */
export interface Ended {
  /** Null when it did not exit by itself. */
  readonly exit: number | null;
  /** The signal that ended it, if any. */
  readonly signal: string | null;
  /** Whether it was stopped at the time limit. */
  readonly timedOut: boolean;
  /** The last of what it wrote. */
  readonly output: string;
}

/** A shell reports a command that a signal ended with 128 and the signal's number, at most 64. */
const BY_SIGNAL = { above: 128, most: 192 };

/** What a verdict is drawn from. */
export interface Facts {
  readonly ended: Ended;
  /** In which rows it differs from the baseline. */
  readonly findings: readonly Finding[];
  /** Whether the fault was injected. */
  readonly reached: boolean;
  /** Whether no row has changed since the start. */
  readonly unchanged: boolean;
  /** Whether the baseline changes no row either. */
  readonly readOnly: boolean;
}

/** The first verdict that fits, in the order of the questions below. */
export function verdictOf({ ended, findings, reached, unchanged, readOnly }: Facts): Verdict {
  const { exit, signal, timedOut } = ended;
  if (timedOut) return 'hung';
  if (signal !== null || (Number(exit) > BY_SIGNAL.above && Number(exit) <= BY_SIGNAL.most)) return 'crashed';
  if (!reached) return 'not-reached';
  const failed = exit !== 0;
  // Nothing done, and it says so: that is no half of the work.
  if (failed && unchanged && (readOnly || findings.length > 0)) return 'failed-cleanly';
  if (failed && findings.length > 0) return 'half-done';
  if (findings.some(({ what }) => what !== 'different')) return 'half-done';
  if (failed) return 'done-but-reported-failed';
  return findings.length === 0 ? 'survived' : 'survived-differently';
}
