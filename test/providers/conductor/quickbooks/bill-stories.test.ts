// Bills of receipts, of groups and of items without a cost, on the books of Larkspur Supply Co.
import { story } from './books.ts';
import { DATED, owedToMill, PURCHASE_LISTS, stock } from './larkspur.ts';

story('a bill takes what is not billed of several receipts, and gives back what it drops', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const order = await books.make('purchase-orders', {
    ...common,
    lines: [
      { itemId: ids.Widget, quantity: 10, rate: '10.00' },
      { itemId: ids.Consulting, quantity: 2, payeeId: ids['Harbor Cafe'] },
    ],
  });
  const [widgets, consulting] = order.lines;
  const link = { transactionId: order.id, transactionLineId: widgets.id };
  const receive = (quantity: number, cost: string) =>
    books.make('item-receipts', { ...common, itemLines: [{ linkToTransactionLine: link, quantity, cost }] });
  await receive(3, '10.00');
  const second = await receive(3, '11.00');
  t.equal(await owedToMill(books), '363.00');
  // Two lines of one bill: 4 pieces are the first three and one for 11.00, 3 the other two for 22.00 and one more.
  const bill = await books.make('bills', {
    ...common,
    itemLines: [
      { linkToTransactionLine: link, quantity: 4, cost: '12.00' },
      { linkToTransactionLine: link, quantity: 3, cost: '12.00' },
      { linkToTransactionLine: { transactionId: order.id, transactionLineId: consulting.id } },
    ],
  });
  // 48.00 + 36.00 + 2 x 90.00 consulting, for a customer.
  t.match(bill, {
    amountDue: '264.00',
    itemLines: [{ amount: '48.00' }, { amount: '36.00' }, { amount: '180.00', customer: { fullName: 'Harbor Cafe' } }],
  });
  t.equal(await owedToMill(books), '564.00');
  // 20 at 500.00, 30.00 + 33.00 received, 84.00 billed: 21.00 more than the 63.00, for one more piece.
  t.strictSame(await stock(books), [27, '21.62963', 3, '584.00']);
  const [, three] = bill.itemLines;
  await books.change('bills', bill.id, { itemLines: [{ id: three.id }] });
  // What is left bills two for 22.00 and one more: 36.00.
  t.equal(await owedToMill(books), '377.00');
  t.strictSame(await stock(books), [27, '21.37037', 3, '577.00']);
  const again = await books.make('bills', {
    ...common,
    itemLines: [{ linkToTransactionLine: link, quantity: 4, cost: '10.00' }],
  });
  t.equal(again.amountDue, '40.00');
  // The three for 30.00 and the one for 11.00 are covered.
  t.strictSame(await stock(books), [27, '21.33333', 3, '576.00']);
  t.equal(await owedToMill(books), '376.00');
  await books.change('bills', again.id, { itemLines: [{ id: again.itemLines[0].id, quantity: 3 }] });
  // All that came with the first receipt, for what it cost.
  t.strictSame(await stock(books), [27, '21.37037', 3, '577.00']);
  t.equal(await owedToMill(books), '377.00');
  await books.ok('DELETE', `purchase-orders/${order.id}`);
  t.match((await books.get(`bills/${bill.id}`)).linkedTransactions, []);
  t.match((await books.get(`item-receipts/${second.id}`)).linkedTransactions, []);
  t.equal(await owedToMill(books), '377.00', 'receipts and bills stay when the order is deleted');
});

story('orders of groups, lines without a quantity and items without a cost are bought as well', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const empty = await books.make('item-groups', { name: 'Empty', shouldPrintItemsInGroup: false });
  const pair = await books.make('item-groups', {
    name: 'Pair',
    shouldPrintItemsInGroup: false,
    lines: [{ itemId: ids.Widget, quantity: 2 }],
  });
  const grouped = await books.make('purchase-orders', {
    ...common,
    lineGroups: [{ itemGroupId: pair.id, quantity: 3 }],
  });
  t.match(grouped, { totalAmount: '150.00', lines: [], lineGroups: [{ lines: [{ quantity: 6, rate: '25.00' }] }] });
  await books.change('purchase-orders', grouped.id, { memo: 'By groups', isManuallyClosed: true });
  t.match((await books.get(`purchase-orders/${grouped.id}`)).lineGroups, [{ lines: [{ isManuallyClosed: true }] }]);
  const inGroup = await books.make('purchase-orders', {
    ...common,
    lineGroups: [{ itemGroupId: pair.id, quantity: 2 }, { itemGroupId: empty.id }],
  });
  const [{ id: lineId }] = inGroup.lineGroups[0].lines;
  const part = { linkToTransactionLine: { transactionId: inGroup.id, transactionLineId: lineId }, quantity: 1 };
  const received = await books.make('item-receipts', { ...common, itemLines: [part] });
  t.match(await books.get(`purchase-orders/${inGroup.id}`), {
    isFullyReceived: false,
    lineGroups: [{ lines: [{ receivedQuantity: 1, unbilledQuantity: 4 }] }, { lines: [] }],
  });
  const whole = await books.make('bills', { ...common, linkToTransactionIds: [inGroup.id] });
  t.match(whole, {
    amountDue: '100.00',
    itemLines: [],
    itemGroupLines: [
      { itemGroup: { fullName: 'Pair' }, totalAmount: '100.00', itemLines: [{ quantity: 4, cost: '25.00' }] },
    ],
  });
  t.strictSame((await stock(books))[0], 24, 'one of the four was received before');
  t.match(await books.get(`purchase-orders/${inGroup.id}`), {
    isFullyReceived: true,
    lineGroups: [{ lines: [{ receivedQuantity: 4, isBilled: true }] }, {}],
  });
  const [group] = whole.itemGroupLines;
  await books.change('bills', whole.id, {
    itemGroupLines: [{ id: group.id, itemLines: [{ id: group.itemLines[0].id, quantity: 3 }] }],
  });
  t.match((await books.get(`purchase-orders/${inGroup.id}`)).lineGroups[0].lines, [{ unbilledQuantity: 1 }]);
  t.strictSame((await stock(books))[0], 23);
  await books.ok('DELETE', `bills/${whole.id}`);
  await books.ok('DELETE', `item-receipts/${received.id}`);

  const gizmo = await books.make('inventory-items', {
    name: 'Gizmo',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const order = await books.make('purchase-orders', { ...common, lines: [{ itemId: gizmo.id }] });
  t.match(order, { totalAmount: '0.00', lines: [{ quantity: null, rate: null, amount: null, unbilledQuantity: 1 }] });
  const gizmos = async () => (await books.named('inventory-items', 'Gizmo')).quantityOnHand;
  const receipt = await books.make('item-receipts', { ...common, linkToTransactionIds: [order.id] });
  t.match(receipt, { totalAmount: '0.00', itemLines: [{ quantity: 1, amount: null }] });
  t.equal(await gizmos(), 1);
  const bill = await books.make('bills', {
    ...common,
    linkToTransactionIds: [order.id],
    itemLines: [{ itemId: gizmo.id, quantity: 2, cost: '4.00' }],
    itemGroupLines: [{ itemGroupId: empty.id }],
  });
  t.match(bill, { amountDue: '8.00', itemLines: [{ quantity: 2 }, { quantity: 1, amount: null }] });
  t.equal(await gizmos(), 3, 'the one that was received, and two');
  t.match(await books.get(`purchase-orders/${order.id}`), { isFullyReceived: true, lines: [{ isBilled: true }] });
  await books.change('purchase-orders', order.id, { isManuallyClosed: true });
  await books.change('bills', bill.id, { memo: 'Checked' });
  t.equal((await books.get(`bills/${bill.id}`)).amountDue, '8.00');
  const direct = await books.make('purchase-orders', {
    ...common,
    lines: [{ itemId: gizmo.id, quantity: 5, rate: '2.00' }],
  });
  await books.make('bills', { ...common, linkToTransactionIds: [direct.id] });
  t.match(await books.get(`purchase-orders/${direct.id}`), { isFullyReceived: true, lines: [{ receivedQuantity: 5 }] });
  t.match(await books.named('inventory-items', 'Gizmo'), { quantityOnHand: 8, averageCost: '2.25' });
});
