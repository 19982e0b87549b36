// Compares what a run did with what the baseline did: which rows are left, missing, doubled or different.
import { isDeepStrictEqual } from 'node:util';
import type { ApiRow } from '../core/provider/resource.ts';
import { type Change, fieldName, placeOf } from './effects.ts';
import { differingMembers, pairSimilar } from './similar.ts';

/** A row in which a run differs from the baseline. */
export interface Finding {
  /** Not removed, not created, created twice, or anything else. */
  readonly what: 'left' | 'missing' | 'doubled' | 'different';
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  /** For `different`: how, e.g. `email is "a", not "b"`. */
  readonly detail?: string;
}

/** What the baseline did to the rows. */
export interface BaselineEffect {
  readonly changes: readonly Change[];
  /** Fields that differ between two runs without a fault; see `fieldName`. */
  readonly masked: ReadonlySet<string>;
  /** Rows that it removed, `resource id`; those that it had created itself too. */
  readonly removed: ReadonlySet<string>;
  /** Those of them that it named itself; the others went with them. */
  readonly roots: ReadonlySet<string>;
}

/** Fields that differ between two runs without a fault, and what differs in more than single fields, as sentences. */
export function maskedFields(
  one: readonly Change[],
  two: readonly Change[],
): { readonly masked: Set<string>; readonly differences: string[] } {
  const masked = new Set<string>();
  const differences: string[] = [];
  for (const place of new Set([...one, ...two].map(placeOf))) {
    const [mine, others] = withoutEqual(
      one.filter((change) => placeOf(change) === place),
      two.filter((change) => placeOf(change) === place),
      isDeepStrictEqual,
    );
    if (mine.length !== others.length)
      differences.push(`${place}: ${mine.length} rows in the first run and ${others.length} in the second differ`);
    else
      for (const [change, other] of pairSimilar(mine, others, ({ row }) => row))
        for (const field of differingMembers(change.row, other.row)) masked.add(fieldName(change, field));
  }
  return { masked, differences };
}

/** The findings about a run, worst first, owners before what they own; none when it did the same as the baseline. */
export function compareChanges(baseline: BaselineEffect, run: readonly Change[]): Finding[] {
  const { masked, removed, roots } = baseline;
  const content = (change: Change) => withoutMasked(change, masked);
  const [missing, extra] = withoutEqual(
    baseline.changes,
    run,
    (a, b) => placeOf(a) === placeOf(b) && isDeepStrictEqual(content(a), content(b)),
  );
  const found: Finding[] = [];
  const add = (what: Finding['what'], { provider, resource, id }: Change, detail?: string) =>
    found.push({ what, provider, resource, id, ...(detail === undefined ? {} : { detail }) });
  for (const change of missing) {
    const twin =
      extra.find((one) => placeOf(one) === placeOf(change) && one.id === change.id) ??
      extra.find((one) => change.kind === 'insert' && isCopy(one, change, masked));
    if (twin !== undefined) {
      extra.splice(extra.indexOf(twin), 1);
      add('different', change, detailOf(content(twin), content(change)));
    } else if (change.kind === 'delete') add('left', change);
    else if (change.kind === 'insert') add('missing', change);
    else add('different', change, 'is not updated');
  }
  const left = new Set(found.filter(({ what }) => what === 'left').map(({ resource, id }) => `${resource} ${id}`));
  for (const change of extra) {
    if (change.kind === 'insert' && removed.has(`${change.resource} ${change.id}`)) add('left', change);
    else if (change.kind === 'insert' && baseline.changes.some((one) => isCopy(change, one, masked)))
      add('doubled', change);
    else if (!left.has(`${change.resource} ${change.id}`)) add('different', change, EXTRA[change.kind]);
  }
  const order: readonly Finding['what'][] = ['left', 'missing', 'doubled', 'different'];
  const rank = ({ what, resource, id }: Finding) => order.indexOf(what) * 2 + (roots.has(`${resource} ${id}`) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

const EXTRA = { insert: 'is created too', update: 'is updated too', delete: 'is deleted too' } as const;

/** Both lists without the pairs that are equal. */
function withoutEqual(
  one: readonly Change[],
  two: readonly Change[],
  equal: (a: Change, b: Change) => boolean,
): [Change[], Change[]] {
  const left = [...two];
  const mine = one.filter((change) => {
    const n = left.findIndex((other) => equal(change, other));
    if (n !== -1) left.splice(n, 1);
    return n === -1;
  });
  return [mine, left];
}

function withoutMasked(change: Change, masked: ReadonlySet<string>): ApiRow {
  return Object.fromEntries(Object.entries(change.row).filter(([field]) => !masked.has(fieldName(change, field))));
}

function detailOf(is: ApiRow, expected: ApiRow): string {
  return differingMembers(is, expected)
    .map((field) => `${field} is ${JSON.stringify(is[field])}, not ${JSON.stringify(expected[field])}`)
    .join(', ');
}

/** Whether a row was created by the same request as another: only generated values differ. */
export function isCopy(change: Change, other: Change, masked: ReadonlySet<string>): boolean {
  if (placeOf(change) !== placeOf(other)) return false;
  const [row, model] = [withoutMasked(change, masked), withoutMasked(other, masked)];
  return differingMembers(row, model).every((field) => looksGenerated(row[field], model[field]));
}

/** Two tokens of the same length, as ids, keys and links with them are. */
function looksGenerated(one: unknown, two: unknown): boolean {
  const token = /^[^\s@]{14,}$/;
  return typeof one === 'string' && typeof two === 'string' && one.length === two.length && token.test(one);
}
