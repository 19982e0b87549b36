// What an item says about a line: price, text, accounts, tax code.
import { percentOf, price } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { ITEMS } from './references.ts';

type Ref = { readonly id: string } | undefined;

/** The two sides of an item's data: it is sold, purchased, or both. */
function sides(body: Json): { both: Json; either: Json } {
  return {
    both: (body.salesAndPurchaseDetails ?? {}) as Json,
    either: (body.salesOrPurchaseDetails ?? {}) as Json,
  };
}

/** The item of a line. */
export function itemOf(file: CompanyFile, line: Json): StoredObject | undefined {
  const { item } = line as { item?: Ref };
  return item === undefined ? undefined : file.find(ITEMS, item.id);
}

/** The price of one for a sale; undefined for items without one. */
export function salesPrice({ body }: StoredObject): string | undefined {
  const { both, either } = sides(body);
  return (body.salesPrice ?? both.salesPrice ?? either.price) as string | undefined;
}

/** The text of an item on a sale. */
export function salesText({ body }: StoredObject): string | undefined {
  const { both, either } = sides(body);
  return (body.salesDescription ?? both.salesDescription ?? either.description ?? body.description) as
    | string
    | undefined;
}

/** The account that a sale of the item is posted to. */
export function incomeAccount({ body }: StoredObject): string | undefined {
  const { both, either } = sides(body);
  return ((body.incomeAccount ?? both.incomeAccount ?? either.postingAccount ?? body.account) as Ref)?.id;
}

/** Whether the item is kept in stock. */
export function isStocked({ resource }: StoredObject): boolean {
  return resource === 'inventory-items' || resource === 'inventory-assembly-items';
}

/** A price as a price level changes it (documented); the level itself is not shown. */
export function atPriceLevel(file: CompanyFile, level: string | undefined, item: StoredObject, from: string): string {
  const body = level === undefined ? undefined : file.find('price-levels', level)?.body;
  if (body === undefined) return from;
  if (body.fixedPercentage !== undefined) return price(percentOf(from, body.fixedPercentage as string).plus(from));
  const own = ((body.perItemPriceLevels ?? []) as Json[]).find((one) => (one.item as Ref)?.id === item.id);
  if (own?.customPrice !== undefined) return own.customPrice as string;
  if (own?.customPricePercent === undefined) return from;
  return price(percentOf(from, own.customPricePercent as string).plus(from));
}
