// List: look-ups, filters and pages, the same for all resources.
import { invalid } from '../errors.ts';
import type { CompanyFile, Json } from './company-file.ts';
import type { Schema } from './contract.ts';
import { firstPage, nextPage, type Page } from './cursor.ts';
import { missed, missedId } from './failures.ts';
import { conditionsOf, type ListQuery } from './filters.ts';
import { camelCase } from './operations.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { bytesOf, numbersOf } from './row-numbers.ts';
import { showObjects } from './show-record.ts';

/** Arrays that `includeLineItems=false` leaves out. */
const LINES = [
  'lines',
  'lineGroups',
  'expenseLines',
  'itemLines',
  'itemGroupLines',
  'appliedToTransactions',
  'refundAppliedToTransactions',
  'debitLines',
  'creditLines',
];

/** A page of a resource's objects. `paged` resources have cursors. @throws Failure for a look-up that misses */
export function listObjects(
  file: CompanyFile,
  entry: ResourceEntry,
  { shape, paged, query }: { readonly shape: Schema; readonly paged: boolean; readonly query: ListQuery },
): Json {
  const page = pageOf(file, entry, paged, query);
  const data = showObjects(file, entry, shape, file.read(page.rows), leftOut(query));
  return listOf(entry.path, data, paged ? page : null);
}

/** A list as responses show it; `url` is the same wherever the API is (documented). */
export function listOf(path: string, data: readonly Json[], page: Omit<Page, 'rows'> | null): Json {
  return {
    objectType: 'list',
    url: `/v1/quickbooks-desktop/${path}`,
    data,
    ...(page === null
      ? {}
      : {
          nextCursor: page.nextCursor,
          remainingCount: page.remainingCount,
          hasMore: page.nextCursor !== null,
        }),
  };
}

function leftOut(query: ListQuery): Record<string, true | null> {
  return {
    ...(query.includeLineItems === false || query.includeComponentLineItems === false
      ? Object.fromEntries(LINES.map((field) => [field, true as const]))
      : {}),
    ...(query.includeLinkedTransactions === false ? { linkedTransactions: true as const } : {}),
    ...(query.excludeAlternateShippingAddresses === true ? { alternateShippingAddresses: null } : {}),
  };
}

function pageOf(file: CompanyFile, entry: ResourceEntry, paged: boolean, query: ListQuery): Page {
  const looked = lookUp(file, [entry.path], query);
  if (looked !== null) return { rows: looked, nextCursor: null, remainingCount: 0 };
  if (paged && query.cursor !== undefined) return nextPage(file, entry.path, query.cursor, query.limit as number);
  const rows = rowsOf(file, entry, query);
  if (paged) return firstPage(file, entry.path, rows, query.limit);
  return { rows: rows.slice(0, query.limit), nextCursor: null, remainingCount: 0 };
}

/** The `seq` of all objects that a query selects: list objects by name, transactions by age (our choice). */
function rowsOf(file: CompanyFile, entry: ResourceEntry, query: ListQuery): number[] {
  const { sql, values, few, among, index } = conditionsOf(file, entry, query);
  // The plus keeps SQLite from reading the whole resource where references select few objects.
  const own = few ? '+' : '';
  const by = few || index === null ? '' : `indexed by conductor_quickbooksObjects_${index}`;
  const order = entry.names === null ? '' : 'order by object.label collate nocase, object.seq';
  // One text is read many times faster than as many rows, and only indexes are read.
  const { seqs } = file.db.get(
    `select json_group_array(seq) as seqs from (
       select object.seq from conductor_quickbooksObjects as object ${by}
       where ${own}object.endUserId = ? and ${own}object.resource = ? ${sql.map((one) => `and ${one}`).join(' ')} ${order})`,
    file.endUserId,
    camelCase(entry.path),
    ...values,
  ) as { seqs: string };
  let rows = JSON.parse(seqs) as number[];
  for (const one of among) rows = rows.filter((seq) => one[seq] === 1);
  return entry.names === null ? numbersOf(bytesOf(rows)) : rows;
}

/** The objects that are asked for by id, name or number, which makes all other filters void; null without any. */
export function lookUp(file: CompanyFile, paths: readonly string[], query: ListQuery): number[] | null {
  const { ids, names, fullNames, refNumbers } = query;
  if ([ids, names, fullNames, refNumbers].every((values) => values === undefined)) return null;
  if (query.cursor !== undefined)
    throw invalid('Invalid input: a look-up has one page and takes no cursor at "cursor"');
  const found = new Set<number>();
  const find = (condition: string, values: readonly string[], miss = missed) => {
    for (const value of values) {
      const rows = file.db.all<{ seq: number }>(
        `select seq from conductor_quickbooksObjects where ${condition}
         and resource in (select value from json_each(?)) order by seq`,
        file.endUserId,
        value,
        JSON.stringify(paths.map(camelCase)),
      );
      if (rows.length === 0) throw miss(value);
      for (const { seq } of rows) found.add(seq);
    }
  };
  find('+endUserId = ? and id = ?', ids ?? [], missedId);
  find('endUserId = ? and label = ? collate nocase', [...(fullNames ?? []), ...(names ?? [])]);
  find('endUserId = ? and refNumber = ?', refNumbers ?? []);
  return [...found];
}
