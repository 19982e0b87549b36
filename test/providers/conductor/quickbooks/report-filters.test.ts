// Filters, groups and fiscal years of reports on the books of Larkspur Supply Co.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

/** The rows of a report in short: text, or its kind, what it is about, and its values from left to right. */
const rows = async (books: Books, query: string): Promise<unknown[]> =>
  (await books.get(`reports/${query}`)).rows.map(({ kind, text, rowDescriptor, cells }: Json) =>
    kind === 'text' ? text : [kind, rowDescriptor?.type ?? null, ...cells.map(({ value }: Json) => value)],
  );
const custom = (query: string) => `custom-detail?reportDateMacro=all&includeColumns=amount&${query}`;
const totals = (found: readonly unknown[]) =>
  found.filter((row) => Array.isArray(row) && row[0] !== 'data').map((row) => (row as string[]).at(-1));

story('a report can be asked for a kind of accounts, items or people', async (t, books) => {
  t.strictSame(await rows(books, custom('summarizeRowsBy=account&accountType=bank_and_uf')), [
    'Checking',
    ['data', 'account', '12000.00'],
    ['data', 'account', '-1000.00'],
    ['data', 'account', '360.00'],
    ['data', 'account', '-170.00'],
    ['subtotal', 'account', '11190.00'],
    'Undeposited Funds',
    ['data', 'account', '360.00'],
    ['data', 'account', '-360.00'],
    ['subtotal', 'account', '0.00'],
    ['total', null, '11190.00'],
  ]);
  const total = async (query: string) => totals(await rows(books, custom(`summarizeRowsBy=total_only&${query}`)));
  t.strictSame(await total('accountType=ap_and_sales_tax'), ['-340.00'], 'bills and the tax of an invoice');
  t.strictSame(await total('accountType=balance_sheet'), ['-860.00'], 'what was lost is in no account of it');
  t.strictSame(await total('accountType=income_and_expense'), ['860.00']);
  t.strictSame(
    await total('itemType=inventory'),
    ['250.00'],
    'goods of 500.00 left, sold for 500.00 at a cost of 250.00',
  );
  t.strictSame(await total('itemType=service'), ['-360.00']);
  t.strictSame(await total('itemType=fixed_asset'), ['0.00'], 'there are none');
  t.strictSame(await total('entityType=vendor'), ['-40.00'], 'the tax agency is one');
  t.strictSame(await rows(books, 'general-summary?reportType=trial_balance&reportDateTo=2025-01-31&accountType=bank'), [
    ['data', 'account', 'Checking', '11190.00'],
    ['total', null, 'TOTAL', '11190.00', '0.00'],
  ]);
  const refused = (query: string, text: string) => books.refused('GET', `reports/${query}`, undefined, '1030', text);
  await refused(
    custom('summarizeRowsBy=account&accountType=allowed_for_1099'),
    'Understudy does not know which accounts are "allowed_for_1099".',
  );
  await refused(
    'aging?reportType=ar_aging_summary&includeColumns=amount',
    'Understudy does not emulate "includeColumns=amount" of reports.',
  );
});

story('postings are grouped by customers, vendors or employees only where they are of one', async (t, books) => {
  const names = async (by: string) =>
    (await rows(books, custom(`summarizeRowsBy=${by}`))).filter((row) => typeof row === 'string');
  t.strictSame(await names('customer'), ['Harbor Cafe', 'Millstone Bakery']);
  t.strictSame(await names('vendor'), ['Paper Mill Co', 'State Tax Board']);
  t.strictSame(await names('employee'), []);
  t.strictSame(await names('payee'), ['Paper Mill Co', 'Harbor Cafe', 'State Tax Board', 'Millstone Bakery']);
  const found = await rows(books, custom('summarizeRowsBy=customer&transactionTypes=invoice&transactionTypes=bill'));
  t.strictSame(found, [
    ['data', null, '-40.00'],
    ['data', null, '250.00'],
    ['data', null, '-250.00'],
    ['data', null, '-300.00'],
    ['data', null, '300.00'],
    'Harbor Cafe',
    ['data', 'customer', '540.00'],
    ['data', 'customer', '-500.00'],
    ['subtotal', 'customer', '40.00'],
    'Millstone Bakery',
    ['data', 'customer', '360.00'],
    ['data', 'customer', '-360.00'],
    ['subtotal', 'customer', '0.00'],
    ['total', null, '0.00'],
  ]);
});

story('what was earned in earlier years is in retained earnings, in the general ledger too', async (t, books) => {
  const ids = await books.ids('accounts');
  await books.make('checks', {
    transactionDate: '2024-11-05',
    bankAccountId: ids.Checking,
    expenseLines: [{ accountId: ids.Rent, amount: '77.00' }],
  });
  const ledger = (query: string) =>
    rows(books, `general-detail?reportType=general_ledger&includeColumns=running_balance&${query}`);
  t.strictSame(await ledger('accountFullNames=Rent'), [
    'Rent',
    ['subtotal', 'account', '0.00'],
    ['data', 'account', '1000.00'],
    ['data', 'account', '1170.00'],
    ['subtotal', 'account', '1170.00'],
  ]);
  t.strictSame(await ledger('accountFullNames=Retained%20Earnings'), [
    'Retained Earnings',
    ['subtotal', 'account', '77.00'],
    ['subtotal', 'account', '77.00'],
  ]);
  t.strictSame(
    (await ledger('accountFullNames=Rent&reportDateFrom=2024-07-01'))[2],
    ['data', 'account', '77.00'],
    'within its own year it is rent',
  );
  const trial = (query: string) => rows(books, `general-summary?reportType=trial_balance&${query}`);
  const all = await trial('reportDateMacro=all');
  t.strictSame(all, await trial('reportDateMacro=this_year'), 'of all dates, the years before this one are closed');
  t.strictSame(
    all.slice(-5),
    [
      ['data', 'account', 'Rent', '1170.00'],
      ['data', 'account', 'Retained Earnings', '77.00'],
      ['data', 'account', 'Sales Income', '500.00'],
      ['data', 'account', 'Sales Tax Payable', '40.00'],
      ['total', null, 'TOTAL', '15950.00', '15950.00'],
    ],
    'what was paid is 77.00 less, what was lost before is 77.00',
  );
});

story('postings of a day come in the order in which their transactions were made', async (t, books) => {
  const ids = await books.ids('accounts', 'vendors');
  const owed = { transactionDate: '2025-02-20', vendorId: ids['Paper Mill Co'] };
  const bill = await books.make('bills', { ...owed, expenseLines: [{ accountId: ids.Rent, amount: '13.00' }] });
  await books.make('bill-check-payments', {
    ...owed,
    bankAccountId: ids.Checking,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount: '5.00' }],
  });
  const query = 'reportDateFrom=2025-02-20&accountFullNames=Accounts%20Payable&includeColumns=amount';
  t.strictSame(await rows(books, `general-detail?reportType=general_ledger&${query}`), [
    'Accounts Payable',
    ['subtotal', 'account'],
    ['data', 'account', '-13.00'],
    ['data', 'account', '5.00'],
    ['subtotal', 'account', '-8.00'],
  ]);
});

t.end();
