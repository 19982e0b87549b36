// Reports of single transactions: general ledger, transaction list, open invoices, unpaid bills, custom detail.
import { fromCents } from '../amounts.ts';
import { type CompanyFile, type Json, pathOf } from '../company-file.ts';
import { CODES, refusal } from '../failures.ts';
import { feedName } from '../operations.ts';
import { ITEMS, NAMES, TERMS } from '../references.ts';
import { type Entry, namesOf, type OpenItem, openItems, retainedEarnings } from './ledger.ts';
import { dayOf } from './period.ts';
import type { Asked } from './summaries.ts';
import { type Cells, type Column, ReportTable } from './table.ts';

/** The columns that can be shown. */
const COLUMNS: Readonly<Record<string, Omit<Column, 'type'>>> = {
  transaction_type: { title: 'Type', dataType: 'string' },
  date: { title: 'Date', dataType: 'date' },
  ref_number: { title: 'Num', dataType: 'string' },
  name: { title: 'Name', dataType: 'string' },
  memo: { title: 'Memo', dataType: 'string' },
  account: { title: 'Account', dataType: 'string' },
  class: { title: 'Class', dataType: 'string' },
  item: { title: 'Item', dataType: 'string' },
  quantity: { title: 'Qty', dataType: 'quantity' },
  terms: { title: 'Terms', dataType: 'string' },
  due_date: { title: 'Due Date', dataType: 'date' },
  aging: { title: 'Aging', dataType: 'quantity' },
  open_balance: { title: 'Open Balance', dataType: 'amount' },
  debit: { title: 'Debit', dataType: 'amount' },
  credit: { title: 'Credit', dataType: 'amount' },
  amount: { title: 'Amount', dataType: 'amount' },
  running_balance: { title: 'Balance', dataType: 'amount' },
  transaction_id: { title: 'Trans #', dataType: 'string' },
};

/** The columns of a report: those asked for instead of its own. @throws Failure 1030 for one that is not emulated */
function columnsOf(query: Json, own: readonly string[]): Column[] {
  return ((query.includeColumns as string[] | undefined) ?? own).map((type) => {
    const column = COLUMNS[type];
    if (column === undefined) throw refusal(CODES.unsupported, `Understudy does not emulate the column "${type}".`);
    return { type, ...column };
  });
}

/** Shows postings as rows, with the names of what they refer to. */
function describer(file: CompanyFile): (entry: Entry) => Cells {
  const names = namesOf(file, ['accounts', 'classes', ...NAMES, ...ITEMS, ...TERMS]);
  return ({ id, resource, date, body, account, entity, item, class: classId, quantity, amount }) => ({
    // What list objects post are their opening balances.
    transaction_type: body.transactionDate === undefined ? null : feedName(pathOf(resource)),
    date,
    ref_number: body.refNumber as string | undefined,
    name: names.get(String(entity)),
    memo: body.memo as string | undefined,
    account: names.get(account),
    class: names.get(String(classId)),
    item: names.get(String(item)),
    quantity: quantity === null ? null : String(quantity),
    terms: names.get(String((body.terms as { id: string } | undefined)?.id)),
    due_date: body.dueDate as string | undefined,
    debit: amount > 0 ? fromCents(amount) : null,
    credit: amount < 0 ? fromCents(-amount) : null,
    amount: fromCents(amount),
    transaction_id: id,
  });
}

const total = (entries: readonly Entry[]) => entries.reduce((sum, { amount }) => sum + amount, 0);

/** Every account with what was posted in the period, from its balance before to its balance after. */
export function generalLedger({ file, entries, period, query }: Asked): ReportTable {
  const own = ['transaction_type', 'date', 'ref_number', 'name', 'memo', 'amount', 'running_balance'];
  const table = new ReportTable(columnsOf(query, own));
  const shown = describer(file);
  const { id: retained, name: earned } = retainedEarnings(file);
  const accounts = namesOf(file, ['accounts']).set(retained, earned);
  for (const [id, name] of accounts) {
    const posted = entries.filter(({ account }) => account === id);
    if (posted.length === 0) continue;
    const during = posted.filter(({ date }) => date >= period.from);
    let balance = total(posted) - total(during);
    table.text(name);
    table.row('subtotal', ['account', name], { running_balance: fromCents(balance) });
    for (const entry of during) {
      balance += entry.amount;
      table.row('data', ['account', name], { ...shown(entry), running_balance: fromCents(balance) });
    }
    table.row('subtotal', ['account', name], { amount: fromCents(total(during)), running_balance: fromCents(balance) });
  }
  return table;
}

/** Each transaction of the period, with its first posting. */
export function transactionList({ file, entries, period, query }: Asked): ReportTable {
  const own = ['transaction_type', 'date', 'ref_number', 'name', 'memo', 'account', 'amount'];
  const table = new ReportTable(columnsOf(query, own));
  const shown = describer(file);
  const seen = new Set<number>();
  for (const entry of entries) {
    const isTransaction = entry.body.transactionDate !== undefined;
    if (!isTransaction || entry.date < period.from || seen.has(entry.seq)) continue;
    seen.add(entry.seq);
    table.row('data', ['transaction', entry.id], shown(entry));
  }
  return table;
}

/** What is open of each transaction with a customer or vendor at the end of the period. */
export function openTransactions(
  accountType: 'accounts_receivable' | 'accounts_payable',
): (asked: Asked) => ReportTable {
  return (asked) => {
    const { file, period, query } = asked;
    const own = ['transaction_type', 'date', 'ref_number', 'terms', 'due_date', 'aging', 'open_balance'];
    const table = new ReportTable(columnsOf(query, own));
    const shown = describer(file);
    const asOf = query.openBalanceAsOf === 'today' ? file.today : dayOf(period, file.today);
    const items = openItems(asked, accountType, asOf);
    const open = (some: readonly OpenItem[]) => fromCents(some.reduce((sum, one) => sum + one.open, 0));
    for (const [id, name] of namesOf(file, NAMES)) {
      const theirs = items.filter(({ entity }) => entity === id);
      if (theirs.length === 0) continue;
      table.text(name);
      for (const item of theirs) {
        const days = (Date.parse(asOf) - Date.parse(item.dueDate)) / 86_400_000;
        const aging = days > 0 ? String(days) : null;
        table.row('data', ['name', name], { ...shown(item), aging, open_balance: fromCents(item.open) });
      }
      table.row('subtotal', ['name', name], { open_balance: open(theirs) });
    }
    table.row('total', null, { open_balance: open(items) });
    return table;
  };
}

/** What rows of the custom detail can be grouped by: a part of the posting, and the lists that it must be in. */
const GROUPS: Readonly<
  Record<string, readonly [part: 'account' | 'entity' | 'item' | 'class', lists: readonly string[]]>
> = {
  total_only: ['account', []],
  account: ['account', ['accounts']],
  customer: ['entity', ['customers']],
  vendor: ['entity', ['vendors']],
  employee: ['entity', ['employees']],
  payee: ['entity', NAMES],
  item_detail: ['item', ITEMS],
  class: ['class', ['classes']],
};

/** Every posting of the period, grouped as asked; what is in no group comes first. @throws Failure 1030 for a grouping that is not emulated */
export function customDetail({ file, entries, period, query }: Asked): ReportTable {
  const by = query.summarizeRowsBy as string;
  const grouping = GROUPS[by];
  if (grouping === undefined) throw refusal(CODES.unsupported, `Understudy does not summarize rows by "${by}".`);
  const [part, lists] = grouping;
  const table = new ReportTable(columnsOf(query, []));
  const shown = describer(file);
  const names = namesOf(file, lists);
  const groups = new Map<string | null, Entry[]>([[null, []]]);
  const during = entries.filter(({ date }) => date >= period.from);
  for (const entry of during) {
    const key = names.has(String(entry[part])) ? entry[part] : null;
    const group = groups.get(key) ?? [];
    group.push(entry);
    groups.set(key, group);
  }
  for (const [key, group] of groups) {
    const name = key === null ? null : (names.get(key) as string);
    if (name !== null) table.text(name);
    let balance = 0;
    for (const entry of group) {
      balance += entry.amount;
      table.row('data', name === null ? null : [by, name], { ...shown(entry), running_balance: fromCents(balance) });
    }
    if (name !== null) table.row('subtotal', [by, name], { amount: fromCents(balance) });
  }
  table.row('total', null, { amount: fromCents(total(during)) });
  return table;
}
