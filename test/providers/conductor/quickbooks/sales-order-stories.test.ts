// Sales orders of Larkspur Supply Co.: invoiced in parts, closed, and what their lines carry over.
import { type Json, story } from './books.ts';
import { amounts, balance, furnished } from './larkspur.ts';

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
