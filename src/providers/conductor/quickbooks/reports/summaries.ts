// Reports of balances: balance sheet, profit and loss, trial balance, balances of customers and vendors, aging.
import { fromCents } from '../amounts.ts';
import type { CompanyFile, Json } from '../company-file.ts';
import { INCOME_STATEMENT, type Ledger, namesOf, retainedEarnings } from './ledger.ts';
import { accountsOfType, byParty, type OpenItem, openItems } from './open-items.ts';
import { dayOf, type Period } from './period.ts';
import { ReportTable } from './table.ts';

/** A report in the making: the postings it asks for, and when. */
export interface Asked {
  readonly file: CompanyFile;
  readonly ledger: Ledger;
  readonly period: Period;
  readonly query: Json;
}

const LABEL = { type: 'label', title: null, dataType: 'string' } as const;
const TOTAL = { type: 'amount', title: 'TOTAL', dataType: 'amount' } as const;

/** An account of a report, and what it holds in cents. */
interface Balance {
  readonly name: string;
  readonly type: string;
  readonly amount: number;
}

/** What accounts hold at the end of a period, where that is not zero. */
function closingBalances({ file, ledger }: Asked): Balance[] {
  const balances = ledger.sums('account');
  const rows = file.all('accounts').map(({ id, body }) => ({
    name: String(body.fullName ?? body.name),
    type: body.accountType as string,
    amount: balances.get(id) ?? 0,
  }));
  // Without an account of that name.
  const earned = { name: retainedEarnings(file).name, type: 'equity', amount: balances.get('') ?? 0 };
  return [...rows, earned].filter(({ amount }) => amount !== 0);
}

/** A group of accounts with its total; nothing where all are zero. Returns the total. */
function group(
  table: ReportTable,
  title: string,
  rows: readonly { name: string; amount: number }[],
  sign: 1 | -1,
): number {
  if (rows.length === 0) return 0;
  table.text(title);
  for (const { name, amount } of rows) {
    table.row('data', ['account', name], { label: name, amount: fromCents(sign * amount) });
  }
  const total = rows.reduce((all, { amount }) => all + sign * amount, 0);
  table.row('subtotal', null, { label: `Total ${title}`, amount: fromCents(total) });
  return total;
}

const ASSETS = [
  ['Checking/Savings', 'bank'],
  ['Accounts Receivable', 'accounts_receivable'],
  ['Other Current Assets', 'other_current_asset'],
  ['Fixed Assets', 'fixed_asset'],
  ['Other Assets', 'other_asset'],
] as const;
const LIABILITIES = [
  ['Accounts Payable', 'accounts_payable'],
  ['Credit Cards', 'credit_card'],
  ['Other Current Liabilities', 'other_current_liability'],
  ['Long Term Liabilities', 'long_term_liability'],
] as const;

/** Assets against liabilities and equity at the end of the period. */
export function balanceSheet(asked: Asked): ReportTable {
  const table = new ReportTable([LABEL, TOTAL]);
  const rows = closingBalances(asked);
  const of = (type: string) => rows.filter((row) => row.type === type);
  const sections = (groups: readonly (readonly [string, string])[], sign: 1 | -1) =>
    groups.reduce((all, [title, type]) => all + group(table, title, of(type), sign), 0);
  table.text('ASSETS');
  const assets = sections(ASSETS, 1);
  table.row('total', null, { label: 'TOTAL ASSETS', amount: fromCents(assets) });
  table.text('LIABILITIES & EQUITY');
  const liabilities = sections(LIABILITIES, -1);
  const earned = INCOME_STATEMENT.flatMap(of).reduce((all, { amount }) => all + amount, 0);
  const net = earned === 0 ? [] : [{ name: 'Net Income', amount: earned }];
  const equity = group(table, 'Equity', [...of('equity'), ...net], -1);
  table.row('total', null, { label: 'TOTAL LIABILITIES & EQUITY', amount: fromCents(liabilities + equity) });
  return table;
}

/** Income and expenses of the period. */
export function profitAndLoss({ file, ledger, period }: Asked): ReportTable {
  const table = new ReportTable([LABEL, TOTAL]);
  const balances = ledger.sums('account', { from: period.from });
  const of = (type: string) =>
    file
      .all('accounts')
      .filter(({ body }) => body.accountType === type)
      .map(({ id, body }) => ({ name: String(body.fullName ?? body.name), amount: balances.get(id) ?? 0 }))
      .filter(({ amount }) => amount !== 0);
  const line = (label: string, amount: number, kind: 'subtotal' | 'total' = 'subtotal') => {
    table.row(kind, null, { label, amount: fromCents(amount) });
    return amount;
  };
  const income = group(table, 'Income', of('income'), -1);
  const gross = line('Gross Profit', income - group(table, 'Cost of Goods Sold', of('cost_of_goods_sold'), 1));
  const ordinary = line('Net Ordinary Income', gross - group(table, 'Expense', of('expense'), 1));
  const other = group(table, 'Other Income', of('other_income'), -1);
  line('Net Income', ordinary + other - group(table, 'Other Expense', of('other_expense'), 1), 'total');
  return table;
}

/** Debits and credits of all accounts at the end of the period. */
export function trialBalance(asked: Asked): ReportTable {
  const table = new ReportTable([
    LABEL,
    { type: 'debit', title: 'Debit', dataType: 'amount' },
    { type: 'credit', title: 'Credit', dataType: 'amount' },
  ]);
  let [debits, credits] = [0, 0];
  for (const { name, amount } of closingBalances(asked)) {
    const side = amount > 0 ? { debit: fromCents(amount) } : { credit: fromCents(-amount) };
    table.row('data', ['account', name], { label: name, ...side });
    debits += Math.max(amount, 0);
    credits += Math.max(-amount, 0);
  }
  table.row('total', null, { label: 'TOTAL', debit: fromCents(debits), credit: fromCents(credits) });
  return table;
}

const SIDES = {
  accounts_receivable: { path: 'customers', descriptor: 'customer', sign: 1 },
  accounts_payable: { path: 'vendors', descriptor: 'vendor', sign: -1 },
} as const;

/** What each customer owes, or each vendor is owed, at the end of the period. */
export function partyBalances(accountType: keyof typeof SIDES): (asked: Asked) => ReportTable {
  return ({ file, ledger }) => {
    const { path, descriptor, sign } = SIDES[accountType];
    const balances = ledger.sums('entity', { accounts: accountsOfType(file, accountType) });
    const table = new ReportTable([LABEL, TOTAL]);
    for (const [id, name] of namesOf(file, [path])) {
      const amount = sign * (balances.get(id) ?? 0);
      if (amount !== 0) table.row('data', [descriptor, name], { label: name, amount: fromCents(amount) });
    }
    const all = [...balances.values()].reduce((sum, one) => sum + one, 0);
    table.row('total', null, { label: 'TOTAL', amount: fromCents(sign * all) });
    return table;
  };
}

/** The last day of each age, in days after what is open was due. */
const AGES = [
  ['Current', 0],
  ['1 - 30', 30],
  ['31 - 60', 60],
  ['61 - 90', 90],
  ['> 90', Number.POSITIVE_INFINITY],
] as const;

/** How long what is open has been due. */
export function agingSummary(accountType: keyof typeof SIDES): (asked: Asked) => ReportTable {
  return (asked) => {
    const { file, period, query } = asked;
    const asOf = query.agingAsOf === 'today' ? file.today : dayOf(period, file.today);
    const { path, descriptor } = SIDES[accountType];
    const ages = AGES.map(([title], n) => ({ type: `age${n}`, title, dataType: 'amount' }) as const);
    const table = new ReportTable([LABEL, ...ages, TOTAL]);
    const items = openItems(asked, accountType, asOf);
    const cells = (some: readonly OpenItem[]) => {
      const amounts = AGES.map(() => 0);
      for (const { dueDate, open } of some) {
        const days = (Date.parse(asOf) - Date.parse(dueDate)) / 86_400_000;
        const n = AGES.findIndex(([, last]) => days <= last);
        amounts[n] = (amounts[n] as number) + open;
      }
      const shown = amounts.map((amount, n) => [`age${n}`, fromCents(amount)]);
      return { ...Object.fromEntries(shown), amount: fromCents(amounts.reduce((all, one) => all + one, 0)) };
    };
    const theirs = byParty(items);
    for (const [id, name] of namesOf(file, [path])) {
      const own = theirs.get(id);
      if (own !== undefined) table.row('data', [descriptor, name], { label: name, ...cells(own) });
    }
    table.row('total', null, { label: 'TOTAL', ...cells(items) });
    return table;
  };
}
