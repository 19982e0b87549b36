// The fine print of QuickBooks: small rules that no story needs and every integration meets some day.
import t from 'tap';
import { expectError } from '../fixtures.ts';
import { type Json, LARKSPUR, openBooks, story } from './books.ts';

const transactionDate = '2025-02-20';

t.test('parameters that a list does not declare are ignored', async (t) => {
  const books = await openBooks(t);
  for (const path of [
    'customers?names=Nobody',
    'invoices?classIds=x',
    'transfers?refNumbers=7',
    'company?ids=x',
    'templates?limit=0',
  ]) {
    t.equal((await books.ask('GET', path)).status, 200, path);
  }
  t.equal((await books.list('deposits?refNumberFrom=900')).length, 1);
});

t.test('the templates are one page', async (t) => {
  const books = await openBooks(t);
  const { data, ...page } = await books.get('templates');
  const url = '/v1/quickbooks-desktop/templates';
  t.strictSame(page, { objectType: 'list', url, nextCursor: null, remainingCount: 0, hasMore: false });
  t.equal(data.length, 9);
});

t.test('numbers are compared as numbers only when all bounds are', async (t) => {
  const books = await openBooks(t);
  const { 'Harbor Cafe': customerId } = await books.ids('customers');
  for (const refNumber of ['9', '10', 'A1', 'B1']) {
    await books.make('invoices', { customerId, transactionDate, refNumber, lines: [{ amount: '1.00' }] });
  }
  const found = async (query: string) => (await books.list(`invoices?${query}`)).map(({ refNumber }) => refNumber);
  t.strictSame(await found('refNumberFrom=9&refNumberTo=100'), ['9', '10']);
  t.strictSame(await found('refNumberFrom=9&refNumberTo=A9'), ['9', 'A1']);
});

t.test('a day that no month has is no date', async (t) => {
  const books = await openBooks(t);
  const text = 'There was an error when converting the date value "2025-02-30" in the field "Date".';
  await books.refused('GET', 'customers?updatedAfter=2025-02-30', undefined, '3020', text);
});

t.test('a name of blanks is none', async (t) => {
  const books = await openBooks(t);
  const text = 'The name "  " of the list element is invalid: a name is needed, without a colon.';
  await books.refused('POST', 'classes', { name: '  ' }, '3090', text);
});

t.test('custom fields of a line are texts, and only public ones are read', async (t) => {
  const books = await openBooks(t);
  const { 'Harbor Cafe': customerId } = await books.ids('customers');
  const public_ = { ownerId: '0', name: 'Color', value: 'red' };
  const private_ = { ...public_, ownerId: '{7d543f23-f3b1-4dea-8ff4-37bd26d15e6c}' };
  const lines = [{ amount: '1.00', customFields: [public_, private_] }];
  const made = await books.make('invoices', { customerId, transactionDate, lines });
  t.strictSame(made.lines[0].customFields, [{ ...public_, type: 'string_255_type' }]);
});

t.test('the transaction of a card needs a payment method', async (t) => {
  const books = await openBooks(t);
  const { 'Harbor Cafe': customerId } = await books.ids('customers');
  const memo = await books.make('credit-memos', { customerId, transactionDate, lines: [{ amount: '5.00' }] });
  const request = { number: 'xxxxxxxxxxxx1234', expirationMonth: 12, expirationYear: 2027, name: 'Harbor Cafe' };
  const card = { customerId, transactionDate, creditCardTransaction: { request } };
  const refused = (path: string, json: Json) =>
    books.refused('POST', path, { ...card, ...json }, '3150', 'There is a missing element: "PaymentMethodRef".');
  await refused('receive-payments', { totalAmount: '5.00' });
  const refundAppliedToTransactions = [{ transactionId: memo.id, refundAmount: '5.00' }];
  await refused('credit-card-refunds', { refundAppliedToTransactions });
});

t.test('billable time needs a customer and a service item, and is not billable by itself without them', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('customers', 'service-items', 'employees');
  const time = { transactionDate, entityId: ids['Anna Bell'], duration: 'PT1H' };
  const text =
    'There was an error when saving a Time Tracking. QuickBooks error message: Billable time needs a customer and a service item.';
  await books.refused('POST', 'time-tracking-activities', { ...time, billingStatus: 'billable' }, '3180', text);
  const made = async (json: Json) => (await books.make('time-tracking-activities', { ...time, ...json })).billingStatus;
  const both = { customerId: ids['Harbor Cafe'], serviceItemId: ids.Consulting };
  t.equal(await made({}), 'not_billable');
  t.equal(await made(both), 'billable');
  t.equal(await made({ ...both, billingStatus: 'has_been_billed' }), 'has_been_billed');
});

t.test('a total value needs something on hand', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('accounts');
  const accounts = {
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  };
  const item = { name: 'Gadget', ...accounts, quantityOnHand: -1, totalValue: '5.00' };
  const text =
    'There was an error when saving a Inventory Item. QuickBooks error message: A total value needs a quantity on hand.';
  await books.refused('POST', 'inventory-items', item, '3180', text);
});

story('without sales tax every new sale and line has the non-taxable code', async (t, books) => {
  const ids = await books.ids('customers', 'inventory-items');
  const sale = { customerId: ids['Harbor Cafe'], transactionDate };
  const lines = [{ itemId: ids.Widget, quantity: 1 }, { description: 'thank you' }];
  const taxed = await books.make('invoices', { ...sale, lines });
  const preferences = `/__admin/conductor/end-users/${LARKSPUR}/preferences`;
  await books.server.call('POST', preferences, { json: { salesTax: null } });
  const untaxed = await books.make('invoices', { ...sale, lines });
  t.match(untaxed, {
    salesTaxItem: null,
    salesTaxTotal: '0.00',
    salesTaxCode: { fullName: 'Non' },
    lines: [{ salesTaxCode: { fullName: 'Non' } }, { salesTaxCode: null }],
  });
  const [line] = taxed.lines;
  const changed = await books.change('invoices', taxed.id, {
    lines: [{ id: line.id }, { id: '-1', itemId: ids.Widget }],
  });
  t.match(changed, { salesTaxCode: { fullName: 'Tax' } });
  t.match(changed.lines, [{ salesTaxCode: { fullName: 'Tax' } }, { salesTaxCode: { fullName: 'Non' } }]);
});

t.test('without sales tax and without a non-taxable code a sale has the code it would have', async (t) => {
  const books = await openBooks(t);
  const { id, revisionNumber } = await books.named('sales-tax-codes', 'Non');
  const items = [await books.named('service-items', 'Consulting'), await books.named('other-charge-items', 'Freight')];
  const { Tax } = await books.ids('sales-tax-codes');
  for (const item of items) {
    const path = item.objectType === 'qbd_service_item' ? 'service-items' : 'other-charge-items';
    await books.change(path, item.id, { salesTaxCodeId: Tax });
  }
  t.ok(id && revisionNumber);
  const state = await books.state();
  const rows = (state.salesTaxCodes as Json[]).filter((row) => row.endUserId !== LARKSPUR || row.body.name !== 'Non');
  const put = { conductor: { ...state, salesTaxCodes: rows } };
  t.equal((await books.server.call('PUT', '/__admin/state', { json: put })).status, 204);
  const preferences = `/__admin/conductor/end-users/${LARKSPUR}/preferences`;
  await books.server.call('POST', preferences, { json: { salesTax: null } });
  const ids = await books.ids('customers', 'inventory-items');
  const sale = { customerId: ids['Harbor Cafe'], transactionDate, lines: [{ itemId: ids.Widget, quantity: 1 }] };
  t.match(await books.make('invoices', sale), {
    salesTaxTotal: '0.00',
    lines: [{ salesTaxCode: { fullName: 'Tax' } }],
  });
});

story('a group counts its discount, and its lines are on order', async (t, books) => {
  const ids = await books.ids('customers', 'inventory-items', 'service-items', 'accounts', 'vendors');
  const discount = { name: 'Trade discount', discountRatePercent: '10', accountId: ids['Sales Income'] };
  const discountId = (await books.make('discount-items', discount)).id;
  const subtotalId = (await books.make('subtotal-items', { name: 'Sum' })).id;
  const lines = [{ itemId: ids.Widget, quantity: 2 }, { itemId: subtotalId }, { itemId: discountId }];
  const group = await books.make('item-groups', { name: 'Set', shouldPrintItemsInGroup: true, lines });
  const order = {
    customerId: ids['Harbor Cafe'],
    transactionDate,
    lines: [{ itemId: ids.Widget }],
    lineGroups: [{ itemGroupId: group.id, quantity: 3 }],
  };
  const made = await books.make('sales-orders', order);
  t.match(made, { subtotal: '315.00', lineGroups: [{ totalAmount: '265.00' }] });
  const purchase = { vendorId: ids['Paper Mill Co'], transactionDate, lineGroups: [{ itemGroupId: group.id }] };
  await books.make('purchase-orders', purchase);
  const onOrder = async () => {
    const { quantityOnSalesOrder, quantityOnPurchaseOrder } = await books.named('inventory-items', 'Widget');
    return [quantityOnSalesOrder, quantityOnPurchaseOrder];
  };
  t.strictSame(await onOrder(), [7, 2]);
  const [line] = made.lineGroups[0].lines;
  const more = { linkToTransactionLine: { transactionId: made.id, transactionLineId: line.id }, quantity: 9 };
  await books.make('invoices', { customerId: ids['Harbor Cafe'], transactionDate, lines: [more] });
  t.strictSame(await onOrder(), [1, 2], 'more than was ordered takes nothing off other lines');
});

story('what a payment has over discount and credits stays unused', async (t, books) => {
  const { 'Harbor Cafe': customerId } = await books.ids('customers');
  const sale = { customerId, transactionDate, lines: [{ amount: '90.00' }] };
  const invoice = await books.make('invoices', sale);
  const memo = await books.make('credit-memos', { ...sale, lines: [{ amount: '30.00' }] });
  const application = {
    transactionId: invoice.id,
    paymentAmount: '80.00',
    discountAmount: '10.00',
    applyCredits: [{ creditTransactionId: memo.id, appliedAmount: '30.00' }],
  };
  const payment = { customerId, transactionDate, totalAmount: '80.00', applyToTransactions: [application] };
  t.match(await books.make('receive-payments', payment), {
    unusedPayment: '30.00',
    unusedCredits: '0.00',
    appliedToTransactions: [{ amount: '50.00', discountAmount: '10.00', balanceRemaining: '0.00' }],
  });
  t.match(await books.get(`invoices/${invoice.id}`), { isPaid: true, appliedAmount: '90.00' });
  const other = await books.make('invoices', sale);
  const again = {
    ...payment,
    totalAmount: '79.99',
    applyToTransactions: [{ transactionId: other.id, paymentAmount: '80.00' }],
  };
  await books.refused('POST', 'receive-payments', again, '3210', 'More is applied than the payment amounts to.');
});

story(
  'lines of a void transaction have no amount, and neither has cash back; an update brings it back to life',
  async (t, books) => {
    const ids = await books.ids('customers', 'inventory-items', 'accounts');
    const customerId = ids['Harbor Cafe'];
    const manual = { accountId: ids['Sales Income'], amount: '10.00' };
    const cashBack = { accountId: ids.Rent, amount: '4.00', memo: 'till' };
    const deposit = { transactionDate, depositToAccountId: ids.Checking, lines: [manual], cashBack };
    const { id } = await books.make('deposits', deposit);
    await books.ok('POST', `deposits/${id}/void`);
    const empty = { totalAmount: '0.00', lines: [{ amount: '0.00' }], cashBack: { amount: '0.00', memo: 'till' } };
    t.match(await books.get(`deposits/${id}`), empty);
    const memo = await books.make('credit-memos', { customerId, transactionDate, lines: [{ amount: '10.00' }] });
    const refundAppliedToTransactions = [{ transactionId: memo.id, refundAmount: '10.00' }];
    const refund = await books.make('credit-card-refunds', {
      customerId,
      transactionDate,
      refundAppliedToTransactions,
    });
    await books.ok('POST', `credit-card-refunds/${refund.id}/void`);
    t.match(await books.get(`credit-card-refunds/${refund.id}`), {
      totalAmount: '0.00',
      refundAppliedToTransactions: [],
    });
    const invoice = await books.make('invoices', {
      customerId,
      transactionDate,
      lines: [{ itemId: ids.Widget, quantity: 1 }],
    });
    const path = `invoices/${invoice.id}`;
    await books.ok('POST', `${path}/void`);
    t.match(await books.change('invoices', invoice.id, { memo: 'again' }), { balanceRemaining: '0.00' });
    t.equal((await books.ok('POST', `${path}/void`)).voided, true);
    t.equal((await books.get(path)).memo, 'again', 'it is still void');
    const lines = [{ id: '-1', itemId: ids.Widget, quantity: 2 }];
    t.match(await books.change('invoices', invoice.id, { lines }), { balanceRemaining: '108.00', isPaid: false });
    await books.ok('POST', `${path}/void`);
    t.match(await books.get(path), { balanceRemaining: '0.00', isPaid: true, memo: 'VOID: again' });
  },
);

story('cash back keeps its account, and needs one', async (t, books) => {
  const ids = await books.ids('accounts');
  const manual = { accountId: ids['Sales Income'], amount: '10.00' };
  const deposit = { transactionDate, depositToAccountId: ids.Checking, lines: [manual] };
  const { id } = await books.make('deposits', { ...deposit, cashBack: { accountId: ids.Rent, amount: '4.00' } });
  const changed = await books.change('deposits', id, { cashBack: { amount: '3.00' } });
  t.match(changed, { totalAmount: '7.00', cashBack: { account: { fullName: 'Rent' }, amount: '3.00' } });
  const plain = await books.make('deposits', deposit);
  const request = { revisionNumber: plain.revisionNumber, cashBack: { amount: '3.00' } };
  await books.refused('POST', `deposits/${plain.id}`, request, '3150', 'There is a missing element: "AccountRef".');
});

t.test('what cannot be linked is refused rather than ignored', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('accounts', 'vendors', 'inventory-items');
  const vendor = { vendorId: ids['Paper Mill Co'], transactionDate };
  const order = await books.make('purchase-orders', { ...vendor, lines: [{ itemId: ids.Widget, quantity: 1 }] });
  const link = (transactionId: string) => ({
    itemLines: [{ linkToTransactionLine: { transactionId, transactionLineId: order.lines[0].id } }],
  });
  const check = { bankAccountId: ids.Checking, transactionDate };
  const text = `There was an error when saving a Check. QuickBooks error message: Its lines cannot be linked to those of the transaction "${order.id}".`;
  await books.refused('POST', 'checks', { ...check, ...link(order.id) }, '3180', text);
  const gone = 'Object "FFFF-1" specified in the request cannot be found.';
  await books.refused('POST', 'vendor-credits', { ...vendor, ...link('FFFF-1') }, '3120', gone);
  const itemLines = [{ itemId: ids.Widget, quantity: 1 }];
  t.equal((await books.make('checks', { ...check, itemLines })).amount, '25.00');
  const customerId = (await books.ids('customers'))['Harbor Cafe'];
  const payment = await books.make('receive-payments', { customerId, transactionDate, totalAmount: '5.00' });
  const lines = [{ paymentTransactionId: payment.id, paymentTransactionLineId: 'FFFF-1' }];
  const deposit = { transactionDate, depositToAccountId: ids.Checking, lines };
  await books.refused('POST', 'deposits', deposit, '3120', gone);
});

t.test('bills to pay refuse an account or a currency that is not there', async (t) => {
  const books = await openBooks(t);
  const vendorId = (await books.ids('vendors'))['Paper Mill Co'];
  const text = (id: string) =>
    `The query request has not been fully completed. There was a required element ("${id}") that could not be found in QuickBooks.`;
  for (const name of ['payablesAccountId', 'currencyIds']) {
    const path = `bills-to-pay?vendorId=${vendorId}&${name}=80000FFF-1`;
    await books.refused('GET', path, undefined, '500', text('80000FFF-1'));
  }
  const { 'Accounts Payable': account } = await books.ids('accounts');
  t.equal((await books.list(`bills-to-pay?vendorId=${vendorId}&payablesAccountId=${account}`)).length, 1);
  const answer = await books.ask('GET', 'bills-to-pay');
  const message = 'Invalid input: expected string, received undefined at "vendorId"';
  expectError(t, answer, 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', message);
});

t.test('a row of state without its date and amounts shows the day of its creation and 0.00', async (t) => {
  const books = await openBooks(t);
  const { 'Harbor Cafe': customer } = await books.ids('customers');
  const time = '2025-02-03T10:00:00.000Z';
  const row = { id: 'F00-1', endUserId: LARKSPUR, createdAt: time, updatedAt: time, revisionNumber: '1' };
  const json = { conductor: { invoices: [{ ...row, body: { customer: { id: customer } } }] } };
  t.equal((await books.server.call('POST', '/__admin/state', { json })).status, 201);
  t.match(await books.get('invoices/F00-1'), { transactionDate: '2025-02-03', subtotal: '0.00', salesTaxTotal: null });
});

t.test('an example echoes what was sent: texts, references, objects, lines and a barcode', async (t) => {
  const { server } = await openBooks(t);
  await server.call('POST', '/__admin/sandboxes', { json: { name: 'suite', settings: { mode: 'example' } } });
  const headers = {
    authorization: 'Bearer sk_conductor_test_sbx_suite',
    'conductor-end-user-id': 'end_usr_1234567abcdefg',
  };
  const post = async (path: string, json: Json) => {
    const answer = await server.call('POST', `/conductor/v1/quickbooks-desktop/${path}`, { headers, json });
    t.equal(answer.status, 200, path);
    return answer.body;
  };
  const customerId = '8000000A-1234567890';
  const itemId = '8000000B-1234567890';
  const invoice = {
    revisionNumber: '1721172183',
    customerId,
    billingAddress: { city: 'Portland' },
    lines: [
      { id: '-1', itemId, quantity: 3 },
      { id: '456DEF-1234567891', description: 'kept' },
    ],
  };
  t.match(await post('invoices/123ABC-1234567890', invoice), {
    id: '123ABC-1234567890',
    revisionNumber: '1721172183',
    customer: { id: customerId },
    billingAddress: { city: 'Portland', line1: 'line1' },
    lines: [
      { id: '456DEF-1234567890', item: { id: itemId }, quantity: 3 },
      { id: '456DEF-1234567891', description: 'kept' },
    ],
  });
  const details = { postingAccountId: '80000001-1234567890' };
  const item = { name: 'Bell', barcode: { value: 'B-1' }, salesOrPurchaseDetails: details };
  t.match(await post('service-items', item), { name: 'Bell', barcode: 'B-1' });
  const group = { name: 'Taxes', salesTaxItemIds: ['80000002-1234567890', '80000003-1234567890'] };
  t.match(await post('sales-tax-group-items', group), {
    salesTaxItems: [{ id: '80000002-1234567890' }, { id: '80000003-1234567890' }],
  });
});
