// Leaves out what the other client of a race did, so that only the code is judged.
import { isDeepStrictEqual } from 'node:util';
import { type BaselineEffect, isCopy } from './compare.ts';
import { type Change, placeOf } from './effects.ts';

/** What a run is compared with, and what it did. */
export interface Compared {
  readonly effect: BaselineEffect;
  readonly changes: readonly Change[];
}

/** The same without what a rival did. */
export interface Judged extends Compared {
  /** Whether the rival did a part of the code's work. */
  readonly helped: boolean;
}

/**
 * The baseline and a run without the changes of a rival: rows that the rival deleted need not be changed or deleted by the
 * code, a row that it created stands for an equal one that the code would have created, and so does its last update.
 */
export function withoutRival({ effect, changes }: Compared, rival: readonly Change[]): Judged {
  let expected = [...effect.changes];
  let run = [...changes];
  let helped = false;
  for (const change of rival) {
    const ofRow = (one: Change) => placeOf({ ...one, kind: change.kind }) === placeOf(change) && one.id === change.id;
    const done = run.find((one) => one.kind === change.kind && ofRow(one));
    // Whoever writes last decides: what the code has written over it is compared as usual.
    if (change.kind !== 'delete' && !isDeepStrictEqual(done?.row, change.row)) continue;
    run = run.filter((one) => one !== done);
    const replaced = [...expected.filter(ofRow), ...twinOf(change, expected, run, effect.masked)];
    helped ||= replaced.some(({ kind }) => kind === change.kind);
    expected = expected.filter((one) => !replaced.includes(one));
  }
  return { effect: { ...effect, changes: expected }, changes: run, helped };
}

/**
 * The row that the code creates without a fault, and for which another one stands: one that the rival created, unless the
 * code has created its own too, or one that the code created with another id, and that the rival deleted.
 */
function twinOf(
  change: Change,
  expected: readonly Change[],
  run: readonly Change[],
  masked: ReadonlySet<string>,
): Change[] {
  const twin = expected.find((one) => one.kind === 'insert' && isCopy(one, { ...change, kind: 'insert' }, masked));
  return twin === undefined || run.some((one) => isCopy(one, twin, masked)) ? [] : [twin];
}
