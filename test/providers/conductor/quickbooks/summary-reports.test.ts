// Summary reports of Larkspur Supply Co., worked out by hand: statements, earlier years, ages of what is open.
import { type Json, story } from './books.ts';
import { detail, rows, rowsOf, summary } from './report-rows.ts';

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
