// The amounts of lines of sales and purchases, and groups of items that expand to lines.
import { dividedBy, money, price, times } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { badReference } from './failures.ts';
import { atPriceLevel, itemOf, salesPrice, salesText } from './item-prices.ts';
import type { Draft } from './resource-entry.ts';

/** How the lines of a document are priced. */
export interface LineRules {
  /** The field with the price of one. */
  readonly unitField: 'rate' | 'cost';
  /** The price level of the customer. */
  readonly priceLevel?: string | undefined;
}

type Ref = { readonly id: string };

/** Fields whose change recomputes a line's amount. */
const PRICING = ['quantity', 'rate', 'cost', 'ratePercent', 'amount', 'markupRate', 'markupRatePercent'];

/**
 * Completes the lines of an array from the entries of the request, which are in the same order (what an order adds comes after
 * them); an array that was not sent stays as it is.
 */
export function completeLines(
  draft: Draft,
  lines: readonly Json[],
  given: readonly Json[] | undefined,
  rules: LineRules,
): void {
  if (given === undefined) return;
  for (const [n, line] of lines.entries()) completeLine(draft, line, given[n] ?? {}, rules);
}

/** Completes one line: text, tax code, account and amount. */
export function completeLine({ file, entry, before }: Draft, line: Json, given: Json, rules: LineRules): void {
  const item = itemOf(file, line);
  const stored = before === null ? undefined : lineOf(before.body, line.id as string);
  const fresh = stored === undefined || item?.id !== (stored.item as { id: string } | undefined)?.id;
  if (fresh && item !== undefined) {
    line.description ??= salesText(item);
    line.salesTaxCode ??= item.body.salesTaxCode;
    if (given.unitOfMeasure !== undefined) checkUnit(file, item, String(given.unitOfMeasure), entry.title);
  }
  if (given.overrideItemAccountId !== undefined) line.postingAccount = given.overrideItemAccountId;
  // What is sent back as it is stored changes nothing.
  const repriced = given.priceLevelId !== undefined || PRICING.some((field) => line[field] !== stored?.[field]);
  if (fresh || repriced) setAmount(file, line, fresh ? given : { ...given, itemId: undefined }, item, rules);
}

/** A line of a stored document, in a group or not. */
function lineOf(body: Json, id: string): Json | undefined {
  for (const value of Object.values(body)) {
    if (!Array.isArray(value)) continue;
    for (const one of value as Json[]) {
      const found = one.id === id ? one : lineOf(one, id);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The amount of a line from what is known of amount, price and quantity (documented; the order is our choice). */
function setAmount(file: CompanyFile, line: Json, given: Json, item: StoredObject | undefined, rules: LineRules): void {
  const { unitField } = rules;
  const quantity = line.quantity as number | undefined;
  if (given.amount !== undefined || given[unitField] !== undefined) delete line.ratePercent;
  if (given.amount !== undefined) {
    const amount = line.amount as string;
    const unit = quantity === undefined || quantity === 0 ? amount : dividedBy(amount, quantity);
    line[unitField] = price(unit);
    return;
  }
  if (given.ratePercent !== undefined) {
    // Of the line above, which only the whole document knows.
    delete line.amount;
    delete line[unitField];
    return;
  }
  if (
    given[unitField] === undefined &&
    (line[unitField] === undefined || given.itemId !== undefined || given.priceLevelId !== undefined)
  ) {
    const suggested = item === undefined ? undefined : suggestedPrice(file, item, given, rules);
    if (suggested === undefined) {
      delete line.amount;
      delete line[unitField];
      return;
    }
    line[unitField] = price(suggested);
  }
  line.amount = money(times(line[unitField] as string, quantity ?? 1));
  markUp(line);
}

/** Estimates add a markup: a factor or a percentage on top (documented). */
function markUp(line: Json): void {
  if (line.markupRate !== undefined)
    line.amount = money(times(line.amount as string, times(line.markupRate as string, 1).plus(1)));
  else if (line.markupRatePercent !== undefined) {
    line.amount = money(times(line.amount as string, times(line.markupRatePercent as string, '0.01').plus(1)));
  }
}

function suggestedPrice(file: CompanyFile, item: StoredObject, given: Json, rules: LineRules): string | undefined {
  const from = salesPrice(item);
  if (from === undefined) return undefined;
  return atPriceLevel(file, (given.priceLevelId as string | undefined) ?? rules.priceLevel, item, from);
}

/** @throws Failure 3140 for a unit that the item's set does not have */
function checkUnit(file: CompanyFile, item: StoredObject, unit: string, title: string): void {
  const { unitOfMeasureSet } = item.body as { unitOfMeasureSet?: { id: string } };
  const set = unitOfMeasureSet && file.find('unit-of-measure-sets', unitOfMeasureSet.id)?.body;
  const units = [set?.baseUnit, ...((set?.relatedUnits ?? []) as Json[])] as (
    | { name: string; abbreviation: string }
    | undefined
  )[];
  if (!units.some((one) => one?.name === unit || one?.abbreviation === unit))
    throw badReference('Unit Of Measure', unit, title);
}

/**
 * Completes groups of lines: a new one expands to the components of its item group, each times the group's quantity;
 * the lines of one that is kept can be changed like any others. `inner` names the array of lines in a group.
 */
export function completeGroups(
  draft: Draft,
  groups: readonly Json[],
  given: readonly Json[] | undefined,
  { inner, ...rules }: LineRules & { readonly inner: 'lines' | 'itemLines' },
): void {
  if (given === undefined) return;
  for (const [n, group] of groups.entries()) {
    const asked = given[n] ?? {};
    const item = draft.file.find('item-groups', (group.itemGroup as { id: string }).id) as StoredObject;
    const lines = (group[inner] ?? []) as Json[];
    if (lines.length === 0 || asked.itemGroupId !== undefined) expand(draft, group, item, inner, rules);
    else completeLines(draft, lines, asked[inner] as Json[] | undefined, rules);
    if (asked[inner] === undefined && asked.quantity !== undefined) scale(draft, group, item, inner, rules);
    group.totalAmount = money(
      (group[inner] as Json[]).reduce((sum, line) => times(sum, 1).plus((line.amount ?? '0') as string), times(0, 1)),
    );
  }
}

function expand(draft: Draft, group: Json, item: StoredObject, inner: string, rules: LineRules): void {
  group.description = item.body.description;
  group.shouldPrintItemsInGroup = item.body.shouldPrintItemsInGroup;
  const quantity = (group.quantity ?? 1) as number;
  group[inner] = ((item.body.lines ?? []) as Json[]).map((component) => {
    const { id } = component.item as { id: string };
    const line: Json = { id: draft.file.nextId('transaction'), item: { id } };
    line.quantity = times((component.quantity ?? 1) as number, quantity).toNumber();
    if (component.unitOfMeasure !== undefined) line.unitOfMeasure = component.unitOfMeasure;
    completeLine(draft, line, { itemId: id, quantity: line.quantity }, rules);
    return line;
  });
}

/** A new quantity of the group is a new quantity of each component. */
function scale(draft: Draft, group: Json, item: StoredObject, inner: string, rules: LineRules): void {
  for (const line of group[inner] as Json[]) {
    // A line that was added to the group may have no item.
    const id = (line.item as Ref | undefined)?.id;
    const component = ((item.body.lines ?? []) as Json[]).find((one) => (one.item as Ref).id === id);
    if (component === undefined) continue;
    line.quantity = times((component.quantity ?? 1) as number, group.quantity as number).toNumber();
    completeLine(draft, line, { id: line.id, quantity: line.quantity }, rules);
  }
}
