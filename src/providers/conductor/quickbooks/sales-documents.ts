// What estimates, sales orders, invoices, sales receipts and credit memos have in common: defaults, sums, postings.
import { cents, money, times } from './amounts.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { incomeAccount, isStocked, itemOf } from './item-prices.ts';
import { completeGroups, completeLines, lineOf } from './lines.ts';
import { type Posting, specialAccount } from './postings.ts';
import type { Draft } from './resource-entry.ts';
import { stockOf, worthOf } from './stock.ts';
import { dueDate, termsOf } from './terms.ts';
import { addUp, taxRateOf } from './totals.ts';

type Ref = { readonly id: string };

/** What a sales document takes from its customer when the request does not say (known of QuickBooks). */
const FROM_CUSTOMER = [
  'terms',
  'salesRepresentative',
  'salesTaxItem',
  'salesTaxCode',
  'billingAddress',
  'shippingAddress',
  'currency',
];

/** How the documents differ. */
export interface SalesRules {
  /** The type of the document's template. */
  readonly template: string;
  /** Which fields exist, besides those that all have. */
  readonly fields: readonly string[];
  /** What the customer also provides. */
  readonly fromCustomer?: Readonly<Record<string, string>>;
}

/** Completes a sales document: defaults, lines, sums, tax. */
export function completeSale(draft: Draft, { template, fields, fromCustomer = {} }: SalesRules): void {
  const { file, record, request, before } = draft;
  const customer = customerOf(file, record)?.body ?? {};
  if (before === null) {
    for (const field of FROM_CUSTOMER) {
      if (field !== 'terms' || fields.includes('terms')) record[field] ??= structuredClone(customer[field]);
    }
    for (const [field, from] of Object.entries(fromCustomer)) record[field] ??= structuredClone(customer[from]);
    const found = file.first('templates', ({ templateType }) => templateType === template);
    if (found !== undefined) record.documentTemplate ??= { id: found.id };
  }
  const { priceLevel } = customer as { priceLevel?: Ref };
  const rules = { unitField: 'rate', priceLevel: priceLevel?.id } as const;
  const lines = (record.lines ?? []) as Json[];
  const groups = (record.lineGroups ?? []) as Json[];
  completeLines(draft, lines, request.lines as Json[] | undefined, rules);
  completeGroups(draft, groups, request.lineGroups as Json[] | undefined, { ...rules, inner: 'lines' });
  for (const line of allLines(record)) line.class ??= record.class;
  completeTax(draft, customer);
  completeDueDate(draft, fields);
}

/** The lines of a document, those in groups included. */
export function allLines(record: Json): Json[] {
  const groups = (record.lineGroups ?? []) as Json[];
  return [...((record.lines ?? []) as Json[]), ...groups.flatMap(({ lines }) => (lines ?? []) as Json[])];
}

export function customerOf(file: CompanyFile, record: Json): StoredObject | undefined {
  const { customer } = record as { customer?: Ref };
  return customer === undefined ? undefined : file.find('customers', customer.id);
}

/** Sums and sales tax; without sales tax in the preferences nothing is taxed. */
function completeTax({ file, record, before }: Draft, customer: Json): void {
  const settings = file.preferences.salesTax as Json | undefined | null;
  const lines = (record.lines ?? []) as Json[];
  const groups = (record.lineGroups ?? []) as Json[];
  if (settings === undefined || settings === null) {
    delete record.salesTaxItem;
    takeNonTaxableCode(file, record, before);
  } else record.salesTaxItem ??= settings.defaultItemSalesTax;
  const { salesTaxItem } = record as { salesTaxItem?: Ref };
  const code = (record.salesTaxCode ?? customer.salesTaxCode) as Ref | undefined;
  const exempt = code !== undefined && file.find('sales-tax-codes', code.id)?.body.isTaxable !== true;
  const rate = salesTaxItem === undefined ? null : taxRateOf(file, salesTaxItem.id);
  const { subtotal, tax } = addUp(file, lines, groups, exempt ? null : rate);
  record.subtotal = subtotal;
  record.salesTaxTotal = tax;
  if (rate === null) delete record.salesTaxPercentage;
  else record.salesTaxPercentage = money(rate);
  record.totalAmount = money(times(subtotal, 1).plus(tax));
}

/** Without sales tax every new sale, and every new line, has the file's non-taxable code (documented). */
function takeNonTaxableCode(file: CompanyFile, record: Json, before: StoredObject | null): void {
  const code = file.first('sales-tax-codes', ({ isTaxable }) => isTaxable !== true);
  if (code === undefined) return;
  if (before === null) record.salesTaxCode = { id: code.id };
  for (const line of allLines(record)) {
    const isNew = before === null || lineOf(before.body, line.id as string) === undefined;
    if (isNew && line.item !== undefined) line.salesTaxCode = { id: code.id };
  }
}

/** The due date that was sent, else that of the terms (documented), else the day of the invoice itself. */
function completeDueDate({ file, record, request, before }: Draft, fields: readonly string[]): void {
  const changed = request.termsId !== undefined || request.transactionDate !== undefined;
  if (request.dueDate !== undefined || (before !== null && !changed)) return;
  const terms = termsOf(file, record);
  const date = record.transactionDate as string;
  if (terms !== undefined) record.dueDate = dueDate(terms, date);
  else if (fields.includes('dueDate')) record.dueDate = date;
  else delete record.dueDate;
}

/** A document's own total in cents. */
export function totalOf({ body }: StoredObject): number {
  return cents(body.totalAmount as string | undefined);
}

/**
 * The postings of a sale: the whole to `account`, lines to their income accounts, tax to what is owed, and stock at its
 * average cost. `sign` is -1 for what is returned.
 */
export function salesPostings({ file, id, record, before }: Draft, account: string, sign: 1 | -1): Posting[] {
  const entity = (record.customer as Ref | undefined)?.id;
  const whole: Posting = { account, amount: sign * cents(record.totalAmount as string), ...(entity && { entity }) };
  const lines = allLines(record).flatMap((line) => linePostings(file, line, sign, entity));
  return [whole, ...lines, ...taxPostings(file, record, sign), ...stockPostings(file, record, before, sign)]
    .map((posting) => ({
      ...posting,
      ...(posting.account === '' ? { account: specialAccount(file, 'uncategorized_income') } : {}),
    }))
    .filter(({ amount, quantity }) => amount !== 0 || quantity !== undefined || id === '');
}

function linePostings(file: CompanyFile, line: Json, sign: 1 | -1, entity: string | undefined): Posting[] {
  const item = itemOf(file, line);
  if (item?.resource === 'subtotal-items') return [];
  const amount = -sign * cents(line.amount as string | undefined);
  if (amount === 0) return [];
  const classId = (line.class as Ref | undefined)?.id;
  const account = (line.postingAccount as string | undefined) ?? (item && incomeAccount(item)) ?? '';
  return [
    {
      account,
      amount,
      ...(entity && { entity }),
      ...(item && { item: item.id }),
      ...(classId && { class: classId }),
      line: line.id as string,
    },
  ];
}

function taxPostings(file: CompanyFile, record: Json, sign: 1 | -1): Posting[] {
  const amount = -sign * cents(record.salesTaxTotal as string);
  if (amount === 0) return [];
  const { id } = record.salesTaxItem as Ref;
  const vendor = file.find(['sales-tax-items'], id)?.body.taxVendor as Ref | undefined;
  return [
    { account: specialAccount(file, 'sales_tax_payable'), amount, item: id, ...(vendor && { entity: vendor.id }) },
  ];
}

/** Stock leaves at the average cost at the time; a line that was there before keeps the cost it left at. */
function stockPostings(file: CompanyFile, record: Json, before: StoredObject | null, sign: 1 | -1): Posting[] {
  const earlier = (before?.body.postings ?? []) as Posting[];
  const stocked = allLines(record).flatMap((line) => {
    const item = itemOf(file, line);
    return item !== undefined && isStocked(item) ? [{ line, item }] : [];
  });
  const stock = stockOf(file, [...new Set(stocked.map(({ item }) => item.id))]);
  return stocked.flatMap(({ line, item }) => {
    const quantity = (line.quantity ?? 1) as number;
    const last = earlier.find((one) => one.line === line.id && one.item === item.id && one.quantity !== undefined);
    const there = stock.get(item.id);
    const worth = last?.quantity
      ? cents(times(Math.abs(last.amount), quantity).div(100).div(Math.abs(last.quantity)))
      : worthOf(there, item.body, quantity);
    const amount = sign * worth;
    if (there !== undefined && !last?.quantity) {
      // The next line of the item leaves at the cost of what this one leaves.
      stock.set(item.id, { quantity: there.quantity - sign * quantity, value: there.value - amount });
    }
    const { cogsAccount, assetAccount } = item.body as { cogsAccount: Ref; assetAccount: Ref };
    const common = { item: item.id, line: line.id as string };
    return [
      { account: cogsAccount.id, amount, ...common },
      { account: assetAccount.id, amount: -amount, quantity: -sign * quantity, ...common },
    ];
  });
}

/** The next number of a family, as QuickBooks counts: one more than the highest (measured on invoices). */
export function nextNumber(file: CompanyFile, resource: string): string {
  const { last } = file.db.get(
    `select max(number) as last from conductor_quickbooksObjects
     where endUserId = ? and resource = ? and number is not null`,
    file.endUserId,
    resource,
  ) as { last: number | null };
  return String((last ?? 0) + 1);
}
