// Payments: what they are applied to, with discounts and credits.
import { cents, fromCents, money } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { applyCredits, type CreditApplication, type CreditRules, openAmount } from './credits.ts';
import { requireRelatedUnlocked } from './desk-rules.ts';
import { CODES, cannotSave, notFound, refusal } from './failures.ts';
import { type Link, linkedObjects, linkTo } from './links.ts';
import { feedName } from './operations.ts';
import type { Posting } from './postings.ts';
import type { Draft } from './resource-entry.ts';

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

/** The resources that can be paid, and the field with their total. */
export interface PaymentTargets {
  readonly targets: readonly string[];
  readonly total: string;
}

/** What payments of a family pay. */
export interface PaymentRules extends PaymentTargets {
  /** Whether a target may be paid by this payment: its party, its account. */
  readonly accepts: (target: StoredObject) => boolean;
  /** Whether what a payment has over discount and credits stays unused. */
  readonly leavesExcess?: boolean;
}

/**
 * Applies a payment: fills in `appliedToTransactions` and the links. What was applied before is replaced. Discount and
 * credits count first, the payment fills the rest (documented).
 *
 * @returns the sum of the amounts sent, in cents
 * @throws Failure 3120 for a target that cannot be paid, 3176 for one that is open at the desk, 3180 for an empty
 * application, 3210 for too much
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
    requireRelatedUnlocked(file, draft.entry.title, draft.id, [id]);
    const own = earlier.filter((link) => link.id === id).reduce((sum, { amount = 0 }) => sum + amount, 0);
    const open = openAmount(file, target, rules.total) + own - (taken.get(id) ?? 0);
    if (open === 0) throw notFound(id);
    const [payment, discount] = [cents(paymentAmount), cents(discountAmount)];
    const credited = credits.reduce((sum, { appliedAmount }) => sum + cents(appliedAmount), 0);
    if (payment === 0 && discount === 0 && credits.length === 0) {
      throw cannotSave(draft.entry.title, 'An application needs a payment, a discount or a credit.');
    }
    const rest = open - discount - credited;
    const over = rules.leavesExcess === true ? payment + discount > open || rest < 0 : payment > rest;
    if (payment < 0 || discount < 0 || over) {
      throw refusal(CODES.value, `The amount applied to "${id}" is more than its open balance of ${fromCents(open)}.`);
    }
    paid += payment;
    const used = Math.min(payment, rest);
    taken.set(id, (taken.get(id) ?? 0) + used + discount + credited);
    if (used + discount > 0) {
      links.push(linkTo(target, { linkType: 'amount', amount: used + discount, ...(discount > 0 && { discount }) }));
    }
    return {
      transactionId: id,
      amount: fromCents(used),
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
  targets: string,
  rules: CreditRules,
): void {
  for (const { transactionId, applyCredits: credits = [] } of applications) {
    applyCredits(file, file.find(targets, transactionId) as StoredObject, credits, rules);
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
