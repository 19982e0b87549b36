// Purchase orders, item receipts, bills and vendor credits.
import { cents, fromCents, total as sumOf } from '../amounts.ts';
import { billOrders, keepBilledLines, receiveOrders, refuseBilled } from '../billed-receipts.ts';
import type { Json, StoredObject } from '../company-file.ts';
import { cannotChange } from '../failures.ts';
import { addDays } from '../file-time.ts';
import { completeGroups, completeLines } from '../lines.ts';
import { appliedAmounts, touch } from '../links.ts';
import {
  changedOrderLinks,
  fulfilled,
  keepFulfilledLines,
  keepOrdersOfParty,
  type OrderRules,
  takeOrders,
} from '../orders.ts';
import { specialAccount } from '../postings.ts';
import { completePurchase, keepApplied, PURCHASE_LINES, type PurchaseRules, purchasePostings } from '../purchases.ts';
import { type Draft, type ResourceEntry, transaction } from '../resource-entry.ts';
import { allLines } from '../sales-documents.ts';
import { dueDate, termsOf } from '../terms.ts';
import { needLines, paidFilter } from './sales.ts';

type Ref = { readonly id: string };

const purchaseOrders = transaction('purchase-orders', 'Purchase Order', {
  example: {
    create: {
      vendorId: '@vendors:Frame Works',
      transactionDate: '2025-02-10',
      refNumber: 'P-1',
      lines: [{ itemId: '@inventory-items', quantity: 4, rate: '6.00' }],
    },
  },
  lines: ['lines', 'lineGroups'],
  required: ['vendor', 'documentTemplate', 'transactionDate'],
  complete(draft) {
    const { file, record, request, before } = draft;
    if (before === null) {
      const { vendor } = record as { vendor?: Ref };
      const body = vendor === undefined ? {} : (file.find('vendors', vendor.id) as StoredObject).body;
      const template = file.first('templates', ({ templateType }) => templateType === 'purchase_order');
      record.documentTemplate ??= template && { id: template.id };
      record.vendorAddress ??= structuredClone(body.billingAddress);
      record.terms ??= body.terms;
      record.currency ??= body.currency;
    }
    const rules = { unitField: 'rate', purchase: true } as const;
    const groups = (record.lineGroups ?? []) as Json[];
    completeLines(draft, (record.lines ?? []) as Json[], request.lines as Json[] | undefined, rules);
    completeGroups(draft, groups, request.lineGroups as Json[] | undefined, { ...rules, inner: 'lines' });
    needLines(draft);
    for (const line of allLines(record)) line.class ??= record.class;
    record.totalAmount = sumOf(allLines(record).map(({ amount }) => amount as string | undefined));
    keepFulfilledLines(draft);
    completeClosing(draft);
  },
  computed(file, page) {
    const [received, billed] = [fulfilled(file, page, 'received'), fulfilled(file, page, 'billed')];
    return (object) => {
      const [came, paid] = [received(object), billed(object)];
      const counted = (line: Json): Json => {
        if (line.item === undefined) return line;
        const quantity = (line.quantity ?? 1) as number;
        const unbilledQuantity = Math.max(0, quantity - (paid.get(line.id as string) ?? 0));
        const receivedQuantity = came.get(line.id as string) ?? 0;
        return { ...line, receivedQuantity, unbilledQuantity, isBilled: unbilledQuantity === 0 };
      };
      const lines = ((object.body.lines ?? []) as Json[]).map(counted);
      const groups = (object.body.lineGroups ?? []) as Json[];
      const lineGroups = groups.map((group) => ({ ...group, lines: ((group.lines ?? []) as Json[]).map(counted) }));
      const items = allLines({ lines, lineGroups }).filter(({ item }) => item !== undefined);
      const isFullyReceived =
        items.length > 0 &&
        items.every(
          ({ quantity, receivedQuantity, isManuallyClosed }) =>
            isManuallyClosed !== true && (receivedQuantity as number) >= ((quantity ?? 1) as number),
        );
      return { lines, lineGroups, isFullyReceived };
    };
  },
});

/**
 * Closing an order by hand closes its lines, and an order whose lines are all closed is closed (documented).
 *
 * @throws Failure 3170 for reopening a line that has been received
 */
function completeClosing({ file, request, record, before }: Draft): void {
  if (before === null) return;
  const lines = allLines(record);
  if (request.isManuallyClosed !== undefined) {
    for (const line of lines) line.isManuallyClosed = request.isManuallyClosed;
  }
  const received = fulfilled(file, [before], 'received')(before);
  const closed = new Set(allLines(before.body).flatMap((line) => (line.isManuallyClosed === true ? [line.id] : [])));
  for (const { id, quantity, isManuallyClosed } of lines) {
    const all = (received.get(id as string) ?? 0) >= ((quantity ?? 1) as number);
    if (closed.has(id) && isManuallyClosed !== true && all) {
      throw cannotChange('Purchase Order', `The line "${String(id)}" has been received, so it cannot be opened again.`);
    }
  }
  record.isManuallyClosed = lines.every(({ isManuallyClosed }) => isManuallyClosed === true);
}

/** How bills and receipts take over the lines of purchase orders. */
const PURCHASE_ORDERS = {
  orders: 'purchase-orders',
  lines: 'itemLines',
  groups: 'itemGroupLines',
  copied: {
    item: 'item',
    description: 'description',
    unitOfMeasure: 'unitOfMeasure',
    class: 'class',
    salesTaxCode: 'salesTaxCode',
    customer: 'payee',
    cost: 'rate',
  },
  unitField: 'cost',
} as const satisfies Partial<OrderRules>;

const VENDOR = { account: 'payablesAccount', party: 'vendor' } as const;
const RECEIPT: PurchaseRules = { ...VENDOR, total: 'totalAmount', sign: 1, takesOrders: true };
const BILL: PurchaseRules = {
  ...VENDOR,
  total: 'amountDue',
  sign: 1,
  takesOrders: true,
  fromParty: { terms: 'terms', vendorAddress: 'billingAddress' },
};
const CREDIT: PurchaseRules = { ...VENDOR, total: 'creditAmount', sign: -1 };
const COMMON = {
  lines: PURCHASE_LINES,
  accounts: ['payablesAccount'],
  required: ['vendor', 'payablesAccount', 'transactionDate', 'dueDate'],
} satisfies Partial<ResourceEntry>;

function payable({ file, record }: Draft): void {
  record.payablesAccount ??= { id: specialAccount(file, 'accounts_payable') };
}

const itemReceipts = transaction('item-receipts', 'Item Receipt', {
  ...COMMON,
  example: {
    create: {
      vendorId: '@vendors:Frame Works',
      transactionDate: '2025-02-11',
      refNumber: 'IR-1',
      itemLines: [{ itemId: '@inventory-items', quantity: 2, cost: '6.00' }],
    },
  },
  complete(draft) {
    const { record } = draft;
    payable(draft);
    record.liabilityAccount = record.payablesAccount;
    takeOrders(draft, { ...PURCHASE_ORDERS, fulfils: 'received' });
    receiveOrders(record);
    completePurchase(draft, RECEIPT);
    keepBilledLines(draft);
    keepOrdersOfParty(draft);
    record.postings = purchasePostings(draft, RECEIPT);
  },
  stored: ({ file, before }, object) => touch(file, changedOrderLinks(before, object)),
  removing: refuseBilled,
});

const bills = transaction('bills', 'Bill', {
  ...COMMON,
  example: {
    create: {
      vendorId: '@vendors:Frame Works',
      transactionDate: '2025-02-12',
      refNumber: 'B-1',
      expenseLines: [{ accountId: '@accounts:Wages', amount: '30.00' }],
    },
  },
  filters: { paymentStatus: paidFilter },
  complete(draft) {
    payable(draft);
    takeOrders(draft, { ...PURCHASE_ORDERS, fulfils: 'billed' });
    billOrders(draft);
    completePurchase(draft, BILL);
    keepApplied(draft, BILL);
    keepOrdersOfParty(draft);
    completeDueDate(draft);
    draft.record.postings = purchasePostings(draft, BILL);
  },
  stored: ({ file, before }, object) => touch(file, changedOrderLinks(before, object)),
  computed(file, page) {
    const applied = appliedAmounts(file, page);
    return (object) => {
      const open = cents(object.body.amountDue as string) - applied(object);
      return { openAmount: fromCents(open), isPaid: open === 0 };
    };
  },
});

/** The due date that was sent, else that of the terms, else some days later, as the preferences say (known of QuickBooks). */
function completeDueDate({ file, request, record, before }: Draft): void {
  const changed = request.termsId !== undefined || request.transactionDate !== undefined;
  if (request.dueDate !== undefined || (before !== null && !changed)) return;
  const terms = termsOf(file, record);
  const date = record.transactionDate as string;
  const { daysBillsAreDue = 0 } = file.preference('purchasesAndVendors') as { daysBillsAreDue?: number };
  record.dueDate = terms === undefined ? addDays(date, daysBillsAreDue) : dueDate(terms, date);
}

const vendorCredits = transaction('vendor-credits', 'Vendor Credit', {
  ...COMMON,
  example: {
    create: {
      vendorId: '@vendors:Frame Works',
      transactionDate: '2025-02-13',
      refNumber: 'VC-1',
      expenseLines: [{ accountId: '@accounts:Wages', amount: '5.00' }],
    },
  },
  complete(draft) {
    payable(draft);
    completePurchase(draft, CREDIT);
    keepApplied(draft, CREDIT);
    draft.record.postings = purchasePostings(draft, CREDIT);
  },
  computed(file, page) {
    const applied = appliedAmounts(file, page);
    return (object) => ({ openAmount: fromCents(cents(object.body.creditAmount as string) - applied(object)) });
  },
});

/** The documents of vendors; orders come before receipts, and both before the bills that are linked to them. */
export const PURCHASES: readonly ResourceEntry[] = [purchaseOrders, itemReceipts, bills, vendorCredits];
