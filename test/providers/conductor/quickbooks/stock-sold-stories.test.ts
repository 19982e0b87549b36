// What sales, returns and void invoices do to the stock of Larkspur Supply Co. and its average cost.
import { story } from './books.ts';
import { balance, furnished } from './larkspur.ts';

story('a void invoice keeps its lines without amounts, and stock comes back', async (t, books) => {
  const ids = await furnished(books);
  const [first] = await books.list('invoices');
  await books.at('2025-02-21T08:00:00.000Z');
  const confirmed = await books.ok('POST', `invoices/${first?.id}/void`);
  t.strictSame(confirmed, {
    id: first?.id,
    objectType: 'qbd_invoice',
    createdAt: first?.createdAt,
    updatedAt: '2025-02-21T08:00:00+00:00',
    refNumber: '1001',
    voided: true,
  });
  const voided = await books.get(`invoices/${first?.id}`);
  t.match(voided, {
    memo: 'VOID:',
    subtotal: '0.00',
    salesTaxTotal: '0.00',
    balanceRemaining: '0.00',
    appliedAmount: '0.00',
    isPaid: true,
    lines: [{ item: { fullName: 'Widget' }, quantity: 0, amount: '0.00' }],
  });
  t.not(voided.revisionNumber, first?.revisionNumber);
  t.equal(await balance(books, 'Accounts Receivable'), '0.00');
  t.equal(await balance(books, 'Sales Tax Payable'), '0.00');
  t.equal(await balance(books, 'Inventory Asset'), '750.00');
  t.equal((await books.named('inventory-items', 'Widget')).quantityOnHand, 30);
  t.strictSame(await books.ok('POST', `invoices/${first?.id}/void`), confirmed, 'a second void changes nothing');
  t.strictSame(await books.get(`invoices/${first?.id}`), voided);
  t.strictSame(await books.list('deleted-transactions?transactionTypes=invoice'), [], 'a void is no deletion');
  const memo = await books.change('invoices', first?.id, { memo: 'VOID: by mistake' });
  t.match(memo, { subtotal: '0.00', balanceRemaining: '0.00', isPaid: true }, 'a new memo does not bring amounts back');
  t.ok(ids.Widget);
});

story('the average cost follows returns and the stock at the start', async (t, books) => {
  const ids = await furnished(books);
  const bolt = await books.make('inventory-items', {
    name: 'Bolt',
    salesPrice: '3.00',
    purchaseCost: '0.33333',
    quantityOnHand: 3,
    totalValue: '99.00',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    inventoryDate: '2025-02-01',
  });
  // 3 x 0.33333 is 1.00, whatever total value was sent.
  t.match(bolt, { quantityOnHand: 3, averageCost: '0.33333' });
  t.equal(await balance(books, 'Inventory Asset'), '501.00');
  t.equal(await balance(books, 'Opening Balance Equity'), '14751.00');
  const sold = await books.make('sales-receipts', {
    customerId: ids['Millstone Bakery'],
    transactionDate: '2025-02-20',
    lines: [{ itemId: bolt.id, quantity: 2 }],
  });
  t.match(sold, { totalAmount: '6.00', depositToAccount: { fullName: 'Undeposited Funds' } });
  t.equal(await balance(books, 'Inventory Asset'), '500.33', '0.67 left with two');
  t.equal(await balance(books, 'Undeposited Funds'), '6.00');
  const memo = await books.make('credit-memos', {
    customerId: ids['Millstone Bakery'],
    transactionDate: '2025-02-21',
    lines: [{ itemId: bolt.id, quantity: 1 }],
  });
  t.match(memo, { totalAmount: '3.00', creditRemaining: '3.00' });
  t.match(await books.get(`inventory-items/${bolt.id}`), { quantityOnHand: 2, averageCost: '0.33' });
  const over = await books.make('sales-receipts', {
    customerId: ids['Millstone Bakery'],
    transactionDate: '2025-02-22',
    lines: [{ itemId: bolt.id, quantity: 5 }],
  });
  t.equal((await books.get(`inventory-items/${bolt.id}`)).quantityOnHand, -3, 'stock may go below zero');
  await books.ok('DELETE', `sales-receipts/${over.id}`);
  await books.ok('DELETE', `credit-memos/${memo.id}`);
  await books.ok('DELETE', `sales-receipts/${sold.id}`);
  t.match(await books.get(`inventory-items/${bolt.id}`), { quantityOnHand: 3, averageCost: '0.33333' });
  t.equal(await balance(books, 'Inventory Asset'), '501.00');
});
