// Totals of sales documents: discounts, subtotals, sales tax.
import Big from 'big.js';
import { money, percentOf, times } from './amounts.ts';
import type { CompanyFile, Json } from './company-file.ts';
import { itemOf } from './item-prices.ts';

/** The sums of a sales document. */
export interface Totals {
  readonly subtotal: string;
  readonly tax: string;
}

/** A line with what the sums need to know of it. */
interface Counted {
  readonly line: Json;
  readonly kind: 'sale' | 'discount' | 'subtotal';
  /** Whether a discount is a percentage, which reduces the line above only. */
  readonly percent: boolean;
  readonly taxable: boolean | null;
}

/**
 * Computes the lines whose amounts depend on others (discounts, percentages, subtotals), in place, and the sums.
 *
 * @param rate the sales tax in percent; null when nothing is taxed
 */
export function addUp(file: CompanyFile, lines: readonly Json[], groups: readonly Json[], rate: string | null): Totals {
  const counted = [...lines, ...groups.flatMap((group) => group.lines as Json[])].map((line) => count(file, line));
  for (const [n, one] of counted.entries()) fillIn(file, counted, n, one);
  for (const group of groups) group.totalAmount = totalOfGroup(counted, group);
  const sales = counted.filter(({ kind }) => kind !== 'subtotal');
  const subtotal = sales.reduce((sum, { line }) => sum.plus(amountOf(line)), Big(0));
  const taxed = rate === null ? Big(0) : counted.reduce((sum, _, n) => sum.plus(taxableOf(counted, n)), Big(0));
  return { subtotal: money(subtotal), tax: money(percentOf(taxed, rate ?? '0')) };
}

/** The sum of a group's lines, discounts included; a subtotal counts nothing. */
function totalOfGroup(counted: readonly Counted[], { lines }: Json): string {
  const own = counted.filter(({ line, kind }) => kind !== 'subtotal' && (lines as Json[]).includes(line));
  return money(own.reduce((sum, { line }) => sum.plus(amountOf(line)), Big(0)));
}

function amountOf({ amount }: Json): Big {
  return Big((amount ?? '0') as string);
}

function count(file: CompanyFile, line: Json): Counted {
  const item = itemOf(file, line);
  const { salesTaxCode } = line as { salesTaxCode?: { id: string } };
  const code = salesTaxCode === undefined ? undefined : file.find('sales-tax-codes', salesTaxCode.id)?.body;
  const taxable = code === undefined ? null : code.isTaxable === true;
  if (item?.resource === 'subtotal-items') return { line, kind: 'subtotal', percent: false, taxable };
  if (item?.resource !== 'discount-items') return { line, kind: 'sale', percent: false, taxable };
  const percent =
    line.ratePercent ??
    (line.rate === undefined && line.amount === undefined ? item.body.discountRatePercent : undefined);
  if (percent !== undefined) line.ratePercent = percent;
  else line.rate ??= item.body.discountRate;
  return { line, kind: 'discount', percent: percent !== undefined, taxable };
}

/** Discounts are negative; a percentage is of the line above, which may be a subtotal (documented). */
function fillIn(file: CompanyFile, counted: readonly Counted[], n: number, { line, kind, percent }: Counted): void {
  // Neither has a quantity (documented).
  if (kind !== 'sale') delete line.quantity;
  if (kind === 'subtotal') {
    line.amount = money(between(counted, n).reduce((sum, one) => sum.plus(amountOf(one.line)), Big(0)));
    return;
  }
  const above = n === 0 ? Big(0) : amountOf((counted[n - 1] as Counted).line);
  if (kind === 'discount') {
    const amount = percent
      ? percentOf(above, line.ratePercent as string)
      : Big((line.amount ?? line.rate ?? '0') as string);
    line.amount = money(amount.abs().times(-1));
    return;
  }
  const item = itemOf(file, line);
  const { pricePercentage } = (item?.body.salesOrPurchaseDetails ?? {}) as { pricePercentage?: string };
  const share = (line.ratePercent as string | undefined) ?? (line.amount === undefined ? pricePercentage : undefined);
  if (share === undefined) return;
  line.ratePercent = share;
  line.amount = money(percentOf(above, share));
}

/** The lines before one, back to the subtotal before it. */
function between(counted: readonly Counted[], n: number): Counted[] {
  const start = counted.slice(0, n).findLastIndex(({ kind }) => kind === 'subtotal');
  return counted.slice(start + 1, n);
}

/** The lines that a discount reduces; a percentage of a discount reduces what that one does. */
function reducedBy(counted: readonly Counted[], n: number): Counted[] {
  const above = counted[n - 1];
  if (above?.kind === 'subtotal') return between(counted, n - 1);
  if (above?.kind === 'discount' && (counted[n] as Counted).percent) return reducedBy(counted, n - 1);
  return (counted[n] as Counted).percent ? counted.slice(n - 1, n) : between(counted, n);
}

/**
 * What a line adds to the taxed amount. A discount reduces the tax by the share of taxed lines that it reduces; one
 * without a tax code only when all of them are taxed (our choice).
 */
function taxableOf(counted: readonly Counted[], n: number): Big {
  const { line, kind, taxable } = counted[n] as Counted;
  if (kind === 'subtotal') return Big(0);
  if (kind === 'sale') return taxable === true ? amountOf(line) : Big(0);
  if (taxable === false) return Big(0);
  const reduced = reducedBy(counted, n).filter((one) => one.kind === 'sale');
  const taxed = reduced.filter((one) => one.taxable === true);
  if (taxable === null) return taxed.length === reduced.length && taxed.length > 0 ? amountOf(line) : Big(0);
  const [whole, part] = [reduced, taxed].map((some) =>
    some.reduce((sum, one) => sum.plus(amountOf(one.line)), Big(0)),
  ) as [Big, Big];
  return whole.eq(0) ? Big(0) : times(amountOf(line), part).div(whole);
}

/** The rate of a tax item, or of all items of a tax group together, in percent. */
export function taxRateOf(file: CompanyFile, id: string): string {
  const item = file.find(['sales-tax-items', 'sales-tax-group-items'], id);
  const parts = (item?.body.salesTaxItems ?? []) as { id: string }[];
  if (item?.resource === 'sales-tax-items') return (item.body.taxRate ?? '0') as string;
  return parts.reduce((sum, part) => sum.plus(taxRateOf(file, part.id)), Big(0)).toFixed();
}
