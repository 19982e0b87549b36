// Price levels: a percentage on everything, or prices of their own for items.
import { invalid } from '../../errors.ts';
import { decimalText, percentOf, price } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { cannotChange, missing } from '../failures.ts';
import { ITEMS } from '../references.ts';
import { list } from '../resource-entry.ts';

/** Price levels. */
export const PRICE_LEVELS = list('price-levels', 'Price Level', {
  example: { create: { name: 'Trade', fixedPercentage: '-5' } },
  required: ['name'],
  complete({ file, request, record, before }) {
    const fixed = request.fixedPercentage !== undefined;
    if (fixed && request.perItemPriceLevels !== undefined) {
      throw invalid(
        'Invalid input: only one of fixedPercentage and perItemPriceLevels may be given at "perItemPriceLevels"',
      );
    }
    if (before !== null && fixed) throw cannotChange('Price Level', 'The percentage of a price level cannot change.');
    if (record.fixedPercentage !== undefined && request.perItemPriceLevels !== undefined) {
      throw cannotChange('Price Level', 'A price level with a fixed percentage has no prices of items.');
    }
    record.priceLevelType = record.fixedPercentage === undefined ? 'per_item' : 'fixed_percentage';
    const sent = (request.perItemPriceLevels ?? []) as Json[];
    const stored = (record.perItemPriceLevels ?? []) as Json[];
    const earlier = (before?.body.perItemPriceLevels ?? []) as Json[];
    for (const [n, asked] of sent.entries()) {
      requireOnePrice(asked, n);
      const { adjustPercentage, adjustRelativeTo, itemId } = asked;
      if (adjustPercentage === undefined) continue;
      const before = earlier.find(({ item }) => (item as Json).id === itemId)?.customPrice as string | undefined;
      const from = comparedPrice(file, itemId as string, adjustRelativeTo as string | undefined, before);
      const percent = decimalText('adjustPercentage', adjustPercentage as string);
      (stored[n] as Json).customPrice = price(percentOf(from, percent).plus(from));
    }
  },
});

/** The ways to price an item, of which each item has one (documented). */
const PRICES = ['customPrice', 'customPricePercent', 'adjustPercentage'];

/** @throws Failure PARAMETER_INVALID for two prices of an item, 3150 for none, or for an adjustment relative to nothing */
function requireOnePrice(asked: Json, n: number): void {
  const given = PRICES.filter((field) => asked[field] !== undefined);
  if (given.length > 1) {
    throw invalid(
      `Invalid input: only one of ${given.join(', ')} may be given at "perItemPriceLevels[${n}].${given[1]}"`,
    );
  }
  if (given.length === 0) throw missing('CustomPrice');
  if (given[0] === 'adjustPercentage' && asked.adjustRelativeTo === undefined) throw missing('AdjustRelativeTo');
}

/** The price that an adjustment is relative to (known of QuickBooks). */
function comparedPrice(file: CompanyFile, id: string, to: string | undefined, custom: string | undefined): string {
  const { body } = file.find(ITEMS, id) as StoredObject;
  const both = (body.salesAndPurchaseDetails ?? {}) as Json;
  const either = (body.salesOrPurchaseDetails ?? {}) as Json;
  const prices =
    to === 'cost'
      ? [body.purchaseCost, both.purchaseCost]
      : to === 'current_custom_price'
        ? [custom, body.salesPrice, both.salesPrice, either.price]
        : [body.salesPrice, both.salesPrice, either.price];
  return (prices.find((one) => one !== undefined) ?? '0.00') as string;
}
