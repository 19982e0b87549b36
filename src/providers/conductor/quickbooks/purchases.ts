// What bills, item receipts, vendor credits, checks and card entries have in common: lines, total, postings.
import { cents, total as sumOf } from './amounts.ts';
import { coveredByLine } from './billed-receipts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { openAmount } from './credits.ts';
import { badReference, cannotChange, cannotSave, missing, notFound } from './failures.ts';
import { isStocked, itemOf, purchaseAccount } from './item-prices.ts';
import { completeGroups, completeLines, purchasedLines } from './lines.ts';
import { type Posting, specialAccount } from './postings.ts';
import { NAMES } from './references.ts';
import type { Draft } from './resource-entry.ts';

type Ref = { readonly id: string };

/** How the documents differ. */
export interface PurchaseRules {
  /** The field with the total. */
  readonly total: 'amountDue' | 'creditAmount' | 'totalAmount' | 'amount';
  /** The account that is credited. */
  readonly account: 'payablesAccount' | 'bankAccount' | 'account';
  readonly party: 'vendor' | 'payee';
  /** -1 for what is given back. */
  readonly sign: 1 | -1;
  /** Whether lines can be linked to those of purchase orders. */
  readonly takesOrders?: boolean;
  /** What is taken from the party when the request does not say, by field. */
  readonly fromParty?: Readonly<Record<string, string>>;
}

/** The arrays of lines of these documents. */
export const PURCHASE_LINES = ['expenseLines', 'itemLines', 'itemGroupLines'];
const ITEM_LINES = { unitField: 'cost', purchase: true } as const;

/**
 * Completes a document of purchases: what it takes from its party, its lines, its total.
 *
 * @throws Failure 3180 for one without lines or with a negative total, and of lines that cannot be posted
 */
export function completePurchase(draft: Draft, rules: PurchaseRules): void {
  const { file, entry, record, request } = draft;
  clearLines(draft);
  if (rules.takesOrders !== true) refuseOrders(draft);
  takeFromParty(draft, rules);
  const array = (field: string) => (record[field] ?? []) as Json[];
  for (const line of array('expenseLines')) completeExpense(file, entry.title, line);
  completeLines(draft, array('itemLines'), request.itemLines as Json[] | undefined, ITEM_LINES);
  const groups = request.itemGroupLines as Json[] | undefined;
  completeGroups(draft, array('itemGroupLines'), groups, { ...ITEM_LINES, inner: 'itemLines' });
  const lines = [...array('expenseLines'), ...purchasedLines(record)];
  if (lines.length === 0) throw cannotSave(entry.title, 'It needs a line.');
  for (const line of lines) completeBilling(file, line);
  record[rules.total] = sumOf(lines.map(({ amount }) => amount as string | undefined));
  if (cents(record[rules.total] as string) < 0) throw cannotSave(entry.title, 'The total is negative.');
}

/** What is bought for a customer is billable unless the request says otherwise; anything else has no billing status. */
function completeBilling(file: CompanyFile, line: Json): void {
  const { id } = (line.customer ?? line.payee ?? {}) as Partial<Ref>;
  if (id === undefined || file.find('customers', id) === undefined) delete line.billingStatus;
  else line.billingStatus ??= 'billable';
}

/** @throws Failure 3120, 3180 for a line that is linked to another transaction, which only bills and receipts can be */
function refuseOrders({ file, entry, request }: Draft): void {
  for (const { linkToTransactionLine } of (request.itemLines ?? []) as Json[]) {
    if (linkToTransactionLine === undefined) continue;
    const { transactionId } = linkToTransactionLine as { transactionId: string };
    if (file.findAny(transactionId) === undefined) throw notFound(transactionId);
    throw cannotSave(entry.title, `Its lines cannot be linked to those of the transaction "${transactionId}".`);
  }
}

/** Flags that empty a kind of lines; lines that are sent as well stay (documented). */
function clearLines({ entry, record, request }: Draft): void {
  const { clearExpenseLines, clearItemLines } = request;
  if (clearExpenseLines === true && clearItemLines === true) {
    throw cannotSave(entry.title, 'Expense lines and item lines cannot both be cleared.');
  }
  const fields =
    clearExpenseLines === true ? ['expenseLines'] : clearItemLines === true ? ['itemLines', 'itemGroupLines'] : [];
  for (const field of fields) if (request[field] === undefined) delete record[field];
}

function takeFromParty({ file, record, before }: Draft, { party, fromParty = {} }: PurchaseRules): void {
  const { id } = (record[party] ?? {}) as Partial<Ref>;
  const body = id === undefined ? undefined : file.find(NAMES, id)?.body;
  if (before !== null || body === undefined) return;
  for (const [field, source] of Object.entries({ currency: 'currency', ...fromParty })) {
    record[field] ??= structuredClone(body[source]);
  }
}

/** An expense needs an account; its payee is a vendor where that is a payable, else a customer (documented). */
function completeExpense(file: CompanyFile, title: string, line: Json): void {
  const { account, payee } = line as { account?: Ref; payee?: Ref };
  if (account === undefined) throw missing('AccountRef');
  line.amount ??= '0.00';
  const type = file.find('accounts', account.id)?.body.accountType;
  const list = type === 'accounts_payable' ? 'vendors' : 'customers';
  if (payee === undefined) {
    if (type === 'accounts_payable' || type === 'accounts_receivable') {
      throw cannotSave(title, 'A line of a payable needs a vendor as payee, one of a receivable a customer.');
    }
  } else if (file.find(list, payee.id) === undefined) throw badReference('Payee', payee.id, title);
}

/** The postings of a purchase; what a bill covers of receipts is owed already, and in stock. */
export function purchasePostings({ file, record }: Draft, { total, account, party, sign }: PurchaseRules): Posting[] {
  const header = (record[account] as Ref).id;
  const entity = (record[party] as Ref | undefined)?.id;
  const covered = coveredByLine(record);
  const post = (
    to: string,
    amount: number,
    line: Json,
    of: string | undefined,
    more: Partial<Posting> = {},
  ): Posting => {
    const classId = (line.class as Ref | undefined)?.id;
    return {
      account: to,
      amount: sign * amount,
      ...(of && { entity: of }),
      ...(classId && { class: classId }),
      ...more,
      line: line.id as string,
    };
  };
  const expenses = ((record.expenseLines ?? []) as Json[]).map((line) => {
    const { account: to, payee } = line as { account: Ref; payee?: Ref };
    return post(to.id, cents(line.amount as string), line, payee?.id ?? entity);
  });
  const items = purchasedLines(record).flatMap((line) => {
    const item = itemOf(file, line);
    const own = covered.get(line.id as string);
    const amount = cents(line.amount as string | undefined) - (own?.amount ?? 0);
    const of = (line.customer as Ref | undefined)?.id ?? entity;
    const quantity = sign * (((line.quantity ?? 1) as number) - (own?.quantity ?? 0));
    const to = accountOf(line, item) ?? specialAccount(file, 'uncategorized_expenses');
    const stock = item !== undefined && isStocked(item) ? { quantity } : {};
    const posted = post(to, amount, line, of, { ...(item && { item: item.id }), ...stock });
    return own === undefined ? [posted] : [posted, post(header, own.amount, line, entity)];
  });
  return [
    { account: header, amount: -sign * cents(record[total] as string), ...(entity && { entity }) },
    ...expenses,
    ...items,
  ].filter(({ amount, quantity }) => amount !== 0 || quantity !== undefined);
}

/** Where a line is posted: an item in stock to its own account, others to that of the line (our choice). */
function accountOf(line: Json, item: StoredObject | undefined): string | undefined {
  const override = line.postingAccount as string | undefined;
  if (item === undefined) return override;
  return isStocked(item) ? purchaseAccount(item) : (override ?? purchaseAccount(item));
}

/** @throws Failure 3170 when the total falls below what is applied, or somebody else would owe what is */
export function keepApplied({ file, entry, record, before }: Draft, { total, account, party }: PurchaseRules): void {
  if (before === null) return;
  const applied = cents(before.body[total] as string) - openAmount(file, before, total);
  const same = [account, party].every((field) => (record[field] as Ref).id === (before.body[field] as Ref).id);
  if (applied === 0 || (same && cents(record[total] as string) >= applied)) return;
  throw cannotChange(
    entry.title,
    'Payments or credits are applied to it: its vendor and account stay, and its total covers them.',
  );
}
