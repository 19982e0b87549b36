// What follows from orders: documents take over their open lines, and count as their fulfilment.

import { invalid } from '../errors.ts';
import { money, times } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { CODES, cannotChange, cannotSave, notFound, refusal } from './failures.ts';
import { type Link, linksIn, linksOf, linkTo } from './links.ts';
import type { Draft } from './resource-entry.ts';

/** What fulfils an order: for purchases, what came in and what was billed are counted apart. */
export type Fulfilment = 'quantity' | 'received' | 'billed';

/** What a document may be linked to, and how its lines follow from those of the order. */
export interface OrderRules {
  /** The resource of the orders, e.g. `sales-orders`. */
  readonly orders: string;
  /** What the document fulfils of an order; an order of which nothing is left of it is closed. */
  readonly fulfils: Fulfilment;
  /** The array of the lines that may be linked. */
  readonly lines: 'lines' | 'itemLines';
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

/** The lines of an order that something is still open of, with the open quantity. */
function openLines(file: CompanyFile, order: StoredObject, fulfils: Fulfilment): { line: Json; open: number }[] {
  if (order.body.isManuallyClosed === true) return [];
  const done = fulfilled(file, [order], fulfils)(order);
  return ((order.body.lines ?? []) as Json[]).flatMap((line) => {
    const open = ((line.quantity ?? 1) as number) - (done.get(line.id as string) ?? 0);
    return line.isManuallyClosed === true || line.item === undefined || open <= 0 ? [] : [{ line, open }];
  });
}

/**
 * Adds the lines of the orders that a new document is linked to, and the links. `linkToTransactionIds` copies all open
 * lines, `linkToTransactionLine` of a line takes item, text and price of one (documented).
 *
 * @throws Failure 3120, 570 for an order that is closed, PARAMETER_INVALID for forms that exclude each other
 */
export function takeOrders(draft: Draft, rules: OrderRules): void {
  const { file, request, record, before } = draft;
  const { orders, fulfils, lines: field } = rules;
  if (before !== null) {
    followLines(record, field);
    return;
  }
  const whole = (request.linkToTransactionIds ?? []) as string[];
  const links = (record.links ?? []) as Link[];
  const lines = (record[field] ?? []) as Json[];
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
    const source = openLines(file, order, fulfils).find((one) => one.line.id === asked.transactionLineId);
    if (source === undefined) {
      const known = ((order.body.lines ?? []) as Json[]).some(({ id }) => id === asked.transactionLineId);
      throw known ? closed(asked.transactionId) : notFound(asked.transactionLineId);
    }
    const own = lines[n] as Json;
    copyLine(own, source.line, source.open, rules);
    links.push(
      linkTo(order, {
        linkType: 'quantity',
        quantity: own.quantity as number,
        line: own.id as string,
        toLine: source.line.id as string,
      }),
    );
  }
  for (const id of whole) {
    const order = orderOf(draft, orders, id);
    const open = openLines(file, order, fulfils);
    if (open.length === 0) throw closed(id);
    for (const { line, open: quantity } of open) {
      const own: Json = { id: file.nextId('transaction') };
      copyLine(own, line, quantity, rules);
      lines.push(own);
      links.push(linkTo(order, { linkType: 'quantity', quantity, line: own.id as string, toLine: line.id as string }));
    }
  }
  if (links.length > 0) Object.assign(record, { links, [field]: lines });
}

/** What a document takes of orders follows its lines: one that is dropped takes nothing, another one its quantity. */
function followLines(record: Json, field: OrderRules['lines']): void {
  const lines = new Map(((record[field] ?? []) as Json[]).map((line) => [line.id as string, line]));
  record.links = ((record.links ?? []) as Link[]).flatMap((link) => {
    if (link.linkType !== 'quantity') return [link];
    const line = lines.get(link.line as string);
    return line === undefined ? [] : [{ ...link, quantity: line.quantity as number }];
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

function orderOf({ file, entry }: Draft, orders: string, id: string): StoredObject {
  const order = file.find(orders, id);
  if (order !== undefined) return order;
  const other = file.db.get(
    'select 1 from conductor_quickbooksObjects where +endUserId = ? and id = ? and transactionDate is not null',
    file.endUserId,
    id,
  );
  throw other === undefined
    ? notFound(id)
    : cannotSave(entry.title, `The transaction "${id}" is of a type that cannot be linked here.`);
}

function copyLine(own: Json, from: Json, open: number, { copied, unitField }: OrderRules): void {
  for (const [field, source] of Object.entries(copied)) {
    if (from[source] !== undefined) own[field] ??= structuredClone(from[source]);
  }
  own.quantity ??= open;
  if (own.amount === undefined && own[unitField] !== undefined) {
    own.amount = money(times(own[unitField] as string, own.quantity as number));
  }
}

/** @throws Failure 3170 for an order that would lose a line that other transactions are linked to */
export function keepFulfilledLines({ file, entry, record, before }: Draft): void {
  if (before === null) return;
  const kept = new Set(((record.lines ?? []) as Json[]).map(({ id }) => id));
  const lost = [...fulfilled(file, [before])(before).keys()].find((line) => !kept.has(line));
  if (lost === undefined) return;
  throw cannotChange(entry.title, `The line "${lost}" is linked to another transaction, so it cannot be removed.`);
}
