// The books of a company file: chart of accounts, trial balance, and the register of an account, from lists and reports.

/** Account types in the order of a chart of accounts; those whose balance is a credit are marked. */
const TYPES: Readonly<Record<string, 'debit' | 'credit'>> = {
  bank: 'debit',
  accounts_receivable: 'debit',
  other_current_asset: 'debit',
  fixed_asset: 'debit',
  other_asset: 'debit',
  accounts_payable: 'credit',
  credit_card: 'credit',
  other_current_liability: 'credit',
  long_term_liability: 'credit',
  equity: 'credit',
  income: 'credit',
  cost_of_goods_sold: 'debit',
  expense: 'debit',
  other_income: 'credit',
  other_expense: 'debit',
  non_posting: 'debit',
};

/** An account, customer or vendor of a list. */
export interface ListObject {
  readonly id: string;
  readonly name: string;
  readonly fullName?: string;
  readonly sublevel?: number;
  readonly isActive: boolean;
  readonly accountType?: string;
  readonly balance: string | null;
  readonly totalBalance?: string | null;
}

/** The accounts by type; those of a type stay in the order of their names, below their parents. */
export function chartOf(accounts: readonly ListObject[]): ListObject[] {
  const order = Object.keys(TYPES);
  const rank = ({ accountType }: ListObject) => order.indexOf(String(accountType));
  return [...accounts].sort((one, other) => rank(one) - rank(other));
}

/** A report as the API returns it. */
export interface Report {
  readonly subtitle: string;
  readonly columns: readonly { readonly columnId: string; readonly columnType: string }[];
  readonly rows: readonly {
    readonly kind: 'data' | 'text' | 'subtotal' | 'total';
    readonly cells?: readonly { readonly columnId: string; readonly value: string }[];
  }[];
}

/** The rows of a report with their cells by the type of the column. */
function rowsOf({
  columns,
  rows,
}: Report): { readonly kind: string; readonly cells: Readonly<Record<string, string>> }[] {
  const types = new Map(columns.map(({ columnId, columnType }) => [columnId, columnType]));
  return rows.map(({ kind, cells = [] }) => ({
    kind,
    cells: Object.fromEntries(cells.map(({ columnId, value }) => [types.get(columnId), value])),
  }));
}

/** The last line of a trial balance. */
export interface TrialBalance {
  /** `As of 2025-01-31`. */
  readonly asOf: string;
  readonly debit: string;
  readonly credit: string;
}

/** The totals of a trial balance. */
export function trialBalanceOf(report: Report): TrialBalance {
  const { debit = '0.00', credit = '0.00' } = rowsOf(report).find(({ kind }) => kind === 'total')?.cells ?? {};
  return { asOf: report.subtitle, debit, credit };
}

/** A line of a register. */
export interface RegisterEntry {
  readonly id: string;
  /** Null for an opening balance. */
  readonly type: string | null;
  readonly date: string;
  readonly refNumber: string;
  readonly name: string;
  readonly memo: string;
  readonly debit: string;
  readonly credit: string;
  readonly balance: string;
}

/** A register: the balance before its first line, then its lines. */
export interface Register {
  readonly before: string;
  readonly entries: readonly RegisterEntry[];
  /** How many older postings are in `before` only. */
  readonly older: number;
}

/** The columns of the general ledger that a register needs. */
export const REGISTER_COLUMNS = [
  ...['date', 'transaction_type', 'ref_number', 'name', 'memo', 'debit', 'credit', 'running_balance', 'transaction_id'],
];

/**
 * The register of an account from its general ledger, the last `most` postings of it. Balances are positive on the side
 * where the account has its balance, as the list of accounts shows them.
 */
export function registerOf(report: Report, accountType: string, most: number): Register {
  const signed = (amount: string) => (TYPES[accountType] === 'credit' ? negated(amount) : amount);
  const rows = rowsOf(report);
  const lines = rows.filter(({ kind }) => kind === 'data');
  const older = Math.max(0, lines.length - most);
  const first = older > 0 ? lines[older - 1] : rows.find(({ kind }) => kind === 'subtotal');
  return {
    before: signed(first?.cells.running_balance ?? '0.00'),
    older,
    entries: lines.slice(older).map(({ cells }) => ({
      id: String(cells.transaction_id),
      type: cells.transaction_type ?? null,
      date: String(cells.date),
      refNumber: cells.ref_number ?? '',
      name: cells.name ?? '',
      memo: cells.memo ?? '',
      debit: cells.debit ?? '',
      credit: cells.credit ?? '',
      balance: signed(String(cells.running_balance)),
    })),
  };
}

function negated(amount: string): string {
  if (/^-?0\.00$/.test(amount)) return '0.00';
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

/** A row of the list of transactions. */
export interface TransactionRow {
  readonly transactionId: string;
  readonly transactionType: string;
  readonly transactionDate: string | null;
  readonly refNumber: string | null;
  readonly amount: string | null;
  readonly memo: string | null;
}
