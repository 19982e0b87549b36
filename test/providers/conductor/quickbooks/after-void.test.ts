// Deposits after a void, and stock that leaves in several lines or in large numbers.
import { type Books, story } from './books.ts';

const on = '2025-02-20';
const gone = (id: string) => `Object "${id}" specified in the request cannot be found.`;

const balances = async (books: Books) => {
  const shown = Object.fromEntries((await books.list('accounts')).map(({ name, balance }) => [name, balance]));
  return [shown.Checking, shown['Undeposited Funds'], shown['Inventory Asset']];
};

story('a void deposit takes its payment back only when that is asked for', async (t, books) => {
  const [deposit] = await books.list('deposits');
  const { id, lines } = deposit as Record<string, any>;
  const [{ id: line, paymentTransactionId }] = lines;
  await books.ok('POST', `deposits/${id}/void`);
  const waiting = async () => (await books.list('payments-to-deposit')).map((row) => row.paymentTransactionId);
  t.same(await waiting(), [paymentTransactionId]);
  const kept = await books.change('deposits', id, { lines: [{ id: line }] });
  t.match(kept, { totalAmount: '0.00', lines: [{ id: line, paymentTransactionId: null, amount: '0.00' }] });
  t.same(await waiting(), [paymentTransactionId], 'the payment still waits');
  t.same(await balances(books), ['10830.00', '360.00', '500.00']);
  const taken = await books.change('deposits', id, { lines: [{ id: line, paymentTransactionId }] });
  t.match(taken, { totalAmount: '360.00', lines: [{ id: line, paymentTransactionId, amount: '360.00' }] });
  t.same(await waiting(), []);
  t.same(await balances(books), ['11190.00', '0.00', '500.00']);
});

story('a void sales receipt cannot be deposited', async (_t, books) => {
  const ids = await books.ids('customers', 'service-items', 'accounts');
  const { id } = await books.make('sales-receipts', {
    customerId: ids['Harbor Cafe'],
    transactionDate: on,
    lines: [{ itemId: ids.Consulting }],
  });
  await books.ok('POST', `sales-receipts/${id}/void`);
  const lines = [{ paymentTransactionId: id }];
  const deposit = { transactionDate: on, depositToAccountId: ids.Checking, lines };
  await books.refused('POST', 'deposits', deposit, '3120', gone(id));
});

story('the last of the stock takes the last of its value along', async (t, books) => {
  const ids = await books.ids('customers', 'accounts');
  const stock = async (name: string, quantityOnHand: number, totalValue: string) =>
    (
      await books.make('inventory-items', {
        name,
        incomeAccountId: ids['Sales Income'],
        cogsAccountId: ids['Cost of Goods Sold'],
        assetAccountId: ids['Inventory Asset'],
        quantityOnHand,
        totalValue,
        inventoryDate: '2025-01-31',
      })
    ).id;
  const sell = (path: string, ...lines: object[]) =>
    books.make(path, {
      customerId: ids['Harbor Cafe'],
      transactionDate: on,
      lines: lines.map((line) => ({ rate: '1.00', ...line })),
    });
  const left = async (itemId: string) => {
    const { quantityOnHand, averageCost } = await books.get(`inventory-items/${itemId}`);
    return [quantityOnHand, averageCost, (await balances(books))[2]];
  };
  const three = await stock('Three for ten', 3, '10.00');
  const one = { itemId: three, quantity: 1 };
  await sell('invoices', one, one, one);
  t.same(await left(three), [0, '0.00', '500.00'], 'not a cent stays');
  const many = await stock('Many', 3000, '1000.00');
  await sell('invoices', { itemId: many, quantity: 3000 });
  t.same(await left(many), [0, '0.00', '500.00'], 'the average of five decimals would leave a cent');
  const back = await stock('Back', 2, '5.00');
  await sell('credit-memos', { itemId: back, quantity: 1 }, { itemId: back, quantity: 1 });
  t.same(await left(back), [4, '2.50', '510.00']);
  // Of what is not there, each piece costs what the item says.
  const none = await books.make('inventory-items', {
    name: 'None',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    purchaseCost: '4.00',
  });
  await sell('invoices', { itemId: none.id, quantity: 2 });
  t.same(await left(none.id), [-2, '4.00', '502.00']);
  await sell('invoices', { itemId: none.id, quantity: 1 });
  t.same(await left(none.id), [-3, '4.00', '498.00']);
});
