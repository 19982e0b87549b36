// The feed of transactions of all kinds, as wholes, by posted line, or both.
import { fromCents } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { firstPage, nextPage, type Page } from '../cursor.ts';
import { missedId } from '../failures.ts';
import { type Conditions, conditionsOf, type ListQuery, requireAll } from '../filters.ts';
import { lineOf } from '../lines.ts';
import { listOf, lookUp } from '../list.ts';
import { camelCase, feedName } from '../operations.ts';
import type { Posting } from '../postings.ts';
import { ITEMS, NAMES } from '../references.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { numbersOf } from '../row-numbers.ts';
import { showValue } from '../show-record.ts';
import { paidFilter } from './sales.ts';

/** A row: a transaction, and which of its rows it is. */
interface Row {
  readonly seq: number;
  readonly part: number;
}

/** The account and the party of a transaction as a whole, wherever its family has them. */
const ACCOUNTS = [
  'receivablesAccount',
  'payablesAccount',
  'bankAccount',
  'creditCardAccount',
  'account',
  'depositToAccount',
  'sourceAccount',
];
const ENTITIES = ['customer', 'vendor', 'payee'];
const TOTALS = ['totalAmount', 'amountDue', 'creditAmount', 'amount'];

/** What can be open. */
const OPEN = ['invoices', 'creditMemos', 'receivePayments', 'bills', 'vendorCredits'];

/** Filters that mean the whole transaction in its row, and the posting in the row of a line. */
const BY_ROW: Readonly<Record<string, { fields: readonly string[]; column: string; of: readonly string[] }>> = {
  accountIds: { fields: ACCOUNTS, column: 'account', of: ['accounts'] },
  entityIds: { fields: ENTITIES, column: 'entity', of: NAMES },
  itemIds: { fields: ['inventoryAssemblyItem'], column: 'item', of: ITEMS },
  classIds: { fields: ['class'], column: 'class', of: ['classes'] },
};

/** The feed; `table` is read once all of it is there. Time activities are not in it (documented). */
export function transactionsFeed(table: () => readonly ResourceEntry[]): ResourceEntry {
  const paths = () =>
    table().flatMap(({ kind, path }) => (kind === 'transaction' && path !== 'time-tracking-activities' ? [path] : []));
  const feed: ResourceEntry = {
    path: 'transactions',
    title: 'Transaction',
    kind: 'computed',
    names: null,
    example: { id: '@bills' },
    listed(file, { shape, query }) {
      const page = pageOf(file, feed, paths(), query as ListQuery);
      const objects = new Map(file.read([...new Set(page.rows.map(({ seq }) => seq))]).map((one) => [one.seq, one]));
      const data = page.rows.map(({ seq, part }) =>
        showValue(feed, shape, rowOf(file, objects.get(seq) as StoredObject, part), file),
      );
      return listOf('transactions', data, page);
    },
    retrieved(file, id) {
      const object = file.find(paths(), id);
      if (object === undefined) throw missedId(id);
      return rowOf(file, object, 0);
    },
  };
  return feed;
}

function pageOf(file: CompanyFile, entry: ResourceEntry, paths: readonly string[], query: ListQuery): Page<Row> {
  const level = query.detailLevel as string;
  const looked = lookUp(file, paths, query);
  if (looked !== null) {
    const rows = looked.flatMap((row) => rowsFor(file, level, row));
    return { rows, nextCursor: null, remainingCount: 0 };
  }
  if (query.cursor !== undefined) return nextPage(file, entry.path, query.cursor, query.limit as number);
  return firstPage(
    file,
    entry.path,
    rowsFor(file, level, null, conditions(file, entry, paths, query), query),
    query.limit as number,
  );
}

/** Conditions on the whole transaction. */
function conditions(
  file: CompanyFile,
  entry: ResourceEntry,
  paths: readonly string[],
  query: ListQuery,
): Pick<Conditions, 'sql' | 'values'> {
  const whole = Object.fromEntries(Object.entries(query).filter(([name]) => !(name in BY_ROW)));
  const { sql, values, among } = conditionsOf(file, entry, whole);
  for (const seqs of among) {
    sql.push('object.seq in (select value from json_each(?))');
    values.push(JSON.stringify(numbersOf(seqs)));
  }
  const types = query.transactionTypes as string[] | undefined;
  const wanted = paths.filter((path) => types?.some((type) => type === 'all' || type === feedName(path)) ?? true);
  sql.push('object.resource in (select value from json_each(?))');
  values.push(JSON.stringify(wanted.map(camelCase)));
  const posts = "json_array_length(object.body, '$.postings') > 0";
  if (query.postingStatus === 'posting') sql.push(`(${posts})`);
  if (query.postingStatus === 'non_posting') sql.push(`not coalesce(${posts}, 0)`);
  if (query.paymentStatus !== 'either') {
    const { sql: open, values: given } = paidFilter('not_paid' as never, file);
    sql.push(`coalesce(object.resource in (${OPEN.map((one) => `'${one}'`).join()}) and ${open}, 0) = ?`);
    values.push(...given, query.paymentStatus === 'open' ? 1 : 0);
  }
  return { sql, values };
}

/** The rows at a level of detail, of one object or of all that fit: by time of creation, the whole before its lines. */
function rowsFor(
  file: CompanyFile,
  level: string,
  seq: number | null,
  { sql, values }: Pick<Conditions, 'sql' | 'values'> = { sql: ['object.seq = ?'], values: [seq] },
  query: Json = {},
): Row[] {
  const where = ['object.endUserId = ?', ...sql];
  const given = Object.entries(BY_ROW).flatMap(([name, filter]) => {
    const ids = query[name] as string[] | undefined;
    if (ids === undefined) return [];
    requireAll(file, ids, filter.of);
    return [{ ...filter, ids: JSON.stringify(ids) }];
  });
  const wholes = `select object.seq, 0 as part, object.createdAt from conductor_quickbooksObjects as object where ${[
    ...where,
    ...given.map(
      ({ fields }) => `object.seq in (select object from conductor_quickbooksReferences where inLine = 0
        and field in (${fields.map((field) => `'${field}'`).join()}) and target in (select value from json_each(?)))`,
    ),
  ].join(' and ')}`;
  const lines = `select object.seq, (
      select count(*) from conductor_quickbooksPostings as other
      where other.object = posting.object and other.line is not null and other.seq <= posting.seq
    ) as part, object.createdAt from conductor_quickbooksObjects as object
    join conductor_quickbooksPostings as posting on posting.object = object.seq and posting.line is not null
    where ${[...where, ...given.map(({ column }) => `posting.${column} in (select value from json_each(?))`)].join(' and ')}`;
  const levels = level === 'all' ? [wholes, lines] : [level === 'transaction_lines_only' ? lines : wholes];
  const once = [file.endUserId, ...values, ...given.map(({ ids }) => ids)];
  return file.db.all<Row>(`${levels.join(' union all ')} order by createdAt, 1, 2`, ...levels.flatMap(() => once));
}

/** The row of a whole transaction (part 0), or of its nth posted line, with what is debited as a positive amount. */
function rowOf(file: CompanyFile, { id, resource, createdAt, updatedAt, body }: StoredObject, part: number): Json {
  const postings = (body.postings ?? []) as Posting[];
  const common = {
    transactionType: feedName(resource),
    transactionId: id,
    createdAt: file.shown(createdAt),
    updatedAt: file.shown(updatedAt),
    transactionDate: body.transactionDate,
    refNumber: body.refNumber,
    currency: body.currency,
    exchangeRate: body.exchangeRate,
  };
  if (part === 0) {
    const first = (fields: readonly string[]) =>
      fields.map((field) => body[field]).find((value) => value !== undefined);
    const debits = postings.reduce((sum, { amount }) => sum + Math.max(amount, 0), 0);
    return {
      ...common,
      entity: first(ENTITIES),
      account: first(ACCOUNTS),
      amount: first(TOTALS) ?? fromCents(debits),
      memo: body.memo,
    };
  }
  const posting = postings.filter(({ line }) => line !== undefined)[part - 1] as Posting;
  const line = lineOf(body, posting.line as string);
  return {
    ...common,
    transactionLineId: posting.line,
    entity: posting.entity === undefined ? undefined : { id: posting.entity },
    account: { id: posting.account },
    amount: fromCents(posting.amount),
    memo: line?.memo ?? line?.description,
  };
}
