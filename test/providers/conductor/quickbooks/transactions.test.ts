// The feed of all transactions of Larkspur Supply Co.: three levels of detail, every filter, pages, look-ups.
import t from 'tap';
import { type Books, type Json, openBooks, story } from './books.ts';

const LISTS = ['accounts', 'vendors', 'customers', 'service-items', 'inventory-items', 'classes', 'employees'];

/** A row in short: type, number, account, party and amount. */
const short = ({ transactionType, refNumber, account, entity, amount }: Json) => [
  transactionType,
  refNumber,
  account?.fullName ?? null,
  entity?.fullName ?? null,
  amount,
];
const rows = async (books: Books, query: string) => (await books.list(`transactions?${query}`)).map(short);

const WHOLE = [
  ['check', '101', 'Checking', 'Paper Mill Co', '1000.00'],
  ['invoice', '1001', 'Accounts Receivable', 'Harbor Cafe', '540.00'],
  ['invoice', '1002', 'Accounts Receivable', 'Millstone Bakery', '360.00'],
  ['bill', 'PM-77', 'Accounts Payable', 'Paper Mill Co', '300.00'],
  ['receive_payment', '55', 'Accounts Receivable', 'Millstone Bakery', '360.00'],
  ['deposit', null, 'Checking', null, '360.00'],
  ['journal_entry', 'JE-1', null, null, '170.00'],
];
const LINES = [
  ['check', '101', 'Rent', 'Paper Mill Co', '1000.00'],
  ['invoice', '1001', 'Sales Income', 'Harbor Cafe', '-500.00'],
  ['invoice', '1002', 'Consulting Income', 'Millstone Bakery', '-360.00'],
  ['bill', 'PM-77', 'Office Supplies', 'Paper Mill Co', '300.00'],
  ['deposit', null, 'Undeposited Funds', 'Millstone Bakery', '-360.00'],
  ['journal_entry', 'JE-1', 'Rent', null, '170.00'],
  ['journal_entry', 'JE-1', 'Checking', null, '-170.00'],
];

story('transactions are listed as wholes, by line, or both', async (t, books) => {
  t.strictSame(await rows(books, ''), WHOLE);
  t.strictSame(await rows(books, 'detailLevel=transaction_lines_only'), LINES);
  const all = await rows(books, 'detailLevel=all');
  t.strictSame(
    all.slice(0, 6),
    [WHOLE[0], LINES[0], WHOLE[1], LINES[1], WHOLE[2], LINES[2]],
    'the whole comes before its lines',
  );
  t.equal(all.length, 14);
  const [bill] = (await books.list('bills')) as [Json];
  const whole = {
    transactionType: 'bill',
    transactionId: bill.id,
    transactionLineId: null,
    createdAt: bill.createdAt,
    updatedAt: bill.updatedAt,
    entity: bill.vendor,
    account: bill.payablesAccount,
    transactionDate: '2025-01-15',
    refNumber: 'PM-77',
    amount: '300.00',
    currency: null,
    exchangeRate: null,
    amountInHomeCurrency: null,
    memo: null,
  };
  t.strictSame(await books.get(`transactions/${bill.id}`), whole);
  t.strictSame(await books.list(`transactions?ids=${bill.id}&detailLevel=all`), [
    whole,
    { ...whole, transactionLineId: bill.expenseLines[0].id, account: bill.expenseLines[0].account },
  ]);
  t.strictSame(await rows(books, 'refNumbers=55&refNumbers=101&transactionTypes=bill'), [WHOLE[4], WHOLE[0]]);
});

story('the filters of the feed mean the whole, and with lines what they post', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const lines = 'detailLevel=transaction_lines_only&';
  const date = 'transactionDateFrom=2025-01-12&transactionDateTo=2025-01-20';
  t.strictSame(await rows(books, date), WHOLE.slice(2, 5));
  t.strictSame(await rows(books, 'refNumberContains=100'), WHOLE.slice(1, 3));
  t.strictSame(await rows(books, 'transactionTypes=bill&transactionTypes=check'), [WHOLE[0], WHOLE[3]]);
  t.strictSame(await rows(books, 'transactionTypes=all'), WHOLE);
  t.strictSame(await rows(books, 'paymentStatus=open'), [WHOLE[1], WHOLE[3]]);
  t.strictSame(
    await rows(books, 'paymentStatus=closed'),
    WHOLE.filter((_, n) => n !== 1 && n !== 3),
  );
  t.strictSame(await rows(books, `entityIds=${ids['Paper Mill Co']}`), [WHOLE[0], WHOLE[3]]);
  t.strictSame(await rows(books, `${lines}entityIds=${ids['Millstone Bakery']}`), [LINES[2], LINES[4]]);
  t.strictSame(await rows(books, `accountIds=${ids.Checking}`), [WHOLE[0], WHOLE[5]]);
  t.strictSame(await rows(books, `${lines}accountIds=${ids.Rent}`), [LINES[0], LINES[5]]);
  t.strictSame(await rows(books, `itemIds=${ids.Widget}`), []);
  t.strictSame(await rows(books, `${lines}itemIds=${ids.Widget}`), [LINES[1]]);
  t.strictSame(await rows(books, `${lines}itemIds=${ids.Widget}&accountIds=${ids['Inventory Asset']}`), [
    ['invoice', '1001', 'Inventory Asset', null, '-250.00'],
  ]);
  const order = await books.make('purchase-orders', {
    transactionDate: '2025-02-20',
    classId: ids.North,
    refNumber: 'PO',
    memo: 'For spring',
    lines: [{ itemId: ids.Widget, quantity: 2 }],
  });
  t.strictSame(await rows(books, 'postingStatus=non_posting'), [['purchase_order', 'PO', null, null, '50.00']]);
  t.strictSame(await rows(books, 'postingStatus=posting'), WHOLE);
  t.match(await books.list(`transactions?detailLevel=all&classIds=${ids.North}`), [{ memo: 'For spring' }]);
  t.equal((await books.list(`transactions?updatedAfter=${encodeURIComponent(order.updatedAt)}`)).length, 1);
  const check = await books.make('checks', {
    transactionDate: '2025-02-20',
    bankAccountId: ids.Checking,
    expenseLines: [{ accountId: ids.Rent, amount: '1.00', memo: 'Key', classId: ids.South }],
    itemLines: [{ itemId: ids.Consulting, description: 'Advice', amount: '2.00' }],
  });
  t.match(await books.list(`transactions?ids=${check.id}&detailLevel=transaction_lines_only`), [
    { memo: 'Key', amount: '1.00' },
    { memo: 'Advice', amount: '2.00' },
  ]);
  t.equal((await books.list(`transactions?${lines}classIds=${ids.South}`)).length, 1);
  const missed = (id: string) =>
    `The query request has not been fully completed. There was a required element ("${id}") that could not be found in QuickBooks.`;
  await books.refused('GET', 'transactions?accountIds=80FFFFFF-1', undefined, '500', missed('80FFFFFF-1'));
  const time = await books.make('time-tracking-activities', {
    transactionDate: '2025-02-20',
    entityId: ids['Anna Bell'],
    duration: 'PT1H',
  });
  await books.refused('GET', `transactions/${time.id}`, undefined, '500', missed(time.id));
  await books.refused('GET', `transactions?ids=${time.id}`, undefined, '500', missed(time.id));
});

story('a line is one row of the feed, whatever it posts, and what is voided still posts', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const DATED = { transactionDate: '2025-02-20' };
  const invoice = await books.make('invoices', {
    ...DATED,
    customerId: ids['Harbor Cafe'],
    lines: [
      { itemId: ids.Widget, quantity: 2 },
      { itemId: ids.Consulting, quantity: 1 },
    ],
  });
  const lines = `transactions?ids=${invoice.id}&detailLevel=transaction_lines_only`;
  t.strictSame(
    (await books.list(lines)).map(({ transactionLineId, amount }) => [transactionLineId, amount]),
    invoice.lines.map(({ id, amount }: Json) => [id, `-${amount}`]),
  );
  const stock = `detailLevel=all&transactionTypes=invoice&transactionDateFrom=2025-02-20&accountIds=${ids['Inventory Asset']}`;
  t.strictSame(await rows(books, stock), [['invoice', invoice.refNumber, 'Inventory Asset', null, '-50.00']]);
  const estimate = await books.make('estimates', {
    ...DATED,
    customerId: ids['Harbor Cafe'],
    lines: [{ itemId: ids.Consulting }],
  });
  const kit = await books.make('inventory-assembly-items', {
    name: 'Kit',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    lines: [{ inventoryItemId: ids.Widget, quantity: 2 }],
  });
  const build = { ...DATED, inventoryAssemblyItemId: kit.id, markPendingIfRequired: true };
  const pending = await books.make('build-assemblies', { ...build, quantityToBuild: 900 });
  const built = await books.make('build-assemblies', { ...build, quantityToBuild: 1 });
  await books.ok('POST', `invoices/${invoice.id}/void`);
  const day = 'transactionDateFrom=2025-02-20&postingStatus';
  const found = async (status: string) =>
    (await books.list(`transactions?${day}=${status}`)).map(({ transactionId }) => transactionId);
  t.strictSame(await found('posting'), [invoice.id, built.id], 'a voided invoice is none that never posts');
  t.strictSame(await found('non_posting'), [estimate.id, pending.id]);
});

story('lines that are gone when the next page is asked for are left out of it', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const bill = await books.make('bills', {
    transactionDate: '2025-02-20',
    vendorId: ids['Paper Mill Co'],
    expenseLines: ['1.00', '2.00', '3.00'].map((amount) => ({ accountId: ids.Rent, amount })),
  });
  const next = async ({ nextCursor }: Json) =>
    (await books.get(`transactions?limit=9&cursor=${nextCursor}`)).data.map(short);
  const all = 'transactions?detailLevel=all&transactionDateFrom=2025-02-20&limit=1';
  const first = await books.get(all);
  t.equal(first.remainingCount, 3);
  await books.change('bills', bill.id, { expenseLines: [{ id: bill.expenseLines[0].id }] });
  t.strictSame(await next(first), [['bill', null, 'Rent', 'Paper Mill Co', '1.00']]);
  const before = await books.get(all);
  await books.ok('POST', `bills/${bill.id}/void`);
  t.strictSame(await next(before), [], 'what is voided posts no line');
});

t.test('postings in rows of state may leave out their amount', async (t) => {
  const books = await openBooks(t);
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor');
  const entry = body.conductor.journalEntries.find(({ endUserId }: Json) => endUserId === books.endUserId);
  for (const posting of entry.body.postings) delete posting.amount;
  t.equal((await books.server.call('PUT', '/__admin/state', { json: body })).status, 204);
  t.strictSame(await rows(books, `ids=${entry.id}&detailLevel=all`), [
    ['journal_entry', 'JE-1', null, null, '0.00'],
    ['journal_entry', 'JE-1', 'Rent', null, '0.00'],
    ['journal_entry', 'JE-1', 'Checking', null, '0.00'],
  ]);
});

story('types without an operation have an empty feed of deletions', async (t, books) => {
  t.strictSame(await books.list('deleted-list-objects?objectTypes=vehicle'), []);
});

story('pages of the feed joined are the whole feed', async (t, books) => {
  const joined: Json[] = [];
  let cursor = '';
  for (let page = 0; page < 3; page++) {
    const query = `detailLevel=all&limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { data, nextCursor, remainingCount, hasMore } = await books.get(`transactions?${query}`);
    joined.push(...data);
    t.strictSame([remainingCount, hasMore], [14 - joined.length, joined.length < 14]);
    cursor = nextCursor;
  }
  t.equal(cursor, null);
  t.strictSame(joined, await books.list('transactions?detailLevel=all'));
});

t.end();
