// Stock: quantities and values of inventory items, read from their postings to asset accounts.
import Big from 'big.js';
import { fromCents, price } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';

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
    `select object.resource, line.value ->> '$.item.id' as item, sum(
       (line.value ->> 'quantity') - coalesce((
         select sum(link.quantity) from conductor_quickbooksLinks as link
         where link.toObject = object.seq and link.toLine = line.value ->> 'id'
       ), 0)
     ) as quantity
     from conductor_quickbooksObjects as object
     cross join json_each(object.body, '$.lines') as line
     where object.endUserId = ? and object.resource in ('salesOrders', 'purchaseOrders')
       and line.value ->> '$.item.id' in (select value from json_each(?))
       and coalesce(object.body ->> 'isManuallyClosed', 0) = 0
       and coalesce(line.value ->> 'isManuallyClosed', 0) = 0
     group by object.resource, item`,
    file.endUserId,
    JSON.stringify(items),
  );
  return (resource, item) => rows.find((row) => row.resource === resource && row.item === item)?.quantity ?? 0;
}
