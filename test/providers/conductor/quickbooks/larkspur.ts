// What stories on the books of Larkspur Supply Co. look up: ids by name, balances, and what is owed, in stock or open.
import type { Books, Json } from './books.ts';

/** The date of most documents of a story. */
export const DATED = { transactionDate: '2025-02-20' };

/** The lists that sales and payments refer to. */
export const SALES_LISTS = [
  'accounts',
  'customers',
  'service-items',
  'inventory-items',
  'other-charge-items',
  'payment-methods',
  'sales-tax-codes',
  'classes',
];

/** The lists that purchases, stock and banking refer to. */
export const PURCHASE_LISTS = [
  'accounts',
  'vendors',
  'customers',
  'service-items',
  'inventory-items',
  'classes',
  'other-charge-items',
];

/** The balance of an account. */
export const balance = async (books: Books, name: string) => (await books.named('accounts', name)).balance;

/** What a customer owes. */
export const owed = async (books: Books, name: string) => (await books.named('customers', name)).balance;

/** What is applied to an invoice, what is open of it, and whether it is paid. */
export const open = async (books: Books, id: string) => {
  const { appliedAmount, balanceRemaining, isPaid } = await books.get(`invoices/${id}`);
  return [appliedAmount, balanceRemaining, isPaid];
};

/** What is owed to Paper Mill Co. */
export const owedToMill = async (books: Books) => (await books.named('vendors', 'Paper Mill Co')).balance;

/** Widgets: the quantity on hand, the average cost, the quantity on order, and the value of all stock. */
export const stock = async (books: Books) => {
  const { quantityOnHand, averageCost, quantityOnPurchaseOrder } = await books.named('inventory-items', 'Widget');
  return [quantityOnHand, averageCost, quantityOnPurchaseOrder, await balance(books, 'Inventory Asset')];
};

/** The text of a refusal to save. */
export const saving = (thing: string, why: string) =>
  `There was an error when saving a ${thing}. QuickBooks error message: ${why}`;

/** The ids of everything in the file by name, and a few more items. */
export async function furnished(books: Books): Promise<Record<string, string>> {
  const ids = await books.ids(...SALES_LISTS, 'sales-tax-items');
  const make = async (path: string, json: Json) => {
    ids[json.name] = (await books.make(path, json)).id;
  };
  const tax = { salesTaxCodeId: ids.Tax };
  await make('non-inventory-items', {
    name: 'Gadget',
    ...tax,
    salesOrPurchaseDetails: { description: 'Gadget, blue', price: '12.50', postingAccountId: ids['Sales Income'] },
  });
  const account = { accountId: ids['Sales Income'] };
  await make('discount-items', { name: '10% off', discountRatePercent: '10', ...tax, ...account });
  await make('discount-items', { name: '20 off', discountRate: '20.00', ...tax, ...account });
  await make('discount-items', { name: '10% without a code', discountRatePercent: '10', ...account });
  await make('subtotal-items', { name: 'Subtotal' });
  await make('item-groups', {
    name: 'Starter Set',
    description: 'A widget and two gadgets',
    shouldPrintItemsInGroup: true,
    lines: [
      { itemId: ids.Widget, quantity: 1 },
      { itemId: ids.Gadget, quantity: 2 },
    ],
  });
  return ids;
}

/** Lines in short. */
export const amounts = (lines: Json[]) =>
  lines.map(({ item, quantity, rate, amount }) => [item.fullName, quantity, rate, amount]);
