// One run of an exploration: a call fails, and the result is compared with the baseline.
import type { ClientVerdict, JournalEntry, Receipt, SnapshotDiff } from '../control/schemas.ts';
import { arrange } from './arrange.ts';
import { type Baseline, remainsOf } from './baseline.ts';
import type { Call } from './calls.ts';
import { withEnd } from './client-end.ts';
import { compareChanges, type Finding } from './compare.ts';
import type { Change } from './effects.ts';
import type { Phase } from './failures.ts';
import type { PlannedRun } from './plan.ts';
import type { RivalRequest } from './race.ts';
import { type Trial, tryIn } from './trial.ts';
import { type Ended, type Verdict, verdictOf } from './verdict.ts';
import { withoutRival } from './without-rival.ts';
import type { World } from './world.ts';

/** The result of one run. */
export interface ExploredRun {
  /** For `understudy explore --repeat <id>`. */
  readonly id: string;
  readonly call: Omit<Call, 'writes' | 'sent'>;
  /** e.g. `503 UNAVAILABLE`, `reset`, `hang`, `slow`, `race with DeleteUser`. */
  readonly failure: string;
  readonly phase: Phase;
  /** What the other client of a race sent, and the status of the response; null in other runs. */
  readonly rival: Omit<RivalRequest, 'changes'> | null;
  readonly verdict: Verdict;
  /** Whether the call came, and met its failure. */
  readonly reached: boolean;
  readonly ended: Ended;
  /** How its rows differ from the baseline's. */
  readonly findings: readonly Finding[];
  /** Whether the same code, run again without a fault, completes the work; null when there is nothing to heal. */
  readonly healsOnRetry: boolean | null;
  /** Rows that name a subject, and that the baseline removes; null without subjects. */
  readonly remains: readonly string[] | null;
  readonly durationMs: number;
  /** In the order in which they arrived. */
  readonly requests: readonly JournalEntry[];
  /** Oldest first. */
  readonly receipts: readonly Receipt[];
  /** What the client did with the failure, rules that it breaks first. */
  readonly clients: readonly ClientVerdict[];
  /** What changed in the rows. */
  readonly diff: SnapshotDiff;
}

/** Makes one run, and a second one in the same sandbox where the first was not survived. */
export async function makeRun(
  world: World,
  baseline: Baseline,
  planned: PlannedRun,
  { limitMs, subjects }: { readonly limitMs: number; readonly subjects: readonly string[] },
): Promise<ExploredRun> {
  const { id, failure } = planned;
  const { writes, sent, ...call } = planned.call;
  const tried = await tryIn(world, `explore-${id}`, limitMs, (sandbox) => arrange(world, sandbox, planned));
  const { trial } = tried;
  const { ended, durationMs, requests, receipts, diff, reached } = trial;
  const clients = withEnd(trial.clients, ended);
  const ofRival = trial.rival?.changes ?? [];
  const done = { effect: baseline.effect, changes: trial.changes };
  const { effect, changes, helped } = withoutRival(done, ofRival);
  const findings = compareChanges(effect, changes);
  const verdict = verdictOf({
    ended,
    findings,
    reached,
    unchanged: changes.length === 0 && !helped,
    readOnly: effect.changes.length === 0,
  });
  const survived = verdict === 'survived';
  const inBaseline = baseline.remains;
  const remains = inBaseline && (await remainsOf(tried.sandbox, subjects)).filter((row) => !inBaseline.includes(row));
  const healsOnRetry = survived || !reached ? null : completes(await tried.again(), baseline, ofRival);
  await tried.sandbox.delete();
  const rival = trial.rival && { method: trial.rival.method, url: trial.rival.url, status: trial.rival.status };
  return {
    ...{
      id,
      call,
      failure: failure.name,
      phase: failure.phase,
      rival,
      verdict,
      reached,
      ended,
      findings,
      healsOnRetry,
      remains,
    },
    ...{ durationMs, requests, receipts, clients, diff },
  };
}

function completes({ ended, ...trial }: Trial, baseline: Baseline, ofRival: readonly Change[]): boolean {
  const { effect, changes } = withoutRival({ effect: baseline.effect, changes: trial.changes }, ofRival);
  return ended.exit === 0 && !ended.timedOut && compareChanges(effect, changes).length === 0;
}
