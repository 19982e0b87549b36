// Stock: quantities and values of inventory items, read from their postings to asset accounts.
import Big from 'big.js';
import { cents, fromCents, price } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import type { Posting } from './postings.ts';

/** What there is of an item, and what it is worth, in cents. */
export interface Stock {
  readonly quantity: number;
  readonly value: number;
}

/** The stock of items by id. */
export function stockOf(file: CompanyFile, items: readonly string[]): Map<string, Stock> {
  const rows = file.db.all<{ item: string; quantity: number; value: number }>(
    `select item, sum(quantity) as quantity, sum(amount) as value from conductor_quickbooksPostings as posting
     where item in (select value from json_each(?)) and quantity is not null and exists (
       select 1 from conductor_quickbooksObjects as object where object.seq = posting.object and object.endUserId = ?
     ) group by item`,
    JSON.stringify(items),
    file.endUserId,
  );
  return new Map(rows.map(({ item, quantity, value }) => [item, { quantity, value }]));
}

/** The cost of one piece: the average of what is in stock, else the item's purchase cost (known of QuickBooks). */
export function averageCost(stock: Stock | undefined, item: Json): string {
  if (stock === undefined || stock.quantity <= 0) return (item.purchaseCost as string | undefined) ?? '0.00';
  return price(Big(fromCents(stock.value)).div(stock.quantity));
}

/** What some pieces are worth at the average cost, in cents: all of the stock is worth its whole value. */
export function worthOf(stock: Stock | undefined, item: Json, quantity: number): number {
  if (stock === undefined || stock.quantity <= 0) return cents(Big(averageCost(stock, item)).times(quantity));
  return cents(Big(fromCents(stock.value)).times(quantity).div(stock.quantity));
}

/** The quantities and costs that a page of inventory items shows. */
export function shownStock(file: CompanyFile, page: readonly StoredObject[]): (object: StoredObject) => Json {
  const ids = page.map(({ id }) => id);
  const stock = stockOf(file, ids);
  const orders = openOrders(file, ids);
  const ordered = (resource: string, id: string) =>
    orders.reduce((sum, row) => (row.resource === resource && row.item === id ? sum + row.quantity : sum), 0);
  return ({ id, body }) => ({
    quantityOnHand: stock.get(id)?.quantity ?? 0,
    averageCost: averageCost(stock.get(id), body),
    quantityOnPurchaseOrder: ordered('purchaseOrders', id),
    quantityOnSalesOrder: ordered('salesOrders', id),
  });
}

/** What orders of a resource still ask for of an item, at a site where they name one. */
export interface OpenOrders {
  readonly resource: string;
  readonly item: string;
  readonly site: string | null;
  readonly quantity: number;
}

/** What open orders still ask for of items; by site only where that is asked for, because it takes longer. */
export function openOrders(file: CompanyFile, items: readonly string[], { bySite = false } = {}): OpenOrders[] {
  const wanted = JSON.stringify(items);
  return file.db.all<OpenOrders>(
    `with lines as materialized (
       ${linesOf("json_each(object.body, '$.lines') as line", 'lines', bySite)}
       union all
       ${linesOf(`${GROUPS} cross join json_each(lineGroup.value, '$.lines') as line`, 'lineGroups', bySite)}
     )
     select resource, item, site, sum(
       max(0, quantity - coalesce((
         select sum(coalesce(link.received, link.quantity)) from conductor_quickbooksLinks as link
         where link.toObject = lines.seq and link.toLine = lines.id
       ), 0))
     ) as quantity
     from lines group by resource, item, site`,
    ...[file.endUserId, wanted],
    ...[file.endUserId, wanted],
  );
}

const GROUPS = "json_each(object.body, '$.lineGroups') as lineGroup";
const SITE = "coalesce(line.value ->> '$.inventorySite.id', object.body ->> '$.inventorySite.id')";

/** The open lines of items in open orders, from where they are in the bodies; a body without the field is not parsed. */
function linesOf(place: string, field: string, bySite: boolean): string {
  return `select object.seq as seq, object.resource as resource, line.value ->> '$.item.id' as item,
      coalesce(line.value ->> 'quantity', 1) as quantity, line.value ->> 'id' as id, ${bySite ? SITE : 'null'} as site
    from conductor_quickbooksObjects as object cross join ${place}
    where object.endUserId = ? and object.resource in ('salesOrders', 'purchaseOrders')
      and instr(object.body, '"${field}":') > 0
      and line.value ->> '$.item.id' in (select value from json_each(?))
      and coalesce(object.body ->> 'isManuallyClosed', 0) = 0
      and coalesce(line.value ->> 'isManuallyClosed', 0) = 0`;
}

/** The stock of items as it is without what an object posted before. */
export function stockWithout(
  file: CompanyFile,
  before: StoredObject | null,
  items: readonly string[],
): Map<string, Stock> {
  const stock = stockOf(file, items);
  for (const { item = '', quantity, amount } of (before?.body.postings ?? []) as Posting[]) {
    const there = stock.get(item);
    if (quantity === undefined || there === undefined) continue;
    stock.set(item, { quantity: there.quantity - quantity, value: there.value - amount });
  }
  return stock;
}
