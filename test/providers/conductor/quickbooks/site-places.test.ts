// Places within inventory sites, and the currency of what vendors are paid.
import t from 'tap';
import { type Json, story } from './books.ts';

const DATED = { transactionDate: '2025-02-20' };

story('a place within a site is named only beside that site', async (t, books) => {
  const ids = await books.ids('accounts', 'vendors', 'customers', 'inventory-items');
  const [north, south] = [
    await books.make('inventory-sites', { name: 'North' }),
    await books.make('inventory-sites', { name: 'South' }),
  ];
  const shelf = await books.make('inventory-sites', { name: 'Shelf', parentId: north.id });
  const at = (site: Json | undefined) => ({ inventorySiteId: site?.id, inventorySiteLocationId: shelf.id });
  const text = (thing: string) =>
    `There is an invalid reference to QuickBooks InventorySiteLocation "${shelf.id}" in the ${thing}.`;
  const bill = (site: Json | undefined) => ({
    ...DATED,
    vendorId: ids['Paper Mill Co'],
    itemLines: [{ itemId: ids.Widget, quantity: 1, ...at(site) }],
  });
  await books.refused('POST', 'bills', bill(south), '3140', text('Bill'));
  const made = await books.make('bills', bill(north));
  t.strictSame(made.itemLines[0].inventorySiteLocation, { id: shelf.id, fullName: 'Shelf' });
  t.equal(
    (await books.make('bills', bill(undefined))).itemLines[0].inventorySite,
    null,
    'without a site any place will do',
  );
  const { revisionNumber } = await books.get(`bills/${made.id}`);
  const moved = { revisionNumber, itemLines: [{ id: made.itemLines[0].id, inventorySiteId: south.id }] };
  await books.refused('POST', `bills/${made.id}`, moved, '3140', text('Bill'));
  const order = (site: Json) => ({
    ...DATED,
    vendorId: ids['Paper Mill Co'],
    inventorySiteId: site.id,
    lines: [{ itemId: ids.Widget, quantity: 1, inventorySiteLocationId: shelf.id }],
  });
  await books.refused('POST', 'purchase-orders', order(south), '3140', text('Purchase Order'));
  t.match(await books.make('purchase-orders', order(north)), { lines: [{ inventorySiteLocation: { id: shelf.id } }] });
  const adjustment = (site: Json) => ({
    ...DATED,
    accountId: ids.Rent,
    inventorySiteId: site.id,
    lines: [{ itemId: ids.Widget, adjustQuantity: { quantityDifference: 1, inventorySiteLocationId: shelf.id } }],
  });
  await books.refused('POST', 'inventory-adjustments', adjustment(south), '3140', text('Inventory Adjustment'));
  t.match(await books.make('inventory-adjustments', adjustment(north)), { inventorySite: { fullName: 'North' } });
});

story('a payment of bills is in the currency of its vendor', async (t, books) => {
  const ids = await books.ids('accounts');
  await books.server.call('POST', `/__admin/conductor/end-users/${books.endUserId}/preferences`, {
    json: { multiCurrency: { isMultiCurrencyEnabled: true } },
  });
  const crown = await books.make('currencies', { name: 'Crown', currencyCode: 'XCR' });
  const vendor = await books.make('vendors', { name: 'Abroad', currencyId: crown.id });
  const owed = { ...DATED, vendorId: vendor.id, exchangeRate: 1.25 };
  const bill = await books.make('bills', { ...owed, expenseLines: [{ accountId: ids.Rent, amount: '100.00' }] });
  const applyToTransactions = [{ transactionId: bill.id, paymentAmount: '40.00' }];
  for (const [path, account] of [
    ['bill-check-payments', { bankAccountId: ids.Checking }],
    ['bill-credit-card-payments', { creditCardAccountId: ids.Visa }],
  ] as const) {
    const { currency, exchangeRate, amountInHomeCurrency } = await books.make(path, {
      ...owed,
      ...account,
      applyToTransactions,
    });
    t.strictSame([currency.fullName, exchangeRate, amountInHomeCurrency], ['Crown', 1.25, '50.00'], path);
    t.equal((await books.list(`${path}?currencyIds=${crown.id}`)).length, 1);
  }
});

t.end();
