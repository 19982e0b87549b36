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

/** The open amount of something with a total, in cents. */
export type OpenAmount = (object: StoredObject) => number;

/**
 * Applies credits to a stored target: each becomes a link of the credit, which gets a new revision.
 *
 * @param kinds the resources whose objects are credits here
 * @param remainder what is left of a credit, and what is open of the target, in cents
 * @throws Failure 3120 for a credit that is not there, 3210 for more than there is
 */
export function applyCredits(
  file: CompanyFile,
  target: StoredObject,
  given: readonly CreditApplication[],
  { kinds, left, open }: { readonly kinds: readonly string[]; readonly left: OpenAmount; readonly open: OpenAmount },
): void {
  for (const { creditTransactionId, appliedAmount: text } of given) {
    const credit = file.find(kinds, creditTransactionId);
    if (credit === undefined) throw notFound(creditTransactionId);
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

/** What is open of an object whose body has a total, in cents: the total without what is linked by amount. */
export function openAmount(file: CompanyFile, object: StoredObject, total: string): number {
  return cents((object.body[total] ?? '0') as string) - appliedAmount(file, object);
}
