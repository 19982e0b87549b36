// Purchase orders on the books of Larkspur Supply Co.: received and billed in parts, and closed by hand.
import { type Json, story } from './books.ts';
import { DATED, owedToMill, PURCHASE_LISTS, stock } from './larkspur.ts';

story('what is ordered comes in and is billed in parts, and is in stock and owed once', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const order = await books.make('purchase-orders', {
    ...common,
    refNumber: 'PO-1',
    classId: ids.North,
    lines: [{ itemId: ids.Widget, quantity: 10, rate: '30' }, { description: 'By courier, please' }],
  });
  t.match(order, {
    totalAmount: '300.00',
    terms: { fullName: 'Net 30' },
    documentTemplate: { fullName: 'Purchase Order' },
    isManuallyClosed: false,
    isFullyReceived: false,
    lines: [
      { description: null, rate: '30.00', amount: '300.00', class: { fullName: 'North' }, receivedQuantity: 0 },
      { item: null, receivedQuantity: null, unbilledQuantity: null, isBilled: false },
    ],
  });
  const [line] = order.lines;
  const link = { transactionId: order.id, transactionLineId: line.id };
  const fulfilled = async () => {
    const { lines, isFullyReceived } = await books.get(`purchase-orders/${order.id}`);
    return [lines[0].receivedQuantity, lines[0].unbilledQuantity, lines[0].isBilled, isFullyReceived];
  };
  t.strictSame(await stock(books), [20, '25.00', 10, '500.00'], 'an order moves nothing');
  t.equal(await owedToMill(books), '300.00');

  const receipt = await books.make('item-receipts', {
    ...common,
    itemLines: [{ linkToTransactionLine: link, quantity: 4 }],
  });
  t.match(receipt, {
    totalAmount: '120.00',
    liabilityAccount: { fullName: 'Accounts Payable' },
    linkedTransactions: [],
    itemLines: [
      {
        item: { fullName: 'Widget' },
        quantity: 4,
        cost: '30.00',
        amount: '120.00',
        class: { fullName: 'North' },
      },
    ],
  });
  // 500.00 and 4 x 30.00 for 24 pieces.
  t.strictSame(await stock(books), [24, '25.83333', 6, '620.00']);
  t.strictSame(await fulfilled(), [4, 10, false, false]);
  t.equal(await owedToMill(books), '420.00');

  const first = await books.make('bills', {
    ...common,
    refNumber: 'PM-78',
    itemLines: [{ linkToTransactionLine: link, quantity: 5, cost: '31.00' }],
  });
  t.match(first, { amountDue: '155.00', openAmount: '155.00', isPaid: false, dueDate: '2025-03-22' });
  // 4 of the 5 came in before, for 120.00: one more piece, and 35.00 more.
  t.strictSame(await stock(books), [25, '26.20', 5, '655.00']);
  t.strictSame(await fulfilled(), [5, 5, false, false]);
  t.equal(await owedToMill(books), '455.00');

  const rest = await books.make('bills', { ...common, linkToTransactionIds: [order.id] });
  t.match(rest, { amountDue: '150.00', itemLines: [{ quantity: 5, cost: '30.00', amount: '150.00' }] });
  t.strictSame(await stock(books), [30, '26.83333', 0, '805.00']);
  t.strictSame(await fulfilled(), [10, 0, true, true]);
  t.equal(await owedToMill(books), '605.00');
  const closed = `Unable to link to transaction "${order.id}" because it has already been closed.`;
  for (const path of ['bills', 'item-receipts']) {
    await books.refused('POST', path, { ...common, linkToTransactionIds: [order.id] }, '570', closed);
  }
  t.match((await books.get(`purchase-orders/${order.id}`)).linkedTransactions, [
    { id: receipt.id, transactionType: 'item_receipt', linkType: 'quantity', amount: null },
    { id: first.id, transactionType: 'bill', refNumber: 'PM-78', linkType: 'quantity' },
    { id: rest.id, transactionType: 'bill', linkType: 'quantity' },
  ]);
  t.match((await books.get(`item-receipts/${receipt.id}`)).linkedTransactions, [{ id: order.id }], 'nothing else');

  const [received] = receipt.itemLines;
  const why = `There was an error when modifying a Item Receipt. QuickBooks error message: The line "${received.id}" has been billed.`;
  const { revisionNumber } = await books.get(`item-receipts/${receipt.id}`);
  for (const change of [
    { itemLines: [{ id: received.id, quantity: 3 }] },
    { clearItemLines: true, expenseLines: [{ id: '-1', accountId: ids.Rent, amount: '1.00' }] },
    { vendorId: ids['State Tax Board'] },
  ]) {
    await books.refused('POST', `item-receipts/${receipt.id}`, { revisionNumber, ...change }, '3170', why);
  }
  const cannot = (verb: string) =>
    `Cannot ${verb} the object specified by the id = "${receipt.id}". It has been billed.`;
  await books.refused('DELETE', `item-receipts/${receipt.id}`, undefined, '3160', cannot('delete'));
  await books.refused('POST', `item-receipts/${receipt.id}/void`, undefined, '3160', cannot('void'));
  await books.change('item-receipts', receipt.id, { memo: 'Checked' });
  await books.refused(
    'POST',
    `purchase-orders/${order.id}`,
    {
      revisionNumber: (await books.get(`purchase-orders/${order.id}`)).revisionNumber,
      lines: [{ id: order.lines[1].id }],
    },
    '3170',
    `There was an error when modifying a Purchase Order. QuickBooks error message: The line "${line.id}" is linked to another transaction, so it cannot be removed.`,
  );

  // 2 pieces for 62.00: they are two of the receipt's, for 60.00.
  await books.change('bills', first.id, { itemLines: [{ id: first.itemLines[0].id, quantity: 2 }] });
  t.strictSame(await stock(books), [29, '26.62069', 1, '772.00']);
  t.strictSame(await fulfilled(), [9, 3, false, false]);
  t.equal(await owedToMill(books), '572.00');
  await books.ok('POST', `bills/${first.id}/void`);
  t.strictSame(await stock(books), [29, '26.55172', 1, '770.00']);
  t.strictSame(await fulfilled(), [9, 5, false, false]);
  t.equal(await owedToMill(books), '570.00');
  t.match(await books.get(`bills/${first.id}`), { amountDue: '0.00', openAmount: '0.00', isPaid: true, memo: 'VOID:' });

  await books.ok('DELETE', `item-receipts/${receipt.id}`);
  t.strictSame(await stock(books), [25, '26.00', 5, '650.00']);
  t.strictSame(await fulfilled(), [5, 5, false, false]);
  await books.ok('DELETE', `bills/${rest.id}`);
  t.strictSame(await stock(books), [20, '25.00', 10, '500.00']);
  t.equal(await owedToMill(books), '300.00');
});

story('an order is closed by hand, line by line or as a whole', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const order = await books.make('purchase-orders', {
    ...common,
    lines: [
      { itemId: ids.Widget, quantity: 2 },
      { itemId: ids.Widget, quantity: 3 },
    ],
  });
  const [two, three] = order.lines;
  t.equal(order.totalAmount, '125.00', 'the purchase cost of a widget is 25.00');
  const open = async () => {
    const { isManuallyClosed, lines, isFullyReceived } = await books.get(`purchase-orders/${order.id}`);
    return [isManuallyClosed, ...lines.map((one: Json) => one.isManuallyClosed), isFullyReceived];
  };
  await books.change('purchase-orders', order.id, {
    lines: [{ id: two.id, isManuallyClosed: true }, { id: three.id }],
  });
  t.strictSame(await open(), [false, true, false, false]);
  t.strictSame((await stock(books))[2], 3);
  const receipt = await books.make('item-receipts', { ...common, linkToTransactionIds: [order.id] });
  t.match(receipt, { totalAmount: '75.00', itemLines: [{ quantity: 3, cost: '25.00' }] });
  t.equal(receipt.itemLines.length, 1);
  await books.change('purchase-orders', order.id, { isManuallyClosed: true });
  t.strictSame(await open(), [true, true, true, false]);
  const closed = `Unable to link to transaction "${order.id}" because it has already been closed.`;
  await books.refused('POST', 'bills', { ...common, linkToTransactionIds: [order.id] }, '570', closed);
  const { revisionNumber } = await books.get(`purchase-orders/${order.id}`);
  await books.refused(
    'POST',
    `purchase-orders/${order.id}`,
    { revisionNumber, isManuallyClosed: false },
    '3170',
    `There was an error when modifying a Purchase Order. QuickBooks error message: The line "${three.id}" has been received, so it cannot be opened again.`,
  );
  await books.change('purchase-orders', order.id, {
    lines: [{ id: two.id, isManuallyClosed: false }, { id: three.id }],
  });
  t.strictSame(await open(), [false, false, true, false]);
  const none = await books.ask('POST', 'purchase-orders', common);
  t.match(none, { status: 400, body: { error: { message: /at least one of lines and lineGroups/ } } });
  t.match(await books.make('purchase-orders', { ...DATED, lines: [{ description: 'Anything' }] }), {
    vendor: null,
    totalAmount: '0.00',
    isFullyReceived: false,
  });
});
