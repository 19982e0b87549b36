// Credits and what they are applied to: credit memos, vendor credits and journal credits reduce what is open elsewhere.
import { cents } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { CODES, notFound, refusal } from './failures.ts';
import { appliedAmount, type Link, linkTo } from './links.ts';

/** A credit to be applied, as requests write it. */
export interface CreditApplication {
  readonly creditTransactionId: string;
  readonly appliedAmount: string;
}

/** Which credits can be applied, and what is open of both ends, in cents. */
export interface CreditRules {
  readonly kinds: readonly string[];
  readonly accepts: (credit: StoredObject) => boolean;
  readonly left: (credit: StoredObject) => number;
  readonly open: (target: StoredObject) => number;
}

/**
 * Applies credits to a stored target: each becomes a link of the credit, which gets a new revision.
 *
 * @param kinds the resources whose objects are credits here
 * @param accepts whether a credit may be applied to the target: its party, its account
 * @param left what is left of a credit, in cents
 * @param open what is open of the target, in cents
 * @throws Failure 3120 for a credit that is not there or of another party, 3210 for more than there is
 */
export function applyCredits(
  file: CompanyFile,
  target: StoredObject,
  given: readonly CreditApplication[],
  { kinds, accepts, left, open }: CreditRules,
): void {
  for (const { creditTransactionId, appliedAmount: text } of given) {
    const credit = file.find(kinds, creditTransactionId);
    if (credit === undefined || !accepts(credit)) throw notFound(creditTransactionId);
    const amount = cents(text);
    if (amount <= 0 || amount > left(credit) || amount > open(target)) {
      throw refusal(
        CODES.value,
        `The amount "${text}" to be applied is more than the credit has left or the transaction has open.`,
      );
    }
    const links = [...((credit.body.links ?? []) as Link[]), linkTo(target, { linkType: 'amount', amount })];
    file.replace(credit, { ...credit.body, links } as Json);
  }
}

/** Whether a credit is of the customer of an invoice, of a job of it or of its parent, and of the same receivable. */
export function creditOfCustomer(file: CompanyFile, { body: invoice }: StoredObject): CreditRules['accepts'] {
  type Ref = { readonly id: string };
  const accountOf = (body: Json) => (body.receivablesAccount as Ref).id;
  const customerOf = ({ customer }: Json) => {
    const { fullName, name } = (file.find('customers', (customer as Ref).id) as StoredObject).body;
    return String(fullName ?? name).split(':')[0];
  };
  return ({ body }) => accountOf(body) === accountOf(invoice) && customerOf(body) === customerOf(invoice);
}

/** What is open of an object whose body has a total, in cents: the total without what is linked by amount. */
export function openAmount(file: CompanyFile, object: StoredObject, total: string): number {
  return cents(object.body[total] as string) - appliedAmount(file, object);
}
