// Money received: payments of customers, refunds to cards, deposits.

import { invalid } from '../../errors.ts';
import { cents, fromCents, money, total } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { applyCredits, type CreditApplication, type CreditRules, creditOfCustomer, openAmount } from '../credits.ts';
import { CODES, cannotSave, notFound, refusal } from '../failures.ts';
import { appliedAmounts, type Link, linkedObjects, linksOf, linkTo, touch } from '../links.ts';
import { feedName } from '../operations.ts';
import { type Posting, specialAccount, withDescendants } from '../postings.ts';
import { type Draft, type ResourceEntry, transaction } from '../resource-entry.ts';
import { refuseDeposited } from './sales.ts';

type Ref = { readonly id: string };

/** What a payment is applied to, as requests write it. */
export interface Application {
  readonly transactionId: string;
  readonly paymentAmount?: string;
  readonly discountAmount?: string;
  readonly discountAccountId?: string;
  readonly discountClassId?: string;
  readonly applyCredits?: readonly CreditApplication[];
}

/** What payments of a family pay. */
export interface PaymentRules {
  /** The resources that can be paid, and the field with their total. */
  readonly targets: readonly string[];
  readonly total: string;
  /** Whether a target may be paid by this payment: its party, its account. */
  readonly accepts: (target: StoredObject) => boolean;
}

/**
 * Applies a payment: fills in `appliedToTransactions` and the links. What was applied before is replaced.
 *
 * @returns the sum of the amounts paid, in cents
 * @throws Failure 3120 for a target that cannot be paid, 3180 for an empty application, 3210 for too much
 */
export function applyPayment(draft: Draft, applications: readonly Application[], rules: PaymentRules): number {
  const { file, record, before } = draft;
  const earlier = ((before?.body.links ?? []) as Link[]).filter(({ linkType }) => linkType === 'amount');
  const links: Link[] = [];
  const taken = new Map<string, number>();
  let paid = 0;
  record.appliedToTransactions = applications.map((one) => {
    const { transactionId: id, paymentAmount = '0.00', discountAmount = '0.00', applyCredits: credits = [] } = one;
    const target = file.find(rules.targets, id);
    if (target === undefined || !rules.accepts(target)) throw notFound(id);
    const own = earlier.filter((link) => link.id === id).reduce((sum, { amount = 0 }) => sum + amount, 0);
    const open = openAmount(file, target, rules.total) + own - (taken.get(id) ?? 0);
    if (open === 0) throw notFound(id);
    const [payment, discount] = [cents(paymentAmount), cents(discountAmount)];
    const credited = credits.reduce((sum, { appliedAmount }) => sum + cents(appliedAmount), 0);
    if (payment === 0 && discount === 0 && credits.length === 0) {
      throw cannotSave(draft.entry.title, 'An application needs a payment, a discount or a credit.');
    }
    if (payment < 0 || discount < 0 || payment + discount + credited > open) {
      throw refusal(CODES.value, `The amount applied to "${id}" is more than its open balance of ${fromCents(open)}.`);
    }
    paid += payment;
    taken.set(id, (taken.get(id) ?? 0) + payment + discount + credited);
    if (payment + discount > 0) {
      links.push(linkTo(target, { linkType: 'amount', amount: payment + discount, ...(discount > 0 && { discount }) }));
    }
    return {
      transactionId: id,
      amount: money(paymentAmount),
      discountAmount: discount === 0 ? undefined : money(discountAmount),
      discountAccount: one.discountAccountId === undefined ? undefined : { id: one.discountAccountId },
      discountClass: one.discountClassId === undefined ? undefined : { id: one.discountClassId },
    };
  });
  record.links = links;
  return paid;
}

/** Applies the credits of all applications, once the payment is stored. */
export function applyPaymentCredits(
  file: CompanyFile,
  applications: readonly Application[],
  rules: {
    readonly targets: readonly string[];
    readonly total: string;
    readonly kinds: readonly string[];
    readonly accepts: (target: StoredObject) => CreditRules['accepts'];
    readonly creditTotal: string;
  },
): void {
  for (const { transactionId, applyCredits: credits = [] } of applications) {
    const target = file.find(rules.targets, transactionId) as StoredObject;
    applyCredits(file, target, credits, {
      kinds: rules.kinds,
      accepts: rules.accepts(target),
      left: (credit) => openAmount(file, credit, rules.creditTotal),
      open: (one) => openAmount(file, one, rules.total),
    });
  }
}

/** What the rows of `appliedToTransactions` show of their targets. */
export function shownApplications(file: CompanyFile, object: StoredObject, totalField: string): Json[] {
  const targets = new Map(linkedObjects(file, object, 'amount').map((one) => [one.id, one]));
  return ((object.body.appliedToTransactions ?? []) as Json[]).map((row) => {
    const target = targets.get(row.transactionId as string);
    if (target === undefined) return row;
    return {
      ...row,
      transactionType: feedName(target.resource),
      transactionDate: target.body.transactionDate,
      refNumber: target.body.refNumber,
      balanceRemaining: fromCents(openAmount(file, target, totalField)),
    };
  });
}

/** Postings of the discounts of applications: to their accounts, against what is owed. */
export function discountPostings(
  record: Json,
  account: string,
  sign: 1 | -1,
  entity: string,
  fallback: () => string,
): Posting[] {
  return ((record.appliedToTransactions ?? []) as Json[]).flatMap(
    ({ transactionId, discountAmount, discountAccount, discountClass }) => {
      if (discountAmount === undefined) return [];
      const amount = sign * cents(discountAmount as string);
      const to = (discountAccount as Ref | undefined)?.id ?? fallback();
      const classId = (discountClass as Ref | undefined)?.id;
      return [
        { account: to, amount, entity, with: transactionId as string, ...(classId && { class: classId }) },
        { account, amount: -amount, entity, with: transactionId as string },
      ];
    },
  );
}

const INVOICES = { targets: ['invoices'], total: 'totalAmount' } as const;

/** Fills `applyToTransactions` for an automatic application: an invoice of that amount, else the oldest first. */
function automatic(file: CompanyFile, record: Json): Application[] {
  const { customer, receivablesAccount } = record as { customer: Ref; receivablesAccount: Ref };
  const open = file
    .all('invoices')
    .filter(
      ({ body }) =>
        (body.customer as Ref).id === customer.id && (body.receivablesAccount as Ref).id === receivablesAccount.id,
    )
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
    record.receivablesAccount ??= { id: specialAccount(file, 'accounts_receivable') };
    record.depositToAccount ??= { id: specialAccount(file, 'undeposited_funds') };
    const { customer, receivablesAccount, depositToAccount } = record as Record<string, Ref>;
    const entity = (customer as Ref).id;
    const account = (receivablesAccount as Ref).id;
    const family = withDescendants(file, file.find('customers', entity) as StoredObject).map(({ id }) => id);
    const applications = given ?? (request.isAutoApply === true ? automatic(file, record) : undefined);
    if (applications !== undefined) {
      const accepts = ({ body }: StoredObject) =>
        family.includes((body.customer as Ref).id) &&
        (body.receivablesAccount as Ref).id === account &&
        body.voided !== true;
      applyPayment(draft, applications, { ...INVOICES, accepts });
      const credits = applications.flatMap(({ applyCredits: some = [] }) =>
        some.map(({ creditTransactionId }) => creditTransactionId),
      );
      if (credits.length > 0) record.usedCredits = credits;
    }
    const amount = cents(record.totalAmount as string);
    if (amount < 0 || paidBy(record) > amount - refundedOf(file, before)) {
      throw refusal(CODES.value, 'More is applied than the payment amounts to.');
    }
    if (
      before !== null &&
      linkedObjects(file, before, 'deposit').length > 0 &&
      (record.totalAmount !== before.body.totalAmount ||
        (depositToAccount as Ref).id !== (before.body.depositToAccount as Ref).id)
    ) {
      throw refusal(
        CODES.change,
        'There was an error when modifying a Receive Payment. QuickBooks error message: It has been deposited.',
      );
    }
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
    applyPaymentCredits(file, given, {
      ...INVOICES,
      kinds: ['credit-memos'],
      accepts: (target) => creditOfCustomer(file, target),
      creditTotal: 'totalAmount',
    });
  },
  removing: refuseDeposited,
  computed(file, page) {
    const used = appliedAmounts(file, page);
    return (object) => {
      const credits = ((object.body.usedCredits ?? []) as string[]).flatMap(
        (id) => file.find('credit-memos', id) ?? [],
      );
      return {
        appliedToTransactions: shownApplications(file, object, 'totalAmount'),
        unusedPayment: fromCents(cents(object.body.totalAmount as string) - used(object)),
        unusedCredits: total(credits.map((credit) => fromCents(openAmount(file, credit, 'totalAmount')))),
      };
    };
  },
});

/** What a payment has paid, in cents. */
function paidBy(record: Json): number {
  return ((record.appliedToTransactions ?? []) as Json[]).reduce(
    (sum, { amount }) => sum + cents((amount ?? '0') as string),
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

function linksIn(object: StoredObject | null): readonly Link[] {
  return (object?.body.links ?? []) as Link[];
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

/** Payments that can be deposited (known of QuickBooks). */
const DEPOSITABLE = ['receive-payments', 'sales-receipts'];

const deposits = transaction('deposits', 'Deposit', {
  example: {
    create: {
      transactionDate: '2025-02-14',
      depositToAccountId: '@accounts:Checking',
      lines: [{ accountId: '@accounts:Sales', amount: '5.00', memo: 'Change found' }],
    },
  },
  lines: ['lines'],
  accounts: ['depositToAccount'],
  required: ['depositToAccount', 'transactionDate'],
  complete(draft) {
    const { file, request, record, before } = draft;
    const given = request.lines as Json[] | undefined;
    const lines = (record.lines ?? []) as Json[];
    const links = [...((record.links ?? []) as Link[])];
    for (const [n, asked] of (given ?? []).entries()) completeDepositLine(draft, lines[n] as Json, asked);
    const payments = lines.flatMap(({ paymentTransactionId: one }) => (one === undefined ? [] : [one as string]));
    const twice = payments.find((one, n) => payments.indexOf(one) !== n);
    if (twice !== undefined) throw notFound(twice);
    if (given !== undefined || before === null) {
      links.splice(0);
      for (const { id, paymentTransactionId } of lines) {
        const payment =
          paymentTransactionId === undefined ? undefined : file.find(DEPOSITABLE, paymentTransactionId as string);
        if (payment !== undefined) links.push(linkTo(payment, { linkType: 'deposit', line: id as string }));
      }
      if (lines.length === 0) throw cannotSave('Deposit', 'A deposit needs a line.');
    }
    record.links = links;
    const cashBack = record.cashBack as Json | undefined;
    if (cashBack !== undefined) cashBack.id ??= file.nextId('transaction');
    const back = (cashBack?.amount ?? '0') as string;
    const sum = total(lines.map(({ amount }) => (amount ?? '0') as string));
    record.totalAmount = total([sum, `-${back}`]);
    record.postings = [
      { account: (record.depositToAccount as Ref).id, amount: cents(record.totalAmount as string) },
      ...(cashBack === undefined ? [] : [{ account: (cashBack.account as Ref).id, amount: cents(back) }]),
      ...lines.map((line) => ({
        account: (line.account as Ref).id,
        amount: -cents((line.amount ?? '0') as string),
        ...(line.entity === undefined ? {} : { entity: (line.entity as Ref).id }),
        ...(line.class === undefined ? {} : { class: (line.class as Ref).id }),
        line: line.id as string,
      })),
    ] satisfies Posting[];
  },
  stored: ({ file, before }, object) => touch(file, [...linksIn(before), ...linksIn(object)]),
});

/** A line with a payment takes everything from it but the overrides; another one needs account and amount. */
function completeDepositLine({ file, id }: Draft, line: Json, asked: Json): void {
  const paymentId = asked.paymentTransactionId as string | undefined;
  if (paymentId !== undefined && paymentId !== line.taken) {
    const payment = file.find(DEPOSITABLE, paymentId);
    const undeposited = specialAccount(file, 'undeposited_funds');
    const taken = payment === undefined ? [] : linkedObjects(file, payment, 'deposit').filter((one) => one.id !== id);
    if (payment === undefined || taken.length > 0 || (payment.body.depositToAccount as Ref).id !== undeposited) {
      throw notFound(paymentId);
    }
    const { customer, totalAmount, refNumber, checkNumber, paymentMethod, memo, class: classRef } = payment.body;
    Object.assign(line, {
      taken: paymentId,
      paymentTransactionId: paymentId,
      transactionType: feedName(payment.resource),
      amount: totalAmount,
      entity: customer,
      account: { id: undeposited },
      checkNumber: checkNumber ?? refNumber,
      paymentMethod,
      memo,
      class: classRef,
    });
  }
  for (const [field, override] of [
    ['memo', asked.overrideMemo],
    ['checkNumber', asked.overrideCheckNumber],
  ] as const) {
    if (override !== undefined) line[field] = override;
  }
  if (asked.overrideClassId !== undefined) line.class = { id: asked.overrideClassId };
  if (line.account === undefined || line.amount === undefined) {
    throw cannotSave('Deposit', 'A line without a payment needs an account and an amount.');
  }
}

/** Money received; refunds and deposits come after the payments and receipts that they are linked to. */
export const PAYMENTS: readonly ResourceEntry[] = [receivePayments, creditCardRefunds, deposits];
