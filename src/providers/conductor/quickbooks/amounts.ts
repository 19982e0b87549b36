// Decimal arithmetic: amounts, prices and percentages arrive and leave as text, and are never floats in between.
import Big from 'big.js';
import { CODES, refusal } from './failures.ts';

/** Text, a JSON number such as a quantity, or an earlier result. */
type Decimal = string | number | Big;

/** Fields with an amount of money: two decimals. */
const AMOUNTS = new Set(
  'openingBalance creditLimit amount totalAmount paymentAmount appliedAmount discountAmount refundAmount newValue valueDifference totalValue targetBonus'.split(
    ' ',
  ),
);
/** Fields with a price or rate of one unit: up to five decimals. */
const PRICES = new Set('rate price cost salesPrice purchaseCost customPrice discountRate markupRate'.split(' '));
const PERCENTAGES = new Set(
  'ratePercent markupRatePercent discountRatePercent discountPercentage pricePercentage customPricePercent adjustPercentage fixedPercentage taxRate'.split(
    ' ',
  ),
);

/** Whether a field holds money, a price or a percentage. */
export function isDecimal(field: string): boolean {
  return AMOUNTS.has(field) || PRICES.has(field) || PERCENTAGES.has(field);
}

/**
 * The text of a decimal field as QuickBooks stores it: amounts with two decimals, prices with two to five, percentages
 * as sent.
 *
 * @throws Failure 3040, 3045 or 3050 for a text that is not one
 */
export function decimalText(field: string, text: string): string {
  if (AMOUNTS.has(field)) {
    if (!/^-?\d{1,13}(\.\d\d)?$/.test(text)) throw conversion(CODES.amount, 'amount', field, text);
    return money(text);
  }
  if (PRICES.has(field)) {
    if (!/^-?\d{1,10}(\.\d{1,5})?$/.test(text)) throw conversion(CODES.price, 'price', field, text);
    return price(text);
  }
  if (!/^-?\d{1,8}(\.\d{1,8})?$/.test(text)) throw conversion(CODES.percent, 'percent', field, text);
  return text;
}

/** @throws Failure 3060 for a quantity of more than ten digits, 3210 for any other such number (our choice) */
export function checkNumber(field: string, value: number): void {
  if (Math.abs(value) < 1e10) return;
  if (/quantity/i.test(field)) throw conversion(CODES.quantity, 'quantity', field, String(value));
  throw refusal(CODES.value, `The number ${value} in the field "${titled(field)}" is too large.`);
}

function conversion(code: (typeof CODES)[keyof typeof CODES], kind: string, field: string, text: string) {
  return refusal(code, `There was an error when converting the ${kind} "${text}" in the field "${titled(field)}".`);
}

function titled(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}

/** The first amount that has too many digits: thirteen fit before the point (documented). */
const TOO_MUCH = Big('1e13');

/**
 * An amount as text with two decimals, rounded half away from zero.
 *
 * @throws Failure 3040 for an amount of more than thirteen digits, such as a product of a price and a quantity
 */
export function money(value: Decimal): string {
  return rounded(value).toFixed(2);
}

function rounded(value: Decimal): Big {
  const amount = Big(value).round(2);
  if (amount.abs().gte(TOO_MUCH)) throw conversion(CODES.amount, 'amount', 'amount', amount.toFixed(2));
  return amount;
}

/** A price as text with two to five decimals. */
export function price(value: Decimal): string {
  const text = Big(value).round(5).toFixed();
  const decimals = text.split('.')[1]?.length ?? 0;
  return decimals < 2 ? Big(text).toFixed(2) : text;
}

/**
 * An amount in cents, exact: balances are sums of integers. What a body leaves out is zero.
 *
 * @throws Failure 3040 for an amount of more than thirteen digits
 */
export function cents(value: Decimal | undefined): number {
  return rounded(value ?? 0)
    .times(100)
    .toNumber();
}

/** An amount in cents as text with two decimals. */
export function fromCents(value: number): string {
  return Big(value).div(100).toFixed(2);
}

/** The product, exact. */
export function times(one: Decimal, other: Decimal): Big {
  return Big(one).times(other);
}

/** The quotient with five decimals. */
export function dividedBy(one: Decimal, other: Decimal): Big {
  return Big(one).div(other).round(5);
}

/** The sum of amounts as text with two decimals. */
export function total(values: Iterable<Decimal | undefined>): string {
  let sum = Big(0);
  for (const value of values) sum = sum.plus(value ?? 0);
  return money(sum);
}

/** A percentage of a value: `percentOf('200.00', '7.5')` is 15. */
export function percentOf(value: Decimal, percent: Decimal): Big {
  return Big(value).times(percent).div(100);
}
