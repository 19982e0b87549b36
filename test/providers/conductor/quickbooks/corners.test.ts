// Corners: other time zones, example mode for every operation, filters of transactions, items that say little.
import t from 'tap';
import { conductor } from '../../../../src/providers/conductor/index.ts';
import { everySecond } from '../../../seeds.ts';
import { LARKSPUR, type Node, openBooks } from './company-file.ts';

const EXAMPLE = 'end_usr_1234567abcdefg';

t.test('in example mode every operation responds to the example end-user, and stores nothing', async (t) => {
  const { server } = await openBooks(t, LARKSPUR);
  await server.call('POST', '/__admin/sandboxes', { json: { name: 'suite', settings: { mode: 'example' } } });
  const headers = { authorization: 'Bearer sk_conductor_test_sbx_suite', 'conductor-end-user-id': EXAMPLE };
  for (const { operation, method, path } of everySecond(conductor.operations, 1)) {
    if (!path.startsWith('/quickbooks-desktop/') || operation === 'qbd.healthCheck') continue;
    const { id: _, 'Conductor-End-User-Id': __, ...query } = conductor.samples.operations?.[operation] ?? {};
    const url = `/conductor/v1${path.replace('{id}', '123ABC-1234567890')}?${new URLSearchParams(query)}`;
    const json = conductor.samples.bodies[operation];
    const { status, body } = await server.call(method, url, { headers, ...(json === undefined ? {} : { json }) });
    t.equal(status, 200, operation);
    if (path.includes('{id}')) t.equal(body.id ?? body.transactionId, '123ABC-1234567890', operation);
    if ('nextCursor' in body) t.equal(body.nextCursor, null, `${operation}: its pages end`);
  }
  const { body } = await server.call('GET', '/__admin/state?provider=conductor&sandbox=suite');
  t.notOk(body.conductor.companyFiles.some(({ endUserId }: Node) => endUserId === EXAMPLE));
});

/** What the official suites send although the contract, or QuickBooks, would refuse it. */
const SUITE_REQUESTS: readonly [method: string, path: string, json?: Node][] = [
  [
    'GET',
    'reports/aging?reportType=ap_aging_detail&accountIds=80000001-1234567890&accountFullNames=A&accountType=bank',
  ],
  ['GET', 'reports/general-summary?reportType=balance_sheet_by_class&reportDateMacro=all&reportDateFrom=2025-01-01'],
  ['GET', 'reports/general-detail?reportType=1099_detail&entityType=vendor&entityIds=80000001-1234567890'],
  ['GET', 'reports/time?reportType=time_by_item'],
  ['GET', 'item-sites?itemType=inventory&itemIds=80000001-1234567890&siteIds=80000001-1234567890'],
  ['GET', 'item-sites/80000001-1234567890'],
  ['GET', 'customers?nameContains=A&nameStartsWith=A&nameEndsWith=A&totalBalance=1.00&totalBalanceLessThan=2.00'],
  [
    'GET',
    'bills?refNumbers=BILL-1234&refNumberContains=1&refNumberStartsWith=B&cursor=12345678-abcd-abcd-example-1234567890ab',
  ],
  ['GET', 'transactions?ids=123ABC-1234567890&detailLevel=all'],
  [
    'POST',
    'checks',
    {
      bankAccountId: '80000001-1234567890',
      refNumber: 'CHECK-1234-AND-MORE',
      transactionDate: '2024-10-01',
      itemLines: [
        {
          itemId: '80000001-1234567890',
          linkToTransactionLine: { transactionId: '123ABC-1234567890', transactionLineId: '456DEF-1234567890' },
        },
      ],
    },
  ],
  [
    'POST',
    'journal-entries',
    { transactionDate: '2024-10-01', debitLines: [{ accountId: '80000001-1234567890', amount: '1000.00' }] },
  ],
  [
    'POST',
    'receive-payments',
    {
      customerId: '80000001-1234567890',
      transactionDate: '2024-10-01',
      totalAmount: '1000.00',
      isAutoApply: false,
      applyToTransactions: [{ transactionId: '123ABC-1234567890', paymentAmount: '1000.00' }],
    },
  ],
];

t.test('in example mode what the official suites send is taken, as often as they like', async (t) => {
  const { server } = await openBooks(t, LARKSPUR);
  await server.call('POST', '/__admin/sandboxes', { json: { name: 'suite', settings: { mode: 'example' } } });
  const headers = { authorization: 'Bearer sk_conductor_test_sbx_suite', 'conductor-end-user-id': EXAMPLE };
  const call = (method: string, path: string, json?: Node) =>
    server.call(method, `/conductor/v1/quickbooks-desktop/${path}`, {
      headers,
      ...(json === undefined ? {} : { json }),
    });
  for (const [method, path, json] of SUITE_REQUESTS) t.match(await call(method, path, json), { status: 200 }, path);
  for (let n = 0; n < 2; n++) {
    t.match(await call('DELETE', 'bills/123ABC-1234567890'), { status: 200, body: { deleted: true } });
    t.match(await call('POST', 'bills/123ABC-1234567890/void'), { status: 200, body: { voided: true } });
    t.match(await call('GET', 'bills/123ABC-1234567890'), { status: 200, body: { id: '123ABC-1234567890' } });
  }
  const { body } = await call('GET', 'reports/aging?reportType=ap_aging_detail');
  t.match(body, { category: 'aging', reportType: 'ap_aging_detail', rowCount: 0, rows: [] });
  t.match(await call('POST', 'bills', { vendorId: 7 }), { status: 400 }, 'types are checked all the same');
});

t.test('times are those of the computer that the file is on', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  for (const file of state.conductor.companyFiles) file.timeZone = '-05:30';
  await books.server.call('PUT', '/__admin/state', { json: state });
  await books.at('2025-03-02T03:00:00.000Z');
  const made = await books.make('customers', { name: 'Late', additionalNotes: [{ note: 'n' }] });
  t.equal(made.createdAt, '2025-03-01T21:30:00-05:30');
  t.equal(made.additionalNotes[0].date, '2025-03-01', 'today is yesterday there');
  const found = async (query: string) =>
    (await books.call('GET', `customers?${query}`)).body.data.some(({ id }: Node) => id === made.id);
  t.equal(await found('updatedAfter=2025-03-02'), false);
  t.equal(await found('updatedAfter=2025-03-01&updatedBefore=2025-03-01'), true);
  t.equal(await found('updatedAfter=2025-03-01T21:30:00'), true, 'without an offset it is the zone of the file');
  t.equal(await found('updatedAfter=2025-03-02T03:00:01Z'), false);
});

t.test('lists of transactions leave out lines and links, and compare numbers as numbers', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const refs = async (query: string) =>
    (await books.call('GET', `invoices?${query}`)).body.data.map(({ refNumber }: Node) => refNumber);
  t.same(await refs('refNumberFrom=999&refNumberTo=1001'), ['1001']);
  t.same(await refs('refNumberFrom=1002'), ['1002']);
  t.same(await refs('refNumberFrom=A'), []);
  t.same(await refs('refNumberContains=00'), ['1001', '1002']);
  t.same(await refs('refNumberStartsWith=10&transactionDateTo=2025-01-11'), ['1001']);
  t.same(await refs('refNumberEndsWith=2'), ['1002']);
  const { data } = (await books.call('GET', 'invoices?includeLineItems=false')).body;
  t.same(
    data.map(({ lines, linkedTransactions }: Node) => [lines, linkedTransactions]),
    [
      [[], []],
      [[], []],
    ],
  );
  const receivable = await books.named('accounts', 'Accounts Receivable');
  t.same(await refs(`accountIds=${receivable}`), ['1001', '1002']);
  const feed = async (query: string) =>
    (await books.call('GET', `deleted-transactions?transactionTypes=deposit&${query}`)).body.data.length;
  await books.call('DELETE', `deposits/${(await books.call('GET', 'deposits')).body.data[0].id}`);
  t.equal(await feed('deletedAfter=2025-03-01&deletedBefore=2025-03-01'), 1);
  t.equal(await feed('deletedAfter=2025-03-02'), 0);
  await books.at('2025-06-30T00:00:00.000Z');
  t.equal(await feed(''), 0, 'after ninety days');
});

t.test('groups without quantities count once, and items without a price cost nothing', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const customerId = await books.named('customers', 'Millstone Bakery');
  const consulting = await books.named('service-items', 'Consulting');
  const postingAccountId = await books.named('accounts', 'Sales Income');
  const free = await books.make('service-items', { name: 'Free', salesOrPurchaseDetails: { postingAccountId } });
  const both = await books.make('service-items', {
    name: 'Both',
    salesAndPurchaseDetails: {
      salesPrice: '7.00',
      salesDescription: 'sold',
      incomeAccountId: postingAccountId,
      expenseAccountId: postingAccountId,
    },
  });
  const group = await books.make('item-groups', {
    name: 'Pair',
    shouldPrintItemsInGroup: false,
    lines: [{ itemId: consulting }, { itemId: free.id }],
  });
  const base = { customerId, transactionDate: '2025-02-01' };
  const made = await books.make('invoices', {
    ...base,
    lines: [{ itemId: both.id }, { itemId: free.id }],
    lineGroups: [{ itemGroupId: group.id }],
  });
  t.match(made.lines, [{ description: 'sold', amount: '7.00' }, { amount: null }]);
  t.match(made.lineGroups, [
    {
      totalAmount: '90.00',
      lines: [
        { quantity: 1, amount: '90.00' },
        { quantity: 1, amount: null },
      ],
    },
  ]);
  const voided = await books.make('invoices', { ...base, memo: 'mine', lines: [{ itemId: consulting }] });
  await books.call('POST', `invoices/${voided.id}/void`);
  t.equal((await books.call('GET', `invoices/${voided.id}`)).body.memo, 'VOID: mine');
});
