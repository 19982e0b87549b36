// The ledger: what objects post to accounts, and the balances and stock that are read from it.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { camelCase } from './operations.ts';

/** One posting, as the body of its object stores it. */
export interface Posting {
  /** Id of the account. */
  readonly account: string;
  /** In cents; debits are positive, credits negative. */
  readonly amount: number;
  /** The date, where the object has none of its own. */
  readonly date?: string;
  /** Id of the customer, vendor, employee or other name. */
  readonly entity?: string;
  readonly item?: string;
  /** What came into stock; negative for what left it. */
  readonly quantity?: number;
  readonly class?: string;
  /** Id of the line that posts. */
  readonly line?: string;
  /** Id of the linked transaction with which the posting goes, such as the discount of an invoice. */
  readonly with?: string;
}

/** Accounts that QuickBooks makes when it needs them (known of QuickBooks; the names are its own). */
const SPECIAL: Readonly<Record<string, { name: string; accountType: string }>> = {
  accounts_receivable: { name: 'Accounts Receivable', accountType: 'accounts_receivable' },
  accounts_payable: { name: 'Accounts Payable', accountType: 'accounts_payable' },
  undeposited_funds: { name: 'Undeposited Funds', accountType: 'other_current_asset' },
  sales_tax_payable: { name: 'Sales Tax Payable', accountType: 'other_current_liability' },
  opening_balance_equity: { name: 'Opening Balance Equity', accountType: 'equity' },
  uncategorized_income: { name: 'Uncategorized Income', accountType: 'income' },
  uncategorized_expenses: { name: 'Uncategorized Expenses', accountType: 'expense' },
};

/** The id of the account of a special type, else of that name and type; made when the file has none. */
export function specialAccount(file: CompanyFile, type: keyof typeof SPECIAL & string): string {
  const { name, accountType } = SPECIAL[type] as { name: string; accountType: string };
  const found = file.db.get<{ id: string }>(
    `select id from conductor_quickbooksObjects where endUserId = ? and resource = 'accounts'
     and (body ->> 'specialAccountType' = ? or label = ? collate nocase and body ->> 'accountType' = ?)
     order by body ->> 'specialAccountType' = ? desc, seq limit 1`,
    ...[file.endUserId, type, name, accountType, type],
  );
  if (found !== undefined) return found.id;
  const body = { name, isActive: true, accountType, specialAccountType: type };
  return file.insert('accounts', file.nextId('list'), body).id;
}

/** Account types whose balance is shown as what was debited. */
const DEBIT = new Set(['bank', 'accounts_receivable', 'other_current_asset', 'fixed_asset', 'other_asset']);
/** Account types without a balance in responses (our choice). */
const WITHOUT_BALANCE = new Set([
  'income',
  'other_income',
  'expense',
  'other_expense',
  'cost_of_goods_sold',
  'non_posting',
]);

/** Whether an account has a balance, and the sign with which it is shown: assets as debits, all others as credits. */
export function naturalSign(accountType: string): 1 | -1 | null {
  if (WITHOUT_BALANCE.has(accountType)) return null;
  return DEBIT.has(accountType) ? 1 : -1;
}

/** What is posted to each account, in cents. */
export function accountBalances(file: CompanyFile, accounts: readonly string[]): Map<string, number> {
  return sums(
    file,
    `select account as id, sum(amount) as total from conductor_quickbooksPostings as posting
     where account in (select value from json_each(?)) and ${OWN} group by account`,
    JSON.stringify(accounts),
  );
}

/** What is posted to the accounts of a type for each person or company, in cents. */
export function entityBalances(
  file: CompanyFile,
  accountType: 'accounts_receivable' | 'accounts_payable',
  entities: readonly string[],
): Map<string, number> {
  return sums(
    file,
    `select entity as id, sum(amount) as total from conductor_quickbooksPostings as posting
     where account in (${ACCOUNTS}) and entity in (select value from json_each(?)) and ${OWN} group by entity`,
    file.endUserId,
    accountType,
    JSON.stringify(entities),
  );
}

/** Ids are unique in a sandbox except where fixtures repeat them, so postings are those of this file's objects. */
const OWN = `exists (select 1 from conductor_quickbooksObjects as object
  where object.seq = posting.object and object.endUserId = ?)`;

/** The ids of a file's accounts of a type; as parameters its end-user and the type. */
export const ACCOUNTS = `select id from conductor_quickbooksObjects
  where endUserId = ? and resource = 'accounts' and body ->> 'accountType' = ?`;

function sums(file: CompanyFile, sql: string, ...values: string[]): Map<string, number> {
  const rows = file.db.all<{ id: string; total: number }>(sql, ...values, file.endUserId);
  return new Map(rows.map(({ id, total }) => [id, total]));
}

/** An object and everything below it, by its full name. */
export function withDescendants(file: CompanyFile, { resource, body }: StoredObject): { id: string; body: Json }[] {
  const label = String(body.fullName ?? body.name);
  return file.db
    .all<{ id: string; body: string }>(
      // Names below one begin with it and a colon; the next character is a semicolon, so that is a range of the index.
      `select id, body from conductor_quickbooksObjects where endUserId = ? and resource = ? and label = ? collate nocase
       union all
       select id, body from conductor_quickbooksObjects where endUserId = ? and resource = ?
       and label > ? || ':' collate nocase and label < ? || ';' collate nocase`,
      ...[file.endUserId, camelCase(resource), label],
      ...[file.endUserId, camelCase(resource), label, label],
    )
    .map((row) => ({ id: row.id, body: JSON.parse(row.body) as Json }));
}
