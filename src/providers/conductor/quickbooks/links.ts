// Links between transactions: what a payment, credit, deposit or order is linked with, and what is open because of it.
import { fromCents } from './amounts.ts';
import { type CompanyFile, type Json, pathOf, type StoredObject } from './company-file.ts';
import { camelCase, feedName } from './operations.ts';
import type { Posting } from './postings.ts';

/** What a link counts: money applied, quantities of an order, a payment in a deposit, or what a bill bills of a receipt. */
export type LinkType = 'amount' | 'quantity' | 'deposit' | 'billing';

/** A link as the body of its first end stores it: from a payment, credit or later document to the earlier one. */
export interface Link {
  /** The other end. */
  readonly id: string;
  /** Its resource as it is stored, e.g. `salesOrders`. */
  readonly resource: string;
  /** `deposit` and `billing` links show nowhere. */
  readonly linkType: LinkType;
  /** In cents; what the link takes off the open amount of both ends. */
  readonly amount?: number;
  /** In cents; the part of `amount` that only the other end counts, because no money was paid for it. */
  readonly discount?: number;
  readonly quantity?: number;
  /** What of the quantity of a purchase order came in with this document; all of it where it is absent. */
  readonly received?: number;
  /** What of the quantity of a purchase order was billed with this document; all of it where it is absent. */
  readonly billed?: number;
  readonly line?: string;
  readonly toLine?: string;
}

/** A link between two stored objects, seen from one of them. */
export interface LinkedObject {
  readonly other: number;
  readonly linkType: LinkType;
  readonly amount: number;
  readonly discount: number;
  readonly quantity: number | null;
  readonly received: number | null;
  readonly billed: number | null;
  /** Whether the link is stored with this object. */
  readonly outward: boolean;
  readonly ownLine: string | null;
  readonly otherLine: string | null;
}

/** The links of objects by `seq`, in the order in which they were made. */
export function linksOf(file: CompanyFile, seqs: readonly number[]): Map<number, LinkedObject[]> {
  const found = new Map<number, LinkedObject[]>();
  const add = (own: number, link: LinkedObject) => {
    const links = found.get(own);
    if (links === undefined) found.set(own, [link]);
    else links.push(link);
  };
  const wanted = JSON.stringify(seqs);
  for (const row of file.db.all<LinkRow>(OUTWARD, wanted)) {
    const { fromObject, toObject, fromLine, toLine, ...link } = row;
    add(fromObject, { ...link, other: toObject, outward: true, ownLine: fromLine, otherLine: toLine });
  }
  for (const row of file.db.all<LinkRow>(INWARD, wanted)) {
    const { fromObject, toObject, fromLine, toLine, ...link } = row;
    add(toObject, { ...link, other: fromObject, outward: false, ownLine: toLine, otherLine: fromLine });
  }
  return found;
}

interface LinkRow {
  fromObject: number;
  toObject: number;
  linkType: LinkType;
  amount: number;
  discount: number;
  quantity: number | null;
  received: number | null;
  billed: number | null;
  fromLine: string | null;
  toLine: string | null;
}

const SELECT =
  'select fromObject, toObject, linkType, amount, discount, quantity, received, billed, fromLine, toLine from conductor_quickbooksLinks';
const OUTWARD = `${SELECT} where fromObject in (select value from json_each(?)) order by seq`;
const INWARD = `${SELECT} where toObject in (select value from json_each(?)) order by seq`;

/**
 * Prepares the removal of an object's links: returns what takes them out of the other ends' bodies and gives those a
 * new revision, to be called once the object is gone.
 */
export function unlink(file: CompanyFile, object: StoredObject): () => void {
  const links = linksOf(file, [object.seq]).get(object.seq) ?? [];
  const others = file.read([...new Set(links.map(({ other }) => other))]);
  return () => {
    for (const other of others) {
      const body = { ...other.body };
      for (const field of ['links', 'appliedToTransactions', 'refundAppliedToTransactions']) {
        const kept = ((body[field] ?? []) as Json[]).filter((one) => (one.id ?? one.transactionId) !== object.id);
        if (kept.length === 0) delete body[field];
        else body[field] = kept;
      }
      if (body.postings !== undefined) {
        body.postings = (body.postings as Posting[]).filter((posting) => posting.with !== object.id);
      }
      file.replace(other, body);
    }
  };
}

/** The links that are stored with an object. */
export function linksIn(object: StoredObject | null): readonly Link[] {
  return (object?.body.links ?? []) as Link[];
}

/** Gives the other ends of links a new revision (our choice). */
export function touch(file: CompanyFile, links: readonly Link[]): void {
  const resources = new Map(links.map(({ id, resource }) => [id, resource]));
  for (const [id, resource] of resources) {
    const other = file.find(pathOf(resource), id);
    if (other !== undefined) file.replace(other, other.body);
  }
}

/** Credits, of which refunds and payments use something up. */
const CREDITS = new Set(['credit-memos', 'vendor-credits']);

/** The rows of `linkedTransactions` of a page of objects: both ends of a link show it (documented). */
export function linkedTransactions(file: CompanyFile, page: readonly StoredObject[]): (object: StoredObject) => Json[] {
  const links = linksOf(
    file,
    page.map(({ seq }) => seq),
  );
  const seqs = [...new Set([...links.values()].flat().map(({ other }) => other))];
  const others = new Map(file.read(seqs).map((object) => [object.seq, object]));
  return ({ seq, resource: own }) => {
    const rows = new Map<string, Json>();
    const shown = (links.get(seq) ?? []).filter(({ linkType }) => linkType !== 'deposit' && linkType !== 'billing');
    for (const { other, linkType, amount, outward } of shown) {
      const { id, resource, body } = others.get(other) as StoredObject;
      const key = `${id} ${linkType}`;
      const signed = (outward || CREDITS.has(own) ? 1 : -1) * amount + Number(rows.get(key)?.cents ?? 0);
      rows.set(key, {
        id,
        transactionType: feedName(resource),
        transactionDate: body.transactionDate,
        refNumber: body.refNumber,
        linkType,
        // Negative on what is paid, positive on the credit (documented for bills and vendor credits).
        amount: linkType === 'amount' ? fromCents(signed) : undefined,
        cents: signed,
      });
    }
    return [...rows.values()];
  };
}

/** What is linked to objects by amount, in cents: what has been taken off their open amounts or used of them. */
export function appliedAmounts(file: CompanyFile, page: readonly StoredObject[]): (object: StoredObject) => number {
  const links = linksOf(
    file,
    page.map(({ seq }) => seq),
  );
  return ({ seq }) =>
    (links.get(seq) ?? [])
      .filter(({ linkType }) => linkType === 'amount')
      .reduce((sum, { amount, discount, outward }) => sum + (outward ? amount - discount : amount), 0);
}

/** What has been taken off one object's open amount, in cents. */
export function appliedAmount(file: CompanyFile, object: StoredObject): number {
  return appliedAmounts(file, [object])(object);
}

/** What is applied of each line of an object whose lines are credits, in cents. */
export function linkedLines(file: CompanyFile, { seq }: StoredObject): Map<string, number> {
  const applied = new Map<string, number>();
  for (const { linkType, outward, ownLine, amount } of linksOf(file, [seq]).get(seq) ?? []) {
    if (linkType === 'amount' && outward && ownLine !== null)
      applied.set(ownLine, (applied.get(ownLine) ?? 0) + amount);
  }
  return applied;
}

/** The objects of a kind of link with an object, at the given end of it. */
export function linkedObjects(file: CompanyFile, { seq }: StoredObject, type: LinkType): StoredObject[] {
  const links = linksOf(file, [seq]).get(seq) ?? [];
  return file.read([...new Set(links.filter(({ linkType }) => linkType === type).map(({ other }) => other))]);
}

/** A link to an object, for the `links` of another one. */
export function linkTo(object: StoredObject, link: Omit<Link, 'id' | 'resource'>): Link {
  return { id: object.id, resource: camelCase(object.resource), ...link };
}
