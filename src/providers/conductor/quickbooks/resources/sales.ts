// Estimates, sales orders, invoices, sales receipts and credit memos.

import { invalid } from '../../errors.ts';
import { fromCents, money, percentOf } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { applyCredits, type CreditApplication, CUSTOMER_CREDITS, keepCustomer, openAmount } from '../credits.ts';
import { CODES, cannotChange, cannotSave, missing, refusal } from '../failures.ts';
import { appliedAmounts, linkedObjects, touch } from '../links.ts';
import {
  changedOrderLinks,
  fulfilled,
  keepFulfilledLines,
  keepOrdersOfParty,
  type OrderRules,
  takeOrders,
} from '../orders.ts';
import { specialAccount } from '../postings.ts';
import { type Draft, type Filter, type ResourceEntry, transaction } from '../resource-entry.ts';
import { allLines, completeSale, nextNumber, salesPostings, totalOf } from '../sales-documents.ts';
import { discountDate, termsOf } from '../terms.ts';

type Ref = { readonly id: string };

/** Fields of sales documents that `""` does not clear (known of QuickBooks). */
const REQUIRED = ['customer', 'documentTemplate', 'transactionDate', 'dueDate', 'salesTaxItem', 'receivablesAccount'];
const LINES = ['lines', 'lineGroups'];

/** @throws Failure PARAMETER_INVALID for a new document without lines */
export function needLines({ before, record }: Draft): void {
  if (before === null && allLines(record).length === 0) {
    throw invalid('Invalid input: at least one of lines and lineGroups is needed at "lines"');
  }
}

/** How invoices take over the lines of sales orders. */
const SALES_ORDERS: OrderRules = {
  orders: 'sales-orders',
  fulfils: 'quantity',
  lines: 'lines',
  groups: 'lineGroups',
  copied: {
    item: 'item',
    description: 'description',
    unitOfMeasure: 'unitOfMeasure',
    class: 'class',
    salesTaxCode: 'salesTaxCode',
    ratePercent: 'ratePercent',
    rate: 'rate',
  },
  unitField: 'rate',
};

/** Whether something is not posted yet. */
const isPending = (record: Json) => record.isPending === true;

const estimates: ResourceEntry = transaction('estimates', 'Estimate', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-10',
      refNumber: 'E-1',
      lines: [{ itemId: '@service-items', quantity: 2 }],
    },
  },
  lines: LINES,
  required: REQUIRED,
  complete(draft) {
    completeSale(draft, { template: 'estimate', fields: ['terms'] });
    needLines(draft);
  },
});

const salesOrders: ResourceEntry = transaction('sales-orders', 'Sales Order', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-10',
      refNumber: 'S-1',
      lines: [{ itemId: '@service-items', quantity: 2 }],
    },
  },
  lines: LINES,
  required: REQUIRED,
  complete(draft) {
    completeSale(draft, { template: 'sales_order', fields: ['terms', 'dueDate'] });
    needLines(draft);
    keepFulfilledLines(draft);
  },
  computed(file, page) {
    const done = fulfilled(file, page);
    return (object) => {
      const quantities = done(object);
      const counted = (line: Json): Json => ({ ...line, quantityInvoiced: quantities.get(line.id as string) ?? 0 });
      const lines = ((object.body.lines ?? []) as Json[]).map(counted);
      const lineGroups = ((object.body.lineGroups ?? []) as Json[]).map((group) => ({
        ...group,
        lines: ((group.lines ?? []) as Json[]).map(counted),
      }));
      const all = allLines({ lines, lineGroups });
      const open = all.filter(
        ({ item, quantity, quantityInvoiced }) =>
          item !== undefined && (quantityInvoiced as number) < ((quantity ?? 1) as number),
      );
      return { lines, lineGroups, isFullyInvoiced: all.length > 0 && open.length === 0 };
    };
  },
});

/** What is linked by amount, for each object. */
const APPLIED = `select object, sum(amount) from (
    select toObject as object, amount from conductor_quickbooksLinks where linkType = 'amount'
    union all select fromObject, amount - discount from conductor_quickbooksLinks where linkType = 'amount'
  ) group by object`;

/** Paid or not, as an SQL condition: an open amount is the total without what is linked by amount. */
export const paidFilter: Filter = (status: string) => {
  if (status === 'all') return { sql: 'true', values: [] };
  const paid = `((object.seq, object.total) in (${APPLIED}) or object.total = 0 and not exists (
    select 1 from conductor_quickbooksLinks where linkType = 'amount' and object.seq in (fromObject, toObject)))`;
  // Not `not`, which would look for null among the sums for each object.
  const sql = `object.total is not null and iif(${paid}, 'paid', 'not_paid') = ?`;
  return { sql, values: [status], index: 'total' };
};

const invoices: ResourceEntry = transaction('invoices', 'Invoice', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-10',
      refNumber: '2001',
      lines: [{ itemId: '@service-items', quantity: 2 }],
    },
  },
  lines: LINES,
  required: REQUIRED,
  accounts: ['receivablesAccount'],
  filters: { paymentStatus: paidFilter },
  complete(draft) {
    const { file, request, record, before } = draft;
    if (before === null && request.refNumber === undefined) record.refNumber = nextNumber(file, 'invoices');
    record.receivablesAccount ??= { id: specialAccount(file, 'accounts_receivable') };
    takeOrders(draft, SALES_ORDERS);
    completeSale(draft, { template: 'invoice', fields: ['terms', 'dueDate'] });
    needLines(draft);
    if (
      before !== null &&
      totalOf({ ...before, body: record }) < totalOf(before) - openAmount(file, before, 'totalAmount')
    ) {
      throw cannotChange('Invoice', 'More has been paid than the total would be.');
    }
    keepCustomer(draft);
    keepOrdersOfParty(draft);
    if (isPending(record) && request.applyCredits !== undefined) {
      throw cannotSave('Invoice', 'Credits cannot be applied to a pending invoice.');
    }
    const { id } = record.receivablesAccount as Ref;
    record.postings = isPending(record) ? [] : salesPostings(draft, id, 1);
  },
  stored({ file, request, before }, object) {
    touch(file, changedOrderLinks(before, object));
    applyCredits(file, object, (request.applyCredits ?? []) as CreditApplication[], CUSTOMER_CREDITS);
  },
  computed(file, page) {
    const applied = appliedAmounts(file, page);
    const termsById = new Map<string | undefined, Json | undefined>();
    const terms = (body: Json) => {
      const { id } = (body.terms ?? {}) as Partial<Ref>;
      if (!termsById.has(id)) termsById.set(id, termsOf(file, body));
      return termsById.get(id);
    };
    return (object) => {
      const open = totalOf(object) - applied(object);
      return {
        appliedAmount: fromCents(applied(object)),
        balanceRemaining: fromCents(open),
        isPaid: open === 0,
        ...(open === 0 ? {} : suggestedDiscount(terms(object.body), object.body)),
      };
    };
  },
});

/** The discount of the terms while something is open (known of QuickBooks). */
function suggestedDiscount(terms: Json | undefined, body: Json): Json {
  if (terms?.discountPercentage === undefined) return {};
  return {
    suggestedDiscountAmount: money(percentOf(body.subtotal as string, terms.discountPercentage as string)),
    suggestedDiscountDate: discountDate(terms, body.transactionDate as string),
  };
}

const salesReceipts: ResourceEntry = transaction('sales-receipts', 'Sales Receipt', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-10',
      refNumber: 'R-1',
      lines: [{ itemId: '@service-items', quantity: 2 }],
    },
  },
  lines: LINES,
  required: [...REQUIRED, 'depositToAccount'],
  accounts: ['depositToAccount'],
  complete(draft) {
    const { file, record } = draft;
    const undeposited = specialAccount(file, 'undeposited_funds');
    if (record.creditCardTransaction !== undefined) checkCard(file, record, undeposited);
    record.depositToAccount ??= { id: undeposited };
    const fromCustomer = { paymentMethod: 'preferredPaymentMethod' };
    completeSale(draft, { template: 'sales_receipt', fields: [], fromCustomer });
    needLines(draft);
    keepDeposited(draft);
    const { id } = record.depositToAccount as Ref;
    record.postings = isPending(record) ? [] : salesPostings(draft, id, 1);
  },
  removing: refuseDeposited,
});

/** @throws Failure 3170 for what is in a deposit and would have another amount or account (our choice) */
export function keepDeposited({ file, entry, record, before }: Draft): void {
  if (before === null || linkedObjects(file, before, 'deposit').length === 0) return;
  const received = ({ totalAmount, depositToAccount, isPending = false }: Json) =>
    JSON.stringify([totalAmount, depositToAccount, isPending]);
  if (received(record) !== received(before.body)) throw cannotChange(entry.title, 'It has been deposited.');
}

/** @throws Failure 3150 for the transaction of a card without a payment method (documented) */
export function requireCardMethod({ creditCardTransaction, paymentMethod }: Json): void {
  if (creditCardTransaction !== undefined && paymentMethod === undefined) throw missing('PaymentMethodRef');
}

const CARDS = new Set(['american_express', 'debit_card', 'discover', 'master_card', 'other_credit_card', 'visa']);

/** A card is charged into undeposited funds, with a payment method of a card (documented). */
function checkCard(file: CompanyFile, record: Json, undeposited: string): void {
  const { paymentMethod, depositToAccount } = record as { paymentMethod?: Ref; depositToAccount?: Ref };
  requireCardMethod(record);
  const method = file.find('payment-methods', (paymentMethod as Ref).id)?.body.paymentMethodType as string;
  if (!CARDS.has(method)) throw cannotSave('Sales Receipt', 'A card needs a payment method of a card.');
  if (depositToAccount !== undefined && depositToAccount.id !== undeposited) {
    throw cannotSave('Sales Receipt', 'A charged card is deposited to Undeposited Funds.');
  }
}

/** What is in a deposit cannot be deleted or voided (known of QuickBooks). */
export function refuseDeposited(file: CompanyFile, object: StoredObject, verb: 'delete' | 'void'): void {
  if (linkedObjects(file, object, 'deposit').length === 0) return;
  throw refusal(
    CODES.deletion,
    `Cannot ${verb} the object specified by the id = "${object.id}". It has been deposited.`,
  );
}

const creditMemos: ResourceEntry = transaction('credit-memos', 'Credit Memo', {
  example: {
    create: {
      customerId: '@customers',
      transactionDate: '2025-02-10',
      refNumber: 'C-1',
      lines: [{ itemId: '@service-items', quantity: 2 }],
    },
  },
  lines: LINES,
  required: REQUIRED,
  accounts: ['receivablesAccount'],
  complete(draft) {
    const { file, record, before } = draft;
    record.receivablesAccount ??= { id: specialAccount(file, 'accounts_receivable') };
    completeSale(draft, { template: 'credit_memo', fields: ['terms', 'dueDate'] });
    needLines(draft);
    if (
      before !== null &&
      totalOf({ ...before, body: record }) < totalOf(before) - openAmount(file, before, 'totalAmount')
    ) {
      throw cannotChange('Credit Memo', 'More has been applied than the total would be.');
    }
    keepCustomer(draft);
    const { id } = record.receivablesAccount as Ref;
    record.postings = isPending(record) ? [] : salesPostings(draft, id, -1);
  },
  computed(file, page) {
    const applied = appliedAmounts(file, page);
    return (object) => ({
      creditRemaining: fromCents(totalOf(object) - applied(object)),
    });
  },
});

/** The sales documents; orders come before the invoices that are linked to them. */
export const SALES: readonly ResourceEntry[] = [estimates, salesOrders, invoices, salesReceipts, creditMemos];
