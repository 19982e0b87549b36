// Single cases: pending documents, classes of lines, unused items, first numbers, payments that run out, price levels.
import t from 'tap';
import { type Books, MILLRACE, type Node, openBooks, refusal } from './company-file.ts';

async function shop(t: Parameters<typeof openBooks>[0]) {
  const books = await openBooks(t, MILLRACE);
  const customer = await books.make('customers', { name: 'Case' });
  const income = await books.make('accounts', { name: 'Case income', accountType: 'income' });
  const item = await books.make('service-items', {
    name: 'Case work',
    salesOrPurchaseDetails: { price: '10.00', postingAccountId: income.id },
  });
  return { books, item, base: { customerId: customer.id, transactionDate: '2025-02-01' } };
}

async function postingsOf({ server }: Books, resource: string, id: string): Promise<Node[]> {
  const { body } = await server.call('GET', '/__admin/state?provider=conductor');
  return body.conductor[resource].find((row: Node) => row.id === id).body.postings;
}

t.test('a pending document posts nothing', async (t) => {
  const { books, item, base } = await shop(t);
  for (const [path, resource] of [
    ['invoices', 'invoices'],
    ['sales-receipts', 'salesReceipts'],
  ] as const) {
    const made = await books.make(path, { ...base, isPending: true, lines: [{ itemId: item.id }] });
    t.equal(made.isPending, true);
    t.equal(await postingsOf(books, resource, made.id), undefined);
  }
});

t.test('the class of a line is the class of its posting', async (t) => {
  const { books, item, base } = await shop(t);
  const { id: classId } = await books.make('classes', { name: 'Case class' });
  const made = await books.make('invoices', { ...base, lines: [{ itemId: item.id, classId }] });
  t.match(await postingsOf(books, 'invoices', made.id), [{ amount: 1000 }, { amount: -1000, class: classId }]);
});

t.test('the accounts of an unused item change freely', async (t) => {
  const { books, item } = await shop(t);
  const other = await books.make('accounts', { name: 'Other income', accountType: 'income' });
  const change = { revisionNumber: item.revisionNumber, salesOrPurchaseDetails: { postingAccountId: other.id } };
  const { status, body } = await books.call('POST', `service-items/${item.id}`, change);
  t.match([status, body], [200, { salesOrPurchaseDetails: { price: null, postingAccount: { id: other.id } } }]);
});

t.test('the first invoice of a file is number 1', async (t) => {
  const { books, item, base } = await shop(t);
  for (const path of ['receive-payments', 'credit-memos', 'invoices'])
    for (const { id } of (await books.call('GET', path)).body.data) await books.call('DELETE', `${path}/${id}`);
  const make = () => books.make('invoices', { ...base, lines: [{ itemId: item.id }] });
  if ((await books.call('GET', 'invoices')).body.data.length > 0) t.fail('all invoices can be deleted');
  t.equal((await make()).refNumber, '1');
  t.equal((await make()).refNumber, '2');
});

t.test('an automatic payment pays the oldest invoices until it runs out', async (t) => {
  const { books, item, base } = await shop(t);
  const ids: string[] = [];
  for (const quantity of [1, 2, 3])
    ids.push((await books.make('invoices', { ...base, lines: [{ itemId: item.id, quantity }] })).id);
  const paid = await books.make('receive-payments', { ...base, totalAmount: '15.00', isAutoApply: true });
  t.same(
    paid.appliedToTransactions.map(({ transactionId, amount }: Node) => [transactionId, amount]),
    [
      [ids[0], '10.00'],
      [ids[1], '5.00'],
    ],
  );
});

t.test('a price level keeps its percentage, and adjusts nothing of an item without a price', async (t) => {
  const { books } = await shop(t);
  const { id: postingAccountId } = await books.make('accounts', { name: 'Free income', accountType: 'income' });
  const free = await books.make('service-items', { name: 'Free', salesOrPurchaseDetails: { postingAccountId } });
  const level = await books.make('price-levels', { name: 'Fixed', fixedPercentage: '5' });
  const change = { revisionNumber: level.revisionNumber, fixedPercentage: '6' };
  t.match(await books.call('POST', `price-levels/${level.id}`, change), refusal('3170'));
  const each = await books.make('price-levels', {
    name: 'Each',
    perItemPriceLevels: [{ itemId: free.id, adjustPercentage: '10', adjustRelativeTo: 'standard_price' }],
  });
  t.equal(each.perItemPriceLevels[0].customPrice, '0.00');
});

t.test('estimates post to no account, so that none is found by one', async (t) => {
  const { books } = await shop(t);
  const account = await books.named('accounts', 'Case income');
  t.same((await books.call('GET', `estimates?accountIds=${account}`)).body.data, []);
});
