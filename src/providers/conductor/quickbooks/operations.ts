// The published QuickBooks Desktop operations: paths, verbs and names, small enough to be read at every start.

/** What an operation does: list, create, retrieve, update, delete, void, or a report that is computed. */
export type Verb = 'list' | 'create' | 'retrieve' | 'update' | 'delete' | 'void' | 'report';

/** A published operation, without its schemas. */
export interface PublishedOperation {
  /** The method of the official SDK, e.g. `qbd.salesOrders.list`. */
  readonly name: string;
  readonly resource: string;
  readonly verb: Verb;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
}

const VERBS: Readonly<Record<string, { verb: Verb; method: PublishedOperation['method']; tail: string }>> = {
  L: { verb: 'list', method: 'GET', tail: '' },
  C: { verb: 'create', method: 'POST', tail: '' },
  R: { verb: 'retrieve', method: 'GET', tail: '/{id}' },
  U: { verb: 'update', method: 'POST', tail: '/{id}' },
  D: { verb: 'delete', method: 'DELETE', tail: '/{id}' },
  V: { verb: 'void', method: 'POST', tail: '/{id}/void' },
  S: { verb: 'retrieve', method: 'GET', tail: '' },
};

/** Resources by the verbs they have; S reads the one object there is. */
const RESOURCES: Readonly<Record<string, string>> = {
  L: 'account-tax-lines bills-to-pay deleted-list-objects deleted-transactions payments-to-deposit templates',
  S: 'company preferences',
  LR: 'item-sites transactions',
  LCR: 'customer-types date-driven-terms payment-methods payroll-wage-items shipping-methods standard-terms unit-of-measure-sets',
  LCRU: `accounts classes currencies customers discount-items employees inventory-assembly-items inventory-items
    inventory-sites item-groups non-inventory-items other-charge-items other-names price-levels sales-representatives
    sales-tax-codes sales-tax-group-items sales-tax-items service-items subtotal-items transfers vendors`,
  LCRUD: 'build-assemblies estimates purchase-orders receive-payments sales-orders time-tracking-activities',
  LCRDV: 'bill-credit-card-payments credit-card-refunds',
  LCRUDV: `bill-check-payments bills checks credit-card-charges credit-card-credits credit-memos deposits
    inventory-adjustments invoices item-receipts journal-entries sales-receipts sales-tax-payment-checks vendor-credits`,
};

const REPORTS = [
  'general-summary',
  'general-detail',
  'aging',
  'budget-summary',
  'job',
  'time',
  'custom-detail',
  'custom-summary',
  'payroll-detail',
  'payroll-summary',
];

/** Path segments in the spelling of `camelCase`, which is asked for each reference of a page. */
const camelCased = new Map<string, string>();

/** The prefix of all paths. */
export const PREFIX = '/quickbooks-desktop';

/** Every published operation except the health check. */
export const PUBLISHED_OPERATIONS: readonly PublishedOperation[] = [
  ...Object.entries(RESOURCES).flatMap(([verbs, names]) =>
    names.split(/\s+/).flatMap((resource) =>
      [...verbs].map((letter): PublishedOperation => {
        const { verb, method, tail } = VERBS[letter] as (typeof VERBS)[string];
        return {
          name: `qbd.${camelCase(resource)}.${verb}`,
          resource,
          verb,
          method,
          path: `${PREFIX}/${resource}${tail}`,
        };
      }),
    ),
  ),
  ...REPORTS.map(
    (report): PublishedOperation => ({
      name: `qbd.reports.${camelCase(report)}`,
      resource: `reports/${report}`,
      verb: 'report',
      method: 'GET',
      path: `${PREFIX}/reports/${report}`,
    }),
  ),
];

/** Types in feeds and links that are not the singular of the path (documented). */
const FEED_NAMES: Readonly<Record<string, string>> = {
  'bill-check-payments': 'bill_payment_check',
  'bill-credit-card-payments': 'bill_payment_credit_card',
  'credit-card-refunds': 'ar_refund_credit_card',
  'date-driven-terms': 'date_driven_terms',
  'discount-items': 'item_discount',
  'inventory-assembly-items': 'item_inventory_assembly',
  'inventory-items': 'item_inventory',
  'non-inventory-items': 'item_non_inventory',
  'other-charge-items': 'item_other_charge',
  'payroll-wage-items': 'payroll_item_wage',
  'sales-tax-group-items': 'item_sales_tax_group',
  'sales-tax-items': 'item_sales_tax',
  'service-items': 'item_service',
  'shipping-methods': 'ship_method',
  'standard-terms': 'standard_terms',
  'subtotal-items': 'item_subtotal',
  'time-tracking-activities': 'time_tracking',
};

/** How feeds, links and the transactions list call a resource: `sales-orders` is `sales_order`. */
export function feedName(path: string): string {
  const singular = path
    .replaceAll('-', '_')
    .replace(/ies$/, 'y')
    .replace(/sses$/, 'ss')
    .replace(/([^s])s$/, '$1');
  return FEED_NAMES[path] ?? singular;
}

/** A path segment as the SDKs, fixtures and receipts write it: `salesOrders`. */
export function camelCase(segment: string): string {
  let found = camelCased.get(segment);
  if (found === undefined) {
    found = segment.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    camelCased.set(segment, found);
  }
  return found;
}

/** Types of qbXML that are not the feed's name in another case. */
const QBXML_TYPES: Readonly<Record<string, string>> = {
  'credit-card-refunds': 'ARRefundCreditCard',
  'sales-representatives': 'SalesRep',
};

/** The type of a resource in qbXML: `sales-orders` is `SalesOrder`. */
export function qbxmlType(path: string): string {
  return QBXML_TYPES[path] ?? feedName(path).replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
