// Sales on the books of Larkspur Supply Co.: lines, discounts, groups, tax and orders, with numbers worked out by hand.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

const LISTS = [
  'accounts',
  'customers',
  'service-items',
  'inventory-items',
  'other-charge-items',
  'sales-tax-codes',
  'sales-tax-items',
];

/** The ids of everything in the file by name, and a few more items. */
async function furnished(books: Books): Promise<Record<string, string>> {
  const ids = await books.ids(...LISTS);
  const make = async (path: string, json: Json) => {
    ids[json.name] = (await books.make(path, json)).id;
  };
  const tax = { salesTaxCodeId: ids.Tax };
  await make('non-inventory-items', {
    name: 'Gadget',
    ...tax,
    salesOrPurchaseDetails: { description: 'Gadget, blue', price: '12.50', postingAccountId: ids['Sales Income'] },
  });
  const account = { accountId: ids['Sales Income'] };
  await make('discount-items', { name: '10% off', discountRatePercent: '10', ...tax, ...account });
  await make('discount-items', { name: '20 off', discountRate: '20.00', ...tax, ...account });
  await make('discount-items', { name: '10% without a code', discountRatePercent: '10', ...account });
  await make('subtotal-items', { name: 'Subtotal' });
  await make('item-groups', {
    name: 'Starter Set',
    description: 'A widget and two gadgets',
    shouldPrintItemsInGroup: true,
    lines: [
      { itemId: ids.Widget, quantity: 1 },
      { itemId: ids.Gadget, quantity: 2 },
    ],
  });
  return ids;
}

const amounts = (lines: Json[]) =>
  lines.map(({ item, quantity, rate, amount }) => [item.fullName, quantity, rate, amount]);
const balance = async (books: Books, name: string) => (await books.named('accounts', name)).balance;

story(
  'an invoice with a subtotal, a discount of it and a group is taxed by the share of taxed lines',
  async (t, books) => {
    const ids = await furnished(books);
    const invoice = await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [
        { itemId: ids.Widget, quantity: 3 },
        { itemId: ids.Consulting, quantity: 2 },
        { itemId: ids.Subtotal },
        { itemId: ids['10% off'] },
      ],
      lineGroups: [{ itemGroupId: ids['Starter Set'], quantity: 2 }],
    });
    t.strictSame(amounts(invoice.lines), [
      ['Widget', 3, '50.00', '150.00'],
      ['Consulting', 2, '90.00', '180.00'],
      ['Subtotal', null, null, '330.00'],
      ['10% off', null, null, '-33.00'],
    ]);
    const [group] = invoice.lineGroups;
    t.strictSame(amounts(group.lines), [
      ['Widget', 2, '50.00', '100.00'],
      ['Gadget', 4, '12.50', '50.00'],
    ]);
    t.match(group, {
      quantity: 2,
      totalAmount: '150.00',
      description: 'A widget and two gadgets',
      shouldPrintItemsInGroup: true,
    });
    // Taxed: 150.00, less 33.00 x 150/330 = 15.00, and 150.00 of the group: 285.00 at 8 %.
    t.match(invoice, {
      refNumber: '1003',
      subtotal: '447.00',
      salesTaxItem: { fullName: 'State Tax' },
      salesTaxPercentage: '8.00',
      salesTaxTotal: '22.80',
      balanceRemaining: '469.80',
      isPaid: false,
      terms: { fullName: 'Net 30' },
      dueDate: '2025-03-22',
      receivablesAccount: { fullName: 'Accounts Receivable' },
      documentTemplate: { id: /./ },
    });
    t.equal(await balance(books, 'Accounts Receivable'), '1009.80');
    t.equal(await balance(books, 'Sales Tax Payable'), '62.80');
    t.equal(await balance(books, 'Inventory Asset'), '375.00', 'five widgets at 25.00 left');
    t.equal((await books.named('inventory-items', 'Widget')).quantityOnHand, 15);
    t.equal((await books.named('customers', 'Harbor Cafe')).balance, '1009.80');
  },
);

story(
  'a flat discount is spread over the lines above it, and one without a tax code counts when all are taxed',
  async (t, books) => {
    const ids = await furnished(books);
    const sell = async (...lines: Json[]) => {
      const invoice = await books.make('invoices', {
        customerId: ids['Harbor Cafe'],
        transactionDate: '2025-02-20',
        lines,
      });
      return [invoice.subtotal, invoice.salesTaxTotal, invoice.balanceRemaining];
    };
    const widget = { itemId: ids.Widget, quantity: 1 };
    // 20.00 x 50/65 = 15.3846: 34.6154 taxed at 8 % is 2.769.
    t.strictSame(await sell(widget, { itemId: ids.Freight }, { itemId: ids['20 off'] }), ['45.00', '2.77', '47.77']);
    t.strictSame(await sell(widget, { itemId: ids['10% without a code'] }), ['45.00', '3.60', '48.60']);
    // A percentage hits the line above only: 10 % of freight, which is untaxed.
    t.strictSame(await sell(widget, { itemId: ids.Freight }, { itemId: ids['10% off'] }), ['63.50', '4.00', '67.50']);
    t.strictSame(await sell({ ...widget, salesTaxCodeId: ids.Non }, { itemId: ids['10% off'] }), [
      '45.00',
      '0.00',
      '45.00',
    ]);
  },
);

story('the amount of a line follows from what is sent of amount, rate and quantity', async (t, books) => {
  const ids = await furnished(books);
  const line = async (json: Json) => {
    const { lines } = await books.make('sales-receipts', {
      customerId: ids['Millstone Bakery'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Consulting, ...json }],
    });
    return [lines[0].quantity, lines[0].rate, lines[0].amount];
  };
  t.strictSame(await line({}), [null, '90.00', '90.00']);
  t.strictSame(await line({ quantity: 1.5 }), [1.5, '90.00', '135.00']);
  t.strictSame(await line({ quantity: 3, amount: '100.00' }), [3, '33.33333', '100.00']);
  t.strictSame(await line({ quantity: 3, rate: '80.123' }), [3, '80.123', '240.37']);
  t.strictSame(await line({ rate: '12' }), [null, '12.00', '12.00']);
  t.strictSame(
    await line({ quantity: 2, rate: '9', amount: '25' }),
    [2, '12.50', '25.00'],
    'an amount wins over a rate',
  );
  t.strictSame(await line({ quantity: 0.333, rate: '0.015' }), [0.333, '0.015', '0.00']);
  t.strictSame(await line({ quantity: 1, rate: '0.005' }), [1, '0.005', '0.01'], 'half a cent is rounded up');
});

story('a sales order becomes invoices in parts, and is closed when all is invoiced', async (t, books) => {
  const ids = await furnished(books);
  const customerId = ids['Harbor Cafe'];
  const order = await books.make('sales-orders', {
    customerId,
    transactionDate: '2025-02-20',
    refNumber: 'SO-1',
    lines: [
      { itemId: ids.Widget, quantity: 10 },
      { itemId: ids.Consulting, quantity: 4 },
    ],
  });
  const onOrder = async () => (await books.named('inventory-items', 'Widget')).quantityOnSalesOrder;
  const invoiced = async () => {
    const { lines, isFullyInvoiced, revisionNumber, linkedTransactions } = await books.get(`sales-orders/${order.id}`);
    return {
      quantities: lines.map(({ quantityInvoiced }: Json) => quantityInvoiced),
      isFullyInvoiced,
      revisionNumber,
      links: linkedTransactions.map(({ id, transactionType, linkType }: Json) => [id, transactionType, linkType]),
    };
  };
  t.equal(await onOrder(), 10);
  const before = await invoiced();
  t.match(before, { quantities: [0, 0], isFullyInvoiced: false, links: [] });
  t.equal(await balance(books, 'Accounts Receivable'), '540.00', 'an order posts nothing');

  const [widgets] = order.lines;
  const part = await books.make('invoices', {
    customerId,
    transactionDate: '2025-02-21',
    lines: [{ quantity: 4, linkToTransactionLine: { transactionId: order.id, transactionLineId: widgets.id } }],
  });
  t.strictSame(amounts(part.lines), [['Widget', 4, '50.00', '200.00']]);
  t.match(part, { subtotal: '200.00', salesTaxTotal: '16.00', balanceRemaining: '216.00', linkedTransactions: [] });
  const partly = await invoiced();
  t.match(partly, {
    quantities: [4, 0],
    isFullyInvoiced: false,
    links: [[part.id, 'invoice', 'quantity']],
  });
  t.not(partly.revisionNumber, before.revisionNumber, 'a link gives the order a new revision');
  t.equal(await onOrder(), 6);

  const rest = await books.make('invoices', {
    customerId,
    transactionDate: '2025-02-22',
    linkToTransactionIds: [order.id],
  });
  t.strictSame(amounts(rest.lines), [
    ['Widget', 6, '50.00', '300.00'],
    ['Consulting', 4, '90.00', '360.00'],
  ]);
  t.match(rest, { subtotal: '660.00', salesTaxTotal: '24.00', balanceRemaining: '684.00' });
  t.match((await books.get(`invoices/${rest.id}`)).linkedTransactions, [
    { id: order.id, transactionType: 'sales_order', refNumber: 'SO-1', linkType: 'quantity', amount: null },
  ]);
  t.match(await invoiced(), { quantities: [10, 4], isFullyInvoiced: true });
  t.equal(await onOrder(), 0);
  await books.refused(
    'POST',
    'invoices',
    { customerId, transactionDate: '2025-02-22', linkToTransactionIds: [order.id] },
    '570',
    `Unable to link to transaction "${order.id}" because it has already been closed.`,
  );

  // Fewer pieces, and then without the consulting: the order follows.
  await books.change('invoices', rest.id, { lines: [{ id: rest.lines[0].id, quantity: 5 }, { id: rest.lines[1].id }] });
  t.match(await invoiced(), { quantities: [9, 4], isFullyInvoiced: false });
  await books.change('invoices', rest.id, { lines: [{ id: rest.lines[0].id }] });
  t.match(await invoiced(), { quantities: [9, 0], isFullyInvoiced: false });
  await books.ok('DELETE', `invoices/${rest.id}`);
  t.match(await invoiced(), { quantities: [4, 0], isFullyInvoiced: false, links: [[part.id, 'invoice', 'quantity']] });
  await books.ok('POST', `invoices/${part.id}/void`);
  t.match(await invoiced(), { quantities: [0, 0], isFullyInvoiced: false, links: [] });
  t.equal(await onOrder(), 10);
});

story('a line without a quantity is one piece of an order, and its invoice follows it', async (t, books) => {
  const ids = await furnished(books);
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const order = await books.make('sales-orders', { ...common, lines: [{ itemId: ids.Widget }] });
  const [line] = order.lines;
  const invoiced = async () => {
    const { lines, isFullyInvoiced } = await books.get(`sales-orders/${order.id}`);
    return [lines[0].quantityInvoiced, isFullyInvoiced];
  };
  const linkTo = (transactionLineId: string) => ({
    ...common,
    lines: [{ linkToTransactionLine: { transactionId: order.id, transactionLineId } }],
  });
  const unknown = 'FFF-1735722000';
  const gone = `Object "${unknown}" specified in the request cannot be found.`;
  await books.refused('POST', 'invoices', linkTo(unknown), '3120', gone);
  const invoice = await books.make('invoices', linkTo(line.id));
  t.strictSame(amounts(invoice.lines), [['Widget', 1, '50.00', '50.00']]);
  t.strictSame(await invoiced(), [1, true]);
  const { revisionNumber } = await books.get(`sales-orders/${order.id}`);
  await books.change('invoices', invoice.id, { memo: 'Delivered' });
  t.equal(
    (await books.get(`sales-orders/${order.id}`)).revisionNumber,
    revisionNumber,
    'an order whose links stay is not touched',
  );
  t.strictSame(await invoiced(), [1, true]);
});

story(
  'a group follows its item: without components it is empty, and a line of a former component stays',
  async (t, books) => {
    const ids = await furnished(books);
    const empty = await books.make('item-groups', { name: 'Empty', shouldPrintItemsInGroup: false });
    const boxed = await books.make('item-groups', {
      name: 'Boxed',
      shouldPrintItemsInGroup: true,
      lines: [
        { itemId: ids.Widget, unitOfMeasure: 'box' },
        { itemId: ids.Gadget, quantity: 3 },
      ],
    });
    const invoice = await books.make('invoices', {
      customerId: ids['Millstone Bakery'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Freight }],
      lineGroups: [{ itemGroupId: empty.id }, { itemGroupId: boxed.id }],
    });
    const [none, both] = invoice.lineGroups;
    t.match(none, { quantity: null, totalAmount: '0.00', lines: [] });
    t.match(both, { totalAmount: '87.50', lines: [{ quantity: 1, unitOfMeasure: 'box' }, { quantity: 3 }] });
    await books.change('item-groups', boxed.id, { lines: [{ itemId: ids.Gadget, quantity: 3 }] });
    const changed = await books.change('invoices', invoice.id, {
      lineGroups: [{ id: none.id }, { id: both.id, quantity: 2 }],
    });
    t.strictSame(amounts(changed.lineGroups[1].lines), [
      ['Widget', 1, '50.00', '50.00'],
      ['Gadget', 6, '12.50', '75.00'],
    ]);
    t.match(changed, { subtotal: '140.00', balanceRemaining: '140.00' });
  },
);

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

t.end();
