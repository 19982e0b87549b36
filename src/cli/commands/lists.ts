// What lists have in common: how long they are, and what is said of an empty one and of the rest of a long one.
import type { Shell } from '../shell.ts';
import { setting, text, wholeNumber } from '../values.ts';

export const limitSetting = setting<number | null>({
  value: 'number',
  fallback: null,
  flagOnly: true,
  read: wholeNumber(1, 9999),
  help: 'how many at most; 100 where nobody says',
});

/** Says on standard error that there is more than was listed. */
export function tellRest({ err }: Shell, listed: number, total: number): void {
  if (total > listed) err.write(`understudy: these are ${listed} of ${total}; --limit lists more.\n`);
}

export const sinceSetting = setting<string | null>({
  value: 'id|time',
  fallback: null,
  flagOnly: true,
  read: text,
  help: 'only those after this request, or since this time (ISO 8601)',
});
