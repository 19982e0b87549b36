// Formats numbers, lists, times and values for display.

/** Whatever the browser's language: the rest of the page is in English. */
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

/** `10:42:07.123` of an ISO 8601 time in UTC. */
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

/** A value in a table cell: text as it is, everything else as JSON; empty where there is none. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `1 user`, `3 users` for a resource name, which is a plural. */
export function rowsOf(rows: number, resource: string): string {
  return count(rows, resource.replace(/s$/, ''), resource);
}

/** Shortened to fit a cell: ids and URLs in the middle, since their ends distinguish them, other text at the end. */
export function compact(text: string): string {
  if (/\s/.test(text)) return shortened(text, 60);
  return text.length <= 28 ? text : `${text.slice(0, 16)}…${text.slice(-8)}`;
}

/** Truncated to `most` characters, with an ellipsis. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
