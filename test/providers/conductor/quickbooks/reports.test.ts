// Reports of Larkspur Supply Co., worked out by hand, and held against lists and accounts.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

/** The rows of a report in short: text, or its kind and its values from left to right. */
const rowsOf = ({ rows }: Json): unknown[] =>
  rows.map(({ kind, text, cells }: Json) =>
    kind === 'text' ? text : [kind, ...cells.map(({ value }: Json) => value)],
  );
const rows = async (books: Books, query: string) => rowsOf(await books.get(`reports/${query}`));
const summary = (type: string, more = '') => `general-summary?reportType=${type}${more}`;
const detail = (type: string, more = '') => `general-detail?reportType=${type}${more}`;

story('the balance sheet, profit and loss and trial balance follow from the postings', async (t, books) => {
  const sheet = await books.get(`reports/${summary('balance_sheet_standard')}`);
  t.strictSame(
    { ...sheet, rows: sheet.rows.slice(0, 4) },
    {
      objectType: 'qbd_report',
      category: 'general_summary',
      reportType: 'balance_sheet_standard',
      title: 'Balance Sheet',
      subtitle: 'As of 2025-02-20',
      basis: 'accrual',
      rowCount: 26,
      columnCount: 2,
      columnTitleRowCount: 1,
      columns: [
        { columnId: '1', columnType: 'label', dataType: 'string', titles: [{ rowNumber: 1, value: null }] },
        { columnId: '2', columnType: 'amount', dataType: 'amount', titles: [{ rowNumber: 1, value: 'TOTAL' }] },
      ],
      rows: [
        { kind: 'text', rowNumber: 1, text: 'ASSETS' },
        { kind: 'text', rowNumber: 2, text: 'Checking/Savings' },
        {
          kind: 'data',
          rowNumber: 3,
          rowDescriptor: { type: 'account', value: 'Checking' },
          cells: [
            { columnId: '1', value: 'Checking', dataType: 'string' },
            { columnId: '2', value: '11190.00', dataType: 'amount' },
          ],
        },
        {
          kind: 'subtotal',
          rowNumber: 4,
          rowDescriptor: null,
          cells: [
            { columnId: '1', value: 'Total Checking/Savings', dataType: 'string' },
            { columnId: '2', value: '11190.00', dataType: 'amount' },
          ],
        },
      ],
    },
  );
  t.strictSame(
    rowsOf(sheet).filter((row) => Array.isArray(row) && row[0] !== 'subtotal'),
    [
      ['data', 'Checking', '11190.00'],
      ['data', 'Accounts Receivable', '540.00'],
      ['data', 'Inventory Asset', '500.00'],
      ['data', 'Furniture', '2000.00'],
      ['total', 'TOTAL ASSETS', '14230.00'],
      ['data', 'Accounts Payable', '300.00'],
      ['data', 'Sales Tax Payable', '40.00'],
      ['data', 'Opening Balance Equity', '14750.00'],
      // 860.00 income, 250.00 cost of goods, 1,470.00 expenses.
      ['data', 'Net Income', '-860.00'],
      ['total', 'TOTAL LIABILITIES & EQUITY', '14230.00'],
    ],
  );
  t.strictSame(await rows(books, summary('profit_and_loss_standard')), [
    'Income',
    ['data', 'Consulting Income', '360.00'],
    ['data', 'Sales Income', '500.00'],
    ['subtotal', 'Total Income', '860.00'],
    'Cost of Goods Sold',
    ['data', 'Cost of Goods Sold', '250.00'],
    ['subtotal', 'Total Cost of Goods Sold', '250.00'],
    ['subtotal', 'Gross Profit', '610.00'],
    'Expense',
    ['data', 'Office Supplies', '300.00'],
    ['data', 'Rent', '1170.00'],
    ['subtotal', 'Total Expense', '1470.00'],
    ['subtotal', 'Net Ordinary Income', '-860.00'],
    ['total', 'Net Income', '-860.00'],
  ]);
  // From the day of the second invoice on; the journal of the 31st is outside.
  t.match(
    (await rows(books, summary('profit_and_loss_standard', '&reportDateFrom=2025-01-11&reportDateTo=2025-01-30'))).at(
      -1,
    ),
    ['total', 'Net Income', '60.00'],
  );
  const trial = await rows(books, summary('trial_balance'));
  t.strictSame(trial.at(-1), ['total', 'TOTAL', '15950.00', '15950.00']);
  t.strictSame(trial.slice(0, 2), [
    ['data', 'Accounts Payable', '300.00'],
    ['data', 'Accounts Receivable', '540.00'],
  ]);
  t.match((await books.get(`reports/${summary('trial_balance')}`)).rows[0].cells[1], { columnId: '3' }, 'a credit');
});

story('income of earlier fiscal years is in retained earnings', async (t, books) => {
  await books.at('2026-03-01T12:00:00.000Z');
  const after = await rows(books, summary('balance_sheet_standard'));
  t.strictSame(
    after.filter((row) => Array.isArray(row) && /Retained|Net|TOTAL/.test(row[1])),
    [
      ['total', 'TOTAL ASSETS', '14230.00'],
      ['data', 'Retained Earnings', '-860.00'],
      ['total', 'TOTAL LIABILITIES & EQUITY', '14230.00'],
    ],
  );
  t.strictSame(await rows(books, summary('profit_and_loss_standard', '&reportDateMacro=this_year')), [
    ['subtotal', 'Gross Profit', '0.00'],
    ['subtotal', 'Net Ordinary Income', '0.00'],
    ['total', 'Net Income', '0.00'],
  ]);
  const { id, revisionNumber } = await books.named('accounts', 'Retained Earnings');
  await books.ok('POST', `accounts/${id}`, { revisionNumber, name: 'Kept Profits' });
  t.ok(
    (await rows(books, summary('trial_balance'))).some((row) =>
      JSON.stringify(row).includes('"Retained Earnings","860.00"'),
    ),
    'a file without such an account shows it all the same',
  );
  t.ok(
    (await rows(books, summary('balance_sheet_standard'))).some((row) =>
      JSON.stringify(row).includes('"Retained Earnings","-860.00"'),
    ),
  );
});

story('balances and ages of customers and vendors are what is open', async (t, books) => {
  const ids = await books.ids('accounts', 'customers', 'vendors', 'service-items');
  t.strictSame(await rows(books, summary('customer_balance_summary')), [
    ['data', 'Harbor Cafe', '540.00'],
    ['total', 'TOTAL', '540.00'],
  ]);
  t.strictSame(await rows(books, summary('vendor_balance_summary')), [
    ['data', 'Paper Mill Co', '300.00'],
    ['total', 'TOTAL', '300.00'],
  ]);
  // Due on 2025-02-09 and 2025-02-14.
  t.strictSame(await rows(books, 'aging?reportType=ar_aging_summary'), [
    ['data', 'Harbor Cafe', '0.00', '540.00', '0.00', '0.00', '0.00', '540.00'],
    ['total', 'TOTAL', '0.00', '540.00', '0.00', '0.00', '0.00', '540.00'],
  ]);
  t.strictSame(
    await rows(books, 'aging?reportType=ar_aging_summary&reportDateMacro=all'),
    await rows(books, 'aging?reportType=ar_aging_summary'),
    'of all dates, it tells how old things are today',
  );
  t.strictSame((await rows(books, 'aging?reportType=ap_aging_summary&reportDateTo=2025-05-20'))[0], [
    ...['data', 'Paper Mill Co', '0.00', '0.00', '0.00', '0.00', '300.00', '300.00'],
  ]);
  t.strictSame((await rows(books, 'aging?reportType=ap_aging_summary&reportDateTo=2025-05-20&agingAsOf=today'))[0], [
    'data',
    'Paper Mill Co',
    '0.00',
    '300.00',
    '0.00',
    '0.00',
    '0.00',
    '300.00',
  ]);
  const [bill] = (await books.list('bills')) as [Json];
  await books.make('bill-check-payments', {
    vendorId: ids['Paper Mill Co'],
    transactionDate: '2025-02-20',
    bankAccountId: ids.Checking,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount: '90.00', discountAmount: '10.00' }],
  });
  await books.make('receive-payments', {
    customerId: ids['Harbor Cafe'],
    transactionDate: '2025-02-19',
    totalAmount: '40.00',
  });
  t.strictSame(await rows(books, detail('unpaid_bills_detail')), [
    'Paper Mill Co',
    ['data', 'bill', '2025-01-15', 'PM-77', 'Net 30', '2025-02-14', '6', '200.00'],
    ['subtotal', '200.00'],
    ['total', '200.00'],
  ]);
  const then = '&reportDateTo=2025-02-13&openBalanceAsOf=report_end_date';
  t.strictSame((await rows(books, detail('unpaid_bills_detail', then))).slice(1, 3), [
    ['data', 'bill', '2025-01-15', 'PM-77', 'Net 30', '2025-02-14', '300.00'],
    ['subtotal', '300.00'],
  ]);
  t.strictSame(
    await rows(books, detail('open_invoices', '&includeColumns=transaction_type&includeColumns=open_balance')),
    [
      'Harbor Cafe',
      ['data', 'invoice', '540.00'],
      ['data', 'receive_payment', '-40.00'],
      ['subtotal', '500.00'],
      ['total', '500.00'],
    ],
  );
  t.equal((await books.named('accounts', 'Accounts Receivable')).balance, '500.00', 'as the account says');
});

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

t.end();
