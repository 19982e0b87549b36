// The last page of a list served from a published document, for requests that ask for more than the first page.

import { isNode } from '../document-parts.ts';
import { plainName } from './names.ts';

/** Names of parameters with which a page gives way to the next one. */
const CURSOR = words(
  'cursor marker bookmark after before startingafter endingbefore afterid beforeid sinceid maxid lastid fromid',
  'startkey lastkey exclusivestartkey lastevaluatedkey scrollid next nexturl nextlink nextpage pageafter pagebefore',
  'continuation xcontinuation xmscontinuation',
  ...['cursor', 'token', 'marker', 'key'].map((end) =>
    ['page', 'next', 'nextpage', 'start', 'after', 'before', 'continuation', 'pagination', 'scroll', 'sync']
      .map((start) => start + end)
      .join(' '),
  ),
);
/** Names of parameters that count pages from the first one, 0 or 1. */
const PAGE = words('page pagenumber pagenum pageno pageindex currentpage');
/** Names of parameters that count rows from the first one, 0. */
const OFFSET = words('offset skip start startindex startat pageoffset');

/** Names of fields that lead to the next page. */
const NEXT_FIELD =
  /^(odata)?next(page)?(cursor|number|token|url|uri|link|href|offset|marker|key|id|start|skip|startkey)?$|^(cursor|endcursor|continuation|continuationtoken|pagetoken|bookmark|scrollid|lastevaluatedkey)$/;
const MORE = words('hasmore hasnext hasnextpage more moreavailable moreresults hasmoreitems hasmoredata istruncated');
const LAST = words('last islast islastpage lastpage isend isfinished done');
const REMAINING = words('remaining remainingcount remainingitems remainingpages');
const PAGES = words('totalpages pagecount lastpage pages pagestotal');
/** Names of the list itself, where there are several. */
const LIST = words('data items results records values value entries list elements content rows objects');

/** How deep the fields of a page are looked for; lists are not entered. */
const DEEPEST = 4;

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** What a request asks for: only what its operation declares. */
export interface PageRequest {
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/** A request for a page after the first one: its parameter's plain name, and its value. */
export interface Continuation {
  readonly name: string;
  readonly value: unknown;
}

/**
 * How a request asks for a page after the first one, or null: with a cursor, by its name or by a value that the first
 * page has for its next one, or with a page or an offset behind the first.
 */
export function continuationOf({ query, headers, body }: PageRequest, first: unknown): Continuation | null {
  const given = new Set(fieldsOf(first).flatMap(({ name, value }) => (NEXT_FIELD.test(name) ? [value] : [])));
  for (const [written, value] of [query, headers, body].flatMap((part) => (isNode(part) ? Object.entries(part) : []))) {
    const name = plainName(written);
    if (value === '' || value === null || value === undefined) continue;
    const number = Number(value);
    if (PAGE.has(name) ? number > 1 : OFFSET.has(name) ? number > 0 : CURSOR.has(name)) return { name, value };
    // `string` is what samples of strings are, in requests and responses alike.
    if (typeof value === 'string' && Number.isNaN(number) && value !== 'string' && given.has(value))
      return { name, value };
  }
  return null;
}

/** A field outside of lists, with its plain name and its path. */
export interface Field {
  readonly path: readonly string[];
  readonly name: string;
  readonly value: unknown;
}

/** The fields of a body outside of lists, down to a few levels. */
export function fieldsOf(value: unknown, path: readonly string[] = []): Field[] {
  if (!isNode(value) || path.length >= DEEPEST) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { path: [...path, key], name: plainName(key), value: inner },
    ...fieldsOf(inner, [...path, key]),
  ]);
}

/** Changes of a page; the values of each are tried in turn, undefined leaves the field out. */
export interface PageChange {
  readonly path: readonly string[];
  readonly values: readonly unknown[];
}

/**
 * What makes a first page the last one: no next page, no more to come, and an empty list.
 *
 * @param reads whether the operation only reads; others change only what has a sign of paging
 */
export function lastPageChanges(first: unknown, { name, value }: Continuation, reads: boolean): PageChange[] {
  const number = Number(value);
  const counts = PAGE.has(name) || OFFSET.has(name);
  const fields = fieldsOf(first);
  const changes = fields.flatMap((field): PageChange[] => {
    const { path } = field;
    if (typeof field.value === 'boolean') {
      if (MORE.has(field.name)) return [{ path, values: [false] }];
      return LAST.has(field.name) ? [{ path, values: [true] }] : [];
    }
    if (typeof field.value === 'number') {
      if (REMAINING.has(field.name)) return [{ path, values: [0] }];
      const same =
        counts && (field.name === name || (PAGE.has(name) && (PAGE.has(field.name) || PAGES.has(field.name))));
      if (same && !Number.isNaN(number)) return [{ path, values: [number] }];
    }
    return NEXT_FIELD.test(field.name) && !Array.isArray(field.value) ? [{ path, values: [null, undefined, ''] }] : [];
  });
  if (!reads && changes.length === 0) return [];
  const list = listIn(first, fields);
  return list === null ? changes : [...changes, { path: list, values: [[]] }];
}

/** The path of the list of a page: the body itself, its only list, or the one with a usual name. */
function listIn(first: unknown, fields: readonly Field[]): readonly string[] | null {
  if (Array.isArray(first)) return [];
  const lists = fields.filter(({ value }) => Array.isArray(value));
  const outermost = lists.filter(({ path }) => path.length === Math.min(...lists.map((one) => one.path.length)));
  const list = outermost.length === 1 ? outermost[0] : outermost.find(({ name }) => LIST.has(name));
  return list?.path ?? null;
}
