// How the dashboard shows a record of a company file: names, amounts, fields, lines, links, what is reopened.
import t from 'tap';
import {
  changesOf,
  fieldsOf,
  inWords,
  isCompanyRow,
  isRecord,
  kindOf,
  linesOf,
  linkText,
  money,
  reopenedIn,
  shownReference,
  titleOf,
} from '../../src/dashboard/model/company-record.ts';
import { resourcesOf } from './fixtures.ts';

t.test('names are in words, and kinds of records in the singular', async (t) => {
  t.equal(inWords('transactionDate'), 'Transaction date');
  t.equal(inWords('bill_payment_check'), 'Bill payment check');
  t.strictSame(['invoices', 'journalEntries', 'classes', 'buildAssemblies'].map(kindOf), [
    'Invoice',
    'Journal entry',
    'Class',
    'Build assembly',
  ]);
});

t.test('amounts are grouped and keep every cent', async (t) => {
  t.strictSame(['0.00', '999.99', '1000.00', '-1234567.89', '9007199254740993.01'].map(money), [
    '0.00',
    '999.99',
    '1,000.00',
    '−1,234,567.89',
    '9,007,199,254,740,993.01',
  ]);
  t.equal(money('12345.67891'), '12,345.67891', 'no comma after the point');
});

t.test('only rows of company files are records, and not those that hold values of fields', async (t) => {
  const resources = await resourcesOf(t);
  const names = (accepts: typeof isRecord) => resources.filter(accepts).map(({ name }) => name);
  t.equal(names(isCompanyRow).length, 58);
  t.equal(names(isRecord).length, 52);
  t.ok(names(isRecord).includes('invoices'));
  t.ok(names(isCompanyRow).includes('jobTypes'));
  for (const name of ['jobTypes', 'companyFiles', 'endUsers', 'users']) t.notOk(names(isRecord).includes(name), name);
});

t.test('a record is called by its name, or by its kind with number or date', async (t) => {
  t.equal(titleOf({ resource: 'customers', record: { fullName: 'Cafe:Kitchen', name: 'Kitchen' } }), 'Cafe:Kitchen');
  t.equal(titleOf({ resource: 'vendors', record: { name: 'Paper Mill' } }), 'Paper Mill');
  t.equal(
    titleOf({ resource: 'invoices', record: { refNumber: '1001', transactionDate: '2025-01-10' } }),
    'Invoice 1001',
  );
  const deposit = { refNumber: null, transactionDate: '2025-01-21' };
  t.equal(titleOf({ resource: 'deposits', record: deposit }), 'Deposit 2025-01-21');
  t.equal(titleOf({ resource: 'salesRepresentatives', record: {} }), 'Sales representative');
});

t.test('fields without a value are left out, and amounts stand apart', async (t) => {
  const { facts, amounts } = fieldsOf({
    ...{ id: 'A-1', objectType: 'qbd_invoice', memo: null, note: '', phone: undefined, lines: [{}] },
    ...{ linkedTransactions: [], customer: { id: 'C-1', fullName: 'Cafe' }, terms: { id: 'T-1', fullName: null } },
    ...{
      isPaid: false,
      isPending: true,
      daysDue: 30,
      billingAddress: { line1: '1 Quay', line2: null, city: 'Portland' },
    },
    ...{ shippingAddress: { line1: null }, subtotal: '1500.00', salesTaxPercentage: '8.00', refNumber: '12.5' },
  });
  t.strictSame(facts, [
    { name: 'Customer', text: 'Cafe', to: 'C-1' },
    { name: 'Terms', text: 'T-1', to: 'T-1' },
    { name: 'Is paid', text: 'no' },
    { name: 'Is pending', text: 'yes' },
    { name: 'Days due', text: '30' },
    { name: 'Billing address', text: '1 Quay, Portland' },
    { name: 'Sales tax percentage', text: '8.00' },
    { name: 'Ref number', text: '12.5' },
  ]);
  t.strictSame(amounts, [{ name: 'Subtotal', text: '1,500.00' }]);
  t.strictSame(shownReference({ id: 'C-1', fullName: null }), { text: 'C-1', to: 'C-1' });
  t.equal(shownReference(null), undefined);
});

t.test('lines are a table of the columns that some line fills in', async (t) => {
  const lines = linesOf({
    memo: 'no lines',
    lineGroups: [],
    linkedTransactions: [{ id: 'A-9' }],
    lines: [
      {
        id: 'L-1',
        objectType: 'line',
        item: { id: 'I-1', fullName: 'Widget' },
        quantity: 2,
        rate: '1000.00',
        serviceDate: null,
      },
      {
        id: 'L-2',
        objectType: 'line',
        item: null,
        quantity: null,
        rate: null,
        customFields: [],
        other: [{ name: 'a' }, 'b'],
      },
    ],
    tags: ['one', null],
  });
  t.strictSame(lines, [
    {
      name: 'Lines',
      columns: [
        { name: 'Item', isNumber: false },
        { name: 'Quantity', isNumber: true },
        { name: 'Rate', isNumber: true },
        { name: 'Other', isNumber: false },
      ],
      rows: [
        [{ text: 'Widget', to: 'I-1' }, { text: '2' }, { text: '1,000.00' }, undefined],
        [undefined, undefined, undefined, { text: 'a; b' }],
      ],
    },
    { name: 'Tags', columns: [{ name: 'Value', isNumber: false }], rows: [[{ text: 'one' }], [undefined]] },
  ]);
});

t.test('a link says what the other transaction is to this one', async (t) => {
  t.equal(linkText({ linkType: 'amount', outward: true }), 'applied to');
  t.equal(linkText({ linkType: 'amount', outward: false }), 'paid or credited by');
  t.equal(linkText({ linkType: 'quantity', outward: true }), 'made from');
  t.equal(linkText({ linkType: 'deposit', outward: false }), 'deposited in');
});

t.test('what is reopened is read from notes, with each field that differs', async (t) => {
  t.strictSame(reopenedIn(undefined), { reopened: [], more: 0 });
  t.strictSame(reopenedIn({ other: 1 }), { reopened: [], more: 0 });
  const before = { isPaid: true, balanceRemaining: '0.00', memo: 'x' };
  const after = { isPaid: false, balanceRemaining: '1360.00', memo: null };
  const one = { resource: 'invoices', id: 'A-1', before, after };
  t.strictSame(reopenedIn({ reopened: [one], moreReopened: 3 }), { reopened: [one], more: 3 });
  t.strictSame(changesOf(one), ['Is paid yes → no', 'Balance remaining 0.00 → 1,360.00', 'Memo x → none']);
  t.strictSame(changesOf({ before: { memo: null }, after: { memo: 'x' } }), ['Memo none → x']);
});
