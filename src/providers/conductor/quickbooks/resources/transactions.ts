// The feed of transactions of all kinds, as wholes, by posted line, or both.
import { fromCents } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { firstPage, nextPage, type Page } from '../cursor.ts';
import { missedId } from '../failures.ts';
import type { ListQuery } from '../filters.ts';
import { lineOf } from '../lines.ts';
import { listOf, lookUp } from '../list.ts';
import { feedName } from '../operations.ts';
import type { Posting } from '../postings.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { showValue } from '../show-record.ts';
import { ACCOUNTS, chosenRows, ENTITIES, type Row, rowsOfObjects } from './transaction-rows.ts';

/** The fields with the total of a transaction. */
const TOTALS = ['totalAmount', 'amountDue', 'creditAmount', 'amount'];

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
      // A line that is gone since the first page has no row, as a transaction that is deleted.
      const rows = page.rows.flatMap(({ seq, part }) => {
        const row = rowOf(file, objects.get(seq) as StoredObject, part);
        return row === null ? [] : [row];
      });
      const data = rows.map((row) => showValue(feed, shape, row, file));
      return listOf('transactions', data, page);
    },
    retrieved(file, id) {
      const object = file.find(paths(), id);
      if (object === undefined) throw missedId(id);
      return rowOf(file, object, 0) as Json;
    },
  };
  return feed;
}

function pageOf(file: CompanyFile, entry: ResourceEntry, paths: readonly string[], query: ListQuery): Page<Row> {
  const level = query.detailLevel as string;
  const looked = lookUp(file, paths, query);
  if (looked !== null) return { rows: rowsOfObjects(file, level, looked), nextCursor: null, remainingCount: 0 };
  if (query.cursor !== undefined) return nextPage(file, entry.path, query.cursor, query.limit as number);
  return firstPage(file, entry.path, chosenRows(file, entry, paths, query), query.limit as number);
}

/**
 * The row of a whole transaction (part 0), or of the nth posting of its lines, with what is debited as a positive amount;
 * null where there are not so many.
 */
function rowOf(
  file: CompanyFile,
  { id, resource, createdAt, updatedAt, body }: StoredObject,
  part: number,
): Json | null {
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
    const debits = postings.reduce((sum, { amount = 0 }) => sum + Math.max(amount, 0), 0);
    return {
      ...common,
      entity: first(ENTITIES),
      account: first(ACCOUNTS),
      amount: first(TOTALS) ?? fromCents(debits),
      memo: body.memo,
    };
  }
  const posting = postings.filter(({ line }) => line !== undefined)[part - 1];
  if (posting === undefined) return null;
  const line = lineOf(body, posting.line as string);
  return {
    ...common,
    transactionLineId: posting.line,
    entity: posting.entity === undefined ? undefined : { id: posting.entity },
    account: { id: posting.account },
    amount: fromCents(posting.amount ?? 0),
    memo: line?.memo ?? line?.description,
  };
}
