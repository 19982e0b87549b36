// Inventory adjustments: stock that is changed by hand.
import Big from 'big.js';
import { cents, decimalText, times } from '../amounts.ts';
import type { Json, StoredObject } from '../company-file.ts';
import { cannotSave, missing } from '../failures.ts';
import { assetAccountOf, itemOf } from '../item-prices.ts';
import type { Posting } from '../postings.ts';
import { type ResourceEntry, transaction } from '../resource-entry.ts';
import { averageCost, type Stock, stockWithout } from '../stock.ts';

type Ref = { readonly id: string };

const ADJUSTMENTS = ['adjustQuantity', 'adjustValue', 'adjustSerialNumber', 'adjustLotNumber'] as const;

/** Inventory adjustments. */
export const INVENTORY_ADJUSTMENTS: ResourceEntry = transaction('inventory-adjustments', 'Inventory Adjustment', {
  example: {
    create: {
      accountId: '@accounts:Cost of Goods Sold',
      transactionDate: '2025-02-20',
      refNumber: 'A-1',
      lines: [{ itemId: '@inventory-items', adjustQuantity: { quantityDifference: 5 } }],
    },
  },
  references: { item: { resources: ['inventory-items', 'inventory-assembly-items'] } },
  lines: ['lines'],
  accounts: ['account'],
  required: ['account', 'transactionDate'],
  complete(draft) {
    const { file, request, record, before } = draft;
    const lines = (record.lines ?? []) as Json[];
    if (lines.length === 0) throw cannotSave('Inventory Adjustment', 'It needs a line.');
    const items = lines.map((line): StoredObject => {
      const item = itemOf(file, line);
      if (item === undefined) throw missing('ItemRef');
      return item;
    });
    const stock = stockWithout(
      file,
      before,
      items.map(({ id }) => id),
    );
    const given = (request.lines ?? []) as Json[];
    for (const asked of given) checkValue((asked.adjustValue as Json | undefined) ?? asked);
    const { account, class: classRef, customer } = record as { account: Ref; class?: Ref; customer?: Ref };
    record.postings = lines.flatMap((line, n): Posting[] => {
      const item = items[n] as StoredObject;
      const there = stock.get(item.id) ?? { quantity: 0, value: 0 };
      const asked = given[n] ?? {};
      const unit = times(averageCost(stock.get(item.id), item.body), 100);
      if (before === null) adjust(line, asked, there, unit);
      else if (
        asked.quantityDifference !== undefined ||
        asked.adjustCount !== undefined ||
        line.valueDifference === undefined
      ) {
        line.quantityDifference = asked.adjustCount ?? line.quantityDifference ?? 0;
        line.valueDifference = asked.valueDifference ?? worthOf(line.quantityDifference as number, unit);
      }
      const quantity = line.quantityDifference as number;
      const amount = cents(line.valueDifference as number);
      stock.set(item.id, { quantity: there.quantity + quantity, value: there.value + amount });
      const common = { item: item.id, line: line.id as string };
      return [
        { account: assetAccountOf(item), amount, quantity, ...common },
        {
          account: account.id,
          amount: -amount,
          ...(classRef && { class: classRef.id }),
          ...(customer && { entity: customer.id }),
          ...common,
        },
      ];
    });
  },
});

/** @throws Failure 3040 for a difference in value, which is a JSON number, that is no amount of money */
function checkValue({ valueDifference: value }: Json): void {
  if (value === undefined) return;
  const exact = Big(value as number);
  decimalText('valueDifference', exact.round(2).eq(exact) ? exact.toFixed(2) : exact.toFixed());
}

/** The value of some pieces at a cost in cents, as JSON shows it: a number with two decimals. */
function worthOf(quantity: number, unit: Big): number {
  return unit.times(quantity).round().div(100).toNumber();
}

/**
 * Reads how a new line adjusts an item: its quantity at the average cost, its quantity and value, a serial or a lot.
 *
 * @throws Failure 3180 unless the line has one way to adjust, and one quantity or value in it
 */
function adjust(line: Json, asked: Json, there: Stock, unit: Big): void {
  const ways = ADJUSTMENTS.filter((way) => asked[way] !== undefined);
  const [way] = ways;
  if (way === undefined || ways.length > 1) {
    throw cannotSave('Inventory Adjustment', `A line needs one of ${ADJUSTMENTS.join(', ')}.`);
  }
  const { newQuantity, quantityDifference, adjustCount, newValue, valueDifference, ...more } = asked[way] as {
    [field in 'newQuantity' | 'quantityDifference' | 'adjustCount' | 'valueDifference']?: number;
  } & { newValue?: string; addSerialNumber?: string; removeSerialNumber?: string };
  const { addSerialNumber: added, removeSerialNumber: removed, ...others } = more as Json;
  for (const [field, value] of Object.entries(others)) {
    if (field === 'inventorySiteLocationId') line.inventorySiteLocation = { id: value };
    else line[field] = value;
  }
  if (way === 'adjustSerialNumber') {
    line.serialNumber = one(added as string | undefined, removed as string | undefined);
    line.serialNumberAction = added === undefined ? 'removed' : 'added';
    line.quantityDifference = added === undefined ? -1 : 1;
  } else if (way === 'adjustLotNumber') line.quantityDifference = adjustCount ?? 0;
  else {
    const difference = newQuantity === undefined ? undefined : Big(newQuantity).minus(there.quantity).toNumber();
    const none = way === 'adjustValue' && difference === undefined && quantityDifference === undefined;
    line.quantityDifference = none ? 0 : one(difference, quantityDifference);
  }
  if (way !== 'adjustValue') line.valueDifference = worthOf(line.quantityDifference as number, unit);
  else {
    const difference = newValue === undefined ? undefined : Big(newValue).minus(Big(there.value).div(100)).toNumber();
    line.valueDifference = one(difference, valueDifference);
  }
}

/** The one of two that is there. @throws Failure 3180 for both or none */
function one<T>(first: T | undefined, second: T | undefined): T {
  const given = first ?? second;
  if (given === undefined || (first !== undefined && second !== undefined)) {
    throw cannotSave('Inventory Adjustment', 'A line needs either what is new or the difference.');
  }
  return given;
}
