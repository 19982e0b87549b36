// The bounds of the feeds of deletions, and what a discount of a discount takes off the tax.
import { story } from './books.ts';

story('the bounds of a feed of deletions must be times, in their order', async (t, books) => {
  for (const feed of ['deleted-transactions?transactionTypes=invoice', 'deleted-list-objects?objectTypes=customer']) {
    await books.refused(
      'GET',
      `${feed}&deletedAfter=2025-03-02&deletedBefore=2025-03-01`,
      undefined,
      '3030',
      'The time range is invalid: "2025-03-02T00:00:00.000Z" is after "2025-03-01T23:59:59.999Z".',
    );
    await books.refused(
      'GET',
      `${feed}&deletedBefore=soon`,
      undefined,
      '3020',
      'There was an error when converting the date value "soon" in the field "Date".',
    );
  }
  const [invoice] = await books.list('invoices?refNumbers=1001');
  await books.ok('DELETE', `invoices/${invoice?.id}`);
  const row = {
    transactionType: 'invoice',
    id: invoice?.id,
    objectType: 'qbd_deleted_transaction',
    createdAt: '2025-01-10T10:00:00+00:00',
    deletedAt: '2025-02-20T12:00:00+00:00',
    refNumber: '1001',
  };
  const found = (bounds: string) => books.list(`deleted-transactions?transactionTypes=invoice&${bounds}`);
  t.strictSame(await found('deletedAfter=2025-02-20&deletedBefore=2025-02-20'), [row]);
  t.strictSame(await found('deletedAfter=2025-02-20T12:00:00&deletedBefore=2025-02-20T12:00:00'), [row]);
  t.strictSame(await found('deletedAfter=2025-02-20T12:00:01'), []);
  t.strictSame(await found('deletedBefore=2025-02-20T11:59:59'), []);
});

story('a percentage of a discount reduces the tax as the discount does', async (t, books) => {
  const ids = await books.ids('customers', 'inventory-items', 'other-charge-items', 'accounts');
  const discount = async (name: string, more: object) =>
    (await books.make('discount-items', { name, accountId: ids['Sales Income'], ...more })).id;
  const tenth = await discount('Ten percent', { discountRatePercent: '10' });
  const flat = await discount('Ten', { discountRate: '10.00' });
  const sums = async (...itemIds: unknown[]) => {
    const { subtotal, salesTaxTotal, balanceRemaining } = await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: itemIds.map((itemId) => ({ itemId, ...(itemId === ids.Widget && { quantity: 2 }) })),
    });
    return [subtotal, salesTaxTotal, balanceRemaining];
  };
  // 100.00 - 10.00 - 1.00 = 89.00, all of it taxed with 8 %.
  t.same(await sums(ids.Widget, tenth, tenth), ['89.00', '7.12', '96.12']);
  t.same(await sums(ids.Widget, flat, tenth), ['89.00', '7.12', '96.12']);
  // The flat discount reduces an untaxed line too, so neither it nor its percentage is taxed.
  t.same(await sums(ids.Widget, ids.Freight, flat, tenth), ['104.00', '8.00', '112.00']);
  // The freight is not taxed, nor is what is taken off it.
  t.same(await sums(ids.Widget, ids.Freight, tenth, tenth), ['113.35', '8.00', '121.35']);
});
