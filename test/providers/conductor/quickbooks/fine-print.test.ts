// Lists, rows and texts: small rules that no story needs and every integration meets some day.
import t from 'tap';
import { expectError } from '../fixtures.ts';
import { type Json, LARKSPUR, openBooks } from './books.ts';

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

t.test('terms have a discount between nothing and all, and days that a month can have', async (t) => {
  const books = await openBooks(t);
  const percent = (text: string) =>
    `There was an error when converting the percent "${text}" in the field "DiscountPercentage".`;
  const standard = { name: 'Odd', discountPercentage: '100.01' };
  await books.refused('POST', 'standard-terms', standard, '3050', percent('100.01'));
  const dated = { name: 'Odd', dueDayOfMonth: 10 };
  await books.refused('POST', 'date-driven-terms', { ...dated, discountPercentage: '-1' }, '3050', percent('-1'));
  await books.refused('POST', 'date-driven-terms', { ...dated, dueDayOfMonth: 32 }, '3210', 'No month has a day 32.');
  await books.refused(
    'POST',
    'date-driven-terms',
    { ...dated, discountDayOfMonth: 0 },
    '3210',
    'No month has a day 0.',
  );
  const whole = { ...dated, discountDayOfMonth: 31, discountPercentage: '100' };
  t.match(await books.make('date-driven-terms', whole), { discountDayOfMonth: 31, discountPercentage: '100' });
});

t.test('rows of state that say little can be changed, or are refused with a reason', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('customers', 'accounts');
  const time = '2025-02-03T10:00:00.000Z';
  const row = { endUserId: LARKSPUR, createdAt: time, updatedAt: time, revisionNumber: '1' };
  const customer = { id: ids['Harbor Cafe'] };
  const refund = { customer, refundAppliedToTransactions: [{ transactionId: 'F02-1', refundAmount: '3.00' }] };
  const json = {
    conductor: {
      creditCardRefunds: [{ ...row, id: 'F01-1', body: refund }],
      journalEntries: [{ ...row, id: 'F03-1', body: { transactionDate } }],
    },
  };
  t.equal((await books.server.call('POST', '/__admin/state', { json })).status, 201);
  const nameless = { conductor: { classes: [{ ...row, id: '8000F001-1', body: { isActive: true } }] } };
  const { status, body } = await books.server.call('POST', '/__admin/state', { json: nameless });
  t.equal(status, 400);
  t.match(body.detail, /classes\[0\]\.body\.name: must be a text of at least one character/);
  t.match(await books.get('credit-card-refunds/F01-1'), {
    refundAppliedToTransactions: [{ transactionId: 'F02-1', refundAmount: '3.00' }],
  });
  const applyCredits = [{ creditTransactionId: 'F03-1', appliedAmount: '1.00' }];
  const sale = { customerId: customer.id, transactionDate, lines: [{ amount: '9.00' }], applyCredits };
  await books.refused('POST', 'invoices', sale, '3120', 'Object "F03-1" specified in the request cannot be found.');
});

t.test('the base unit of a used item changes only when that is asked for', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('customers', 'accounts');
  const set = async (name: string, unit: string) => {
    const baseUnit = { name: unit, abbreviation: unit };
    return (await books.make('unit-of-measure-sets', { name, unitOfMeasureType: 'count', baseUnit })).id;
  };
  const [pieces, other, boxes] = [
    await set('By the piece', 'pc'),
    await set('Pieces too', 'pc'),
    await set('Boxes', 'bx'),
  ];
  const details = { price: '5.00', postingAccountId: ids['Sales Income'] };
  const item = await books.make('service-items', { name: 'Polish', salesOrPurchaseDetails: details });
  const group = await books.make('item-groups', {
    name: 'Shine',
    shouldPrintItemsInGroup: true,
    unitOfMeasureSetId: pieces,
    lines: [{ itemId: item.id, quantity: 1 }],
  });
  await books.change('service-items', item.id, { unitOfMeasureSetId: pieces });
  await books.change('service-items', item.id, { unitOfMeasureSetId: boxes });
  await books.change('service-items', item.id, { unitOfMeasureSetId: pieces });
  const lineGroups = [{ itemGroupId: group.id }];
  await books.make('invoices', { customerId: ids['Harbor Cafe'], transactionDate, lineGroups });
  for (const [path, id, title] of [
    ['service-items', item.id, 'Service Item'],
    ['item-groups', group.id, 'Item Group'],
  ] as const) {
    const { revisionNumber } = await books.get(`${path}/${id}`);
    const text = `There was an error when modifying a ${title}. QuickBooks error message: The item is used in transactions; another base unit needs forceUnitOfMeasureChange.`;
    await books.refused('POST', `${path}/${id}`, { revisionNumber, unitOfMeasureSetId: boxes }, '3170', text);
    await books.refused('POST', `${path}/${id}`, { revisionNumber, unitOfMeasureSetId: '' }, '3170', text);
    t.match(await books.change(path, id, { unitOfMeasureSetId: other }), { unitOfMeasureSet: { id: other } });
    const forced = { unitOfMeasureSetId: boxes, forceUnitOfMeasureChange: true };
    t.match(await books.change(path, id, forced), { unitOfMeasureSet: { id: boxes } });
  }
});
