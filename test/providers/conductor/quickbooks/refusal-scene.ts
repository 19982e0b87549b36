// What refused requests name: objects of a company file, bodies, and the texts of QuickBooks.
import type { Books, Json } from './books.ts';

const LISTS = [
  'accounts',
  'classes',
  'customers',
  'vendors',
  'employees',
  'service-items',
  'inventory-items',
  'other-charge-items',
  'sales-tax-codes',
  'sales-tax-items',
  'standard-terms',
  'payment-methods',
];

/** The objects that the refused requests name. */
export interface Scene {
  readonly books: Books;
  readonly ids: Record<string, string>;
  /** Open, and paid and deposited. */
  readonly open: Json;
  readonly paid: Json;
  readonly payment: Json;
  readonly memo: Json;
  /** Invoiced as a whole. */
  readonly order: Json;
  readonly estimate: Json;
  readonly twoLines: Json;
  readonly harbor: Json;
  readonly gift: Json;
}

export async function scene(books: Books): Promise<Scene> {
  const ids = await books.ids(...LISTS);
  const [open, paid] = (await books.list('invoices')) as [Json, Json];
  const [payment] = (await books.list('receive-payments')) as [Json];
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const lines = [{ itemId: ids.Widget, quantity: 2 }];
  const order = await books.make('sales-orders', { ...common, lines });
  await books.make('invoices', { ...common, linkToTransactionIds: [order.id] });
  return {
    books,
    ids,
    open,
    paid,
    payment,
    order,
    memo: await books.make('credit-memos', { ...common, lines }),
    estimate: await books.make('estimates', { ...common, lines }),
    twoLines: await books.make('invoices', { ...common, lines: [...lines, { itemId: ids.Consulting, quantity: 1 }] }),
    harbor: await books.named('customers', 'Harbor Cafe'),
    gift: await books.make('receive-payments', { ...common, totalAmount: '30.00' }),
  };
}

/** The expected refusal: an integration code and QuickBooks' text, or Conductor's own message alone. */
export type Refusal = readonly [method: string, path: string, json: unknown, ...expected: [string] | [string, string]];

export const NOWHERE = '80000FFF-1735722000';
export const sale = (s: Scene, json: Json = {}) => ({
  customerId: s.ids['Harbor Cafe'],
  transactionDate: '2025-02-20',
  lines: [line(s)],
  ...json,
});
export const line = (s: Scene, json: Json = {}) => ({ itemId: s.ids.Widget, quantity: 1, ...json });
export const pay = (s: Scene, json: Json = {}) => ({
  customerId: s.ids['Harbor Cafe'],
  transactionDate: '2025-02-20',
  totalAmount: '50.00',
  ...json,
});
export const edit = ({ revisionNumber }: Json, json: Json) => ({ revisionNumber, ...json });
export const gone = (id: string) => `Object "${id}" specified in the request cannot be found.`;
export const converting = (kind: string, text: string, field: string) =>
  `There was an error when converting the ${kind} "${text}" in the field "${field}".`;
export const badReference = (field: string, id: string, thing: string) =>
  `There is an invalid reference to QuickBooks ${field} "${id}" in the ${thing}.`;
export const saving = (thing: string, why: string) =>
  `There was an error when saving a ${thing}. QuickBooks error message: ${why}`;
export const inUse = (name: string) => `The name "${name}" of the list element is already in use.`;

/** Requests that are refused, by situation. */
export type Refusals = Readonly<Record<string, (s: Scene) => Refusal>>;
