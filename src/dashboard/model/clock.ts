// Formats the sandbox's clock, and the durations it is advanced by.
import type { ClockTime } from '../../control/schemas.ts';
import { dayAndTime } from './format.ts';

export const UNITS = { minutes: 'PT%M', hours: 'PT%H', days: 'P%D', weeks: 'P%W' } as const;
export type Unit = keyof typeof UNITS;

/** The ISO 8601 duration of an amount; input that is not a number is passed on for the server to reject. */
export function durationOf(amount: string, unit: Unit): string {
  return UNITS[unit].replace('%', amount.trim());
}

/** `frozen`, `2 d 3 h ahead`, `5 min behind`, or '' for real time. */
export function clockState({ frozen, offsetMs }: ClockTime): string {
  if (frozen) return 'frozen';
  const text = span(Math.abs(offsetMs));
  if (text === '') return '';
  return `${text} ${offsetMs > 0 ? 'ahead' : 'behind'}`;
}

/** The two largest units of a time span; '' below a second. */
function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first === -1) return '';
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** What the clock shows `passedMs` after it was read. */
export function shownTime({ now, frozen }: ClockTime, passedMs: number): string {
  return dayAndTime(frozen ? now : new Date(Date.parse(now) + passedMs).toISOString());
}
