// Items, taxes, codes, currencies and units: what each takes, and what it keeps.
import t from 'tap';
import { fixtureId, MILLRACE, type Node, openBooks, refusal, withIds } from './company-file.ts';

t.test('items are sold, or sold and purchased, and keep what they are', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const income = fixtureId('accounts', 'Sales');
  const cost = fixtureId('accounts', 'Cost of Goods Sold');
  const either = { description: 'once', price: '5.00', postingAccountId: income };
  const both = {
    salesPrice: '9.00',
    salesDescription: 'sold',
    incomeAccountId: income,
    purchaseCost: '4.00',
    expenseAccountId: cost,
  };
  t.match(await call('POST', 'service-items', { name: 'S' }), { status: 400 });
  t.match(
    await call('POST', 'service-items', { name: 'S', salesOrPurchaseDetails: either, salesAndPurchaseDetails: both }),
    { status: 400 },
  );
  const one = await make('service-items', { name: 'S', salesOrPurchaseDetails: either });
  t.match(one, {
    salesOrPurchaseDetails: { price: '5.00', postingAccount: { fullName: 'Sales' } },
    salesAndPurchaseDetails: null,
  });
  t.match(
    await books.change('service-items', one.id, { salesAndPurchaseDetails: { salesPrice: '1.00' } }),
    refusal('3180'),
  );
  t.match(
    (await books.change('service-items', one.id, { salesOrPurchaseDetails: { price: '6.00' } })).body
      .salesOrPurchaseDetails,
    { price: '6.00', description: null, postingAccount: { fullName: 'Sales' } },
  );
  const two = await make('non-inventory-items', {
    name: 'N',
    salesAndPurchaseDetails: both,
    barcode: { value: '4711' },
  });
  t.equal(two.barcode, '4711');
  t.match(await call('POST', 'subtotal-items', { name: 'Sub', barcode: { value: '4711' } }), refusal('3100'));
  t.equal(
    (await make('subtotal-items', { name: 'Sub', barcode: { value: '4711', assignEvenIfUsed: true } })).barcode,
    '4711',
  );
  await make(
    'invoices',
    withIds({
      customerId: '@customers',
      transactionDate: '2025-02-20',
      lines: [{ itemId: two.id }, { itemId: one.id }],
    }),
  );
  t.match(
    await books.change('non-inventory-items', two.id, { salesAndPurchaseDetails: { incomeAccountId: cost } }),
    refusal('3170'),
    'it is used',
  );
  const moved = await books.change('non-inventory-items', two.id, {
    salesAndPurchaseDetails: { incomeAccountId: cost, updateExistingTransactionsIncomeAccount: true },
  });
  t.equal(moved.body.salesAndPurchaseDetails.incomeAccount.fullName, 'Cost of Goods Sold');
  const { conductor } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  const posted = conductor.invoices.at(-1).body.postings.find(({ item }: Node) => item === two.id);
  t.equal(posted.account, cost, 'its postings have moved');
});

t.test('stock items start with a quantity and a value', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const accounts = {
    incomeAccountId: '@accounts:Sales',
    cogsAccountId: '@accounts:Cost of Goods Sold',
    assetAccountId: '@accounts:Inventory Asset',
  };
  const make = (more: object) => books.call('POST', 'inventory-items', withIds({ ...accounts, ...more }));
  t.match((await make({ name: 'A', quantityOnHand: 4, totalValue: '10.00' })).body, {
    quantityOnHand: 4,
    averageCost: '2.50',
  });
  t.match(
    (await make({ name: 'B', quantityOnHand: 4, purchaseCost: '3.00', totalValue: '10.00' })).body,
    { averageCost: '3.00' },
    'the product wins',
  );
  t.match((await make({ name: 'C', quantityOnHand: 3 })).body, { averageCost: '0.00' });
  t.match((await make({ name: 'D' })).body, { quantityOnHand: 0, averageCost: '0.00' });
  t.match(await make({ name: 'E', totalValue: '10.00' }), refusal('3180'));
  t.match(await make({ name: 'F', incomeAccountId: '80FFFFFF-1' }), refusal('3140'));
  const assembly = (await books.call('GET', 'inventory-assembly-items')).body.data[0];
  t.same((await books.change('inventory-assembly-items', assembly.id, { clearItemLines: true })).body.lines, []);
  const group = (await books.call('GET', 'item-groups')).body.data[0];
  t.same((await books.change('item-groups', group.id, { clearItemLines: true })).body.lines, []);
});

t.test('discounts, taxes, codes, currencies and units keep their rules', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const accountId = fixtureId('accounts', 'Sales');
  t.match(
    await call('POST', 'discount-items', { name: 'D', accountId, discountRate: '1.00', discountRatePercent: '1' }),
    { status: 400 },
  );
  const discount = await make('discount-items', { name: 'D', accountId, discountRate: '1.00' });
  t.match((await books.change('discount-items', discount.id, { discountRatePercent: '5' })).body, {
    discountRate: null,
    discountRatePercent: '5',
  });
  t.match(await call('POST', 'sales-tax-items', { name: 'T', taxRate: '5' }), refusal('3150'));
  t.equal((await call('POST', 'sales-tax-items', { name: 'T' })).status, 200);
  const tax = await books.named('sales-tax-codes', 'Tax');
  t.match(await books.change('sales-tax-codes', tax, { isTaxable: false }), refusal('3170'), 'built in');
  const own = await make('sales-tax-codes', { name: 'Own', isTaxable: false });
  t.match((await books.change('sales-tax-codes', own.id, { isTaxable: true })).body, { isTaxable: true });
  await make(
    'invoices',
    withIds({
      customerId: '@customers',
      transactionDate: '2025-02-20',
      salesTaxCodeId: own.id,
      lines: [{ itemId: '@service-items' }],
    }),
  );
  t.match(await books.change('sales-tax-codes', own.id, { isTaxable: false }), refusal('3170'), 'used');
  t.match(await make('currencies', { name: 'Crown', currencyCode: 'CRN' }), {
    isUserDefinedCurrency: true,
    currencyFormat: { thousandSeparator: 'comma', decimalPlaces: '2' },
  });
  const at = '2025-01-01T00:00:00.000Z';
  const euro = {
    id: '80000999-1',
    endUserId: MILLRACE,
    createdAt: at,
    updatedAt: at,
    revisionNumber: '1',
    body: { name: 'Euro', isActive: true, currencyCode: 'EUR' },
  };
  t.equal(
    (await books.server.call('POST', '/__admin/state', { json: { conductor: { currencies: [euro] } } })).status,
    201,
  );
  t.match(await books.change('currencies', '80000999-1', { name: 'Franc' }), refusal('3170'));
  t.match((await books.change('currencies', '80000999-1', { isActive: false })).body, { isActive: false });
  const units = { name: 'U', unitOfMeasureType: 'count', baseUnit: { name: 'Piece', abbreviation: 'pc' } };
  t.match(
    await call('POST', 'unit-of-measure-sets', { ...units, defaultUnits: [{ unitUsedFor: 'sales', unit: 'Box' }] }),
    refusal('3140'),
  );
  const set = await make('unit-of-measure-sets', {
    ...units,
    relatedUnits: [{ name: 'Box', abbreviation: 'bx', conversionRatio: '10' }],
  });
  const item = await make('service-items', {
    name: 'Boxed',
    unitOfMeasureSetId: set.id,
    salesOrPurchaseDetails: { price: '1.00', postingAccountId: accountId },
  });
  const sell = (unitOfMeasure: string, itemId = item.id) =>
    call(
      'POST',
      'invoices',
      withIds({
        customerId: '@customers',
        transactionDate: '2025-02-20',
        lines: [{ itemId, quantity: 1, unitOfMeasure }],
      }),
    );
  t.equal((await sell('bx')).status, 200);
  t.match(await sell('Crate'), refusal('3140'));
  t.match(await sell('Box', fixtureId('service-items')), refusal('3140'), 'an item without units');
});
