// Times as a company file shows and reads them: with the offset of the computer it is on, without milliseconds.
import type { Failure } from '../../../core/provider/errors.ts';
import { CODES, refusal } from './failures.ts';

/** A stored time (ISO 8601, UTC) in the zone of a file, e.g. `2025-01-01T13:34:56+01:00` for the offset `+01:00`. */
export function shownTime(stored: string, offset: string): string {
  const minutes = minutesOf(offset);
  const local = minutes === 0 ? stored : new Date(Date.parse(stored) + minutes * 60_000).toISOString();
  return local.slice(0, 19) + offset;
}

/** The date in the zone of a file, at a time in ms since the epoch. */
export function dateAt(now: number, offset: string): string {
  return new Date(now + minutesOf(offset) * 60_000).toISOString().slice(0, 10);
}

/**
 * The instant of a filter such as `updatedAfter`, as stored times are written: a date means its first or last second in
 * the file's zone, a time without an offset is in that zone.
 *
 * @throws Failure 3020 for a text that is no time
 */
export function instantOf(text: string, offset: string, edge: 'start' | 'end'): string {
  const [, date, time, zone = offset] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const clock = time ?? (edge === 'start' ? '00:00:00' : '23:59:59');
  // The last millisecond of the second, since shown times have no milliseconds.
  const at = Date.parse(`${date}T${clock}.${edge === 'start' ? '000' : '999'}${zone}`);
  if (Number.isNaN(at) || addDays(date as string, 0) !== date) {
    throw noDate(text);
  }
  return new Date(at).toISOString();
}

/** A date some days later. @throws Failure 3020 after the year 9999, and before the year 0 */
export function addDays(date: string, days: number): string {
  const found = dateOf(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000);
  if (found === undefined) throw noDate(`${date} + ${days} days`);
  return found;
}

const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T00:00:00Z');

/** The date of a midnight (UTC) in ms since the epoch; undefined where its year has more than four digits. */
export function dateOf(at: number): string | undefined {
  return at >= FIRST && at <= LAST ? new Date(at).toISOString().slice(0, 10) : undefined;
}

/** A text that is no date. */
export function noDate(text: string): Failure {
  return refusal(CODES.date, `There was an error when converting the date value "${text}" in the field "Date".`);
}

/** Offsets in minutes; a list asks for those of two times of each object. */
const minutesByOffset = new Map<string, number>();

function minutesOf(offset: string): number {
  const known = minutesByOffset.get(offset);
  if (known !== undefined) return known;
  const [hours, minutes] = offset.slice(1).split(':').map(Number) as [number, number];
  const total = (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
  minutesByOffset.set(offset, total);
  return total;
}
