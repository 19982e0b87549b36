// Payments of bills, by check and by credit card, and the list of what is to be paid.
import { cents, fromCents } from '../amounts.ts';
import type { Json, StoredObject } from '../company-file.ts';
import { openAmount, VENDOR_CREDITS } from '../credits.ts';
import { CODES, refusal } from '../failures.ts';
import { requireAll } from '../filters.ts';
import { linksIn, touch } from '../links.ts';
import { listOf } from '../list.ts';
import {
  type Application,
  applyPayment,
  applyPaymentCredits,
  discountPostings,
  type PaymentTargets,
  shownApplications,
} from '../payments.ts';
import { type Posting, specialAccount } from '../postings.ts';
import { type Draft, type ResourceEntry, transaction } from '../resource-entry.ts';
import { showValue } from '../show-record.ts';

type Ref = { readonly id: string };

const BILLS = { targets: ['bills'], total: 'amountDue' } as const satisfies PaymentTargets;

/** Whether two documents are of the same vendor, and of the same payable. */
function sameVendor(one: Json, other: Json): boolean {
  return ['vendor', 'payablesAccount'].every(
    (field) => (one[field] as Ref | undefined)?.id === (other[field] as Ref).id,
  );
}

/** An entry of payments from an account. */
function billPayments(path: string, title: string, from: 'bankAccount' | 'creditCardAccount', example: Json) {
  return transaction(path, title, {
    example: {
      create: {
        vendorId: '@vendors:Frame Works',
        transactionDate: '2025-02-15',
        applyToTransactions: [{ transactionId: '@bills', paymentAmount: '2.00' }],
        ...example,
      },
    },
    accounts: ['payablesAccount', from],
    required: [from, 'transactionDate'],
    complete(draft) {
      const { file, request, record, before } = draft;
      record.payablesAccount ??= { id: specialAccount(file, 'accounts_payable') };
      const entity = (record.vendor as Ref).id;
      if (before === null) {
        const { billingAddress, currency } = (file.find('vendors', entity) as StoredObject).body;
        record.currency = currency;
        if (from === 'bankAccount') record.address = billingAddress;
      }
      completeAmount(draft, request.applyToTransactions as Application[] | undefined);
      const account = (record.payablesAccount as Ref).id;
      const amount = cents(record.amount as string);
      record.postings = [
        { account, amount, entity },
        { account: (record[from] as Ref).id, amount: -amount, entity },
        ...discountPostings(record, account, -1, entity, () => specialAccount(file, 'uncategorized_income')),
      ] satisfies Posting[];
    },
    stored({ file, request, before }, object) {
      const given = (request.applyToTransactions ?? []) as Application[];
      const targets = given.map(({ transactionId: id }) => ({ id, resource: 'bills', linkType: 'amount' }) as const);
      touch(file, [...linksIn(before), ...linksIn(object), ...targets]);
      applyPaymentCredits(file, given, 'bills', VENDOR_CREDITS);
    },
    computed: (file) => (object) => ({ appliedToTransactions: shownApplications(file, object, 'amountDue') }),
  });
}

/** The amount is the sum of what is paid; one that an update sends must be that (our choice). */
function completeAmount(draft: Draft, applications: readonly Application[] | undefined): void {
  const { request, record, before } = draft;
  const accepts = ({ body }: StoredObject) => sameVendor(body, record);
  const paid =
    applications === undefined
      ? ((before as StoredObject).body.amount as string)
      : fromCents(applyPayment(draft, applications, { ...BILLS, accepts }));
  if (request.amount !== undefined && record.amount !== paid) {
    throw refusal(CODES.value, `The amount "${request.amount}" is not the sum of what is paid, which is ${paid}.`);
  }
  record.amount = paid;
}

/** Payments of bills. */
export const BILL_PAYMENTS: readonly ResourceEntry[] = [
  billPayments('bill-check-payments', 'Bill Payment Check', 'bankAccount', {
    refNumber: '501',
    bankAccountId: '@accounts:Checking',
  }),
  billPayments('bill-credit-card-payments', 'Bill Payment Credit Card', 'creditCardAccount', {
    refNumber: '502',
    creditCardAccountId: '@accounts:Visa',
  }),
];

/** The open bills of a vendor by due date, and then its open credits (the order is our choice). */
export const BILLS_TO_PAY: ResourceEntry = {
  path: 'bills-to-pay',
  title: 'Bill To Pay',
  kind: 'computed',
  names: null,
  example: { query: { vendorId: '@vendors:Frame Works' } },
  listed(file, { shape, query }) {
    const { vendorId, payablesAccountId, dueDate, currencyIds } = query as {
      vendorId: string;
      payablesAccountId?: string;
      dueDate?: string;
      currencyIds?: string[];
    };
    requireAll(file, [vendorId], ['vendors']);
    requireAll(file, payablesAccountId === undefined ? [] : [payablesAccountId], ['accounts']);
    requireAll(file, currencyIds ?? [], ['currencies']);
    const account = payablesAccountId ?? specialAccount(file, 'accounts_payable');
    const wanted = { vendor: { id: vendorId }, payablesAccount: { id: account } };
    const open = (path: string, field: string) =>
      file
        .all(path)
        .filter(({ body }) => sameVendor(body, wanted))
        .filter(({ body }) => currencyIds?.includes((body.currency as Ref | undefined)?.id ?? '') ?? true)
        .map((object) => ({ object, left: openAmount(file, object, field) }))
        .filter(({ left }) => left !== 0);
    const common = ({ body }: StoredObject, transactionType: string) => ({
      transactionType,
      payablesAccount: body.payablesAccount,
      transactionDate: body.transactionDate,
      refNumber: body.refNumber,
      currency: body.currency,
      exchangeRate: body.exchangeRate,
    });
    const bills = open('bills', 'amountDue')
      .filter(({ object }) => dueDate === undefined || String(object.body.dueDate) <= dueDate)
      .sort((one, other) => String(one.object.body.dueDate).localeCompare(String(other.object.body.dueDate)))
      .map(({ object, left }) => ({
        bill: {
          ...common(object, 'bill'),
          billId: object.id,
          dueDate: object.body.dueDate,
          amountDue: fromCents(left),
        },
      }));
    const credits = open('vendor-credits', 'creditAmount').map(({ object, left }) => ({
      credit: {
        ...common(object, 'vendor_credit'),
        creditTransactionId: object.id,
        creditRemaining: fromCents(left),
      },
    }));
    return listOf(
      'bills-to-pay',
      [...bills, ...credits].map((row) => showValue(BILLS_TO_PAY, shape, row, file)),
      null,
    );
  },
};
