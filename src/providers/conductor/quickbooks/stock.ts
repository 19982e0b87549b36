// Stock: quantities and values of inventory items, read from their postings to asset accounts.
import Big from 'big.js';
import { fromCents, price } from './amounts.ts';
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

/** The quantities and costs that a page of inventory items shows. */
export function shownStock(file: CompanyFile, page: readonly StoredObject[]): (object: StoredObject) => Json {
  const ids = page.map(({ id }) => id);
  const stock = stockOf(file, ids);
  const ordered = openOrders(file, ids);
  return ({ id, body }) => ({
    quantityOnHand: stock.get(id)?.quantity ?? 0,
    averageCost: averageCost(stock.get(id), body),
    quantityOnPurchaseOrder: ordered('purchaseOrders', id),
    quantityOnSalesOrder: ordered('salesOrders', id),
  });
}

/** What open orders still ask for of each item. */
function openOrders(file: CompanyFile, items: readonly string[]): (resource: string, item: string) => number {
  const rows = file.db.all<{ resource: string; item: string; quantity: number }>(
    `with lines as (
       ${linesOf("json_each(object.body, '$.lines') as line")}
       union all
       ${linesOf("json_each(object.body, '$.lineGroups') as lineGroup cross join json_each(lineGroup.value, '$.lines') as line")}
     )
     select resource, line ->> '$.item.id' as item, sum(
       max(0, coalesce(line ->> 'quantity', 1) - coalesce((
         select sum(coalesce(link.received, link.quantity)) from conductor_quickbooksLinks as link
         where link.toObject = lines.seq and link.toLine = lines.line ->> 'id'
       ), 0))
     ) as quantity
     from lines
     where line ->> '$.item.id' in (select value from json_each(?)) and coalesce(line ->> 'isManuallyClosed', 0) = 0
     group by resource, item`,
    file.endUserId,
    file.endUserId,
    JSON.stringify(items),
  );
  return (resource, item) => rows.find((row) => row.resource === resource && row.item === item)?.quantity ?? 0;
}

/** The lines of all open orders, from where they are in the bodies. */
function linesOf(place: string): string {
  return `select object.seq, object.resource, line.value as line
    from conductor_quickbooksObjects as object cross join ${place}
    where object.endUserId = ? and object.resource in ('salesOrders', 'purchaseOrders')
      and coalesce(object.body ->> 'isManuallyClosed', 0) = 0`;
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
