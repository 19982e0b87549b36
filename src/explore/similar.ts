// Pairs what two runs did by similarity, since concurrent code does the same things in another order.
import { isDeepStrictEqual } from 'node:util';

/**
 * Pairs each item of one list with the item of another that is most like it, and not taken yet.
 *
 * @param two has as many items as `one`
 */
export function pairSimilar<T>(
  one: readonly T[],
  two: readonly T[],
  membersOf: (item: T) => Readonly<Record<string, unknown>>,
): [T, T][] {
  const left = [...two];
  return one.map((item) => {
    const distances = left.map((other) => differingMembers(membersOf(item), membersOf(other)).length);
    const nearest = distances.indexOf(Math.min(...distances));
    return [item, left.splice(nearest, 1)[0] as T];
  });
}

/** The members of `one` that another object has with another value, or not at all. */
export function differingMembers(
  one: Readonly<Record<string, unknown>>,
  two: Readonly<Record<string, unknown>>,
): string[] {
  return Object.keys(one).filter((name) => !isDeepStrictEqual(one[name], two[name]));
}
