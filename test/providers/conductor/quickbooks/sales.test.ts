// Sales documents: terms, lines by their ids, orders that are invoiced, the closing date and sales tax.
import t from 'tap';
import { LARKSPUR, MILLRACE, type Node, openBooks, refusal } from './company-file.ts';
import { shop } from './shop.ts';

t.test('the due date follows the terms', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { bakery: customerId, consulting: itemId } = await shop(books);
  const byDay = (
    await books.make('date-driven-terms', {
      name: 'On 15',
      dueDayOfMonth: 15,
      gracePeriodDays: 2,
      discountDayOfMonth: 10,
      discountPercentage: '1',
    })
  ).id;
  const atEnd = (await books.make('date-driven-terms', { name: 'On 31', dueDayOfMonth: 31 })).id;
  const early = await books.named('standard-terms', '2% 10 Net 30');
  const due = async (termsId: string, transactionDate: string) => {
    const made = await books.make('invoices', { customerId, transactionDate, termsId, lines: [{ itemId }] });
    return [made.dueDate, made.suggestedDiscountAmount, made.suggestedDiscountDate];
  };
  t.same(await due(byDay, '2025-02-12'), ['2025-02-15', '0.90', '2025-03-10']);
  t.same(await due(byDay, '2025-02-13'), ['2025-03-15', '0.90', '2025-03-10']);
  t.same(await due(atEnd, '2025-02-03'), ['2025-02-28', null, null]);
  t.same(await due(early, '2025-02-03'), ['2025-03-05', '1.80', '2025-02-13']);
  const plain = await books.make('customers', { name: 'Walk-in' });
  const made = await books.make('invoices', {
    customerId: plain.id,
    transactionDate: '2025-02-03',
    lines: [{ itemId }],
  });
  t.equal(made.dueDate, '2025-02-03', 'without terms on the day itself');
  const later = await books.call('POST', `invoices/${made.id}`, {
    revisionNumber: made.revisionNumber,
    transactionDate: '2025-02-05',
  });
  t.equal(later.body.dueDate, '2025-02-05');
  const receipt = await books.make('sales-receipts', {
    customerId: plain.id,
    transactionDate: '2025-02-03',
    lines: [{ itemId }],
  });
  t.equal(receipt.dueDate, null);
});

t.test('lines are kept, added and dropped by their ids, in their order', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, on: transactionDate } = await shop(books);
  const made = await books.make('invoices', {
    customerId,
    transactionDate,
    lines: [
      { itemId: widget, quantity: 1 },
      { itemId: consulting, quantity: 2 },
    ],
  });
  const [first, second] = made.lines;
  const change = (json: object, revisionNumber = made.revisionNumber) =>
    books.call('POST', `invoices/${made.id}`, { revisionNumber, ...json });
  t.match(await change({ lines: [{ id: second.id }, { id: first.id }] }), refusal('3290'));
  t.match(await change({ lines: [{ id: 'FF-1' }] }), refusal('3120'));
  t.match(await change({ customerId: '' }), refusal('3190'));
  const { body } = await change({
    lines: [
      { id: second.id, quantity: 3 },
      { id: '-1', itemId: widget },
    ],
    memo: 'more',
  });
  t.match(body, {
    memo: 'more',
    subtotal: '320.00',
    lines: [
      { id: second.id, quantity: 3, amount: '270.00' },
      { item: { id: widget }, amount: '50.00' },
    ],
  });
  t.not(body.lines[1].id, first.id);
  const stock = (await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0];
  t.equal(stock.quantityOnHand, 19);
});

t.test('an order is invoiced line by line until it is closed', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, on: transactionDate } = await shop(books);
  const order = await books.make('sales-orders', {
    customerId,
    transactionDate,
    lines: [
      { itemId: widget, quantity: 4 },
      { itemId: consulting, quantity: 1 },
    ],
  });
  t.equal((await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0].quantityOnSalesOrder, 4);
  const link = { transactionId: order.id, transactionLineId: order.lines[0].id };
  const base = { customerId, transactionDate };
  t.match(await books.call('POST', 'invoices', { ...base, lines: [{ itemId: widget, linkToTransactionLine: link }] }), {
    status: 400,
  });
  t.match(
    await books.call('POST', 'invoices', {
      ...base,
      linkToTransactionIds: [order.id],
      lines: [{ linkToTransactionLine: link }],
    }),
    { status: 400 },
  );
  const part = await books.make('invoices', { ...base, lines: [{ linkToTransactionLine: link, quantity: 1 }] });
  t.match(part, {
    lines: [{ item: { id: widget }, quantity: 1, rate: '50.00', amount: '50.00' }],
    linkedTransactions: [],
  });
  t.equal((await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0].quantityOnSalesOrder, 3);
  const rest = await books.make('invoices', { ...base, linkToTransactionIds: [order.id] });
  t.match(rest.lines, [
    { quantity: 3, amount: '150.00' },
    { quantity: 1, amount: '90.00' },
  ]);
  const closed = (await books.call('GET', `sales-orders/${order.id}`)).body;
  t.match(closed, {
    isFullyInvoiced: true,
    lines: [{ quantityInvoiced: 4 }, { quantityInvoiced: 1 }],
    linkedTransactions: [{ id: part.id, linkType: 'quantity', amount: null }, { id: rest.id }],
  });
  t.match(await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [order.id] }), refusal('570'));
  t.match(await books.call('POST', 'invoices', { ...base, lines: [{ linkToTransactionLine: link }] }), refusal('570'));
  t.match(
    await books.call('POST', 'invoices', {
      ...base,
      lines: [{ linkToTransactionLine: { ...link, transactionLineId: 'FF-1' } }],
    }),
    refusal('3120'),
  );
  t.match(await books.call('POST', 'invoices', { ...base, linkToTransactionIds: ['FF-1'] }), refusal('3120'));
  t.match(
    await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [rest.id] }),
    refusal('3180'),
    'an invoice is no order',
  );
  await books.call('DELETE', `invoices/${rest.id}`);
  t.match((await books.call('GET', `sales-orders/${order.id}`)).body, {
    isFullyInvoiced: false,
    lines: [{ quantityInvoiced: 1 }, { quantityInvoiced: 0 }],
  });
  const shut = await books.make('sales-orders', { ...base, isManuallyClosed: true, lines: [{ itemId: widget }] });
  t.match(await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [shut.id] }), refusal('570'));
});

t.test(
  'nothing is deleted, voided or moved before the closing date, and nothing is taxed without sales tax',
  async (t) => {
    const books = await openBooks(t, LARKSPUR);
    const { customer: customerId, widget: itemId, on: transactionDate } = await shop(books);
    const { companyFiles } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body.conductor;
    const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
    const own = companyFiles.find(({ endUserId }: Node) => endUserId === LARKSPUR);
    own.preferences = { ...own.preferences, accounting: { closingDate: '2025-01-31' }, salesTax: null };
    state.conductor.companyFiles = companyFiles;
    t.equal((await books.server.call('PUT', '/__admin/state', { json: state })).status, 204);
    const [invoice] = (await books.call('GET', 'invoices?refNumbers=1001')).body.data;
    t.match(await books.call('DELETE', `invoices/${invoice.id}`), refusal('3161'));
    t.match(await books.call('POST', `invoices/${invoice.id}/void`), refusal('3161'));
    const made = await books.make('invoices', { customerId, transactionDate, lines: [{ itemId }] });
    t.match(made, { salesTaxItem: null, salesTaxPercentage: null, salesTaxTotal: '0.00' });
    const item = (await books.call('GET', `inventory-items/${itemId}`)).body;
    const moved = {
      revisionNumber: item.revisionNumber,
      incomeAccountId: await books.named('accounts', 'Consulting Income'),
    };
    t.match(await books.call('POST', `inventory-items/${itemId}`, moved), refusal('3170'));
    t.match(
      await books.call('POST', `inventory-items/${itemId}`, {
        ...moved,
        updateExistingTransactionsIncomeAccount: true,
      }),
      refusal('3171'),
    );
  },
);

t.test('a tax group adds up its items, and an exempt customer pays none', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const vendor = (await books.call('GET', 'vendors')).body.data[0].id;
  const [city] = (await books.call('GET', 'sales-tax-items')).body.data;
  const state = await books.make('sales-tax-items', { name: 'State', taxRate: '3.25', taxVendorId: vendor });
  const group = await books.make('sales-tax-group-items', { name: 'All', salesTaxItemIds: [city.id, state.id] });
  const wheel = await books.named('inventory-items', 'Wheel');
  const customerId = (await books.make('customers', { name: 'Taxed' })).id;
  const base = {
    customerId,
    transactionDate: '2025-02-20',
    salesTaxItemId: group.id,
    lines: [{ itemId: wheel, quantity: 1 }],
  };
  t.match(await books.make('sales-receipts', base), {
    salesTaxPercentage: '8.25',
    salesTaxTotal: '6.60',
    totalAmount: '86.60',
  });
  const salesTaxCodeId = await books.named('sales-tax-codes', 'Non');
  t.match(await books.make('sales-receipts', { ...base, salesTaxCodeId }), {
    salesTaxTotal: '0.00',
    totalAmount: '80.00',
  });
  const pending = await books.make('credit-memos', { ...base, isPending: true });
  const { conductor } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  t.notOk(
    'postings' in conductor.creditMemos.find(({ id }: Node) => id === pending.id).body,
    'what is pending posts nothing',
  );
  t.match(
    await books.call('POST', 'invoices', { customerId, transactionDate: '2025-02-20' }),
    { status: 400 },
    'no lines',
  );
});
