// Bills of goods that an item receipt brought in before: what is covered moves no stock and is owed only once.
import { cents, times } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { cannotChange, cannotRemove } from './failures.ts';
import { purchasedLines } from './lines.ts';
import { type Link, linksOf, linkTo } from './links.ts';
import type { Draft } from './resource-entry.ts';

type Ref = { readonly id: string };

/** A part of a receipt's line, in pieces and cents. */
interface Part {
  readonly quantity: number;
  readonly amount: number;
}

/** What an item receipt takes of purchase orders: everything came in, nothing is billed. */
export function receiveOrders(record: Json): void {
  record.links = ((record.links ?? []) as Link[]).map((link) => ({ ...link, received: link.quantity, billed: 0 }));
}

/**
 * Completes what a bill takes of purchase orders: all of it is billed. What receipts brought in and nobody billed is
 * covered by hidden `billing` links; the rest came in with the bill. A change of the bill can only give back.
 */
export function billOrders({ file, record, before }: Draft): void {
  const links = (record.links ?? []) as Link[];
  const earlier = links.filter(({ linkType }) => linkType === 'billing');
  const covers: Link[] = [];
  const orders = links.filter(({ linkType }) => linkType === 'quantity');
  const billed = orders.map((link) => {
    const own = before === null ? receiptsOf(file, link, covers) : earlier.filter(({ line }) => line === link.line);
    let left = link.quantity as number;
    for (const cover of own) {
      const part = partOf({ quantity: cover.quantity as number, amount: cover.amount as number }, left);
      if (part.quantity <= 0) continue;
      covers.push({ ...cover, ...part });
      left -= part.quantity;
    }
    return { ...link, billed: link.quantity, received: left } as Link;
  });
  record.links = [...billed, ...covers];
}

/** At most so many pieces, with their share of the amount. */
function partOf(whole: Part, quantity: number): Part {
  if (quantity >= whole.quantity) return whole;
  return { quantity, amount: times(whole.amount, quantity).div(whole.quantity).round().toNumber() };
}

/** What of an order's line came in with receipts and is in no bill, one link for each line of a receipt. */
function receiptsOf(file: CompanyFile, link: Link, covers: readonly Link[]): Link[] {
  const order = file.find('purchase-orders', link.id) as StoredObject;
  const incoming = (linksOf(file, [order.seq]).get(order.seq) ?? []).filter(
    ({ outward, ownLine, billed }) => !outward && ownLine === link.toLine && billed === 0,
  );
  return incoming.flatMap(({ other, otherLine }) => {
    const receipt = file.read([other])[0] as StoredObject;
    const line = purchasedLines(receipt.body).find(({ id }) => id === otherLine) as Json;
    const taken = [
      ...billedParts(file, receipt).filter(({ ownLine }) => ownLine === otherLine),
      ...covers
        .filter(({ toLine }) => toLine === otherLine)
        .map(({ quantity = 0, amount = 0 }) => ({ quantity, amount })),
    ];
    const quantity = taken.reduce((left, one) => left - Number(one.quantity), line.quantity as number);
    const amount = taken.reduce((left, one) => left - one.amount, cents(line.amount as string | undefined));
    if (quantity <= 0) return [];
    return [
      linkTo(receipt, { linkType: 'billing', quantity, amount, line: link.line as string, toLine: line.id as string }),
    ];
  });
}

/** The links of bills to a receipt. */
function billedParts(file: CompanyFile, { seq }: StoredObject) {
  return (linksOf(file, [seq]).get(seq) ?? []).filter(({ linkType }) => linkType === 'billing');
}

/** What a bill's lines cover of receipts, by line. */
export function coveredByLine(record: Json): Map<string, Part> {
  const found = new Map<string, Part>();
  for (const { linkType, line, quantity = 0, amount = 0 } of (record.links ?? []) as Link[]) {
    if (linkType !== 'billing') continue;
    const before = found.get(line as string) ?? { quantity: 0, amount: 0 };
    found.set(line as string, { quantity: before.quantity + quantity, amount: before.amount + amount });
  }
  return found;
}

/** @throws Failure 3170 for a receipt whose billed lines, vendor or account would change */
export function keepBilledLines({ file, record, before }: Draft): void {
  if (before === null) return;
  const owed = ({ vendor, payablesAccount }: Json) => [(vendor as Ref).id, (payablesAccount as Ref).id].join();
  for (const { ownLine } of billedParts(file, before)) {
    if (lineFacts(record, ownLine) !== lineFacts(before.body, ownLine) || owed(record) !== owed(before.body)) {
      throw cannotChange('Item Receipt', `The line "${ownLine}" has been billed.`);
    }
  }
}

/** What a bill takes from a line of a receipt. */
function lineFacts(record: Json, id: string | null): string {
  const line = purchasedLines(record).find((one) => one.id === id);
  return JSON.stringify([line?.item, line?.quantity, line?.amount, line?.postingAccount]);
}

/** @throws Failure 3160 for a receipt that has been billed */
export function refuseBilled(file: CompanyFile, receipt: StoredObject, verb: 'delete' | 'void'): void {
  if (billedParts(file, receipt).length > 0) throw cannotRemove(receipt.id, verb, 'It has been billed.');
}
