// What follows from orders: documents take over their open lines, and count as their fulfilment.

import { invalid } from '../errors.ts';
import { money, times, total } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { familyOf } from './credits.ts';
import { CODES, cannotChange, cannotSave, notFound, refusal } from './failures.ts';
import { itemOf } from './item-prices.ts';
import { type Link, linkedObjects, linksIn, linksOf, linkTo } from './links.ts';
import type { Draft } from './resource-entry.ts';
import { allLines } from './sales-documents.ts';

/** What fulfils an order: for purchases, what came in and what was billed are counted apart. */
export type Fulfilment = 'quantity' | 'received' | 'billed';

/** What a document may be linked to, and how its lines follow from those of the order. */
export interface OrderRules {
  /** The resource of the orders, e.g. `sales-orders`. */
  readonly orders: string;
  /** What the document fulfils of an order; an order of which nothing is left of it is closed. */
  readonly fulfils: Fulfilment;
  /** The array of the lines that may be linked, also in groups, and that of the groups. */
  readonly lines: 'lines' | 'itemLines';
  readonly groups: 'lineGroups' | 'itemGroupLines';
  /** Fields of a line and those of the order's line that they are copied from. */
  readonly copied: Readonly<Record<string, string>>;
  readonly unitField: 'rate' | 'cost';
}

/** How much of each line of orders has been fulfilled, by line id. */
export function fulfilled(
  file: CompanyFile,
  orders: readonly StoredObject[],
  counted: Fulfilment = 'quantity',
): (object: StoredObject) => Map<string, number> {
  const links = linksOf(
    file,
    orders.map(({ seq }) => seq),
  );
  return ({ seq }) => {
    const quantities = new Map<string, number>();
    const taken = (links.get(seq) ?? []).filter(({ linkType, outward }) => linkType === 'quantity' && !outward);
    for (const link of taken) {
      const line = String(link.ownLine);
      quantities.set(line, (quantities.get(line) ?? 0) + Number(link[counted]));
    }
    return quantities;
  };
}

/**
 * The lines of an order that something is still open of, those in groups included, with the open quantity. `links` are
 * those that the document has taken so far.
 */
function openLines(
  file: CompanyFile,
  order: StoredObject,
  fulfils: Fulfilment,
  links: readonly Link[],
): { line: Json; open: number }[] {
  if (order.body.isManuallyClosed === true) return [];
  const done = fulfilled(file, [order], fulfils)(order);
  for (const { toLine, quantity } of links) {
    if (toLine !== undefined) done.set(toLine, (done.get(toLine) ?? 0) + (quantity as number));
  }
  return allLines(order.body).flatMap((line) => {
    const open = ((line.quantity ?? 1) as number) - (done.get(line.id as string) ?? 0);
    return line.isManuallyClosed === true || line.item === undefined || open <= 0 ? [] : [{ line, open }];
  });
}

/**
 * Adds the lines of the orders that a new document is linked to, and the links. `linkToTransactionIds` copies all open
 * lines, `linkToTransactionLine` of a line takes item, text and price of one (documented).
 *
 * @throws Failure 3120, 3180 for an order of somebody else, 570 for one that is closed, PARAMETER_INVALID for forms that
 * exclude each other
 */
export function takeOrders(draft: Draft, rules: OrderRules): void {
  const { file, request, record, before } = draft;
  const { orders, fulfils, lines: field, groups: groupField } = rules;
  if (before !== null) {
    followLines(record, rules);
    return;
  }
  const whole = (request.linkToTransactionIds ?? []) as string[];
  const links = (record.links ?? []) as Link[];
  const lines = (record[field] ?? []) as Json[];
  const groups = (record[groupField] ?? []) as Json[];
  const given = (request[field] ?? []) as Json[];
  for (const [n, line] of given.entries()) {
    const asked = line.linkToTransactionLine as { transactionId: string; transactionLineId: string } | undefined;
    if (asked === undefined) continue;
    if (line.itemId !== undefined)
      throw invalid(`Invalid input: a linked line takes its item from the other at "${field}[${n}].itemId"`);
    if (whole.includes(asked.transactionId)) {
      throw invalid(
        `Invalid input: the transaction is linked as a whole already at "${field}[${n}].linkToTransactionLine"`,
      );
    }
    const order = orderOf(draft, orders, asked.transactionId);
    const source = openLines(file, order, fulfils, links).find((one) => one.line.id === asked.transactionLineId);
    if (source === undefined) {
      const known = allLines(order.body).some(({ id }) => id === asked.transactionLineId);
      throw known ? closed(asked.transactionId) : notFound(asked.transactionLineId);
    }
    const own = lines[n] as Json;
    copyLine(file, own, source.line, source.open, rules);
    links.push(
      linkTo(order, {
        linkType: 'quantity',
        quantity: (own.quantity ?? 1) as number,
        line: own.id as string,
        toLine: source.line.id as string,
      }),
    );
  }
  for (const id of whole) {
    const order = orderOf(draft, orders, id);
    const open = openLines(file, order, fulfils, links);
    if (open.length === 0) throw closed(id);
    const copies = new Map<Json, Json>();
    for (const { line, open: quantity } of open) {
      const own: Json = { id: file.nextId('transaction') };
      copyLine(file, own, line, quantity, rules);
      const group = ((order.body.lineGroups ?? []) as Json[]).find((one) =>
        allLines({ lineGroups: [one] }).includes(line),
      );
      if (group === undefined) lines.push(own);
      else {
        const copy = copies.get(group) ?? copyGroup(file, group, field);
        copies.set(group, copy);
        (copy[field] as Json[]).push(own);
      }
      links.push(linkTo(order, { linkType: 'quantity', quantity, line: own.id as string, toLine: line.id as string }));
    }
    for (const copy of copies.values())
      copy.totalAmount = total((copy[field] as Json[]).map(({ amount }) => amount as string | undefined));
    groups.push(...copies.values());
  }
  if (links.length > 0) Object.assign(record, { links, [field]: lines, [groupField]: groups });
}

/** What a document takes of orders follows its lines: one that is dropped takes nothing, another one its quantity. */
function followLines(record: Json, { lines: field, groups }: OrderRules): void {
  const inGroups = ((record[groups] ?? []) as Json[]).flatMap((group) => (group[field] ?? []) as Json[]);
  const lines = new Map([...((record[field] ?? []) as Json[]), ...inGroups].map((line) => [line.id as string, line]));
  record.links = ((record.links ?? []) as Link[]).flatMap((link) => {
    if (link.linkType !== 'quantity') return [link];
    const line = lines.get(link.line as string);
    return line === undefined ? [] : [{ ...link, quantity: (line.quantity ?? 1) as number }];
  });
}

/** The links of a document to orders that a write made, changed or dropped. */
export function changedOrderLinks(before: StoredObject | null, after: StoredObject): Link[] {
  const toOrders = (object: StoredObject | null) => linksIn(object).filter(({ linkType }) => linkType === 'quantity');
  const [earlier, now] = [toOrders(before), toOrders(after)];
  return JSON.stringify(earlier) === JSON.stringify(now) ? [] : [...earlier, ...now];
}

function closed(id: string) {
  return refusal(CODES.closedOrder, `Unable to link to transaction "${id}" because it has already been closed.`);
}

function orderOf({ file, entry, record }: Draft, orders: string, id: string): StoredObject {
  const order = file.find(orders, id);
  if (order !== undefined) {
    if (isOfParty(file, order, record)) return order;
    throw cannotSave(entry.title, `The transaction "${id}" is of another ${partyField(order.body)}.`);
  }
  const other = file.db.get(
    'select 1 from conductor_quickbooksObjects where +endUserId = ? and id = ? and transactionDate is not null',
    file.endUserId,
    id,
  );
  throw other === undefined
    ? notFound(id)
    : cannotSave(entry.title, `The transaction "${id}" is of a type that cannot be linked here.`);
}

/** The field that names the customer or vendor of a document. */
function partyField(body: Json): 'customer' | 'vendor' {
  return body.vendor === undefined ? 'customer' : 'vendor';
}

/** Whether an order and a document are with the same vendor, or the same customer or its jobs (our choice). */
function isOfParty(file: CompanyFile, order: StoredObject, record: Json): boolean {
  const party = partyField(record);
  const [one, other] = [order.body, record].map((body) => {
    const whom = body[party] as { id: string } | undefined;
    return whom && familyOf(file, party, whom);
  });
  return one === other;
}

/** @throws Failure 3170 for a linked document whose customer or vendor would be another one than that of its orders */
export function keepOrdersOfParty({ file, entry, record, before }: Draft): void {
  if (before === null) return;
  const kept = (record.links as Link[]).map(({ id }) => id);
  const linked = linkedObjects(file, before, 'quantity').filter(({ id }) => kept.includes(id));
  if (linked.every((order) => isOfParty(file, order, record))) return;
  throw cannotChange(entry.title, `It is linked to an order: its ${partyField(record)} stays.`);
}

/** Items without a quantity. */
const UNCOUNTED = ['discount-items', 'subtotal-items', 'sales-tax-items'];

function copyLine(file: CompanyFile, own: Json, from: Json, open: number, { copied, unitField }: OrderRules): void {
  for (const [field, source] of Object.entries(copied)) {
    if (from[source] !== undefined) own[field] ??= structuredClone(from[source]);
  }
  if (!UNCOUNTED.includes(String(itemOf(file, from)?.resource))) own.quantity ??= open;
  if (own.amount === undefined && own[unitField] !== undefined) {
    own.amount = money(times(own[unitField] as string, (own.quantity ?? 1) as number));
  }
}

/** A group without its lines. */
function copyGroup(file: CompanyFile, { id: _, lines: __, ...group }: Json, field: OrderRules['lines']): Json {
  return { ...structuredClone(group), id: file.nextId('transaction'), [field]: [] };
}

/** @throws Failure 3170 for an order that would lose its party, or a line, while other transactions are linked to it */
export function keepFulfilledLines({ file, entry, record, before }: Draft): void {
  if (before === null) return;
  const kept = new Set(allLines(record).map(({ id }) => id));
  const done = [...fulfilled(file, [before])(before).keys()];
  if (done.length > 0 && !isOfParty(file, before, record)) {
    throw cannotChange(entry.title, `It is linked to another transaction: its ${partyField(record)} stays.`);
  }
  const lost = done.find((line) => !kept.has(line));
  if (lost === undefined) return;
  throw cannotChange(entry.title, `The line "${lost}" is linked to another transaction, so it cannot be removed.`);
}
