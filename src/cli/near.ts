// The known name that a mistyped one is near to, for "did you mean …?".
import { closest, distance } from 'fastest-levenshtein';

/** At most so many edits, and less than so much of the longer name: the limits that commander sets for flags. */
const MOST_EDITS = 3;
const LARGEST_SHARE = 0.6;

/** The nearest known name; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const best = closest(name, [...known]);
  const edits = distance(name, best);
  return edits <= MOST_EDITS && edits < LARGEST_SHARE * Math.max(name.length, best.length) ? best : undefined;
}
