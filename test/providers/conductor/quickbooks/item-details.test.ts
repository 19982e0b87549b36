// What an item is sold and bought for: details that are sent replace the stored ones, but for its accounts.
import { type Books, story } from './books.ts';

const kinds = [
  { path: 'service-items', name: 'Tuning' },
  { path: 'non-inventory-items', name: 'Sticker' },
  { path: 'other-charge-items', name: 'Handling' },
];

async function accounts(books: Books) {
  const ids = await books.ids('accounts', 'vendors');
  return { sales: ids['Sales Income'], rent: ids.Rent, vendor: ids['Paper Mill Co'] };
}

story('an update replaces what an item says about its sales, and keeps its account', async (t, books) => {
  const { sales, rent } = await accounts(books);
  for (const { path, name } of kinds) {
    const details = { description: `${name}, once`, price: '12.00', postingAccountId: sales };
    const { id } = await books.make(path, { name, salesOrPurchaseDetails: details });
    const change = async (salesOrPurchaseDetails: object) =>
      (await books.change(path, id, { salesOrPurchaseDetails })).salesOrPurchaseDetails;
    const shown = (more: object) => ({
      description: null,
      price: null,
      pricePercentage: null,
      postingAccount: { id: sales, fullName: 'Sales Income' },
      ...more,
    });
    t.strictSame(await change({ price: '15.00' }), shown({ price: '15.00' }), 'the description went');
    t.strictSame(await change({ description: 'New' }), shown({ description: 'New' }), 'the price went');
    t.strictSame(await change({}), shown({}), 'everything else went');
    t.strictSame(
      await change({ price: '1.00', postingAccountId: rent }),
      shown({ price: '1.00', postingAccount: { id: rent, fullName: 'Rent' } }),
    );
    const { revisionNumber } = await books.get(`${path}/${id}`);
    await books.refused(
      'POST',
      `${path}/${id}`,
      { revisionNumber, salesOrPurchaseDetails: { price: '2.00', postingAccountId: '' } },
      '3190',
      'Cannot clear the element in the "postingAccount" field.',
    );
    t.match(await books.get(`${path}/${id}`), { revisionNumber, salesOrPurchaseDetails: { price: '1.00' } });
  }
});

story('an update replaces what an item says about sales and purchases, and keeps both accounts', async (t, books) => {
  const { sales, rent, vendor } = await accounts(books);
  const { id } = await books.make('non-inventory-items', {
    name: 'Sticker',
    salesAndPurchaseDetails: {
      salesDescription: 'A sticker',
      salesPrice: '2.00',
      incomeAccountId: sales,
      purchaseDescription: 'Stickers',
      purchaseCost: '0.50',
      expenseAccountId: rent,
      preferredVendorId: vendor,
    },
  });
  const changed = await books.change('non-inventory-items', id, { salesAndPurchaseDetails: { salesPrice: '3' } });
  t.strictSame(changed.salesOrPurchaseDetails, null);
  t.strictSame(changed.salesAndPurchaseDetails, {
    salesDescription: null,
    salesPrice: '3.00',
    incomeAccount: { id: sales, fullName: 'Sales Income' },
    purchaseDescription: null,
    purchaseCost: null,
    purchaseTaxCode: null,
    expenseAccount: { id: rent, fullName: 'Rent' },
    preferredVendor: null,
  });
  for (const field of ['incomeAccount', 'expenseAccount']) {
    await books.refused(
      'POST',
      `non-inventory-items/${id}`,
      { revisionNumber: changed.revisionNumber, salesAndPurchaseDetails: { [`${field}Id`]: '' } },
      '3190',
      `Cannot clear the element in the "${field}" field.`,
    );
  }
});

story('a sale after the update has the new price, and posts to the account that stayed', async (t, books) => {
  const { sales } = await accounts(books);
  const { id: customerId } = await books.named('customers', 'Millstone Bakery');
  const { id: itemId } = await books.make('service-items', {
    name: 'Tuning',
    salesOrPurchaseDetails: { description: 'Tuning, once', price: '12.00', postingAccountId: sales },
  });
  await books.change('service-items', itemId, { salesOrPurchaseDetails: { price: '15.00' } });
  const { lines } = await books.make('invoices', { customerId, transactionDate: '2025-02-20', lines: [{ itemId }] });
  t.match(lines, [{ description: null, rate: '15.00', amount: '15.00' }]);
  const rows = await books.list(`transactions?detailLevel=transaction_lines_only&itemIds=${itemId}`);
  t.match(rows, [{ account: { fullName: 'Sales Income' }, amount: '-15.00' }]);
});

story('a barcode is cleared by an empty value', async (t, books) => {
  const { sales } = await accounts(books);
  const details = { postingAccountId: sales };
  const item = { name: 'Tuning', barcode: { value: '4711' }, salesOrPurchaseDetails: details };
  const { id } = await books.make('service-items', item);
  t.equal((await books.change('service-items', id, { barcode: { value: '' } })).barcode, null);
  const other = await books.make('service-items', { ...item, name: 'Other' });
  t.equal(other.barcode, '4711', 'it is free again');
});
