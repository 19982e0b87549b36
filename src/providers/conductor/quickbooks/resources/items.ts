// The item families, groups and price levels.

import { invalid } from '../../errors.ts';
import { cents, decimalText, times } from '../amounts.ts';
import type { Json } from '../company-file.ts';
import { CODES, cannotClear, cannotSave, missing, refusal } from '../failures.ts';
import { shownName } from '../names.ts';
import { type Posting, specialAccount } from '../postings.ts';
import { ITEMS } from '../references.ts';
import { type Draft, list, type ResourceEntry } from '../resource-entry.ts';
import { shownStock } from '../stock.ts';
import { keepBaseUnit, moveAccounts } from './used-items.ts';

const TREE = { field: 'fullName', space: ITEMS } as const;
const FLAT = { field: 'name', space: ITEMS } as const;

/** A barcode belongs to one item, unless the request says otherwise (documented). */
function completeBarcode({ file, id, request, record }: Draft): void {
  const given = request.barcode as Json | undefined;
  const value = record.barcode as string | undefined;
  if (given === undefined || value === undefined || given.assignEvenIfUsed === true) return;
  const taken = file.db.get(
    "select 1 from conductor_quickbooksObjects where endUserId = ? and body ->> 'barcode' = ? and id <> ?",
    file.endUserId,
    value,
    id,
  );
  if (taken !== undefined)
    throw refusal(CODES.nameTaken, `The barcode "${value}" of the list element is already in use.`);
}

/** Exactly one of the two details, and the kind stays what it was (documented). */
function completeDetails(draft: Draft): void {
  const { request, before, entry } = draft;
  completeBarcode(draft);
  keepBaseUnit(draft);
  const given = ['salesOrPurchaseDetails', 'salesAndPurchaseDetails'].filter((name) => request[name] !== undefined);
  if (before === null && given.length !== 1) {
    throw invalid(
      'Invalid input: exactly one of salesOrPurchaseDetails and salesAndPurchaseDetails is needed at "salesOrPurchaseDetails"',
    );
  }
  const [kind] = given;
  if (before === null || kind === undefined) return;
  if (given.length > 1 || before.body[kind] === undefined) {
    throw cannotSave(
      entry.title,
      'An item cannot change between being sold or purchased and being sold and purchased.',
    );
  }
  const flags = MOVING_FLAGS[kind] as Readonly<Record<string, string>>;
  draft.record[kind] = { ...keptAccounts(draft, kind, Object.keys(flags)), ...(draft.record[kind] as Json) };
  moveAccounts(draft, flags, kind);
}

/** The accounts of details, and the flags with which they change in a used item. */
const MOVING_FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  salesOrPurchaseDetails: { postingAccount: 'updateExistingTransactionsAccount' },
  salesAndPurchaseDetails: {
    incomeAccount: 'updateExistingTransactionsIncomeAccount',
    expenseAccount: 'updateExistingTransactionsExpenseAccount',
  },
};

/**
 * The accounts that details have had: details that are sent replace the stored ones, but an item is never without its
 * accounts, so those that are not sent stay (our choice).
 *
 * @throws Failure 3190 for an account that is to be cleared
 */
function keptAccounts({ request, before }: Draft, kind: string, fields: readonly string[]): Json {
  const [asked, stored] = [request[kind], before?.body[kind]] as [Json, Json];
  for (const field of fields) if (asked[`${field}Id`] === '') throw cannotClear(field);
  return Object.fromEntries(fields.map((field) => [field, stored[field]]));
}

function plainItem(path: string, title: string, more: Partial<ResourceEntry>): ResourceEntry {
  return list(path, title, {
    ...more,
    names: TREE,
    required: ['name'],
    complete: completeDetails,
    computed: () => shownName,
  });
}

function stockItem(path: string, title: string, more: Partial<ResourceEntry>): ResourceEntry {
  return list(path, title, {
    ...more,
    names: TREE,
    required: ['name', 'incomeAccount', 'cogsAccount', 'assetAccount'],
    complete(draft) {
      const { file, id, request, record, before } = draft;
      completeBarcode(draft);
      keepBaseUnit(draft);
      // Both are computed from the postings.
      delete record.quantityOnHand;
      if (request.clearItemLines === true && request.lines === undefined) delete record.lines;
      const flags = {
        incomeAccount: 'updateExistingTransactionsIncomeAccount',
        cogsAccount: 'updateExistingTransactionsCogsAccount',
        assetAccount: null,
      };
      moveAccounts(draft, flags, null);
      if (before !== null) return;
      const quantity = (request.quantityOnHand ?? 0) as number;
      if (quantity <= 0 && request.totalValue !== undefined) {
        throw cannotSave(title, 'A total value needs a quantity on hand.');
      }
      if (quantity === 0) return;
      const sent = request.totalValue === undefined ? '0.00' : decimalText('totalValue', request.totalValue as string);
      const value = cents(record.purchaseCost === undefined ? sent : times(record.purchaseCost as string, quantity));
      const date = (request.inventoryDate as string | undefined) ?? file.today;
      record.postings = [
        { account: (record.assetAccount as { id: string }).id, amount: value, date, item: id, quantity },
        { account: specialAccount(file, 'opening_balance_equity'), amount: -value, date },
      ] satisfies Posting[];
    },
    computed(file, page) {
      const stock = shownStock(file, page);
      return (object) => ({ ...shownName(object), ...stock(object) });
    },
  });
}

const discountItems = list('discount-items', 'Discount Item', {
  example: { create: { name: 'Loyal customer', discountRatePercent: '10', accountId: '@accounts:Sales' } },
  names: TREE,
  required: ['name', 'account'],
  complete(draft) {
    const { request, record } = draft;
    completeBarcode(draft);
    if (request.discountRate !== undefined && request.discountRatePercent !== undefined) {
      throw invalid(
        'Invalid input: only one of discountRate and discountRatePercent may be given at "discountRatePercent"',
      );
    }
    if (request.discountRate !== undefined) delete record.discountRatePercent;
    if (request.discountRatePercent !== undefined) delete record.discountRate;
    moveAccounts(draft, { account: 'updateExistingTransactionsAccount' }, null);
  },
  computed: () => shownName,
});

const salesTaxItems = list('sales-tax-items', 'Sales Tax Item', {
  example: { create: { name: 'City Tax', taxRate: '5', taxVendorId: '@vendors' } },
  names: FLAT,
  required: ['name'],
  complete(draft) {
    completeBarcode(draft);
    const { record } = draft;
    if (Number(record.taxRate ?? 0) !== 0 && record.taxVendor === undefined) throw missing('TaxVendorRef');
  },
});

const itemGroups = list('item-groups', 'Item Group', {
  example: {
    create: {
      name: 'Pair of wheels',
      shouldPrintItemsInGroup: true,
      lines: [{ itemId: '@inventory-items', quantity: 2 }],
    },
  },
  names: FLAT,
  required: ['name'],
  complete(draft) {
    completeBarcode(draft);
    keepBaseUnit(draft);
    if (draft.request.clearItemLines === true && draft.request.lines === undefined) delete draft.record.lines;
  },
});

/** Items share ids and names (known of QuickBooks). */
export const ITEM_FAMILIES: readonly ResourceEntry[] = [
  plainItem('service-items', 'Service Item', {
    example: {
      create: {
        name: 'Repair',
        salesTaxCodeId: '@sales-tax-codes:Non',
        salesOrPurchaseDetails: {
          description: 'Repair, per hour',
          price: '60.00',
          postingAccountId: '@accounts:Sales',
        },
      },
    },
  }),
  plainItem('non-inventory-items', 'Non-inventory Item', {
    example: {
      create: {
        name: 'Bell',
        salesTaxCodeId: '@sales-tax-codes:Tax',
        salesAndPurchaseDetails: {
          salesPrice: '12.00',
          incomeAccountId: '@accounts:Sales',
          purchaseCost: '6.00',
          expenseAccountId: '@accounts:Cost of Goods Sold',
        },
      },
    },
  }),
  plainItem('other-charge-items', 'Other Charge Item', {
    example: {
      create: { name: 'Delivery', salesOrPurchaseDetails: { price: '15.00', postingAccountId: '@accounts:Sales' } },
    },
  }),
  stockItem('inventory-items', 'Inventory Item', {
    example: {
      create: {
        name: 'Wheel',
        salesTaxCodeId: '@sales-tax-codes:Tax',
        salesPrice: '80.00',
        purchaseCost: '45.00',
        incomeAccountId: '@accounts:Sales',
        cogsAccountId: '@accounts:Cost of Goods Sold',
        assetAccountId: '@accounts:Inventory Asset',
        quantityOnHand: 20,
      },
    },
  }),
  stockItem('inventory-assembly-items', 'Inventory Assembly Item', {
    example: {
      create: {
        name: 'Bicycle',
        salesTaxCodeId: '@sales-tax-codes:Tax',
        salesPrice: '400.00',
        incomeAccountId: '@accounts:Sales',
        cogsAccountId: '@accounts:Cost of Goods Sold',
        assetAccountId: '@accounts:Inventory Asset',
        lines: [{ inventoryItemId: '@inventory-items', quantity: 2 }],
      },
    },
  }),
  discountItems,
  list('subtotal-items', 'Subtotal Item', {
    example: { create: { name: 'Subtotal' } },
    names: FLAT,
    required: ['name'],
    complete: completeBarcode,
  }),
  salesTaxItems,
  list('sales-tax-group-items', 'Sales Tax Group Item', {
    example: { create: { name: 'State and City', salesTaxItemIds: ['@sales-tax-items'] } },
    names: FLAT,
    required: ['name'],
    complete: completeBarcode,
  }),
  itemGroups,
];
