// Orders and whose they are: what is linked stays with one customer and its jobs, or one vendor.
import { type Books, story } from './books.ts';

const on = '2025-02-20';

async function scene(books: Books) {
  const ids = await books.ids('customers', 'vendors', 'service-items', 'accounts');
  const sell = (customerId: unknown) => ({
    customerId,
    transactionDate: on,
    lines: [{ itemId: ids.Consulting, quantity: 2 }],
  });
  return {
    ids,
    harbor: ids['Harbor Cafe'],
    job: ids['Harbor Cafe:Kitchen Refit'],
    bakery: ids['Millstone Bakery'],
    sell,
  };
}

const saving = (thing: string, id: string, party: string) =>
  `There was an error when saving a ${thing}. QuickBooks error message: The transaction "${id}" is of another ${party}.`;
const changing = (thing: string, text: string) =>
  `There was an error when modifying a ${thing}. QuickBooks error message: ${text}`;

story('an invoice takes no order of another customer, and no line of one', async (t, books) => {
  const { harbor, bakery, sell } = await scene(books);
  const order = await books.make('sales-orders', sell(bakery));
  const text = saving('Invoice', order.id, 'customer');
  const base = { customerId: harbor, transactionDate: on };
  await books.refused('POST', 'invoices', { ...base, linkToTransactionIds: [order.id] }, '3180', text);
  const line = { linkToTransactionLine: { transactionId: order.id, transactionLineId: order.lines[0].id } };
  await books.refused('POST', 'invoices', { ...base, lines: [line] }, '3180', text);
  const { quantityInvoiced } = (await books.get(`sales-orders/${order.id}`)).lines[0];
  t.equal(quantityInvoiced, 0);
  t.equal((await books.list('invoices')).length, 2, 'none was made');
});

story('an invoice takes the order of a job of its customer, and stays with them', async (t, books) => {
  const { harbor, job, bakery, sell } = await scene(books);
  const order = await books.make('sales-orders', sell(job));
  const base = { customerId: harbor, transactionDate: on };
  const invoice = await books.make('invoices', { ...base, linkToTransactionIds: [order.id] });
  t.match(await books.get(`sales-orders/${order.id}`), { isFullyInvoiced: true, lines: [{ quantityInvoiced: 2 }] });
  t.equal((await books.change('invoices', invoice.id, { customerId: job })).customer.id, job);
  const { revisionNumber } = await books.get(`invoices/${invoice.id}`);
  await books.refused(
    'POST',
    `invoices/${invoice.id}`,
    { revisionNumber, customerId: bakery },
    '3170',
    changing('Invoice', 'It is linked to an order: its customer stays.'),
  );
  await books.refused(
    'POST',
    `sales-orders/${order.id}`,
    { revisionNumber: (await books.get(`sales-orders/${order.id}`)).revisionNumber, customerId: bakery },
    '3170',
    changing('Sales Order', 'It is linked to another transaction: its customer stays.'),
  );
  const free = { lines: [{ id: '-1', description: 'Instead', amount: '5.00' }], customerId: bakery };
  t.equal((await books.change('invoices', invoice.id, free)).customer.id, bakery, 'without the line of the order');
  t.equal((await books.change('sales-orders', order.id, { customerId: bakery })).customer.id, bakery);
});

story('bills and item receipts take orders of their vendor, and stay with it', async (_t, books) => {
  const { ids } = await scene(books);
  const [vendorId, other] = [ids['State Tax Board'], ids['Paper Mill Co']];
  const document = (more: object) => ({ vendorId, transactionDate: on, ...more });
  for (const [path, thing] of [
    ['bills', 'Bill'],
    ['item-receipts', 'Item Receipt'],
  ] as const) {
    const lines = [{ itemId: ids.Consulting, quantity: 1, rate: '5.00' }];
    const order = await books.make('purchase-orders', document({ lines }));
    const linkToTransactionIds = [order.id];
    const foreign = document({ vendorId: other, linkToTransactionIds });
    await books.refused('POST', path, foreign, '3180', saving(thing, order.id, 'vendor'));
    const { id, revisionNumber } = await books.make(path, document({ linkToTransactionIds }));
    await books.refused(
      'POST',
      `${path}/${id}`,
      { revisionNumber, vendorId: other },
      '3170',
      changing(thing, 'It is linked to an order: its vendor stays.'),
    );
    await books.refused(
      'POST',
      `purchase-orders/${order.id}`,
      { revisionNumber: (await books.get(`purchase-orders/${order.id}`)).revisionNumber, vendorId: other },
      '3170',
      changing('Purchase Order', 'It is linked to another transaction: its vendor stays.'),
    );
  }
});
