// What one invoice can take of an order: what is open of it, once.
import { type Books, story } from './books.ts';

const on = '2025-02-20';
const closed = (id: string) => `Unable to link to transaction "${id}" because it has already been closed.`;

async function ordered(books: Books) {
  const ids = await books.ids('customers', 'inventory-items', 'service-items');
  const base = { customerId: ids['Harbor Cafe'], transactionDate: on };
  const order = await books.make('sales-orders', {
    ...base,
    lines: [
      { itemId: ids.Widget, quantity: 5 },
      { itemId: ids.Consulting, quantity: 1 },
    ],
  });
  const [widgets, hours] = order.lines;
  const linked = (line: { id: string }, more: object = {}) => ({
    linkToTransactionLine: { transactionId: order.id, transactionLineId: line.id },
    ...more,
  });
  const invoiced = async () =>
    (await books.get(`sales-orders/${order.id}`)).lines.map((line: Record<string, unknown>) => line.quantityInvoiced);
  return { base, order, widgets, hours, linked, invoiced };
}

story('two lines of an invoice share what is open of the line of an order', async (t, books) => {
  const { base, order, widgets, hours, linked, invoiced } = await ordered(books);
  const { lines } = await books.make('invoices', {
    ...base,
    lines: [linked(widgets, { quantity: 2 }), linked(hours), linked(widgets)],
  });
  t.strictSame(
    lines.map(({ quantity, amount }: Record<string, unknown>) => [quantity, amount]),
    [
      [2, '100.00'],
      [1, '90.00'],
      [3, '150.00'],
    ],
    'the last one takes what the first one left',
  );
  t.strictSame(await invoiced(), [5, 1]);
  t.equal((await books.get(`sales-orders/${order.id}`)).isFullyInvoiced, true);
});

story('a line of an order that the invoice has taken already is closed for its other lines', async (t, books) => {
  const { base, order, widgets, linked, invoiced } = await ordered(books);
  const lines = [linked(widgets), linked(widgets)];
  await books.refused('POST', 'invoices', { ...base, lines }, '570', closed(order.id));
  t.strictSame(await invoiced(), [0, 0]);
});

story('an order that is named twice is closed the second time', async (t, books) => {
  const { base, order, invoiced } = await ordered(books);
  const linkToTransactionIds = [order.id, order.id];
  await books.refused('POST', 'invoices', { ...base, linkToTransactionIds }, '570', closed(order.id));
  t.strictSame(await invoiced(), [0, 0]);
});
