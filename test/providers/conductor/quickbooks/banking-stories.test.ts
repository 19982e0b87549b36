// Transfers, journal entries, stock changed by hand and built, and time, on the books of Larkspur Supply Co.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

const LISTS = ['accounts', 'vendors', 'customers', 'service-items', 'inventory-items', 'classes', 'employees'];
const balance = async (books: Books, name: string) => (await books.named('accounts', name)).balance;
const DATED = { transactionDate: '2025-02-20' };
const saving = (thing: string, why: string) =>
  `There was an error when saving a ${thing}. QuickBooks error message: ${why}`;

story('a transfer moves money, and shows the balances that it left', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { ...DATED, sourceAccountId: ids.Checking, targetAccountId: ids.Visa, amount: '190.00' };
  const made = await books.make('transfers', { ...common, classId: ids.North, memo: 'Card' });
  // What is paid into the card is more than is owed.
  t.match(made, { sourceAccountBalance: '11000.00', targetAccountBalance: '-190.00', class: { fullName: 'North' } });
  t.strictSame([await balance(books, 'Checking'), await balance(books, 'Visa')], ['11000.00', '-190.00']);
  const changed = await books.change('transfers', made.id, { amount: '90.00', targetAccountId: ids.Furniture });
  t.match(changed, { sourceAccountBalance: '11100.00', targetAccountBalance: '2090.00' });
  t.strictSame([await balance(books, 'Checking'), await balance(books, 'Visa')], ['11100.00', '0.00']);
  await books.make('transfers', { ...common, amount: '1.00' });
  t.match(await books.get(`transfers/${made.id}`), { sourceAccountBalance: '11100.00' }, 'as it was after this one');
  const same = { ...common, targetAccountId: ids.Checking };
  await books.refused(
    'POST',
    'transfers',
    same,
    '3180',
    saving('Transfer', 'An account cannot be transferred to itself.'),
  );
  await books.refused(
    'POST',
    'transfers',
    { ...common, amount: '0.00' },
    '3210',
    'The amount "0.00" is not more than zero.',
  );
  await books.refused(
    'POST',
    'transfers',
    { ...common, targetAccountId: ids.Rent },
    '3140',
    `There is an invalid reference to QuickBooks TargetAccount "${ids.Rent}" in the Transfer.`,
  );
});

story('a journal entry balances, and an update names all lines of both sides', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const entry = await books.make('journal-entries', {
    ...DATED,
    refNumber: 'JE-2',
    debitLines: [
      { accountId: ids.Rent, amount: '60.00', entityId: ids['Harbor Cafe'], classId: ids.South },
      { accountId: ids['Accounts Payable'], amount: '40.00', entityId: ids['Paper Mill Co'] },
    ],
    creditLines: [{ accountId: ids.Checking, amount: '100.00' }, { accountId: ids.Visa }],
  });
  t.match(entry, {
    debitLines: [
      { objectType: 'qbd_journal_debit_line', billingStatus: 'billable', class: { fullName: 'South' } },
      { entity: { fullName: 'Paper Mill Co' }, billingStatus: null },
    ],
    creditLines: [{ objectType: 'qbd_journal_credit_line', amount: '100.00' }, { amount: '0.00' }],
  });
  t.equal(await balance(books, 'Checking'), '11090.00');
  const paper = async () => (await books.named('vendors', 'Paper Mill Co')).balance;
  t.equal(await paper(), '260.00');
  const found = async (query: string) =>
    (await books.list(`journal-entries?${query}`)).map(({ refNumber }) => refNumber);
  t.strictSame(await found(`accountIds=${ids.Checking}`), ['JE-1', 'JE-2']);
  t.strictSame(await found(`accountIds=${ids['Accounts Payable']}`), ['JE-2']);
  t.strictSame(await found(`entityIds=${ids['Harbor Cafe']}`), ['JE-2']);

  const [rent, payable] = entry.debitLines;
  const [checking] = entry.creditLines;
  const changed = await books.change('journal-entries', entry.id, {
    lines: [
      { id: rent.id, amount: '70.00', entityId: '', memo: 'Quarter' },
      { id: checking.id },
      { id: '-1', journalLineType: 'debit', accountId: ids['Office Supplies'], amount: '30.00' },
    ],
  });
  t.match(changed, {
    debitLines: [
      {
        id: rent.id,
        amount: '70.00',
        entity: null,
        memo: 'Quarter',
        class: { fullName: 'South' },
        billingStatus: null,
      },
      { account: { fullName: 'Office Supplies' }, amount: '30.00' },
    ],
    creditLines: [{ id: checking.id, amount: '100.00' }],
  });
  t.equal(changed.debitLines.length + changed.creditLines.length, 3);
  t.equal(await paper(), '300.00');

  const { revisionNumber } = changed;
  const unbalanced = (debits: string, credits: string) =>
    saving('Journal Entry', `The debits of ${debits} are not the credits of ${credits}, or there is no line.`);
  for (const [lines, code, text] of [
    [[{ id: rent.id }, { id: checking.id }], '3180', unbalanced('70.00', '100.00')],
    [[{ id: payable.id }], '3120', `Object "${payable.id}" specified in the request cannot be found.`],
    [[{ id: '-1', accountId: ids.Rent }], '3150', 'There is a missing element: "JournalLineType".'],
    [[{ id: '-1', journalLineType: 'credit' }], '3150', 'There is a missing element: "AccountRef".'],
  ] as [Json[], string, string][]) {
    await books.refused('POST', `journal-entries/${entry.id}`, { revisionNumber, lines }, code, text);
  }
  const party = async (account: string, entityId: string | undefined, what: string) =>
    books.refused(
      'POST',
      'journal-entries',
      {
        ...DATED,
        debitLines: [{ accountId: ids[account], amount: '1.00', ...(entityId && { entityId }) }],
        creditLines: [{ accountId: ids.Rent, amount: '1.00' }],
      },
      '3180',
      saving('Journal Entry', what),
    );
  await party('Accounts Receivable', undefined, 'A line of a receivable needs a customer.');
  await party('Accounts Payable', ids['Harbor Cafe'], 'A line of a payable needs a vendor.');
  await books.refused('POST', 'journal-entries', DATED, '3180', unbalanced('0.00', '0.00'));

  await books.ok('POST', `journal-entries/${entry.id}/void`);
  t.match((await books.get(`journal-entries/${entry.id}`)).debitLines, [{ amount: '0.00' }, { amount: '0.00' }]);
  t.equal(await balance(books, 'Checking'), '11190.00');
  const oneSided = await books.make('journal-entries', {
    ...DATED,
    creditLines: [
      { accountId: ids.Rent, amount: '-5.00' },
      { accountId: ids.Checking, amount: '5.00' },
    ],
  });
  const [plus, minus] = oneSided.creditLines;
  await books.change('journal-entries', oneSided.id, {
    lines: [
      { id: plus.id, amount: '-6.00' },
      { id: minus.id, amount: '6.00' },
    ],
  });
  t.equal(await balance(books, 'Checking'), '11184.00');
  await books.ok('DELETE', `journal-entries/${oneSided.id}`);
  // The journal of January paid the rent out of the bank account.
  const [first] = await books.list('journal-entries?refNumbers=JE-1');
  await books.ok('DELETE', `journal-entries/${first?.id}`);
  t.equal(await balance(books, 'Checking'), '11360.00');
});

story('payments and sales receipts wait for a deposit, until they are in one', async (t, books) => {
  const ids = await books.ids(...LISTS, 'payment-methods');
  const common = { ...DATED, customerId: ids['Harbor Cafe'] };
  t.strictSame(await books.list('payments-to-deposit'), [], 'what is in the fixtures is deposited');
  const receipt = await books.make('sales-receipts', {
    ...common,
    refNumber: 'R-1',
    lines: [{ itemId: ids.Consulting }],
  });
  const payment = await books.make('receive-payments', { ...common, totalAmount: '30.00' });
  await books.make('receive-payments', { ...common, totalAmount: '5.00', depositToAccountId: ids.Checking });
  const voided = await books.make('sales-receipts', { ...common, lines: [{ itemId: ids.Consulting }] });
  await books.ok('POST', `sales-receipts/${voided.id}/void`);
  const row = (more: Json) => ({
    paymentTransactionLineId: null,
    customer: { id: ids['Harbor Cafe'], fullName: 'Harbor Cafe' },
    transactionDate: '2025-02-20',
    refNumber: null,
    currency: null,
    exchangeRate: null,
    amountInHomeCurrency: null,
    ...more,
  });
  t.strictSame(
    (await books.list('payments-to-deposit')).map((one) => row(one)),
    [
      row({ paymentTransactionId: receipt.id, transactionType: 'sales_receipt', refNumber: 'R-1', amount: '90.00' }),
      row({ paymentTransactionId: payment.id, transactionType: 'receive_payment', amount: '30.00' }),
    ].map((one) => row(one)),
  );
  await books.make('deposits', {
    ...DATED,
    depositToAccountId: ids.Checking,
    lines: [{ paymentTransactionId: receipt.id }],
  });
  t.match(await books.list('payments-to-deposit'), [{ paymentTransactionId: payment.id }]);
});

story('stock is adjusted by quantity, value, serial number and lot', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const account = { ...DATED, accountId: ids['Office Supplies'] };
  const stock = async () => {
    const { quantityOnHand, averageCost } = await books.named('inventory-items', 'Widget');
    return [quantityOnHand, averageCost, await balance(books, 'Inventory Asset')];
  };
  const adjust = (...lines: Json[]) =>
    books.make('inventory-adjustments', { ...account, lines: lines.map((line) => ({ itemId: ids.Widget, ...line })) });
  const site = await books.make('inventory-sites', { name: 'Shelf' });
  const counted = await adjust(
    { adjustQuantity: { newQuantity: 18, inventorySiteLocationId: site.id, lotNumber: 'L-0' } },
    { adjustQuantity: { quantityDifference: 1 } },
  );
  // 2 of 25.00 are lost, one is found.
  t.match(counted.lines, [
    { quantityDifference: -2, valueDifference: -50, inventorySiteLocation: { fullName: 'Shelf' }, lotNumber: 'L-0' },
    { quantityDifference: 1, valueDifference: 25 },
  ]);
  t.strictSame(await stock(), [19, '25.00', '475.00']);
  const valued = await adjust(
    { adjustValue: { newValue: '380.00' } },
    { adjustValue: { quantityDifference: 1, valueDifference: 20 } },
  );
  t.match(valued.lines, [
    { quantityDifference: 0, valueDifference: -95 },
    { quantityDifference: 1, valueDifference: 20 },
  ]);
  t.strictSame(await stock(), [20, '20.00', '400.00']);
  const marked = await adjust(
    { adjustSerialNumber: { addSerialNumber: 'S-1' } },
    { adjustSerialNumber: { removeSerialNumber: 'S-0', expirationDate: '2026-01-01' } },
    { adjustLotNumber: { lotNumber: 'L-1', adjustCount: 4 } },
    { adjustLotNumber: { lotNumber: 'L-2' } },
  );
  t.match(marked.lines, [
    { serialNumber: 'S-1', serialNumberAction: 'added', quantityDifference: 1, valueDifference: 20 },
    { serialNumber: 'S-0', serialNumberAction: 'removed', quantityDifference: -1, expirationDate: '2026-01-01' },
    { lotNumber: 'L-1', quantityDifference: 4, valueDifference: 80 },
    { lotNumber: 'L-2', quantityDifference: 0, valueDifference: 0 },
  ]);
  t.strictSame(await stock(), [24, '20.00', '480.00']);

  const [lost, gained] = counted.lines;
  // The first line as it was, the second three more, and one that is new.
  const changed = await books.change('inventory-adjustments', counted.id, {
    classId: ids.North,
    customerId: ids['Harbor Cafe'],
    lines: [
      { id: lost.id },
      { id: gained.id, quantityDifference: 4, valueDifference: 90 },
      { id: '-1', itemId: ids.Widget, adjustCount: 2 },
      { id: '-1', itemId: ids.Widget },
    ],
  });
  // Without the adjustment there are 25 for 505.00; 23 for 455.00 after the first line, 27 for 545.00 after the second.
  t.match(changed.lines, [
    { quantityDifference: -2, valueDifference: -50 },
    { quantityDifference: 4, valueDifference: 90 },
    { quantityDifference: 2, valueDifference: 40.37 },
    { quantityDifference: 0, valueDifference: 0 },
  ]);
  t.strictSame(await stock(), [29, '20.18517', '585.37']);
  t.equal((await books.list(`inventory-adjustments?itemIds=${ids.Widget}&limit=2`)).length, 2);
  await books.ok('POST', `inventory-adjustments/${changed.id}/void`);
  t.strictSame(await stock(), [25, '20.20', '505.00']);

  const refused = async (lines: Json[], why: string) =>
    books.refused('POST', 'inventory-adjustments', { ...account, lines }, '3180', saving('Inventory Adjustment', why));
  const ways = 'A line needs one of adjustQuantity, adjustValue, adjustSerialNumber, adjustLotNumber.';
  const either = 'A line needs either what is new or the difference.';
  const itemId = ids.Widget as string;
  await refused([{ itemId }], ways);
  await refused([{ itemId, adjustQuantity: { newQuantity: 1 }, adjustValue: { newValue: '1.00' } }], ways);
  await refused([{ itemId, adjustQuantity: { newQuantity: 1, quantityDifference: 1 } }], either);
  await refused([{ itemId, adjustValue: { newQuantity: 1 } }], either);
  await books.refused(
    'POST',
    'inventory-adjustments',
    account,
    '3180',
    saving('Inventory Adjustment', 'It needs a line.'),
  );
  await books.refused(
    'POST',
    `inventory-adjustments/${valued.id}`,
    { revisionNumber: valued.revisionNumber, lines: [{ id: '-1', quantityDifference: 1 }] },
    '3150',
    'There is a missing element: "ItemRef".',
  );
  const empty = await books.make('inventory-items', {
    name: 'Gizmo',
    purchaseCost: '3.00',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const first = await books.make('inventory-adjustments', {
    ...account,
    lines: [{ itemId: empty.id, adjustQuantity: { newQuantity: 2 } }],
  });
  t.match(
    first.lines,
    [{ quantityDifference: 2, valueDifference: 6 }],
    'at the purchase cost, where there is none yet',
  );
});

story('an assembly is built from its components, or waits for them', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const assembly = await books.make('inventory-assembly-items', {
    name: 'Gadget',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    lines: [{ inventoryItemId: ids.Widget, quantity: 3 }, { inventoryItemId: ids.Widget }, { quantity: 2 }],
  });
  const common = { ...DATED, inventoryAssemblyItemId: assembly.id };
  const stock = async () => {
    const [widget, gadget] = [
      await books.named('inventory-items', 'Widget'),
      await books.named('inventory-assembly-items', 'Gadget'),
    ];
    return [widget.quantityOnHand, gadget.quantityOnHand, gadget.averageCost];
  };
  const built = await books.make('build-assemblies', { ...common, refNumber: 'BA-1', quantityToBuild: 2 });
  // Two gadgets of four widgets of 25.00 each.
  t.strictSame(await stock(), [12, 2, '100.00']);
  t.match(built, {
    isPending: false,
    quantityCanBuild: 4,
    quantityOnHand: 2,
    quantityOnSalesOrder: 0,
    lines: [
      { item: { fullName: 'Widget' }, quantityOnHand: 12, quantityNeeded: 6 },
      { quantityOnHand: 12, quantityNeeded: 2 },
    ],
  });
  t.equal(built.lines.length, 2);
  t.equal(await balance(books, 'Inventory Asset'), '500.00');
  const short = saving('Build Assembly', 'There are not enough components in stock to build it.');
  await books.refused('POST', 'build-assemblies', { ...common, quantityToBuild: 5 }, '3180', short);
  const none = saving('Build Assembly', 'The quantity to build is not more than zero.');
  await books.refused('POST', 'build-assemblies', { ...common, quantityToBuild: 0 }, '3180', none);

  const waiting = await books.make('build-assemblies', { ...common, quantityToBuild: 5, markPendingIfRequired: true });
  t.equal(waiting.isPending, true);
  t.strictSame(await stock(), [12, 2, '100.00'], 'what is pending moves nothing');
  const pending = async (status: string) =>
    (await books.list(`build-assemblies?pendingStatus=${status}`)).map(({ id }) => id);
  t.strictSame(await pending('pending'), [waiting.id]);
  t.strictSame(await pending('not_pending'), [built.id]);
  t.match(await books.list('build-assemblies?includeComponentLineItems=false'), [{ lines: [] }, { lines: [] }]);
  const { revisionNumber } = await books.change('build-assemblies', waiting.id, { memo: 'Soon' });
  const remove = { revisionNumber, removePending: true };
  await books.refused('POST', `build-assemblies/${waiting.id}`, remove, '3180', short);
  await books.change('build-assemblies', waiting.id, { quantityToBuild: 3, removePending: true });
  t.strictSame(await stock(), [0, 5, '100.00']);
  // Its own components count as there when it is changed.
  await books.change('build-assemblies', waiting.id, { quantityToBuild: 2 });
  t.strictSame(await stock(), [4, 4, '100.00']);
  await books.ok('DELETE', `build-assemblies/${waiting.id}`);
  await books.ok('DELETE', `build-assemblies/${built.id}`);
  t.strictSame(await stock(), [20, 0, '0.00']);
  const fresh = await books.make('inventory-items', {
    name: 'Bolt',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const made = await books.make('inventory-assembly-items', {
    name: 'Twin',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    lines: [{ inventoryItemId: fresh.id, quantity: 2 }],
  });
  const unmade = { ...common, inventoryAssemblyItemId: made.id, quantityToBuild: 1 };
  await books.refused('POST', 'build-assemblies', unmade, '3180', short);
  const bare = await books.make('inventory-assembly-items', {
    name: 'Bare',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const nothing = await books.make('build-assemblies', {
    ...common,
    inventoryAssemblyItemId: bare.id,
    quantityToBuild: 1,
  });
  t.match(nothing, { quantityCanBuild: 0, quantityOnHand: 1, lines: [] });
});

story('stock is not kept by site: the list is empty, and refuses when sites are on', async (t, books) => {
  t.strictSame(await books.get('item-sites'), {
    objectType: 'list',
    url: '/v1/quickbooks-desktop/item-sites',
    data: [],
    nextCursor: null,
    remainingCount: 0,
    hasMore: false,
  });
  const missed = (id: string) =>
    `The query request has not been fully completed. There was a required element ("${id}") that could not be found in QuickBooks.`;
  await books.refused('GET', 'item-sites/80000001-1', undefined, '500', missed('80000001-1'));
  await books.refused('GET', 'item-sites?ids=80000001-1', undefined, '500', missed('80000001-1'));
  for (const other of ['itemIds', 'siteIds']) {
    t.match(await books.ask('GET', `item-sites?itemType=inventory&${other}=80000001-1`), { status: 400 });
  }
  t.strictSame(await books.list('item-sites?itemIds=80000001-1'), []);
});

story('time is billable for a customer and a service, and posts nothing', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const worked = { ...DATED, entityId: ids['Anna Bell'], duration: 'PT90M40S' };
  const full = { customerId: ids['Harbor Cafe'], serviceItemId: ids.Consulting };
  const made = await books.make('time-tracking-activities', { ...worked, ...full });
  t.match(made, { duration: 'PT1H30M', billingStatus: 'billable', isBilled: false, entity: { fullName: 'Anna Bell' } });
  for (const missing of [{}, { customerId: full.customerId }, { serviceItemId: full.serviceItemId }]) {
    const { billingStatus } = await books.make('time-tracking-activities', { ...worked, ...missing });
    t.equal(billingStatus, 'not_billable');
  }
  const need = { entityId: ids['Anna Bell'], duration: 'PT2H' };
  const changed = await books.change('time-tracking-activities', made.id, { ...need, customerId: '' });
  t.match(changed, { duration: 'PT2H0M', billingStatus: 'not_billable', customer: null });
  await books.refused(
    'POST',
    `time-tracking-activities/${made.id}`,
    { ...need, revisionNumber: changed.revisionNumber, billingStatus: 'billable' },
    '3180',
    saving('Time Tracking', 'Billable time needs a customer and a service item.'),
  );
  for (const duration of ['1:30', 'PT', 'PTH']) {
    const { status, body } = await books.ask('POST', 'time-tracking-activities', { ...worked, duration });
    t.equal(status, 400);
    t.match(body.error.message, 'Invalid input: expected a duration such as PT1H30M at "duration"');
  }
  const wage = await books.make('payroll-wage-items', {
    name: 'Hourly',
    wageType: 'hourly_regular',
    expenseAccountId: ids.Rent,
  });
  const paid = { ...worked, payrollWageItemId: wage.id };
  const why = saving('Time Tracking', 'A payroll item is for employees who are paid by time data.');
  for (const name of ['Anna Bell', 'Paper Mill Co']) {
    await books.refused('POST', 'time-tracking-activities', { ...paid, entityId: ids[name] }, '3180', why);
  }
  const timed = await books.make('employees', {
    firstName: 'Tim',
    employeePayroll: { useTimeDataToCreatePaychecks: 'uses_time_data' },
  });
  t.match(await books.make('time-tracking-activities', { ...paid, entityId: timed.id }), {
    payrollWageItem: { fullName: 'Hourly' },
  });
  t.equal((await books.list(`time-tracking-activities?entityIds=${timed.id}`)).length, 1);
  t.strictSame(await books.ok('DELETE', `time-tracking-activities/${made.id}`), {
    id: made.id,
    objectType: 'qbd_time_tracking_activity',
    deleted: true,
  });
});

t.end();
