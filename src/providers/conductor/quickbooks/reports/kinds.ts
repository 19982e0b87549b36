// Kinds of accounts, people and items that reports can be asked for, and which list objects are of a kind.
import type { CompanyFile } from '../company-file.ts';
import { CODES, refusal } from '../failures.ts';
import { ITEMS } from '../references.ts';

const CURRENT_ASSETS = ['bank', 'accounts_receivable', 'other_current_asset'];
const ASSETS = [...CURRENT_ASSETS, 'fixed_asset', 'other_asset'];
const CURRENT_LIABILITIES = ['accounts_payable', 'credit_card', 'other_current_liability'];
const LIABILITIES = [...CURRENT_LIABILITIES, 'long_term_liability'];
const ORDINARY = ['income', 'cost_of_goods_sold', 'expense'];
const OTHER = ['other_income', 'other_expense'];

/** The account types of each `accountType`, and accounts of special types where these are only a part of theirs. */
const ACCOUNTS: Readonly<Record<string, readonly string[]>> = {
  accounts_payable: ['accounts_payable'],
  accounts_receivable: ['accounts_receivable'],
  ap_and_sales_tax: ['accounts_payable', 'sales_tax_payable'],
  ap_or_credit_card: ['accounts_payable', 'credit_card'],
  ar_and_ap: ['accounts_receivable', 'accounts_payable'],
  asset: ASSETS,
  balance_sheet: [...ASSETS, ...LIABILITIES, 'equity'],
  bank: ['bank'],
  bank_and_ar_and_ap_and_uf: ['bank', 'accounts_receivable', 'accounts_payable', 'undeposited_funds'],
  bank_and_uf: ['bank', 'undeposited_funds'],
  cost_of_sales: ['cost_of_goods_sold'],
  credit_card: ['credit_card'],
  current_asset: CURRENT_ASSETS,
  current_asset_and_expense: [...CURRENT_ASSETS, 'expense'],
  current_liability: CURRENT_LIABILITIES,
  equity: ['equity'],
  equity_and_income_and_expense: ['equity', ...ORDINARY, ...OTHER],
  expense_and_other_expense: ['expense', 'other_expense'],
  fixed_asset: ['fixed_asset'],
  income_and_expense: [...ORDINARY, ...OTHER],
  income_and_other_income: ['income', 'other_income'],
  liability: LIABILITIES,
  liability_and_equity: [...LIABILITIES, 'equity'],
  long_term_liability: ['long_term_liability'],
  non_posting: ['non_posting'],
  ordinary_expense: ['expense'],
  ordinary_income: ['income'],
  ordinary_income_and_cogs: ['income', 'cost_of_goods_sold'],
  ordinary_income_and_expense: ORDINARY,
  other_asset: ['other_asset'],
  other_current_asset: ['other_current_asset'],
  other_current_liability: ['other_current_liability'],
  other_expense: ['other_expense'],
  other_income: ['other_income'],
  other_income_or_expense: OTHER,
};

const SOLD = [
  'service-items',
  'non-inventory-items',
  'other-charge-items',
  'inventory-items',
  'inventory-assembly-items',
];

/** The item families of each `itemType`; there are no fixed assets and no payment items. */
const ITEM_FAMILIES: Readonly<Record<string, readonly string[]>> = {
  all_except_fixed_asset: ITEMS,
  assembly: ['inventory-assembly-items'],
  discount: ['discount-items'],
  fixed_asset: [],
  inventory: ['inventory-items'],
  inventory_and_assembly: ['inventory-items', 'inventory-assembly-items'],
  non_inventory: ['non-inventory-items'],
  other_charge: ['other-charge-items'],
  payment: [],
  sales: SOLD,
  sales_tax: ['sales-tax-items', 'sales-tax-group-items'],
  service: ['service-items'],
};

/**
 * The ids of everything of a kind: `idsOfKind(file, 'accountType', 'bank')`.
 *
 * @throws Failure 1030 for accounts of a kind that is not emulated
 */
export function idsOfKind(file: CompanyFile, parameter: string, kind: string): string[] {
  const idsIn = (paths: readonly string[]) => paths.flatMap((path) => file.all(path).map(({ id }) => id));
  if (parameter === 'entityType') return idsIn([`${kind.replace('_', '-')}s`]);
  if (parameter === 'itemType') return idsIn(ITEM_FAMILIES[kind] as readonly string[]);
  const types = ACCOUNTS[kind];
  if (types === undefined) throw refusal(CODES.unsupported, `Understudy does not know which accounts are "${kind}".`);
  const isOne = (type: unknown) => types.includes(type as string);
  return file
    .all('accounts')
    .flatMap(({ id, body }) => (isOne(body.accountType) || isOne(body.specialAccountType) ? [id] : []));
}
