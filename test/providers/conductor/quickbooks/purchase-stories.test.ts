// Orders, receipts, bills, vendor credits and their payments on the books of Larkspur Supply Co., worked out by hand.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

const LISTS = ['accounts', 'vendors', 'customers', 'service-items', 'inventory-items', 'classes', 'other-charge-items'];
const balance = async (books: Books, name: string) => (await books.named('accounts', name)).balance;
const owed = async (books: Books) => (await books.named('vendors', 'Paper Mill Co')).balance;
const stock = async (books: Books) => {
  const { quantityOnHand, averageCost, quantityOnPurchaseOrder } = await books.named('inventory-items', 'Widget');
  return [quantityOnHand, averageCost, quantityOnPurchaseOrder, await balance(books, 'Inventory Asset')];
};
const DATED = { transactionDate: '2025-02-20' };

story('what is ordered comes in and is billed in parts, and is in stock and owed once', async (t, books) => {
  const ids = await books.ids(...LISTS);
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
  t.equal(await owed(books), '300.00');

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
  t.equal(await owed(books), '420.00');

  const first = await books.make('bills', {
    ...common,
    refNumber: 'PM-78',
    itemLines: [{ linkToTransactionLine: link, quantity: 5, cost: '31.00' }],
  });
  t.match(first, { amountDue: '155.00', openAmount: '155.00', isPaid: false, dueDate: '2025-03-22' });
  // 4 of the 5 came in before, for 120.00: one more piece, and 35.00 more.
  t.strictSame(await stock(books), [25, '26.20', 5, '655.00']);
  t.strictSame(await fulfilled(), [5, 5, false, false]);
  t.equal(await owed(books), '455.00');

  const rest = await books.make('bills', { ...common, linkToTransactionIds: [order.id] });
  t.match(rest, { amountDue: '150.00', itemLines: [{ quantity: 5, cost: '30.00', amount: '150.00' }] });
  t.strictSame(await stock(books), [30, '26.83333', 0, '805.00']);
  t.strictSame(await fulfilled(), [10, 0, true, true]);
  t.equal(await owed(books), '605.00');
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
  t.equal(await owed(books), '572.00');
  await books.ok('POST', `bills/${first.id}/void`);
  t.strictSame(await stock(books), [29, '26.55172', 1, '770.00']);
  t.strictSame(await fulfilled(), [9, 5, false, false]);
  t.equal(await owed(books), '570.00');
  t.match(await books.get(`bills/${first.id}`), { amountDue: '0.00', openAmount: '0.00', isPaid: true, memo: 'VOID:' });

  await books.ok('DELETE', `item-receipts/${receipt.id}`);
  t.strictSame(await stock(books), [25, '26.00', 5, '650.00']);
  t.strictSame(await fulfilled(), [5, 5, false, false]);
  await books.ok('DELETE', `bills/${rest.id}`);
  t.strictSame(await stock(books), [20, '25.00', 10, '500.00']);
  t.equal(await owed(books), '300.00');
});

story('a bill takes what is not billed of several receipts, and gives back what it drops', async (t, books) => {
  const ids = await books.ids(...LISTS);
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
  t.equal(await owed(books), '363.00');
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
  t.equal(await owed(books), '564.00');
  // 20 at 500.00, 30.00 + 33.00 received, 84.00 billed: 21.00 more than the 63.00, for one more piece.
  t.strictSame(await stock(books), [27, '21.62963', 3, '584.00']);
  const [, three] = bill.itemLines;
  await books.change('bills', bill.id, { itemLines: [{ id: three.id }] });
  // What is left bills two for 22.00 and one more: 36.00.
  t.equal(await owed(books), '377.00');
  t.strictSame(await stock(books), [27, '21.37037', 3, '577.00']);
  const again = await books.make('bills', {
    ...common,
    itemLines: [{ linkToTransactionLine: link, quantity: 4, cost: '10.00' }],
  });
  t.equal(again.amountDue, '40.00');
  // The three for 30.00 and the one for 11.00 are covered.
  t.strictSame(await stock(books), [27, '21.33333', 3, '576.00']);
  t.equal(await owed(books), '376.00');
  await books.change('bills', again.id, { itemLines: [{ id: again.itemLines[0].id, quantity: 3 }] });
  // All that came with the first receipt, for what it cost.
  t.strictSame(await stock(books), [27, '21.37037', 3, '577.00']);
  t.equal(await owed(books), '377.00');
  await books.ok('DELETE', `purchase-orders/${order.id}`);
  t.match((await books.get(`bills/${bill.id}`)).linkedTransactions, []);
  t.match((await books.get(`item-receipts/${second.id}`)).linkedTransactions, []);
  t.equal(await owed(books), '377.00', 'receipts and bills stay when the order is deleted');
});

story('an order is closed by hand, line by line or as a whole', async (t, books) => {
  const ids = await books.ids(...LISTS);
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

story('a bill is paid with discount and credit, by check and by card, and opens again', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const [bill] = (await books.list('bills')) as [Json];
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const credit = await books.make('vendor-credits', {
    ...common,
    refNumber: 'VC-1',
    expenseLines: [{ accountId: ids['Office Supplies'], amount: '50.00' }],
  });
  t.match(credit, { creditAmount: '50.00', openAmount: '50.00' });
  t.equal(await owed(books), '250.00');
  const open = async () => {
    const { openAmount, isPaid } = await books.get(`bills/${bill.id}`);
    return [openAmount, isPaid, await owed(books)];
  };
  const application = {
    transactionId: bill.id,
    paymentAmount: '200.00',
    discountAmount: '10.00',
    discountAccountId: ids['Sales Income'],
    discountClassId: ids.South,
    applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '50.00' }],
  };
  const check = await books.make('bill-check-payments', {
    ...common,
    bankAccountId: ids.Checking,
    refNumber: '900',
    applyToTransactions: [application],
  });
  t.match(check, {
    amount: '200.00',
    payablesAccount: { fullName: 'Accounts Payable' },
    appliedToTransactions: [
      {
        transactionId: bill.id,
        transactionType: 'bill',
        refNumber: 'PM-77',
        amount: '200.00',
        discountAmount: '10.00',
        discountClass: { fullName: 'South' },
      },
    ],
  });
  t.equal((await books.get(`bill-check-payments/${check.id}`)).appliedToTransactions[0].balanceRemaining, '40.00');
  t.strictSame(await open(), ['40.00', false, '40.00']);
  t.equal(await balance(books, 'Checking'), '10990.00');
  t.match(await books.get(`vendor-credits/${credit.id}`), {
    openAmount: '0.00',
    linkedTransactions: [{ id: bill.id, transactionType: 'bill', linkType: 'amount', amount: '50.00' }],
  });
  t.match((await books.get(`bills/${bill.id}`)).linkedTransactions, [
    { id: check.id, transactionType: 'bill_payment_check', linkType: 'amount', amount: '-210.00' },
    { id: credit.id, transactionType: 'vendor_credit', linkType: 'amount', amount: '-50.00' },
  ]);

  const byCard = { ...common, creditCardAccountId: ids.Visa };
  const pay = (paymentAmount: string) => ({
    ...byCard,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount }],
  });
  const most = `The amount applied to "${bill.id}" is more than its open balance of 40.00.`;
  await books.refused('POST', 'bill-credit-card-payments', pay('40.01'), '3210', most);
  const card = await books.make('bill-credit-card-payments', pay('40.00'));
  t.strictSame(await open(), ['0.00', true, '0.00']);
  t.equal(await balance(books, 'Visa'), '40.00');
  const none = `Object "${bill.id}" specified in the request cannot be found.`;
  await books.refused('POST', 'bill-credit-card-payments', pay('1.00'), '3120', none);
  t.strictSame((await books.list('bills?paymentStatus=not_paid')).length, 0);
  t.strictSame((await books.list('bills?paymentStatus=paid')).length, 1);

  const { revisionNumber } = await books.get(`bills/${bill.id}`);
  for (const change of [
    { expenseLines: [{ id: bill.expenseLines[0].id, amount: '299.00' }] },
    { vendorId: ids['State Tax Board'] },
  ]) {
    await books.refused(
      'POST',
      `bills/${bill.id}`,
      { revisionNumber, ...change },
      '3170',
      'There was an error when modifying a Bill. QuickBooks error message: Payments or credits are applied to it: its vendor and account stay, and its total covers them.',
    );
  }
  await books.change('bills', bill.id, { expenseLines: [{ id: bill.expenseLines[0].id, amount: '310.00' }] });
  t.strictSame(await open(), ['10.00', false, '10.00']);
  await books.change('bill-check-payments', check.id, { memo: 'By post', bankAccountId: ids.Checking });
  const other = { ...application, paymentAmount: '205.00', discountAmount: undefined, applyCredits: undefined };
  const changed = await books.change('bill-check-payments', check.id, {
    applyToTransactions: [other],
    amount: '205.00',
  });
  t.match(changed, { amount: '205.00', appliedToTransactions: [{ amount: '205.00', discountAmount: null }] });
  t.strictSame(await open(), ['15.00', false, '15.00'], 'the credit stays applied');
  await books.refused(
    'POST',
    `bill-check-payments/${check.id}`,
    { revisionNumber: (await books.get(`bill-check-payments/${check.id}`)).revisionNumber, amount: '1.00' },
    '3210',
    'The amount "1.00" is not the sum of what is paid, which is 205.00.',
  );

  await books.ok('DELETE', `bill-check-payments/${check.id}`);
  t.strictSame(await open(), ['220.00', false, '220.00']);
  await books.ok('POST', `bill-credit-card-payments/${card.id}/void`);
  t.strictSame(await open(), ['260.00', false, '260.00']);
  t.equal(await balance(books, 'Visa'), '0.00');
  await books.make('bill-check-payments', {
    ...common,
    bankAccountId: ids.Checking,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount: '60.00', discountAmount: '1.00' }],
  });
  t.equal((await books.named('accounts', 'Checking')).balance, '11130.00');
  await books.ok('DELETE', `bills/${bill.id}`);
  t.match(await books.get(`vendor-credits/${credit.id}`), { openAmount: '50.00', linkedTransactions: [] });
  t.equal(await owed(books), '-110.00', 'the credit, and a payment without a bill');
});

story('what is to be paid to a vendor is its open bills by due date, and its credits', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const [first] = (await books.list('bills')) as [Json];
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const expenseLines = [{ accountId: ids.Rent, amount: '20.00' }];
  const sooner = await books.make('bills', { ...common, dueDate: '2025-02-01', expenseLines });
  const credit = await books.make('vendor-credits', { ...common, refNumber: 'VC', expenseLines });
  const currency = await books.make('currencies', { name: 'Tugrik', currencyCode: 'MNT' });
  const far = await books.make('vendors', { name: 'Far Mill', currencyId: currency.id });
  const theirs = await books.make('bills', { ...DATED, vendorId: far.id, expenseLines });
  const to = async (query: string) =>
    (await books.list(`bills-to-pay?vendorId=${ids['Paper Mill Co']}${query}`)).map(({ bill, credit: one }) =>
      bill === null ? [one.creditTransactionId, one.creditRemaining] : [bill.billId, bill.amountDue, bill.dueDate],
    );
  const all = [
    [sooner.id, '20.00', '2025-02-01'],
    [first.id, '300.00', '2025-02-14'],
    [credit.id, '20.00'],
  ];
  t.strictSame(await to(''), all);
  t.strictSame(await to('&dueDate=2025-02-01'), [all[0], all[2]], 'credits are due whenever');
  t.strictSame(await to(`&payablesAccountId=${ids['Accounts Payable']}`), all);
  t.strictSame(await to(`&payablesAccountId=${ids.Rent}`), []);
  t.strictSame(await to(`&currencyIds=${currency.id}`), []);
  t.match(await books.list(`bills-to-pay?vendorId=${far.id}&currencyIds=${currency.id}`), [
    { bill: { billId: theirs.id, currency: { fullName: 'Tugrik' } } },
  ]);
  // Without terms a bill is due when the preferences say.
  t.equal(theirs.dueDate, '2025-03-02');
  t.strictSame((await books.list(`bills-to-pay?vendorId=${ids['State Tax Board']}`)).length, 0);
  t.match((await books.list(`bills-to-pay?vendorId=${ids['Paper Mill Co']}`))[1], {
    bill: {
      transactionType: 'bill',
      payablesAccount: { fullName: 'Accounts Payable' },
      transactionDate: '2025-01-15',
      refNumber: 'PM-77',
    },
    credit: null,
  });
  await books.refused(
    'GET',
    'bills-to-pay?vendorId=80FFFFFF-1',
    undefined,
    '500',
    'The query request has not been fully completed. There was a required element ("80FFFFFF-1") that could not be found in QuickBooks.',
  );
});

story('orders of groups, lines without a quantity and items without a cost are bought as well', async (t, books) => {
  const ids = await books.ids(...LISTS);
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

t.end();
