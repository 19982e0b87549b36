// Numbers, lists and times as people read them.

/** In groups of three, whatever the browser's language, for all else on the page is English. */
const grouped = new Intl.NumberFormat('en-US');

/** `1,204`. */
export function number(value: number): string {
  return grouped.format(value);
}

/** `1 row`, `1,204 rows`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `10:42:07.123` of an ISO 8601 time, as it is written there: sandbox time is UTC. */
export function timeOfDay(iso: string): string {
  return iso.slice(11, 23);
}

/** `2026-03-01 10:42` of an ISO 8601 time. */
export function dayAndTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}

/** `0.4 ms`, `12 ms`, `1.5 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** A value in a cell: text as it is, everything else as JSON; an absent one is empty. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `1 user`, `3 users` of a resource's name, which is a plural. */
export function rowsOf(rows: number, resource: string): string {
  return count(rows, resource.replace(/s$/, ''), resource);
}

/** The same on a line: an id or a URL loses its middle, for its ends tell it from others; a text loses its end. */
export function compact(text: string): string {
  if (/\s/.test(text)) return shortened(text, 60);
  return text.length <= 28 ? text : `${text.slice(0, 16)}…${text.slice(-8)}`;
}

/** A text that is too long for its route, cut with an ellipsis. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
