// The rows of the feed of transactions: which transactions and lines a query means, by time of creation.
import type { Cell } from '../../../../core/row.ts';
import type { CompanyFile } from '../company-file.ts';
import { type Conditions, conditionsOf, type ListQuery, requireAll } from '../filters.ts';
import { camelCase, feedName } from '../operations.ts';
import { ITEMS, NAMES } from '../references.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { bytesOf, numbersOf } from '../row-numbers.ts';
import { paidFilter } from './sales.ts';

/** A row: a transaction, and which of its rows it is. */
export interface Row {
  readonly seq: number;
  /** 0 for the whole, else which of the postings of its lines. */
  readonly part: number;
}

/** The account and the party of a transaction as a whole, wherever its family has them. */
export const ACCOUNTS = [
  'receivablesAccount',
  'payablesAccount',
  'bankAccount',
  'creditCardAccount',
  'account',
  'depositToAccount',
  'sourceAccount',
];
export const ENTITIES = ['customer', 'vendor', 'payee'];
/** What never posts; nothing else is non-posting, except what is pending (known of QuickBooks). */
const NON_POSTING = ['estimates', 'salesOrders', 'purchaseOrders'];

/** What can be open. */
const OPEN = ['invoices', 'creditMemos', 'receivePayments', 'bills', 'vendorCredits'];

/** Filters that mean the whole transaction in its row, and the posting in the row of a line. */
const BY_ROW: Readonly<Record<string, { fields: readonly string[]; column: string; of: readonly string[] }>> = {
  accountIds: { fields: ACCOUNTS, column: 'account', of: ['accounts'] },
  entityIds: { fields: ENTITIES, column: 'entity', of: NAMES },
  itemIds: { fields: ['inventoryAssemblyItem'], column: 'item', of: ITEMS },
  classIds: { fields: ['class'], column: 'class', of: ['classes'] },
};

/** Which transactions a query means, without the filters that mean the line in the row of a line. */
interface Chosen extends Pick<Conditions, 'sql' | 'values' | 'index'> {
  /** The resources of the types that are asked for. */
  readonly resources: string;
  /** Sets that a transaction must be in, as bytes by `seq`. */
  readonly among: Uint8Array[];
  /** A set that it must not be in. */
  readonly not: Uint8Array | null;
}

function chosenOf(file: CompanyFile, entry: ResourceEntry, paths: readonly string[], query: ListQuery): Chosen {
  const whole = Object.fromEntries(Object.entries(query).filter(([name]) => !(name in BY_ROW)));
  const { sql, values, among, index } = conditionsOf(file, entry, whole);
  const types = query.transactionTypes as string[] | undefined;
  const wanted = paths.filter((path) => types?.some((type) => type === 'all' || type === feedName(path)) ?? true);
  // The types alone are a condition too, which may select few.
  if (wanted.length < paths.length) sql.push('true');
  if (query.postingStatus !== 'either') {
    // What posts is not pending, so its body need not be read.
    sql.push(`case when object.resource in (${quoted(NON_POSTING)}) then 1
      when exists (select 1 from conductor_quickbooksPostings as posting where posting.object = object.seq) then 0
      else coalesce(object.body ->> 'isPending', 0) end = ?`);
    values.push(query.postingStatus === 'non_posting' ? 1 : 0);
  }
  const open = query.paymentStatus === 'either' ? null : openTransactions(file);
  return {
    ...{ sql, values, index },
    resources: JSON.stringify(wanted.map(camelCase)),
    among: query.paymentStatus === 'open' && open !== null ? [...among, open] : among,
    not: query.paymentStatus === 'closed' ? open : null,
  };
}

const quoted = (names: readonly string[]) => names.map((one) => `'${one}'`).join();

/** What has an open balance. */
function openTransactions(file: CompanyFile): Uint8Array {
  const { sql, values } = paidFilter('not_paid' as never, file);
  return bytesOf(
    numbers(
      file,
      `select object.seq from conductor_quickbooksObjects as object indexed by conductor_quickbooksObjects_total
       where object.endUserId = ? and object.resource in (${quoted(OPEN)}) and ${sql}`,
      ...[file.endUserId, ...values],
    ),
  );
}

/** The numbers that a query selects. One text is read many times faster than as many rows. */
function numbers(file: CompanyFile, sql: string, ...values: readonly Cell[]): number[] {
  const { found } = file.db.get(`select json_group_array(seq) as found from (${sql})`, ...values) as { found: string };
  return JSON.parse(found) as number[];
}

/** The filters of a query that mean the whole transaction in its row, and the posting in the row of a line. */
function filtersByRow(file: CompanyFile, query: ListQuery) {
  return Object.entries(BY_ROW).flatMap(([name, filter]) => {
    const ids = query[name] as string[] | undefined;
    if (ids === undefined) return [];
    requireAll(file, ids, filter.of);
    return [{ ...filter, ids: JSON.stringify(ids) }];
  });
}

type RowFilter = ReturnType<typeof filtersByRow>[number];

/** The rows that a query means at its level of detail, by time of creation, the whole before its lines. */
export function chosenRows(file: CompanyFile, entry: ResourceEntry, paths: readonly string[], query: ListQuery): Row[] {
  const chosen = chosenOf(file, entry, paths, query);
  const filters = filtersByRow(file, query);
  const level = query.detailLevel as string;
  const whole = level === 'transaction_lines_only' ? [] : wholes(file, chosen, filters);
  if (level === 'transactions_without_lines') return whole.map((seq) => ({ seq, part: 0 }));
  const objects = wholes(file, chosen, []);
  const parts = partsOf(file, objects, filters);
  const isWhole = bytesOf(whole);
  return objects.flatMap((seq) => [
    ...(isWhole[seq] === 1 ? [{ seq, part: 0 }] : []),
    ...(parts.get(seq) ?? []).map((part) => ({ seq, part })),
  ]);
}

/** The rows of transactions that were looked up. */
export function rowsOfObjects(file: CompanyFile, level: string, objects: readonly number[]): Row[] {
  const parts = level === 'transactions_without_lines' ? new Map<number, number[]>() : partsOf(file, objects, []);
  return objects.flatMap((seq) => [
    ...(level === 'transaction_lines_only' ? [] : [{ seq, part: 0 }]),
    ...(parts.get(seq) ?? []).map((part) => ({ seq, part })),
  ]);
}

/** So many are few: they are sorted faster by themselves than found among all. */
const FEW = 2000;
const OBJECTS = 'select object.seq from conductor_quickbooksObjects as object';

/** The transactions that are meant, by time of creation. */
function wholes(file: CompanyFile, chosen: Chosen, filters: readonly RowFilter[]): number[] {
  const own = [file.endUserId, chosen.resources];
  const among = [
    ...chosen.among,
    ...filters.map(({ fields, ids }) =>
      bytesOf(
        numbers(
          file,
          `select object as seq from conductor_quickbooksReferences where inLine = 0
           and field in (${quoted(fields)}) and target in (select value from json_each(?))`,
          ids,
        ),
      ),
    ),
  ];
  let found: number[] | null = null;
  if (chosen.sql.length > 0) {
    const by = chosen.index === null ? '' : `indexed by conductor_quickbooksObjects_${chosen.index}`;
    const where = `object.endUserId = ? and object.resource in (select value from json_each(?)) and ${chosen.sql.join(' and ')}`;
    found = numbers(file, `${OBJECTS} ${by} where ${where}`, ...own, ...chosen.values);
  }
  for (const one of among) found = found === null ? numbersOf(one) : found.filter((seq) => one[seq] === 1);
  const { not } = chosen;
  if (not !== null && found !== null) found = found.filter((seq) => not[seq] !== 1);
  const mine = 'object.endUserId = ? and object.label is null and object.resource in (select value from json_each(?))';
  if (found !== null && found.length < FEW) {
    const few = `${OBJECTS} where +${mine} and object.seq in (select value from json_each(?)) order by +object.createdAt, object.seq`;
    return numbers(file, few, ...own, JSON.stringify(found));
  }
  const all = numbers(
    file,
    `${OBJECTS} indexed by conductor_quickbooksObjects_created where ${mine} order by object.createdAt, object.seq`,
    ...own,
  );
  if (found === null) return not === null ? all : all.filter((seq) => not[seq] !== 1);
  const bytes = bytesOf(found);
  return all.filter((seq) => bytes[seq] === 1);
}

/**
 * The parts of transactions: one for each line, even of those that post several times, as one of goods does; it is the
 * first posting of the line that the filters select.
 */
function partsOf(file: CompanyFile, objects: readonly number[], filters: readonly RowFilter[]): Map<number, number[]> {
  const given = filters.map(({ ids }) => ids);
  const matching = filters.map(({ column }) => `${column} in (select value from json_each(?))`);
  const where = ['line is not null'];
  for (const one of matching) where.push(`object in (select object from conductor_quickbooksPostings where ${one})`);
  if (objects.length < FEW) where.push('object in (select value from json_each(?))');
  const rows = file.db.all<{ object: number; line: string; meant: number }>(
    `select object, line, ${['true', ...matching].join(' and ')} as meant
     from conductor_quickbooksPostings where ${where.join(' and ')} order by object, seq`,
    ...[...given, ...given],
    ...(objects.length < FEW ? [JSON.stringify(objects)] : []),
  );
  const parts = new Map<number, number[]>();
  let [object, part, lines] = [0, 0, new Set<string>()];
  for (const row of rows) {
    if (row.object !== object) [object, part, lines] = [row.object, 0, new Set<string>()];
    part += 1;
    if (row.meant !== 1 || lines.has(row.line)) continue;
    lines.add(row.line);
    const own = parts.get(object);
    if (own === undefined) parts.set(object, [part]);
    else own.push(part);
  }
  return parts;
}
