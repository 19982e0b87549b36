// References: what each may point at, whether it does, and the names that are resolved whenever an object is read.
import { type CompanyFile, pathOf, type StoredObject } from './company-file.ts';
import { badReference, malformedId } from './failures.ts';
import { camelCase } from './operations.ts';
import type { ResourceEntry, Target } from './resource-entry.ts';

/** The item families, which share ids and names. */
export const ITEMS: readonly string[] = [
  'service-items',
  'non-inventory-items',
  'other-charge-items',
  'inventory-items',
  'inventory-assembly-items',
  'item-groups',
  'discount-items',
  'subtotal-items',
  'sales-tax-items',
  'sales-tax-group-items',
];
/** The lists of persons and companies, which share ids and names. */
export const NAMES: readonly string[] = ['customers', 'vendors', 'employees', 'other-names'];
export const TERMS: readonly string[] = ['standard-terms', 'date-driven-terms'];
/** Lists without operations: rows of fixtures and state that other objects refer to (our choice). */
export const CUSTOM_LISTS: Readonly<Record<string, string>> = {
  customerMessage: 'customer-messages',
  jobType: 'job-types',
  vendorType: 'vendor-types',
  billingRate: 'billing-rates',
  salesTaxReturn: 'sales-tax-returns',
  salesTaxReturnLine: 'sales-tax-return-lines',
};

const in_ = (...resources: string[]): Target => ({ resources });
const anyOf = (resources: readonly string[]): Target => ({ resources });
/** Accounts of these types. */
export const accountsOf = (...types: string[]): Target => ({
  resources: ['accounts'],
  accepts: ({ accountType }) => types.includes(accountType as string),
});

/** The targets of reference fields, wherever they occur (known of QuickBooks; some documented). */
const TARGETS: Readonly<Record<string, Target>> = {
  customer: in_('customers'),
  vendor: in_('vendors'),
  taxVendor: in_('vendors'),
  preferredVendor: in_('vendors'),
  payee: anyOf(NAMES),
  shipToEntity: anyOf(NAMES),
  entity: anyOf(NAMES),
  item: anyOf(ITEMS),
  serviceItem: in_('service-items'),
  itemGroup: in_('item-groups'),
  inventoryAssemblyItem: in_('inventory-assembly-items'),
  inventoryItem: in_('inventory-items', 'inventory-assembly-items'),
  salesTaxItem: in_('sales-tax-items', 'sales-tax-group-items'),
  salesTaxItems: in_('sales-tax-items'),
  terms: anyOf(TERMS),
  class: in_('classes'),
  discountClass: in_('classes'),
  overrideClass: in_('classes'),
  currency: in_('currencies'),
  customerType: in_('customer-types'),
  salesRepresentative: in_('sales-representatives'),
  salesTaxCode: in_('sales-tax-codes'),
  purchaseTaxCode: in_('sales-tax-codes'),
  preferredPaymentMethod: in_('payment-methods'),
  paymentMethod: in_('payment-methods'),
  priceLevel: in_('price-levels'),
  documentTemplate: in_('templates'),
  shippingMethod: in_('shipping-methods'),
  unitOfMeasureSet: in_('unit-of-measure-sets'),
  inventorySite: in_('inventory-sites'),
  inventorySiteLocation: in_('inventory-sites'),
  defaultTaxableSalesTaxCode: in_('sales-tax-codes'),
  defaultNonTaxableSalesTaxCode: in_('sales-tax-codes'),
  defaultItemSalesTax: in_('sales-tax-items', 'sales-tax-group-items'),
  defaultShippingMethod: in_('shipping-methods'),
  homeCurrency: in_('currencies'),
  supervisor: in_('employees'),
  payrollWageItem: in_('payroll-wage-items'),
  payrollClass: in_('classes'),
  payablesAccount: accountsOf('accounts_payable'),
  receivablesAccount: accountsOf('accounts_receivable'),
  bankAccount: accountsOf('bank'),
  creditCardAccount: accountsOf('credit_card'),
  depositToAccount: accountsOf('bank', 'other_current_asset', 'other_asset'),
  ...Object.fromEntries(Object.entries(CUSTOM_LISTS).map(([field, list]) => [field, in_(list)])),
};
/** Every other field that ends in `account`. */
const ANY_ACCOUNT = in_('accounts');

/** What a reference field of a resource may point at. */
export function targetOf(entry: ResourceEntry, field: string): Target {
  if (field === 'parent') return { resources: [entry.path] };
  return entry.references?.[field] ?? TARGETS[field] ?? ANY_ACCOUNT;
}

/**
 * The object that a request refers to.
 *
 * @throws Failure 3000 for a malformed id, 3140 for an object that is not there or may not be there
 */
export function resolve(file: CompanyFile, entry: ResourceEntry, field: string, id: string): StoredObject {
  const target = targetOf(entry, field);
  const found = file.find(target.resources, id);
  if (found === undefined || target.accepts?.(found.body) === false) {
    throw malformedId(id) ?? badReference(field.charAt(0).toUpperCase() + field.slice(1), id, entry.title);
  }
  return found;
}

/** The objects of a resource that refer to an object in a field of theirs, outside of lines. */
export function referring(file: CompanyFile, resource: string, field: string, target: string): StoredObject[] {
  const rows = file.db.all<{ seq: number }>(
    `select object.seq from conductor_quickbooksReferences as reference
     cross join conductor_quickbooksObjects as object on object.seq = reference.object
     where target = ? and field = ? and inLine = 0 and +endUserId = ? and resource = ?`,
    target,
    field,
    file.endUserId,
    camelCase(resource),
  );
  return file.read(rows.map(({ seq }) => seq));
}

/** A reference as responses show it; the name of what is gone is null. */
interface ShownReference {
  readonly id: string;
  fullName: string | null;
}

/** The references of a page of objects: collected while it is filled, then all names are read at once. */
export class ShownReferences {
  readonly #all: { readonly shown: ShownReference; readonly target: Target }[] = [];

  /** A reference to one of the targets, without its name as yet. */
  show(target: Target, id: string): ShownReference {
    const shown = { id, fullName: null };
    this.#all.push({ shown, target });
    return shown;
  }

  /** Sets the full names of all references. */
  readNames(file: CompanyFile): void {
    if (this.#all.length === 0) return;
    const rows = file.db.all<{ id: string; resource: string; label: string | null }>(
      `select object.id, object.resource, object.label from json_each(?) as wanted
       cross join conductor_quickbooksObjects as object on object.id = wanted.value and +object.endUserId = ?`,
      JSON.stringify([...new Set(this.#all.map(({ shown }) => shown.id))]),
      file.endUserId,
    );
    // Ids repeat in fixtures, so each has its resource.
    const names = new Map<string, { readonly resource: string; readonly label: string }[]>();
    for (const { id, resource, label } of rows) {
      if (label !== null) names.set(id, [...(names.get(id) ?? []), { resource: pathOf(resource), label }]);
    }
    for (const { shown, target } of this.#all) shown.fullName = nameAmong(names.get(shown.id) ?? [], target);
  }
}

/** The name of the first of a target's resources that has one. */
function nameAmong(found: readonly { readonly resource: string; readonly label: string }[], { resources }: Target) {
  for (const resource of resources) {
    const named = found.find((one) => one.resource === resource);
    if (named !== undefined) return named.label;
  }
  return null;
}
