// Detail reports of Larkspur Supply Co., the dates of a report, and reports that are refused.
import { type Json, story } from './books.ts';
import { detail, rows, summary } from './report-rows.ts';

story('the general ledger, the list and the custom detail show single transactions', async (t, books) => {
  const ids = await books.ids('accounts', 'customers', 'vendors', 'inventory-items', 'service-items');
  t.strictSame(await rows(books, detail('general_ledger', `&accountIds=${ids.Rent}&reportDateFrom=2025-01-06`)), [
    'Rent',
    ['subtotal', '1000.00'],
    ['data', 'journal_entry', '2025-01-31', 'JE-1', '170.00', '1170.00'],
    ['subtotal', '170.00', '1170.00'],
  ]);
  t.strictSame(
    await rows(books, detail('transaction_list_by_date', '&reportDateMacro=this_year&accountFullNames=checking')),
    [
      ['data', 'check', '2025-01-05', '101', 'Paper Mill Co', 'Checking', '-1000.00'],
      ['data', 'deposit', '2025-01-21', 'Checking', '360.00'],
      ['data', 'journal_entry', '2025-01-31', 'JE-1', 'Checking', '-170.00'],
    ],
  );
  const custom = (by: string, more: string) =>
    rows(books, `custom-detail?summarizeRowsBy=${by}&includeColumns=ref_number&includeColumns=amount${more}`);
  t.strictSame(await custom('total_only', `&entityIds=${ids['Paper Mill Co']}`), [
    ['data', '101', '-1000.00'],
    ['data', '101', '1000.00'],
    ['data', 'PM-77', '-300.00'],
    ['data', 'PM-77', '300.00'],
    ['total', '0.00'],
  ]);
  t.strictSame(await custom('account', `&itemIds=${ids.Widget}&transactionTypes=invoice`), [
    'Sales Income',
    ['data', '1001', '-500.00'],
    ['subtotal', '-500.00'],
    'Cost of Goods Sold',
    ['data', '1001', '250.00'],
    ['subtotal', '250.00'],
    'Inventory Asset',
    ['data', '1001', '-250.00'],
    ['subtotal', '-250.00'],
    ['total', '-500.00'],
  ]);
  t.match(
    (await rows(books, detail('general_ledger', `&accountIds=${ids.Furniture}`))).at(2),
    [...['data', '2025-01-01', '2000.00', '2000.00']],
    'an opening balance',
  );
  t.strictSame((await custom('vendor', '&entityType=vendor&transactionTypes=all')).slice(0, 1), ['Paper Mill Co']);
  t.strictSame((await custom('customer', '&entityType=customer')).at(0), 'Harbor Cafe');
  t.strictSame((await custom('item_detail', '&itemFullNames=widget')).at(0), 'Widget');
  t.strictSame(await custom('class', '&classFullNames=north'), [['total', '0.00']]);
  const north = await books.named('classes', 'North');
  await books.make('checks', {
    transactionDate: '2025-02-20',
    bankAccountId: ids.Checking,
    expenseLines: [{ accountId: ids.Rent, amount: '7.00', classId: north.id }],
  });
  t.strictSame(await custom('class', `&classIds=${north.id}`), [
    'North',
    ['data', '7.00'],
    ['subtotal', '7.00'],
    ['total', '7.00'],
  ]);
  await books.make('time-tracking-activities', {
    transactionDate: '2025-02-20',
    entityId: (await books.named('employees', 'Anna Bell')).id,
    duration: 'PT1H',
  });
  t.strictSame(await custom('total_only', '&entityType=other_name'), [['total', '0.00']], 'time posts nothing');
});

story('a report that would need invention is refused', async (t, books) => {
  const refused = (query: string, text: string) => books.refused('GET', `reports/${query}`, undefined, '1030', text);
  await refused(
    'general-summary?reportType=sales_by_item_summary',
    'Understudy does not emulate the report "sales_by_item_summary".',
  );
  await refused('aging?reportType=ar_aging_detail', 'Understudy does not emulate the report "ar_aging_detail".');
  await refused('job?reportType=item_profitability', 'Understudy does not emulate the report "item_profitability".');
  await refused(summary('trial_balance', '&basis=cash'), 'Understudy does not emulate "basis=cash" of reports.');
  await refused(
    summary('trial_balance', '&summarizeColumnsBy=month'),
    'Understudy does not emulate "summarizeColumnsBy=month" of reports.',
  );
  await refused(
    'custom-detail?summarizeRowsBy=week&includeColumns=amount',
    'Understudy does not summarize rows by "week".',
  );
  await refused(
    'custom-detail?summarizeRowsBy=account&includeColumns=average_cost',
    'Understudy does not emulate the column "average_cost".',
  );
  t.match(await books.ask('GET', `reports/${summary('trial_balance', '&accountType=bank&accountIds=80000001-1')}`), {
    status: 400,
    body: { error: { message: /only one of accountType, accountIds may be given/ } },
  });
  const missed = (what: string) =>
    `The query request has not been fully completed. There was a required element ("${what}") that could not be found in QuickBooks.`;
  for (const parameter of ['accountIds', 'entityFullNames']) {
    const query = `reports/${summary('trial_balance', `&${parameter}=80FFFFFF-1`)}`;
    await books.refused('GET', query, undefined, '500', missed('80FFFFFF-1'));
  }
});

story('a report has dates, a name for its period, or the fiscal year to date', async (t, books) => {
  const periodOf = async (query: string) => {
    const { subtitle } = await books.get(`reports/${summary('profit_and_loss_standard', query)}`);
    return subtitle;
  };
  // Thursday, the 20th of February 2025.
  for (const [macro, from, to] of [
    ['today', '2025-02-20', '2025-02-20'],
    ['yesterday', '2025-02-19', '2025-02-19'],
    ['this_week', '2025-02-16', '2025-02-22'],
    ['this_week_to_date', '2025-02-16', '2025-02-20'],
    ['last_week_to_date', '2025-02-09', '2025-02-13'],
    ['next_four_weeks', '2025-02-23', '2025-03-22'],
    ['this_month', '2025-02-01', '2025-02-28'],
    ['last_month_to_date', '2025-01-01', '2025-01-20'],
    ['last_quarter', '2024-10-01', '2024-12-31'],
    ['next_year', '2026-01-01', '2026-12-31'],
  ] as [string, string, string][]) {
    t.equal(await periodOf(`&reportDateMacro=${macro}`), `${from} through ${to}`, macro);
  }
  t.equal(await periodOf('&reportDateMacro=all'), 'All Transactions');
  t.equal(await periodOf(''), '2025-01-01 through 2025-02-20');
  await books.at('2025-05-31T12:00:00.000Z');
  t.equal(await periodOf('&reportDateMacro=last_quarter_to_date'), '2025-01-01 through 2025-02-28', 'a shorter month');
  const state = await books.state();
  const file = state.companyFiles?.find(({ endUserId }) => endUserId === books.endUserId) as Json;
  file.company.fiscalYearStartMonth = 'october';
  await books.server.call('PUT', '/__admin/state', { json: { conductor: state } });
  t.equal(await periodOf(''), '2024-10-01 through 2025-05-31');
  t.match(
    await books.ask('GET', `reports/${summary('trial_balance', '&reportDateMacro=all&reportDateTo=2025-01-01')}`),
    {
      status: 400,
    },
  );
  await books.refused(
    'GET',
    `reports/${summary('trial_balance', '&reportDateFrom=2025-02-01&reportDateTo=2025-01-01')}`,
    undefined,
    '3030',
    'The date range is invalid: "2025-02-01" is after "2025-01-01".',
  );
});
