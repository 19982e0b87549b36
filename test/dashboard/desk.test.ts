// What the dashboard offers to do at the customer's desk.
import t from 'tap';
import {
  changePreferences,
  computerActions,
  computerText,
  deleteRecord,
  deskPreferences,
  editRecord,
  salesTaxOn,
  setLock,
} from '../../src/dashboard/model/desk.ts';

const path = '/conductor/end-users/end_usr_1';

t.test('a computer goes online and offline, or times out', async (t) => {
  t.strictSame(
    computerActions('end_usr_1').map(({ label, path, body }) => [label, path, body]),
    [
      ['Go online', `${path}/computer`, { state: 'online', phase: 'before' }],
      ['Go offline', `${path}/computer`, { state: 'offline', phase: 'before' }],
      ['Time out', `${path}/computer`, { state: 'timing-out', phase: 'before' }],
      ['Time out after commit', `${path}/computer`, { state: 'timing-out', phase: 'after-commit' }],
    ],
  );
  t.equal(computerText({ state: 'offline', phase: 'before' }), 'offline');
  t.equal(computerText({ state: 'timing-out', phase: 'before' }), 'times out');
  t.equal(computerText({ state: 'timing-out', phase: 'after-commit' }), 'times out after the commit');
});

t.test('a record is locked, unlocked, edited and deleted', async (t) => {
  const on = (action: string) => `${path}/records/A%2F1/${action}`;
  t.match(setLock('end_usr_1', 'A/1', true), { label: 'Lock', path: on('lock'), body: {} });
  t.match(setLock('end_usr_1', 'A/1', false), { label: 'Unlock', path: on('unlock'), body: {} });
  t.match(deleteRecord('end_usr_1', 'A/1'), { path: on('delete'), body: {} });
  t.strictSame(editRecord('end_usr_1', 'A/1', ' ').body, {});
  t.match(editRecord('end_usr_1', 'A/1', '{"memo": "x"}'), { path: on('edit'), body: { changes: { memo: 'x' } } });
  t.throws(() => editRecord('end_usr_1', 'A/1', 'memo'), SyntaxError);
});

t.test('sales tax is switched on with the codes of the file', async (t) => {
  const codes = ['Tax', 'Non', 'Other'].map((id) => ({ id, isTaxable: id !== 'Non' }));
  const on = (tax: string, non: string) => ({
    path: `${path}/preferences`,
    body: { salesTax: { defaultTaxableSalesTaxCode: { id: tax }, defaultNonTaxableSalesTaxCode: { id: non } } },
  });
  t.match(salesTaxOn('end_usr_1', codes), on('Tax', 'Non'));
  t.match(salesTaxOn('end_usr_1', []), on('', ''), 'which QuickBooks refuses');
});

t.test('preferences are read from a company file, and changed as they are given', async (t) => {
  t.strictSame(deskPreferences({}), { closingDate: '', salesTax: false, personalData: false });
  t.strictSame(deskPreferences({ salesTax: null, accounting: { closingDate: null } }), {
    ...{ closingDate: '', salesTax: false, personalData: false },
  });
  const all = {
    salesTax: {},
    accounting: { closingDate: '2025-01-31' },
    appAccessRights: { isPersonalDataAccessAllowed: true },
  };
  t.strictSame(deskPreferences(all), { closingDate: '2025-01-31', salesTax: true, personalData: true });
  t.strictSame(changePreferences('end_usr_1', { salesTax: null }, 'Off.'), {
    ...{ label: 'Save', path: `${path}/preferences`, body: { salesTax: null }, done: 'Off.' },
  });
});
