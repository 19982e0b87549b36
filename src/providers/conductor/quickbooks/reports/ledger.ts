// What reports are made of: postings up to a day with their transactions, and what is open of what is owed.
import type { Cell } from '../../../../core/row.ts';
import { invalid } from '../../errors.ts';
import { type CompanyFile, type Json, pathOf } from '../company-file.ts';
import { CODES, missed, refusal } from '../failures.ts';
import { requireAll } from '../filters.ts';
import { lineOf } from '../lines.ts';
import { linksOf } from '../links.ts';
import { camelCase, feedName } from '../operations.ts';
import { ITEMS, NAMES } from '../references.ts';
import { idsOfKind } from './kinds.ts';
import type { Period } from './period.ts';

/** Account types whose balances begin again each fiscal year. */
export const INCOME_STATEMENT = ['income', 'cost_of_goods_sold', 'expense', 'other_income', 'other_expense'];

/** Where reports show what was earned in earlier years: the account of that name, or a row of its own without an id. */
export function retainedEarnings(file: CompanyFile): { readonly id: string; readonly name: string } {
  const name = 'Retained Earnings';
  const own = file.all('accounts').find(({ body }) => body.accountType === 'equity' && body.name === name);
  return { id: own?.id ?? '', name };
}

/** One posting of a report, in cents, debits positive. */
export interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly resource: string;
  readonly date: string;
  readonly body: Json;
  readonly account: string;
  readonly amount: number;
  readonly entity: string | null;
  readonly item: string | null;
  readonly class: string | null;
  readonly quantity: number | null;
}

/** Parameters by which postings are chosen: a kind, ids or full names, of which one may be given (documented). */
const CHOICES = [
  { kind: 'accountType', ids: 'accountIds', names: 'accountFullNames', column: 'account', of: ['accounts'] },
  { kind: 'entityType', ids: 'entityIds', names: 'entityFullNames', column: 'entity', of: NAMES },
  { kind: 'itemType', ids: 'itemIds', names: 'itemFullNames', column: 'item', of: ITEMS },
  { kind: 'classType', ids: 'classIds', names: 'classFullNames', column: 'class', of: ['classes'] },
] as const;

/** Parameters with the values that change nothing in what Understudy computes. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly string[]>> = {
  basis: ['none', 'accrual'],
  detailLevel: ['all'],
  postingStatus: ['either', 'posting'],
  reportCalendar: ['fiscal_year'],
  rowsToReturn: ['active_only', 'non_zero'],
  columnsToReturn: ['active_only', 'non_zero', 'all'],
  summarizeColumnsBy: ['total_only'],
  accountsToInclude: ['in_use'],
  openBalanceAsOf: ['report_end_date', 'today'],
};
/** Parameters that every report here understands. */
const UNDERSTOOD = ['reportType', 'reportDateFrom', 'reportDateTo', 'reportDateMacro', 'transactionTypes', 'agingAsOf'];

/**
 * Refuses what a report would have to invent: parameters that are not emulated.
 *
 * @throws Failure 1030 for one of them, PARAMETER_INVALID for filters that exclude each other
 */
export function requireUnderstood(query: Json, more: readonly string[]): void {
  for (const { kind, ids, names } of CHOICES) {
    const given = [kind, ids, names].filter((name) => query[name] !== undefined);
    if (given.length > 1) throw invalid(`Invalid input: only one of ${given.join(', ')} may be given at "${given[1]}"`);
  }
  const names = new Set<string>([
    ...UNDERSTOOD,
    ...more,
    ...CHOICES.flatMap(({ kind, ids, names }) => [kind, ids, names]),
  ]);
  for (const [name, value] of Object.entries(query)) {
    if (names.has(name) || WITHOUT_EFFECT[name]?.includes(value as string) === true) continue;
    throw refusal(CODES.unsupported, `Understudy does not emulate "${name}=${String(value)}" of reports.`);
  }
}

/**
 * The postings up to a day that a report asks for, by date and age. Income and expenses posted before the day `closed` are
 * retained earnings, as QuickBooks closes its years.
 *
 * @throws Failure 500 for a name or id of nothing
 */
export function entriesOf(file: CompanyFile, query: Json, to: string, closed = ''): Entry[] {
  const conditions: string[] = [];
  const values: Cell[] = [];
  for (const { kind, ids, names, column, of } of CHOICES) {
    const name = [kind, ids, names].find((one) => query[one] !== undefined);
    if (name === undefined) continue;
    conditions.push(`${column} in (select value from json_each(?))`);
    values.push(JSON.stringify(chosen(file, query[name], { name, kind, names, of })));
  }
  const types = query.transactionTypes as string[] | undefined;
  const yearly = file.all('accounts').filter(({ body }) => INCOME_STATEMENT.includes(body.accountType as string));
  return file.db
    .all<Omit<Entry, 'body'> & { body: string }>(
      `select * from (
         select object.seq, object.id, object.resource, object.body, posting.date, posting.amount, posting.entity,
           posting.item, posting.class, posting.quantity, object.createdAt, posting.seq as posting,
           iif(posting.date < ? and posting.account in (select value from json_each(?)), ?, posting.account) as account
         from conductor_quickbooksPostings as posting
         join conductor_quickbooksObjects as object on object.seq = posting.object
         where object.endUserId = ? and posting.date <= ?
       ) ${conditions.map((one, n) => `${n === 0 ? 'where' : 'and'} ${one}`).join(' ')}
       order by date, createdAt, posting`,
      closed,
      JSON.stringify(yearly.map(({ id }) => id)),
      retainedEarnings(file).id,
      file.endUserId,
      to,
      ...values,
    )
    .filter(({ resource }) => types?.some((type) => type === 'all' || type === feedName(pathOf(resource))) ?? true)
    .map((row) => ({ ...row, body: JSON.parse(row.body) as Json }));
}

interface Choice {
  readonly name: string;
  readonly kind: string;
  readonly names: string;
  readonly of: readonly string[];
}

function chosen(file: CompanyFile, value: unknown, { name, kind, names, of }: Choice): string[] {
  if (name === kind) return idsOfKind(file, name, String(value));
  if (name !== names) {
    requireAll(file, value as string[], of);
    return value as string[];
  }
  return (value as string[]).flatMap((label) => {
    const rows = file.db.all<{ id: string }>(
      `select id from conductor_quickbooksObjects where endUserId = ? and label = ? collate nocase
       and resource in (select value from json_each(?))`,
      file.endUserId,
      label,
      JSON.stringify(of.map(camelCase)),
    );
    if (rows.length === 0) throw missed(label);
    return rows.map(({ id }) => id);
  });
}

/** What is open of a transaction with somebody, in cents: positive for what customers owe and what vendors are owed. */
export interface OpenItem extends Entry {
  readonly dueDate: string;
  readonly open: number;
}

/**
 * What is open of postings: what each transaction posts to a receivable or payable, less what is linked with it by amount
 * until a day. The open items of all postings until that day add up to the account.
 */
export function openItems(
  { file, entries, period }: { file: CompanyFile; entries: readonly Entry[]; period: Period },
  accountType: string,
  asOf: string,
): OpenItem[] {
  const sign = accountType === 'accounts_payable' ? -1 : 1;
  const accounts = new Set(
    file.all('accounts').flatMap(({ id, body }) => (body.accountType === accountType ? [id] : [])),
  );
  const sums = new Map<string, OpenItem>();
  for (const entry of entries.filter(({ account }) => accounts.has(account))) {
    const key = `${entry.seq} ${entry.entity}`;
    const before = sums.get(key);
    const dueDate = (entry.body.dueDate ?? entry.date) as string;
    sums.set(key, { ...entry, dueDate, open: (before?.open ?? 0) + sign * entry.amount });
  }
  const items = [...sums.values()];
  const seqs = [...new Set(items.map(({ seq }) => seq))];
  const links = linksOf(file, seqs);
  const others = [...new Set([...links.values()].flat().map(({ other }) => other))];
  const dates = new Map(file.read(others).map(({ seq, body }) => [seq, body.transactionDate as string]));
  return items.flatMap((item) => {
    const own = links.get(item.seq) ?? [];
    // What a bill bills of a receipt is open with the bill, once both are there.
    const billing = own.filter(({ linkType }) => linkType === 'billing');
    const posted = billing
      .filter(({ other }) => (dates.get(other) as string) <= period.to)
      .reduce((sum, { amount, outward }) => sum + (outward ? amount : -amount), item.open);
    // A bill posts what it does not bill of receipts, which may be nothing; it is owed all the same.
    const side = billing.some(({ outward }) => outward) ? 1 : Math.sign(posted);
    const applied = own
      .filter(({ linkType, other }) => linkType === 'amount' && (dates.get(other) as string) <= asOf)
      .filter(({ ownLine }) => ownLine === null || entityOfLine(item.body, ownLine) === item.entity)
      .reduce((sum, { amount }) => sum + amount, 0);
    const open = posted - side * applied;
    return open === 0 ? [] : [{ ...item, open }];
  });
}

/** Whose the line of a journal entry is. */
function entityOfLine(body: Json, id: string): string | undefined {
  return (lineOf(body, id)?.entity as { id: string } | undefined)?.id;
}

/** The names of list objects by id. */
export function namesOf(file: CompanyFile, resources: readonly string[]): Map<string, string> {
  return new Map(
    resources.flatMap((path) =>
      file.all(path).map(({ id, body }) => [id, String(body.fullName ?? body.name)] as const),
    ),
  );
}
