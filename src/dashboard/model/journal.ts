// The journal as a list: merging, filtering, and the tags of an entry.
import type { JournalEntry } from '../../control/schemas.ts';
import { cellText } from './format.ts';

/** Which entries to show. */
export interface JournalFilter {
  /** A provider's name; '' for all, `-` for requests to no provider. */
  readonly provider: string;
  /** The first digits of the status: `4` for 4xx, `404` for one status, '' for all. */
  readonly status: string;
  /** Text in the method, URL, operation, fault or a body, case-insensitive. */
  readonly text: string;
}

export const EVERYTHING: JournalFilter = { provider: '', status: '', text: '' };

/** How many entries the page keeps in memory. */
const KEPT = 2000;

/** Newer entries before older ones, without duplicates. */
export function merged(newer: readonly JournalEntry[], older: readonly JournalEntry[]): JournalEntry[] {
  const known = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !known.has(id))].slice(0, KEPT);
}

/** The entries that match the filter. */
export function filtered(
  entries: readonly JournalEntry[],
  { provider, status, text }: JournalFilter,
): readonly JournalEntry[] {
  if (provider === '' && status === '' && text.trim() === '') return entries;
  const wanted = text.trim().toLowerCase();
  return entries.filter(
    (entry) =>
      (provider === '' || (entry.provider ?? '-') === provider) &&
      (status === '' || String(receivedStatus(entry)).startsWith(status)) &&
      (wanted === '' || searched(entry).includes(wanted)),
  );
}

function searched({ id, operation, request, response, fault }: JournalEntry): string {
  const bodies = [request.body, response.body].map(cellText);
  return [id, request.method, request.url, operation, fault, ...bodies].join('\n').toLowerCase();
}

/** The status that the client received; null where the response was lost or is pending. */
export function receivedStatus({ delivered, response }: JournalEntry): number | null {
  return delivered ? response.status : null;
}

/** A tag shown with an entry. */
export interface Tag {
  readonly text: string;
  readonly warns: boolean;
}

/** The tags of an entry. */
export function tagsOf(entry: JournalEntry): Tag[] {
  if (entry.dryRun === true) return [{ text: 'dry run', warns: false }];
  return [
    ...(entry.fault === undefined ? [] : [{ text: 'fault', warns: true }]),
    ...(entry.deletion === true ? [{ text: 'deleted rows', warns: false }] : []),
    ...(entry.nearest === undefined ? [] : [{ text: 'unmatched', warns: true }]),
  ];
}

/** The colour class of a status. */
export function statusKind(status: number): 'good' | 'moved' | 'refused' | 'failed' {
  if (status < 300) return 'good';
  if (status < 400) return 'moved';
  return status < 500 ? 'refused' : 'failed';
}

/** The path of a URL, without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] as string;
}

/** The entry `step` places after the selected one; the first where none is selected. */
export function entryAt(
  entries: readonly JournalEntry[],
  selected: string | undefined,
  step: number,
): JournalEntry | undefined {
  const at = entries.findIndex(({ id }) => id === selected);
  return at === -1 ? entries[0] : entries[Math.min(entries.length - 1, Math.max(0, at + step))];
}
