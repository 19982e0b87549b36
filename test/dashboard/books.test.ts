// The books as the dashboard shows them: chart of accounts, trial balance, registers.
import t, { type Test } from 'tap';
import { chartOf, REGISTER_COLUMNS, type Report, registerOf, trialBalanceOf } from '../../src/dashboard/model/books.ts';
import { testServer } from '../harness.ts';

const FILE = '/__admin/conductor/end-users/end_usr_larkspur000001/company-file';
const CHECKING = '80000005-1735722000';
const PAYABLE = '80000002-1735722000';

/** The general ledger of an account, from the server itself. */
async function ledger(t: Test, account: string, days = 'reportDateMacro=all'): Promise<Report> {
  const { call } = await testServer(t);
  const columns = REGISTER_COLUMNS.map((one) => `includeColumns=${one}`).join('&');
  const query = `reportType=general_ledger&accountIds=${account}&${columns}&${days}`;
  return (await call('GET', `${FILE}/qbd.reports.generalDetail?${query}`)).body;
}

t.test('accounts are in the order of a chart, those of a type as they come', async (t) => {
  const account = (name: string, accountType: string) => ({
    id: name,
    name,
    isActive: true,
    balance: null,
    accountType,
  });
  const chart = chartOf([
    account('Rent', 'expense'),
    account('Visa', 'credit_card'),
    account('Sales', 'income'),
    account('Checking', 'bank'),
    account('Savings', 'bank'),
  ]);
  t.strictSame(
    chart.map(({ name }) => name),
    ['Checking', 'Savings', 'Visa', 'Sales', 'Rent'],
  );
});

t.test('a trial balance has its totals, also one of a file without books', async (t) => {
  const { call } = await testServer(t);
  await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: '2025-02-01T00:00:00Z' } });
  const { body } = await call('GET', `${FILE}/qbd.reports.generalSummary?reportType=trial_balance`);
  t.strictSame(trialBalanceOf(body), { asOf: 'As of 2025-02-01', debit: '15950.00', credit: '15950.00' });
  t.strictSame(trialBalanceOf({ ...body, rows: [] }), { asOf: 'As of 2025-02-01', debit: '0.00', credit: '0.00' });
});

t.test('a register has every posting with the balance after it', async (t) => {
  const report = await ledger(t, CHECKING);
  const { before, entries, older } = registerOf(report, 'bank', 500);
  t.strictSame([before, older], ['0.00', 0]);
  t.strictSame(entries[0], {
    id: CHECKING,
    type: null,
    date: '2025-01-01',
    refNumber: '',
    name: '',
    memo: '',
    debit: '12000.00',
    credit: '',
    balance: '12000.00',
  });
  t.match(entries[1], { type: 'check', refNumber: '101', name: 'Paper Mill Co', credit: '1000.00', debit: '' });
  t.equal(entries.at(-1)?.balance, '11190.00', 'it ends with the balance of the account');
});

t.test('a register of many postings shows the last ones, and the balance before them', async (t) => {
  const report = await ledger(t, CHECKING);
  const all = registerOf(report, 'bank', 500);
  const last = registerOf(report, 'bank', 1);
  t.strictSame(last, {
    before: all.entries.at(-2)?.balance,
    older: all.entries.length - 1,
    entries: all.entries.slice(-1),
  });
});

t.test('balances are positive on the side of the account', async (t) => {
  const report = await ledger(t, PAYABLE);
  t.match(registerOf(report, 'accounts_payable', 500).entries, [{ type: 'bill', credit: '300.00', balance: '300.00' }]);
  t.match(registerOf(report, 'bank', 500).entries, [{ balance: '-300.00' }]);
  const days = 'reportDateFrom=2025-02-01&reportDateTo=2025-02-28';
  const after = await ledger(t, PAYABLE, days);
  t.strictSame(registerOf(after, 'accounts_payable', 500), { before: '300.00', entries: [], older: 0 });
  const checking = await ledger(t, CHECKING, days);
  t.equal(registerOf(checking, 'credit_card', 500).before, '-11190.00');
  const none = await ledger(t, '80000003-1735722000', 'reportDateFrom=2024-01-01&reportDateTo=2024-01-31');
  t.strictSame(registerOf(none, 'other_current_liability', 500), { before: '0.00', entries: [], older: 0 });
});
