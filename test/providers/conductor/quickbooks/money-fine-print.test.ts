// Sales, payments and deposits: small rules that no story needs and every integration meets some day.
import t from 'tap';
import { type Json, LARKSPUR, openBooks, story } from './books.ts';

const transactionDate = '2025-02-20';

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
  const counted = made.lineGroups[0].lines.map(({ quantity }: Json) => quantity);
  t.strictSame(counted, [6, null, null], 'subtotals and discounts have no quantity');
  const sent = { ...order, lineGroups: undefined, lines: [{ amount: '9.00' }, { itemId: discountId, quantity: 4 }] };
  t.match((await books.make('estimates', sent)).lines, [{}, { quantity: null, amount: '-0.90' }]);
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
  const manual = { accountId: ids.Rent, amount: '1.00' };
  for (const line of [{ paymentTransactionId: payment.id }, manual]) {
    const lines = [{ ...line, paymentTransactionLineId: 'FFFF-1' }];
    const deposit = { transactionDate, depositToAccountId: ids.Checking, lines };
    await books.refused('POST', 'deposits', deposit, '3120', gone);
  }
});

story('what something is applied to keeps its customer and account', async (t, books) => {
  const ids = await books.ids('customers');
  const [customerId, other] = [ids['Harbor Cafe'] as string, ids['Millstone Bakery'] as string];
  const accountType = 'accounts_receivable';
  const account = (await books.make('accounts', { name: 'Foreign Receivables', accountType })).id;
  const sale = { customerId, transactionDate, lines: [{ amount: '50.00' }] };
  const invoice = await books.make('invoices', sale);
  const memo = await books.make('credit-memos', sale);
  await books.change('invoices', invoice.id, {
    applyCredits: [{ creditTransactionId: memo.id, appliedAmount: '5.00' }],
  });
  const applyToTransactions = [{ transactionId: invoice.id, paymentAmount: '10.00' }];
  const money = { customerId, transactionDate, totalAmount: '10.00' };
  const payment = await books.make('receive-payments', { ...money, applyToTransactions });
  for (const [path, id, title] of [
    ['invoices', invoice.id, 'Invoice'],
    ['credit-memos', memo.id, 'Credit Memo'],
    ['receive-payments', payment.id, 'Receive Payment'],
  ] as const) {
    const { revisionNumber } = await books.get(`${path}/${id}`);
    const text = `There was an error when modifying a ${title}. QuickBooks error message: Something is applied to it: its customer and account stay.`;
    await books.refused('POST', `${path}/${id}`, { revisionNumber, customerId: other }, '3170', text);
    const change = { revisionNumber, receivablesAccountId: account };
    await books.refused('POST', `${path}/${id}`, change, '3170', text);
  }
  await books.ok('DELETE', `receive-payments/${payment.id}`);
  await books.ok('DELETE', `credit-memos/${memo.id}`);
  t.match(await books.change('invoices', invoice.id, { customerId: other }), { customer: { id: other } });
});

story('a sales receipt in a deposit keeps its amount and account', async (t, books) => {
  const ids = await books.ids('customers', 'accounts');
  const sale = { customerId: ids['Harbor Cafe'], transactionDate, lines: [{ amount: '50.00' }] };
  const receipt = await books.make('sales-receipts', sale);
  const lines = [{ paymentTransactionId: receipt.id }];
  await books.make('deposits', { transactionDate, depositToAccountId: ids.Checking, lines });
  const { revisionNumber } = await books.get(`sales-receipts/${receipt.id}`);
  const text = 'There was an error when modifying a Sales Receipt. QuickBooks error message: It has been deposited.';
  for (const change of [{ lines: [{ id: '-1', amount: '60.00' }] }, { depositToAccountId: ids.Checking }]) {
    await books.refused('POST', `sales-receipts/${receipt.id}`, { revisionNumber, ...change }, '3170', text);
  }
  t.equal((await books.change('sales-receipts', receipt.id, { memo: 'paid in cash' })).memo, 'paid in cash');
});
