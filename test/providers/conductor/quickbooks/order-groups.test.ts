// Invoices made from sales orders: groups and discounts come along, further lines may be added, orders fill up.
import t from 'tap';
import { type Books, LARKSPUR, type Node, openBooks } from './company-file.ts';

async function order(books: Books) {
  const consulting = await books.named('service-items', 'Consulting');
  const widget = await books.named('inventory-items', 'Widget');
  const customerId = await books.named('customers', 'Millstone Bakery');
  const group = await books.make('item-groups', {
    name: 'Pair',
    shouldPrintItemsInGroup: false,
    lines: [{ itemId: consulting, quantity: 2 }, { itemId: widget }],
  });
  const discount = await books.make('discount-items', {
    name: 'Ten off',
    discountRate: '10.00',
    accountId: await books.named('accounts', 'Sales Income'),
  });
  const base = { customerId, transactionDate: '2025-02-01' };
  const made = await books.make('sales-orders', {
    ...base,
    lines: [
      { itemId: consulting, quantity: 3 },
      { itemId: discount.id, ratePercent: '20' },
      { itemId: discount.id, rate: '5.00' },
    ],
    lineGroups: [{ itemGroupId: group.id, quantity: 2 }],
  });
  return { base, consulting, widget, group, made };
}

const amounts = ({ lines, lineGroups }: Node) => [
  lines.map(({ quantity, amount }: Node) => [quantity, amount]),
  lineGroups.map((group: Node) => [
    group.quantity,
    group.totalAmount,
    group.lines.map(({ quantity, amount }: Node) => [quantity, amount]),
  ]),
];

t.test('an invoice takes lines, discounts and groups of an order, and own lines and groups after it', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { base, consulting, group, made } = await order(books);
  t.equal(made.isFullyInvoiced, false);
  const invoice = await books.make('invoices', { ...base, linkToTransactionIds: [made.id] });
  t.same(amounts(invoice), amounts(made));
  t.equal(invoice.subtotal, made.subtotal);
  const full = (await books.call('GET', `sales-orders/${made.id}`)).body;
  t.equal(full.isFullyInvoiced, true);
  t.same(
    full.lines.map(({ quantityInvoiced }: Node) => quantityInvoiced),
    [3, 1, 1],
  );
  t.same(
    full.lineGroups[0].lines.map(({ quantityInvoiced }: Node) => quantityInvoiced),
    [4, 2],
  );
  const again = await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [made.id] });
  t.match(again, { status: 502, body: { error: { integrationCode: '570' } } });

  // A smaller quantity on the invoice reopens the order.
  const [first, second] = invoice.lines;
  const smaller = await books.call('POST', `invoices/${invoice.id}`, {
    revisionNumber: invoice.revisionNumber,
    lines: [{ id: first.id, quantity: 1 }, { id: second.id }],
  });
  t.equal(smaller.status, 200);
  const reopened = (await books.call('GET', `sales-orders/${made.id}`)).body;
  t.same(
    reopened.lines.map(({ quantityInvoiced }: Node) => quantityInvoiced),
    [1, 1, 0],
  );
  t.equal(reopened.isFullyInvoiced, false);
  const rest = await books.make('invoices', {
    ...base,
    linkToTransactionIds: [made.id],
    lines: [{ itemId: consulting, quantity: 7 }],
    lineGroups: [{ itemGroupId: group.id }],
  });
  t.same(
    rest.lines.map(({ quantity }: Node) => quantity),
    [7, 2, null],
  );
  t.equal(rest.lineGroups.length, 1);

  await books.call('DELETE', `invoices/${invoice.id}`);
  const freed = (await books.call('GET', `sales-orders/${made.id}`)).body;
  t.same(
    freed.lines.map(({ quantityInvoiced }: Node) => quantityInvoiced),
    [2, 0, 1],
  );
  t.same(
    freed.lineGroups[0].lines.map(({ quantityInvoiced }: Node) => quantityInvoiced),
    [0, 0],
  );
  const whole = await books.make('invoices', {
    ...base,
    linkToTransactionIds: [made.id],
    lineGroups: [{ itemGroupId: group.id }],
  });
  t.same(
    whole.lineGroups.map(({ quantity }: Node) => quantity),
    [null, 2],
  );
});

t.test('an order of groups only can be invoiced line by line', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { base, group } = await order(books);
  const made = await books.make('sales-orders', { ...base, lineGroups: [{ itemGroupId: group.id }] });
  t.equal(made.isFullyInvoiced, false);
  const [line, other] = made.lineGroups[0].lines;
  const link = (transactionLineId: string) => ({
    linkToTransactionLine: { transactionId: made.id, transactionLineId },
  });
  const invoice = await books.make('invoices', { ...base, lines: [link(line.id)] });
  t.same(amounts(invoice), [[[2, '180.00']], []]);
  t.match(await books.call('POST', 'invoices', { ...base, lines: [link(line.id)] }), {
    status: 502,
    body: { error: { integrationCode: '570' } },
  });
  await books.make('invoices', { ...base, lines: [link(other.id)] });
  t.equal((await books.call('GET', `sales-orders/${made.id}`)).body.isFullyInvoiced, true);
});

t.test('a line can be posted to another account, at the price level of the customer', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { base, consulting } = await order(books);
  const level = await books.make('price-levels', { name: 'Trade', fixedPercentage: '-10' });
  const none = await books.make('price-levels', { name: 'None' });
  const account = await books.make('accounts', { name: 'Projects', accountType: 'income' });
  const customer = (await books.call('GET', `customers/${base.customerId}`)).body;
  await books.call('POST', `customers/${customer.id}`, {
    revisionNumber: customer.revisionNumber,
    priceLevelId: level.id,
  });
  const made = await books.make('invoices', {
    ...base,
    lines: [
      { itemId: consulting, overrideItemAccountId: account.id },
      { itemId: consulting, priceLevelId: none.id },
    ],
  });
  t.same(
    made.lines.map(({ rate }: Node) => rate),
    ['81.00', '90.00'],
  );
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor');
  const { postings } = body.conductor.invoices.find(({ id }: Node) => id === made.id).body;
  t.same(
    postings.filter((one: Node) => one.account === account.id).map(({ amount }: Node) => amount),
    [-8100],
  );
});

t.test('terms with a discount but no day, and a discount without a rate, give nothing', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { base, consulting } = await order(books);
  const terms = await books.make('standard-terms', { name: 'Vague', discountPercentage: '2' });
  const discount = await books.make('discount-items', {
    name: 'Nothing off',
    accountId: await books.named('accounts', 'Sales Income'),
  });
  const lines = [{ itemId: consulting }, { itemId: discount.id }];
  const made = await books.make('invoices', { ...base, termsId: terms.id, lines });
  const source = await books.make('sales-orders', { ...base, lines });
  const linkToTransactionLine = { transactionId: source.id, transactionLineId: source.lines[1].id };
  const linked = await books.make('invoices', { ...base, lines: [{ itemId: consulting }, { linkToTransactionLine }] });
  t.same(
    linked.lines.map(({ quantity, amount }: Node) => [quantity, amount]),
    [
      [null, '90.00'],
      [null, '0.00'],
    ],
  );
  t.match(made, { subtotal: '90.00', suggestedDiscountAmount: '1.80', suggestedDiscountDate: null });
  t.equal(made.lines[1].amount, '0.00');
});

t.test('the asset account of a used item stays', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const item = (await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0];
  const account = await books.make('accounts', { name: 'Other stock', accountType: 'other_current_asset' });
  const change = { revisionNumber: item.revisionNumber, assetAccountId: account.id };
  const { status, body } = await books.call('POST', `inventory-items/${item.id}`, change);
  t.match([status, body.error.message], [502, /The item is used in transactions; "assetAccount" needs to stay\./]);
});
