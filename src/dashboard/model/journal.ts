// The journal as a list: new entries put before the old, those that fit a filter, what is said of one.
import type { Entry } from './answers.ts';
import { cellText } from './format.ts';

/** Which entries are wanted. */
export interface JournalFilter {
  /** A provider's name; '' for all, `-` for requests that were no provider's. */
  readonly provider: string;
  /** `2`, `4`, `5` for a class of statuses, three digits for one of them, '' for all. */
  readonly status: string;
  /** In method, URL, operation, fault, or a body; letter case does not count. */
  readonly text: string;
}

export const EVERYTHING: JournalFilter = { provider: '', status: '', text: '' };

/** How many entries the page keeps. */
const KEPT = 2000;

/** New entries before the old ones, newest first, none of them twice. */
export function merged(newer: readonly Entry[], older: readonly Entry[]): Entry[] {
  const known = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !known.has(id))].slice(0, KEPT);
}

/** The entries that fit. */
export function filtered(entries: readonly Entry[], { provider, status, text }: JournalFilter): readonly Entry[] {
  if (provider === '' && status === '' && text.trim() === '') return entries;
  const wanted = text.trim().toLowerCase();
  return entries.filter(
    (entry) =>
      (provider === '' || (entry.provider ?? '-') === provider) &&
      String(entry.response.status).startsWith(status) &&
      (wanted === '' || searched(entry).includes(wanted)),
  );
}

function searched({ id, operation, request, response, fault }: Entry): string {
  const bodies = [request.body, response.body].map(cellText);
  return [id, request.method, request.url, operation, fault, ...bodies].join('\n').toLowerCase();
}

/** A word about an entry that its line shows. */
export interface Tag {
  readonly text: string;
  readonly warns: boolean;
}

/** Whether it was ordered as a dry run. */
export function isDryRun({ fault }: Entry): boolean {
  return fault !== undefined && /\bdry-run\b/.test(fault);
}

/** What else is worth knowing of an entry. */
export function tagsOf(entry: Entry): Tag[] {
  if (isDryRun(entry)) return [{ text: 'dry run', warns: false }];
  return [
    ...(entry.fault === undefined ? [] : [{ text: 'fault', warns: true }]),
    ...(entry.deletion === true ? [{ text: 'deleted rows', warns: false }] : []),
    ...(entry.nearest === undefined ? [] : [{ text: 'unmatched', warns: true }]),
  ];
}

/** What a status says at a glance. */
export function statusKind(status: number): 'good' | 'moved' | 'refused' | 'failed' {
  if (status < 300) return 'good';
  if (status < 400) return 'moved';
  return status < 500 ? 'refused' : 'failed';
}

/** The path of a URL, without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] as string;
}

/** The one of a list that comes `step` places after the selected one; the first where none is selected. */
export function entryAt(entries: readonly Entry[], selected: string | undefined, step: number): Entry | undefined {
  const at = entries.findIndex(({ id }) => id === selected);
  return at === -1 ? entries[0] : entries[Math.min(entries.length - 1, Math.max(0, at + step))];
}
