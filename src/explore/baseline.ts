// The baseline of an exploration: two runs without a fault, what they call, what they change, and what differs.
import { setTimeout as wait } from 'node:timers/promises';
import type { JournalEntry } from '../control/schemas.ts';
import type { Sandbox } from '../library/sandbox.ts';
import { type AlignedCalls, alignCalls } from './calls.ts';
import { type BaselineEffect, maskedFields } from './compare.ts';
import { ExploreError } from './explore-error.ts';
import { type Trial, tryIn } from './trial.ts';
import type { World } from './world.ts';

/** What the code does without a fault. */
export interface Baseline {
  readonly calls: AlignedCalls['calls'];
  readonly effect: BaselineEffect;
  /** Values that differ between the two runs and are not compared, such as `endUsers.create body.sourceId`. */
  readonly masked: readonly string[];
  /** Why it is not repeatable, as sentences; empty when it is. */
  readonly differences: readonly string[];
  /** Requests that matched no operation of any provider. */
  readonly unmatched: number;
  /** Of the slower run. */
  readonly durationMs: number;
  /** Rows that name a subject at the end, `provider resource id`; null without subjects. */
  readonly remains: readonly string[] | null;
}

/** The second run begins this much later than the first where a time is sent, so that it is another time; in ms. */
const APART = 1100;
/** What may be a time, or may be made from one: a time of day, or a number of ten digits or more. */
const TIME_LIKE = /\d\d:\d\d:\d\d|\d{10}/;

/**
 * Runs the code twice without a fault.
 *
 * @throws ExploreError when one of the runs fails, or calls nothing
 */
export async function takeBaseline(
  world: World,
  names: readonly [string, string],
  limitMs: number,
  subjects: readonly string[],
): Promise<Baseline> {
  const one = await tryIn(world, names[0], limitMs);
  checkRun(one.trial, 'first', limitMs);
  if (one.trial.requests.some(sendsTime)) await wait(Math.max(0, APART - one.trial.durationMs));
  const two = await tryIn(world, names[1], limitMs);
  checkRun(two.trial, 'second', limitMs);
  const { calls, masked, differences } = alignCalls(one.trial.requests, two.trial.requests);
  const fields = maskedFields(one.trial.changes, two.trial.changes);
  const remains = subjects.length === 0 ? null : await remainsOf(one.sandbox, subjects);
  for (const { sandbox } of [one, two]) await sandbox.delete();
  const receipts = [...one.trial.receipts, ...two.trial.receipts];
  const named = ({ resource, id }: { readonly resource: string; readonly id: string }) => `${resource} ${id}`;
  const roots = receipts.map(({ root }) => named(root));
  const removed = receipts.flatMap(({ deleted }) => deleted.map(named));
  return {
    calls,
    effect: {
      changes: one.trial.changes,
      masked: fields.masked,
      removed: new Set([...roots, ...removed]),
      roots: new Set(roots),
    },
    masked: [...masked, ...[...fields.masked].sort()],
    differences: [...differences, ...fields.differences],
    unmatched: one.trial.requests.filter(({ operation }) => operation === null).length,
    durationMs: Math.max(one.trial.durationMs, two.trial.durationMs),
    remains,
  };
}

/** The rows of a sandbox that name a subject, `provider resource id`. */
export async function remainsOf(sandbox: Sandbox, subjects: readonly string[]): Promise<string[]> {
  const { residues } = await sandbox.erasureCheck(subjects);
  return [...new Set(residues.map(({ provider, resource, id }) => `${provider} ${resource} ${id}`))];
}

function sendsTime({ request: { url, body } }: JournalEntry): boolean {
  return TIME_LIKE.test(JSON.stringify([url, body]));
}

function checkRun({ ended, requests }: Trial, which: 'first' | 'second', limitMs: number): void {
  const { exit, signal, timedOut, output } = ended;
  const last = output.trim() === '' ? '' : ` It wrote:\n${output.trim()}`;
  const luck = which === 'second' ? ' The first run passed: the command is not reliable by itself.' : '';
  if (timedOut)
    throw new ExploreError(
      `The command did not end within ${limitMs / 1000} s without any fault; --time-limit gives it more.${luck}${last}`,
    );
  if (exit !== 0) {
    const how = signal === null ? `exits with ${exit}` : `is ended by ${signal}`;
    throw new ExploreError(
      `The command ${how} without any fault; it has to pass before it can be explored.${luck}${last}`,
    );
  }
  if (requests.every(({ operation }) => operation === null))
    throw new ExploreError(
      `${requests.length === 0 ? 'The command sent no request to its sandbox' : `The command called no operation: none of the requests to its sandbox matched one (${requests.length})`}; it has to use the base URLs and keys in its environment, which understudy env lists.${last}`,
    );
}
