// Credits and what they are applied to: credit memos, vendor credits and journal entries reduce what is open elsewhere.
import { cents, fromCents } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { requireRelatedUnlocked } from './desk-rules.ts';
import { CODES, cannotChange, notFound, refusal } from './failures.ts';
import { lineOf } from './lines.ts';
import { appliedAmount, linkedLines, linksIn, linkTo } from './links.ts';
import type { Draft } from './resource-entry.ts';

type Ref = { readonly id: string };

/** A credit to be applied, as requests write it. */
export interface CreditApplication {
  readonly creditTransactionId: string;
  readonly appliedAmount: string;
}

/** Which credits can be applied to a target. */
export interface CreditRules {
  /** The documents that are credits as a whole, and the field with their total. */
  readonly documents: string;
  readonly total: string;
  /** The side of a journal entry whose lines are credits (documented). */
  readonly side: 'creditLines' | 'debitLines';
  readonly account: 'receivablesAccount' | 'payablesAccount';
  readonly party: 'customer' | 'vendor';
  /** How messages call the target, and the field with its total. */
  readonly title: string;
  readonly targetTotal: string;
}

/** What can be applied to invoices. */
export const CUSTOMER_CREDITS: CreditRules = {
  documents: 'credit-memos',
  total: 'totalAmount',
  side: 'creditLines',
  account: 'receivablesAccount',
  party: 'customer',
  title: 'Invoice',
  targetTotal: 'totalAmount',
};

/** What can be applied to bills. */
export const VENDOR_CREDITS: CreditRules = {
  documents: 'vendor-credits',
  total: 'creditAmount',
  side: 'debitLines',
  account: 'payablesAccount',
  party: 'vendor',
  title: 'Bill',
  targetTotal: 'amountDue',
};

const JOURNAL = 'journal-entries';

/**
 * Applies credits to a stored target: each becomes a link of the credit, which gets a new revision. Credits of a journal
 * entry are its lines of the target's account and party, the first ones first (our choice).
 *
 * @throws Failure 3120 for a credit that is not there or of another party, 3176 for one that is open at the customer's
 * desk, 3210 for more than there is
 */
export function applyCredits(
  file: CompanyFile,
  target: StoredObject,
  given: readonly CreditApplication[],
  rules: CreditRules,
): void {
  for (const { creditTransactionId: id, appliedAmount: text } of given) {
    const credit = file.find([rules.documents, JOURNAL], id);
    const parts = credit === undefined ? [] : partsOf(file, credit, rules, target.body);
    if (credit === undefined || parts.length === 0) throw notFound(id);
    requireRelatedUnlocked(file, rules.title, target.id, [id]);
    const amount = cents(text);
    const left = parts.reduce((sum, part) => sum + part.left, 0);
    if (amount <= 0 || amount > left || amount > openAmount(file, target, rules.targetTotal)) {
      throw refusal(
        CODES.value,
        `The amount "${text}" to be applied is more than the credit has left or the transaction has open.`,
      );
    }
    let rest = amount;
    const links = parts.flatMap(({ line, left }) => {
      const taken = Math.min(left, rest);
      rest -= taken;
      return taken === 0 ? [] : [linkTo(target, { linkType: 'amount', amount: taken, ...(line && { line }) })];
    });
    file.replace(credit, { ...credit.body, links: [...linksIn(credit), ...links] } as Json);
  }
}

/** A part of a credit: what is left of it, and the line of a journal entry that it is. */
interface Part {
  readonly left: number;
  readonly line?: string;
}

/** The parts of a credit that can be applied to a target: none when the party or the account is another. */
function partsOf(file: CompanyFile, credit: StoredObject, rules: CreditRules, target: Json): Part[] {
  const { total, side, account, party } = rules;
  const isOfTarget = (to: unknown, whom: unknown) =>
    (to as Ref).id === (target[account] as Ref).id &&
    familyOf(file, party, whom as Ref) === familyOf(file, party, target[party] as Ref);
  const { body } = credit;
  if (credit.resource !== JOURNAL) {
    if (body.isPending === true) return [];
    return isOfTarget(body[account], body[party]) ? [{ left: openAmount(file, credit, total) }] : [];
  }
  const applied = linkedLines(file, credit);
  return ((body[side] ?? []) as Json[])
    .filter(({ account: to, entity }) => entity !== undefined && isOfTarget(to, entity))
    .map(({ id, amount }) => ({
      left: cents(amount as string) - (applied.get(id as string) ?? 0),
      line: id as string,
    }));
}

/** What the records of a party have in common: jobs share the name of their customer; a vendor stands for itself. */
export function familyOf(file: CompanyFile, party: CreditRules['party'], { id }: Ref): string | undefined {
  if (party === 'vendor') return id;
  const body = file.find('customers', id)?.body;
  return body && String(body.fullName ?? body.name).split(':')[0];
}

/** What is left of credits for a target, in cents. */
export function creditsLeft(file: CompanyFile, ids: readonly string[], target: Json, rules: CreditRules): number {
  return ids
    .flatMap((id) => file.find([rules.documents, JOURNAL], id) ?? [])
    .flatMap((credit) => partsOf(file, credit, rules, target))
    .reduce((sum, { left }) => sum + left, 0);
}

/** @throws Failure 3170 for a journal entry whose lines would no longer be what is applied of them */
export function keepAppliedLines({ file, record, before }: Draft): void {
  if (before === null) return;
  const whose = (line: Json | undefined) => JSON.stringify([line?.account, line?.entity]);
  for (const [id, applied] of linkedLines(file, before)) {
    const now = lineOf(record, id);
    if (whose(now) !== whose(lineOf(before.body, id)) || cents((now as Json).amount as string) < applied) {
      throw cannotChange(
        'Journal Entry',
        `Of the line "${id}" ${fromCents(applied)} are applied to another transaction.`,
      );
    }
  }
}

/**
 * @throws Failure 3170 for a document with something applied to it whose customer or account would change, or that would
 * be pending
 */
export function keepCustomer({ file, entry, record, before }: Draft): void {
  if (before === null || appliedAmount(file, before) === 0) return;
  if (record.isPending === true) throw cannotChange(entry.title, 'Something is applied to it: it cannot be pending.');
  const owed = ({ customer, receivablesAccount }: Json) =>
    [(customer as Ref).id, (receivablesAccount as Ref).id].join();
  if (owed(record) !== owed(before.body)) {
    throw cannotChange(entry.title, 'Something is applied to it: its customer and account stay.');
  }
}

/** What is open of an object whose body has a total, in cents: the total without what is linked by amount. */
export function openAmount(file: CompanyFile, object: StoredObject, total: string): number {
  return cents(object.body[total] as string) - appliedAmount(file, object);
}
