// Empty texts: in what is new they count as not sent, in what is stored they clear, and some fields cannot be cleared.
import t from 'tap';
import { expectError } from '../fixtures.ts';
import { type Json, openBooks, story } from './books.ts';

const date = '2025-02-20';

t.test('an empty text of a create counts as not sent, in lines and nested objects too', async (t) => {
  const books = await openBooks(t);
  const { Widget, 'Harbor Cafe': customerId } = await books.ids('inventory-items', 'customers');
  const blank = await books.make('invoices', {
    customerId,
    transactionDate: date,
    dueDate: '',
    termsId: '',
    memo: '',
    externalId: '',
    lines: [{ itemId: Widget, quantity: 2, rate: '', amount: '', overrideItemAccountId: '', salesTaxCodeId: '' }],
  });
  const plain = await books.make('invoices', {
    customerId,
    transactionDate: date,
    lines: [{ itemId: Widget, quantity: 2 }],
  });
  const own = ({ id, createdAt, updatedAt, revisionNumber, refNumber, lines, ...rest }: Json) => ({
    ...rest,
    lines: lines.map(({ id: _, ...line }: Json) => line),
  });
  t.strictSame(own(blank), own(plain));
  t.match(blank, {
    dueDate: '2025-03-22',
    lines: [{ rate: '50.00', amount: '100.00', salesTaxCode: { fullName: 'Tax' } }],
  });
});

t.test('a required field that is empty is missing', async (t) => {
  const books = await openBooks(t);
  const refused = async (path: string, json: Json, field: string) => {
    const answer = await books.ask('POST', path, json);
    const message = `Invalid input: expected string, received undefined at "${field}"`;
    expectError(t, answer, 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', message);
  };
  await refused('invoices', { customerId: '', transactionDate: date, lines: [{ amount: '1.00' }] }, 'customerId');
  await refused('customers', { name: '' }, 'name');
  await refused('bill-check-payments', await payment(), 'vendorId');
  async function payment() {
    const { Checking } = await books.ids('accounts');
    const [bill] = await books.list('bills');
    const applyToTransactions = [{ transactionId: bill?.id, paymentAmount: '1.00' }];
    return { vendorId: '', bankAccountId: Checking, transactionDate: date, applyToTransactions };
  }
});

t.test('a body that is no object is refused as one', async (t) => {
  const books = await openBooks(t);
  for (const json of [[], [{ name: 'A' }], 'text', 7, null]) {
    const { status, body } = await books.ask('POST', 'customers', json);
    t.match([status, body], [400, { error: { code: 'PARAMETER_INVALID' } }], JSON.stringify(json));
  }
});

story('an update clears texts, but an empty text of a new line or application counts as not sent', async (t, books) => {
  const { Widget, 'Harbor Cafe': customerId } = await books.ids('inventory-items', 'customers');
  const lines = [{ itemId: Widget, quantity: 1 }];
  const { id, ...made } = await books.make('invoices', { customerId, transactionDate: date, memo: 'old', lines });
  const [line] = made.lines;
  const changed = await books.change('invoices', id, {
    memo: '',
    lines: [
      { id: line.id, description: '', priceLevelId: '' },
      { id: '-1', itemId: Widget, quantity: 3, amount: '', overrideItemAccountId: '' },
    ],
  });
  t.match(changed, {
    memo: null,
    lines: [
      { id: line.id, description: null, amount: '50.00' },
      { description: 'Widget', amount: '150.00' },
    ],
  });
  const paid = { customerId, transactionDate: date, totalAmount: '5.00' };
  const payment = await books.make('receive-payments', paid);
  const applyToTransactions = [{ transactionId: id, paymentAmount: '5.00', discountAmount: '', discountAccountId: '' }];
  const { appliedToTransactions } = await books.change('receive-payments', payment.id, { applyToTransactions });
  t.match(appliedToTransactions, [{ amount: '5.00', discountAmount: null, discountAccount: null }]);
  const account = (await books.ids('accounts')).Rent as string;
  t.equal((await books.change('accounts', account, { openingBalance: '' })).fullName, 'Rent');
});

t.test('the account of a line and the dates of a transaction cannot be cleared; other dates can', async (t) => {
  const books = await openBooks(t);
  const [invoice] = await books.list('invoices');
  const { id, revisionNumber, lines } = invoice as Json;
  const refused = (json: Json, field: string) =>
    books.refused(
      'POST',
      `invoices/${id}`,
      { revisionNumber, ...json },
      '3190',
      `Cannot clear the element in the "${field}" field.`,
    );
  await refused({ lines: [{ id: lines[0].id, overrideItemAccountId: '' }] }, 'overrideItemAccount');
  await refused({ dueDate: '' }, 'dueDate');
  await refused({ shippingDate: '' }, 'shippingDate');
  await refused({ transactionDate: '' }, 'transactionDate');
  const job = await books.make('customers', { name: 'Refit', jobStartDate: '2025-02-01' });
  t.equal((await books.change('customers', job.id, { jobStartDate: '' })).jobStartDate, null);
  const order = await books.make('purchase-orders', {
    vendorId: (await books.ids('vendors'))['Paper Mill Co'],
    transactionDate: date,
    lines: [{ description: 'Paper', amount: '1.00' }],
  });
  await books.refused(
    'POST',
    `purchase-orders/${order.id}`,
    { revisionNumber: order.revisionNumber, vendorId: '' },
    '3190',
    'Cannot clear the element in the "vendor" field.',
  );
});
