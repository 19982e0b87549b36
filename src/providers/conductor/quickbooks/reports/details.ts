// Reports of single transactions: general ledger, transaction list, open invoices, unpaid bills, custom detail.
import { fromCents } from '../amounts.ts';
import { type CompanyFile, type Json, pathOf } from '../company-file.ts';
import { CODES, refusal } from '../failures.ts';
import { feedName } from '../operations.ts';
import { ITEMS, NAMES, TERMS } from '../references.ts';
import { bodiesOf, type Entry, namesOf, retainedEarnings } from './ledger.ts';
import { byParty, type OpenItem, openItems } from './open-items.ts';
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
function describer(file: CompanyFile, entries: readonly Entry[]): (entry: Entry) => Cells {
  const names = namesOf(file, ['accounts', 'classes', ...NAMES, ...ITEMS, ...TERMS]);
  const bodies = bodiesOf(file, entries);
  return (entry) => {
    const { id, resource, date, account, entity, item, class: classId, quantity, amount } = entry;
    const body = bodies.get(entry.seq) as Json;
    return {
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
    };
  };
}

const total = (entries: readonly Entry[]) => entries.reduce((sum, { amount }) => sum + amount, 0);

/** Every account with what was posted in the period, from its balance before to its balance after. */
export function generalLedger({ file, ledger, period, query }: Asked): ReportTable {
  const own = ['transaction_type', 'date', 'ref_number', 'name', 'memo', 'amount', 'running_balance'];
  const table = new ReportTable(columnsOf(query, own));
  const entries = ledger.entries({ from: period.from });
  const shown = describer(file, entries);
  const before = ledger.sums('account', { before: period.from });
  const posted = groupedBy(entries, ({ account }) => account);
  const { id: retained, name: earned } = retainedEarnings(file);
  const accounts = namesOf(file, ['accounts']).set(retained, earned);
  for (const [id, name] of accounts) {
    const during = posted.get(id) ?? [];
    let balance = before.get(id);
    if (balance === undefined && during.length === 0) continue;
    balance ??= 0;
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

/** Postings by what they have in common, in the order in which it first occurs. */
function groupedBy<Key>(entries: readonly Entry[], keyOf: (entry: Entry) => Key): Map<Key, Entry[]> {
  const groups = new Map<Key, Entry[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** Each transaction of the period, with its first posting. */
export function transactionList({ file, ledger, period, query }: Asked): ReportTable {
  const own = ['transaction_type', 'date', 'ref_number', 'name', 'memo', 'account', 'amount'];
  const table = new ReportTable(columnsOf(query, own));
  const groups = groupedBy(ledger.entries({ from: period.from }), ({ seq }) => seq);
  const firsts = [...groups.values()].map(([first]) => first as Entry);
  const shown = describer(file, firsts);
  for (const entry of firsts) {
    const cells = shown(entry);
    // What list objects post is no transaction.
    if (cells.transaction_type !== null) table.row('data', ['transaction', entry.id], cells);
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
    const asOf = query.openBalanceAsOf === 'today' ? file.today : dayOf(period, file.today);
    const items = openItems(asked, accountType, asOf);
    const shown = describer(file, items);
    const open = (some: readonly OpenItem[]) => fromCents(some.reduce((sum, one) => sum + one.open, 0));
    const parties = byParty(items);
    for (const [id, name] of namesOf(file, NAMES)) {
      const theirs = parties.get(id);
      if (theirs === undefined) continue;
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
export function customDetail({ file, ledger, period, query }: Asked): ReportTable {
  const by = query.summarizeRowsBy as string;
  const grouping = GROUPS[by];
  if (grouping === undefined) throw refusal(CODES.unsupported, `Understudy does not summarize rows by "${by}".`);
  const [part, lists] = grouping;
  const table = new ReportTable(columnsOf(query, []));
  const during = ledger.entries({ from: period.from });
  const shown = describer(file, during);
  const names = namesOf(file, lists);
  const groups = groupedBy(during, (entry) => (names.has(String(entry[part])) ? (entry[part] as string) : null));
  const rows = (group: readonly Entry[], of: readonly [string, string] | null) => {
    let balance = 0;
    for (const entry of group) {
      balance += entry.amount;
      table.row('data', of, { ...shown(entry), running_balance: fromCents(balance) });
    }
  };
  rows(groups.get(null) ?? [], null);
  for (const [key, group] of groups) {
    if (key === null) continue;
    const name = names.get(key) as string;
    table.text(name);
    rows(group, [by, name]);
    table.row('subtotal', [by, name], { amount: fromCents(total(group)) });
  }
  table.row('total', null, { amount: fromCents(total(during)) });
  return table;
}
