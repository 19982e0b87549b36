// Checks, credit card charges and credits, and checks that pay sales tax.
import { cents, fromCents, total } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { openAmount } from '../credits.ts';
import { badReference, CODES, notFound, refusal } from '../failures.ts';
import { type Link, linksIn, linkTo, touch } from '../links.ts';
import { type Posting, specialAccount } from '../postings.ts';
import { completePurchase, PURCHASE_LINES, type PurchaseRules, purchasePostings } from '../purchases.ts';
import { type Draft, type ResourceEntry, transaction } from '../resource-entry.ts';

type Ref = { readonly id: string };

const CHECK: PurchaseRules = {
  account: 'bankAccount',
  party: 'payee',
  total: 'amount',
  sign: 1,
  fromParty: { address: 'billingAddress' },
};

/** What a check can pay back: what is left of credits and payments of customers (our choice). */
const REFUNDABLE = ['credit-memos', 'receive-payments'];

const checks = transaction('checks', 'Check', {
  example: {
    create: {
      bankAccountId: '@accounts:Checking',
      payeeId: '@vendors:Frame Works',
      transactionDate: '2025-02-16',
      refNumber: '503',
      expenseLines: [{ accountId: '@accounts:Wages', amount: '7.00' }],
    },
  },
  lines: PURCHASE_LINES,
  accounts: ['bankAccount'],
  required: ['bankAccount', 'transactionDate'],
  complete(draft) {
    completePurchase(draft, CHECK);
    applyCheck(draft);
    draft.record.postings = purchasePostings(draft, CHECK);
  },
  stored: ({ file, request, before }, object) => {
    if (request.applyToTransactions !== undefined) touch(file, [...linksIn(before), ...linksIn(object)]);
  },
});

/**
 * Pays credits and payments of customers back. The check has a line of the receivable for each customer, which covers
 * what is paid back to them; without an amount all that is left is.
 *
 * @throws Failure 3120 for a transaction that is not one of these customers, 3210 for more than is left or covered
 */
function applyCheck({ file, request, record, before }: Draft): void {
  const given = request.applyToTransactions as { transactionId: string; amount?: string }[] | undefined;
  const covered = receivablesOf(file, record);
  if (given !== undefined) {
    const earlier = linksIn(before);
    record.links = given.map(({ transactionId: id, amount: text }): Link => {
      const target = file.find(REFUNDABLE, id);
      if (target === undefined || !covered.has(payerOf(target.body))) throw notFound(id);
      const own = earlier.filter((link) => link.id === id).reduce((sum, { amount = 0 }) => sum + amount, 0);
      const left = openAmount(file, target, 'totalAmount') + own;
      const amount = text === undefined ? left : cents(text);
      if (amount <= 0 || amount > left) {
        throw refusal(CODES.value, `The amount "${fromCents(amount)}" is more than is left of "${id}".`);
      }
      return linkTo(target, { linkType: 'amount', amount });
    });
  }
  for (const { id, amount = 0 } of (record.links ?? []) as Link[]) {
    const payer = payerOf((file.find(REFUNDABLE, id) as StoredObject).body);
    const left = (covered.get(payer) ?? 0) - amount;
    if (left < 0) throw refusal(CODES.value, `The lines of the receivable do not cover what is paid back of "${id}".`);
    covered.set(payer, left);
  }
}

/** The customer and the receivable of a transaction. */
function payerOf({ customer, receivablesAccount }: Json): string {
  return `${(customer as Ref).id} ${(receivablesAccount as Ref).id}`;
}

/** What the lines of a check pay to customers, by customer and receivable, in cents. */
function receivablesOf(file: CompanyFile, record: Json): Map<string, number> {
  const found = new Map<string, number>();
  for (const { account, payee, amount } of (record.expenseLines ?? []) as Json[]) {
    const { id } = account as Ref;
    if (file.find('accounts', id)?.body.accountType !== 'accounts_receivable') continue;
    const key = `${(payee as Ref).id} ${id}`;
    found.set(key, (found.get(key) ?? 0) + cents(amount as string));
  }
  return found;
}

/** An entry of what is paid or given back by card; the account may be that of a bank too (documented). */
function cardEntries(path: string, title: string, sign: 1 | -1, refNumber: string): ResourceEntry {
  const rules: PurchaseRules = { account: 'account', party: 'payee', total: 'amount', sign };
  return transaction(path, title, {
    example: {
      create: {
        accountId: '@accounts:Visa',
        payeeId: '@vendors:Frame Works',
        transactionDate: '2025-02-17',
        refNumber,
        expenseLines: [{ accountId: '@accounts:Wages', amount: '3.00' }],
      },
    },
    lines: PURCHASE_LINES,
    accounts: ['account'],
    required: ['account', 'transactionDate'],
    complete(draft) {
      const { file, record } = draft;
      const { id } = record.account as Ref;
      const type = file.find('accounts', id)?.body.accountType as string;
      if (type !== 'credit_card' && type !== 'bank') throw badReference('Account', id, title);
      completePurchase(draft, rules);
      record.postings = purchasePostings(draft, rules);
    },
  });
}

const salesTaxChecks = transaction('sales-tax-payment-checks', 'Sales Tax Payment Check', {
  example: {
    create: {
      vendorId: '@vendors:Frame Works',
      bankAccountId: '@accounts:Checking',
      transactionDate: '2025-02-18',
      refNumber: '504',
      lines: [{ salesTaxItemId: '@sales-tax-items', amount: '1.00' }],
    },
  },
  references: { salesTaxItem: { resources: ['sales-tax-items'] } },
  accounts: ['bankAccount'],
  required: ['bankAccount', 'transactionDate'],
  complete({ file, record, before }) {
    const { vendor, bankAccount } = record as { vendor: Ref; bankAccount: Ref };
    const lines = record.lines as Json[];
    for (const { salesTaxItem } of lines) {
      const { id } = (salesTaxItem ?? {}) as Partial<Ref>;
      const owed = id === undefined ? vendor : (file.find('sales-tax-items', id)?.body.taxVendor as Ref | undefined);
      if (owed?.id !== vendor.id) throw badReference('SalesTaxItem', id as string, 'Sales Tax Payment Check');
    }
    if (before === null) record.address ??= file.find('vendors', vendor.id)?.body.billingAddress;
    record.amount = total(lines.map(({ amount }) => amount as string));
    const payable = specialAccount(file, 'sales_tax_payable');
    record.postings = [
      { account: bankAccount.id, amount: -cents(record.amount as string), entity: vendor.id },
      ...lines.map(({ id, amount, salesTaxItem }) => ({
        account: payable,
        amount: cents(amount as string),
        entity: vendor.id,
        ...(salesTaxItem !== undefined && { item: (salesTaxItem as Ref).id }),
        line: id as string,
      })),
    ] satisfies Posting[];
  },
});

/** Money out that pays no bill. */
export const MONEY_OUT: readonly ResourceEntry[] = [
  checks,
  cardEntries('credit-card-charges', 'Credit Card Charge', 1, '505'),
  cardEntries('credit-card-credits', 'Credit Card Credit', -1, '506'),
  salesTaxChecks,
];
