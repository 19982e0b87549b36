// Money received: payments of customers and refunds to cards.
import { invalid } from '../../errors.ts';
import { cents, fromCents, money, total } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { CUSTOMER_CREDITS, creditsLeft, keepCustomer, openAmount } from '../credits.ts';
import { CODES, notFound, refusal } from '../failures.ts';
import { appliedAmounts, type Link, linkedObjects, linksIn, linksOf, linkTo, touch } from '../links.ts';
import { feedName } from '../operations.ts';
import {
  type Application,
  applyPayment,
  applyPaymentCredits,
  discountPostings,
  type PaymentTargets,
  shownApplications,
} from '../payments.ts';
import { type Posting, specialAccount, withDescendants } from '../postings.ts';
import { referring } from '../references.ts';
import { type ResourceEntry, transaction } from '../resource-entry.ts';
import { DEPOSITS } from './deposits.ts';
import { keepDeposited, refuseDeposited, requireCardMethod } from './sales.ts';

type Ref = { readonly id: string };

const INVOICES = { targets: ['invoices'], total: 'totalAmount' } as const satisfies PaymentTargets;

/**
 * Fills `applyToTransactions` for an automatic application: an invoice of that amount, else the oldest first, of the
 * customer and its jobs.
 */
function automatic(file: CompanyFile, record: Json, family: readonly string[]): Application[] {
  const { receivablesAccount } = record as { receivablesAccount: Ref };
  const open = family
    .flatMap((id) => referring(file, 'invoices', 'customer', id))
    .filter(({ body }) => (body.receivablesAccount as Ref).id === receivablesAccount.id && body.isPending !== true)
    .map((object) => ({ object, left: openAmount(file, object, 'totalAmount') }))
    .filter(({ left }) => left > 0)
    .sort(
      (one, other) =>
        String(one.object.body.transactionDate).localeCompare(String(other.object.body.transactionDate)) ||
        one.object.seq - other.object.seq,
    );
  let rest = cents(record.totalAmount as string);
  const same = open.find(({ left }) => left === rest);
  return (same === undefined ? open : [same]).flatMap(({ object, left }) => {
    const amount = Math.min(left, rest);
    rest -= amount;
    return amount <= 0 ? [] : [{ transactionId: object.id, paymentAmount: fromCents(amount) }];
  });
}

const receivePayments = transaction('receive-payments', 'Receive Payment', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-12',
      refNumber: '77',
      totalAmount: '20.00',
      isAutoApply: false,
    },
  },
  accounts: ['receivablesAccount', 'depositToAccount'],
  required: ['customer', 'receivablesAccount', 'transactionDate', 'totalAmount', 'depositToAccount'],
  complete(draft) {
    const { file, request, record, before } = draft;
    const given = request.applyToTransactions as Application[] | undefined;
    if (request.isAutoApply === true && given !== undefined) {
      throw invalid('Invalid input: isAutoApply and applyToTransactions exclude each other at "isAutoApply"');
    }
    requireCardMethod(record);
    record.receivablesAccount ??= { id: specialAccount(file, 'accounts_receivable') };
    record.depositToAccount ??= { id: specialAccount(file, 'undeposited_funds') };
    const { customer, receivablesAccount, depositToAccount } = record as Record<string, Ref>;
    const entity = (customer as Ref).id;
    const account = (receivablesAccount as Ref).id;
    const family = withDescendants(file, file.find('customers', entity) as StoredObject).map(({ id }) => id);
    const applications = given ?? (request.isAutoApply === true ? automatic(file, record, family) : undefined);
    if (applications !== undefined) {
      const accepts = ({ body }: StoredObject) =>
        family.includes((body.customer as Ref).id) &&
        (body.receivablesAccount as Ref).id === account &&
        body.voided !== true &&
        body.isPending !== true;
      const asked = applyPayment(draft, applications, { ...INVOICES, accepts, leavesExcess: true });
      if (asked > cents(record.totalAmount as string)) throw tooMuch();
      const credits = applications.flatMap(({ applyCredits: some = [] }) =>
        some.map(({ creditTransactionId }) => creditTransactionId),
      );
      if (credits.length > 0) record.usedCredits = credits;
    }
    const amount = cents(record.totalAmount as string);
    if (amount < 0 || paidBy(record) > amount - refundedOf(file, before)) {
      throw tooMuch();
    }
    if (given === undefined || refundedOf(file, before) > 0) keepCustomer(draft);
    keepDeposited(draft);
    record.postings = [
      { account: (depositToAccount as Ref).id, amount, entity },
      { account, amount: -amount, entity },
      ...discountPostings(record, account, 1, entity, () => specialAccount(file, 'uncategorized_expenses')),
    ] satisfies Posting[];
  },
  stored({ file, request, before }, object) {
    const given = (request.applyToTransactions ?? []) as Application[];
    const targets = given.map(({ transactionId: id }) => ({ id, resource: 'invoices', linkType: 'amount' }) as const);
    touch(file, [...linksIn(before), ...linksIn(object), ...targets]);
    applyPaymentCredits(file, given, 'invoices', CUSTOMER_CREDITS);
  },
  removing: refuseDeposited,
  computed(file, page) {
    const used = appliedAmounts(file, page);
    return (object) => {
      const credits = [...new Set((object.body.usedCredits ?? []) as string[])];
      return {
        appliedToTransactions: shownApplications(file, object, 'totalAmount'),
        unusedPayment: fromCents(cents(object.body.totalAmount as string) - used(object)),
        unusedCredits: fromCents(creditsLeft(file, credits, object.body, CUSTOMER_CREDITS)),
      };
    };
  },
});

function tooMuch() {
  return refusal(CODES.value, 'More is applied than the payment amounts to.');
}

/** What a payment has paid, in cents. */
function paidBy(record: Json): number {
  return ((record.appliedToTransactions ?? []) as Json[]).reduce(
    (sum, { amount }) => sum + cents(amount as string | undefined),
    0,
  );
}

/** What was refunded of a payment, in cents. */
function refundedOf(file: CompanyFile, payment: StoredObject | null): number {
  if (payment === null) return 0;
  return (linksOf(file, [payment.seq]).get(payment.seq) ?? [])
    .filter(({ linkType, outward }) => linkType === 'amount' && !outward)
    .reduce((sum, { amount }) => sum + amount, 0);
}

const CREDITS = ['credit-memos', 'receive-payments'];

const creditCardRefunds = transaction('credit-card-refunds', 'Credit Card Refund', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-13',
      refNumber: 'F-1',
      refundAppliedToTransactions: [{ transactionId: '@credit-memos', refundAmount: '10.00' }],
    },
  },
  accounts: ['refundFromAccount', 'receivablesAccount'],
  complete({ file, request, record }) {
    requireCardMethod(record);
    record.refundFromAccount ??= { id: specialAccount(file, 'undeposited_funds') };
    record.receivablesAccount ??= { id: specialAccount(file, 'accounts_receivable') };
    const { customer, refundFromAccount, receivablesAccount } = record as Record<string, Ref>;
    const entity = (customer as Ref).id;
    const given = request.refundAppliedToTransactions as { transactionId: string; refundAmount: string }[];
    const links: Link[] = [];
    record.refundAppliedToTransactions = given.map(({ transactionId, refundAmount }) => {
      const credit = file.find(CREDITS, transactionId);
      const account = (credit?.body.receivablesAccount as Ref | undefined)?.id;
      if (
        credit === undefined ||
        credit.body.isPending === true ||
        (credit.body.customer as Ref).id !== entity ||
        account !== (receivablesAccount as Ref).id
      ) {
        throw notFound(transactionId);
      }
      const amount = cents(refundAmount);
      const taken = links.filter(({ id }) => id === transactionId).reduce((sum, { amount = 0 }) => sum + amount, 0);
      if (amount <= 0 || amount > openAmount(file, credit, 'totalAmount') - taken) {
        throw refusal(CODES.value, `The refund of "${refundAmount}" is more than what is left of "${transactionId}".`);
      }
      links.push(linkTo(credit, { linkType: 'amount', amount }));
      return { transactionId, refundAmount: money(refundAmount) };
    });
    record.links = links;
    record.totalAmount = total(given.map(({ refundAmount }) => refundAmount));
    const amount = cents(record.totalAmount as string);
    record.postings = [
      { account: (receivablesAccount as Ref).id, amount, entity },
      { account: (refundFromAccount as Ref).id, amount: -amount, entity },
    ] satisfies Posting[];
  },
  stored: ({ file }, object) => touch(file, linksIn(object)),
  computed: (file) => (object) => {
    const credits = new Map(linkedObjects(file, object, 'amount').map((one) => [one.id, one]));
    const rows = (object.body.refundAppliedToTransactions ?? []) as Json[];
    return {
      refundAppliedToTransactions: rows.map((row) => {
        const credit = credits.get(row.transactionId as string);
        if (credit === undefined) return row;
        return {
          ...row,
          transactionType: feedName(credit.resource),
          transactionDate: credit.body.transactionDate,
          refNumber: credit.body.refNumber,
          creditRemaining: fromCents(openAmount(file, credit, 'totalAmount')),
        };
      }),
    };
  },
});

/** Money received; refunds and deposits come after the payments and receipts that they are linked to. */
export const PAYMENTS: readonly ResourceEntry[] = [receivePayments, creditCardRefunds, DEPOSITS];
