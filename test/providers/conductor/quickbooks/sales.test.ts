// Sales: prices, discounts, subtotals, groups, tax, terms, orders, credits, payments and refunds.
import t from 'tap';
import { type Books, LARKSPUR, MILLRACE, type Node, openBooks } from './company-file.ts';

const refusal = (code: string) => ({ status: 502, body: { error: { integrationCode: code } } });

/** The lists that the sales of a test refer to. */
async function shop(books: Books) {
  const named = books.named;
  const [customer, bakery, widget, consulting, freight, sales, tax, non] = await Promise.all([
    named('customers', 'Harbor Cafe'),
    named('customers', 'Millstone Bakery'),
    named('inventory-items', 'Widget'),
    named('service-items', 'Consulting'),
    named('other-charge-items', 'Freight'),
    named('accounts', 'Sales Income'),
    named('sales-tax-codes', 'Tax'),
    named('sales-tax-codes', 'Non'),
  ]);
  const on = '2025-02-01';
  return { customer, bakery, widget, consulting, freight, sales, tax, non, on };
}

t.test('the amount of a line follows from amount, price and quantity', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, consulting: itemId, on: transactionDate } = await shop(books);
  const line = async (given: object) => {
    const { lines } = await books.make('invoices', { customerId, transactionDate, lines: [{ itemId, ...given }] });
    return [lines[0].quantity, lines[0].rate, lines[0].amount];
  };
  t.same(await line({ amount: '100', quantity: 3 }), [3, '33.33333', '100.00']);
  t.same(await line({ amount: '100.00' }), [null, '100.00', '100.00']);
  t.same(await line({ rate: '12.345', quantity: 2 }), [2, '12.345', '24.69']);
  t.same(await line({ rate: '12.5' }), [null, '12.50', '12.50']);
  t.same(await line({ quantity: 2.5 }), [2.5, '90.00', '225.00']);
  t.same(await line({}), [null, '90.00', '90.00']);
  const { lines } = await books.make('invoices', {
    customerId,
    transactionDate,
    lines: [{ description: 'Thank you' }, { description: 'Extra', amount: '5.00' }],
  });
  t.same(
    lines.map(({ amount }: Node) => amount),
    [null, '5.00'],
  );
});

t.test('price levels change prices, and estimates add a markup', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, consulting, widget, freight, on: transactionDate } = await shop(books);
  const level = async (body: object) => (await books.make('price-levels', body)).id;
  const trade = await level({ name: 'Trade', fixedPercentage: '-10' });
  const special = await level({
    name: 'Special',
    perItemPriceLevels: [
      { itemId: consulting, customPrice: '80.00' },
      { itemId: widget, customPricePercent: '50' },
      { itemId: freight, adjustPercentage: '10', adjustRelativeTo: 'standard_price' },
    ],
  });
  const cost = await books.make('price-levels', {
    name: 'Cost',
    perItemPriceLevels: [{ itemId: widget, adjustPercentage: '100', adjustRelativeTo: 'cost' }],
  });
  t.equal(cost.perItemPriceLevels[0].customPrice, '50.00');
  const more = {
    revisionNumber: cost.revisionNumber,
    perItemPriceLevels: [{ itemId: widget, adjustPercentage: '10', adjustRelativeTo: 'current_custom_price' }],
  };
  t.equal((await books.call('POST', `price-levels/${cost.id}`, more)).body.perItemPriceLevels[0].customPrice, '55.00');
  const lines = [
    { itemId: consulting, priceLevelId: trade },
    { itemId: consulting, priceLevelId: special },
    { itemId: widget, priceLevelId: special },
    { itemId: freight, priceLevelId: special },
    { itemId: freight, priceLevelId: cost.id },
  ];
  const made = await books.make('invoices', { customerId, transactionDate, lines });
  t.same(
    made.lines.map(({ rate }: Node) => rate),
    ['81.00', '80.00', '75.00', '16.50', '15.00'],
  );
  const estimate = await books.make('estimates', {
    customerId,
    transactionDate,
    lines: [
      { itemId: consulting, quantity: 2, markupRate: '0.5' },
      { itemId: consulting, quantity: 2, markupRatePercent: '10' },
    ],
  });
  t.same(
    estimate.lines.map(({ amount }: Node) => amount),
    ['270.00', '198.00'],
  );
  t.match(
    await books.call('POST', 'price-levels', {
      name: 'Both',
      fixedPercentage: '1',
      perItemPriceLevels: [{ itemId: widget, customPrice: '1.00' }],
    }),
    { status: 400 },
  );
});

t.test('discounts and subtotals are computed line by line, and reduce what is taxed', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, sales, tax, non, on: transactionDate } = await shop(books);
  const percent = (await books.make('discount-items', { name: 'Ten', discountRatePercent: '10', accountId: sales })).id;
  const flat = (await books.make('discount-items', { name: 'Five off', discountRate: '5.00', accountId: sales })).id;
  const subtotal = (await books.make('subtotal-items', { name: 'Subtotal' })).id;
  const invoice = async (lines: object[]) => {
    const made = await books.make('invoices', { customerId, transactionDate, lines });
    return [made.lines.map(({ amount }: Node) => amount), made.subtotal, made.salesTaxTotal];
  };
  const taxed = { itemId: widget, quantity: 2 };
  const untaxed = { itemId: consulting, quantity: 1 };
  t.same(await invoice([taxed, { itemId: percent }]), [['100.00', '-10.00'], '90.00', '7.20']);
  t.same(await invoice([taxed, { itemId: percent, salesTaxCodeId: non }]), [['100.00', '-10.00'], '90.00', '8.00']);
  t.same(
    await invoice([taxed, untaxed, { itemId: flat, salesTaxCodeId: tax }]),
    [['100.00', '90.00', '-5.00'], '185.00', '7.79'],
    'spread over taxed and untaxed',
  );
  t.same(await invoice([untaxed, { itemId: flat }]), [['90.00', '-5.00'], '85.00', '0.00']);
  t.same(
    await invoice([{ itemId: flat, salesTaxCodeId: tax }, taxed]),
    [['-5.00', '100.00'], '95.00', '8.00'],
    'nothing above',
  );
  t.same(await invoice([taxed, untaxed, { itemId: subtotal }, { itemId: percent, salesTaxCodeId: tax }, taxed]), [
    ['100.00', '90.00', '190.00', '-19.00', '100.00'],
    '271.00',
    '15.20',
  ]);
  t.same(await invoice([taxed, { itemId: percent, ratePercent: '50' }]), [['100.00', '-50.00'], '50.00', '4.00']);
  t.same(await invoice([taxed, { itemId: percent, rate: '7.00' }]), [['100.00', '-7.00'], '93.00', '7.44']);
  const share = (
    await books.make('other-charge-items', {
      name: 'Fee',
      salesOrPurchaseDetails: { pricePercentage: '3', postingAccountId: sales },
    })
  ).id;
  t.same(await invoice([taxed, { itemId: share }]), [['100.00', '3.00'], '103.00', '8.00']);
});

t.test('a group expands to its components and follows its quantity', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, on: transactionDate } = await shop(books);
  const group = await books.make('item-groups', {
    name: 'Set',
    description: 'A set',
    shouldPrintItemsInGroup: true,
    lines: [{ itemId: widget, quantity: 2 }, { itemId: consulting }],
  });
  const made = await books.make('invoices', {
    customerId,
    transactionDate,
    lineGroups: [{ itemGroupId: group.id, quantity: 3 }],
  });
  t.match(made.lineGroups, [
    {
      description: 'A set',
      shouldPrintItemsInGroup: true,
      totalAmount: '570.00',
      lines: [
        { quantity: 6, amount: '300.00' },
        { quantity: 3, amount: '270.00' },
      ],
    },
  ]);
  t.equal(made.subtotal, '570.00');
  const [{ id, lines }] = made.lineGroups;
  const change = async (json: object, { revisionNumber }: Node) =>
    (await books.call('POST', `invoices/${made.id}`, { revisionNumber, ...json })).body;
  const twice = await change({ lineGroups: [{ id, quantity: 1 }] }, made);
  t.match(twice.lineGroups[0], { totalAmount: '190.00', lines: [{ id: lines[0].id, quantity: 2 }, { quantity: 1 }] });
  const one = await change({ lineGroups: [{ id, lines: [{ id: lines[0].id, rate: '40.00' }] }] }, twice);
  t.match(one.lineGroups[0], { totalAmount: '80.00', lines: [{ id: lines[0].id, quantity: 2, amount: '80.00' }] });
  t.equal(one.lineGroups[0].lines.length, 1);
});

t.test('the due date follows the terms', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { bakery: customerId, consulting: itemId } = await shop(books);
  const byDay = (
    await books.make('date-driven-terms', {
      name: 'On 15',
      dueDayOfMonth: 15,
      gracePeriodDays: 2,
      discountDayOfMonth: 10,
      discountPercentage: '1',
    })
  ).id;
  const atEnd = (await books.make('date-driven-terms', { name: 'On 31', dueDayOfMonth: 31 })).id;
  const early = await books.named('standard-terms', '2% 10 Net 30');
  const due = async (termsId: string, transactionDate: string) => {
    const made = await books.make('invoices', { customerId, transactionDate, termsId, lines: [{ itemId }] });
    return [made.dueDate, made.suggestedDiscountAmount, made.suggestedDiscountDate];
  };
  t.same(await due(byDay, '2025-02-12'), ['2025-02-15', '0.90', '2025-03-10']);
  t.same(await due(byDay, '2025-02-13'), ['2025-03-15', '0.90', '2025-03-10']);
  t.same(await due(atEnd, '2025-02-03'), ['2025-02-28', null, null]);
  t.same(await due(early, '2025-02-03'), ['2025-03-05', '1.80', '2025-02-13']);
  const plain = await books.make('customers', { name: 'Walk-in' });
  const made = await books.make('invoices', {
    customerId: plain.id,
    transactionDate: '2025-02-03',
    lines: [{ itemId }],
  });
  t.equal(made.dueDate, '2025-02-03', 'without terms on the day itself');
  const later = await books.call('POST', `invoices/${made.id}`, {
    revisionNumber: made.revisionNumber,
    transactionDate: '2025-02-05',
  });
  t.equal(later.body.dueDate, '2025-02-05');
  const receipt = await books.make('sales-receipts', {
    customerId: plain.id,
    transactionDate: '2025-02-03',
    lines: [{ itemId }],
  });
  t.equal(receipt.dueDate, null);
});

t.test('lines are kept, added and dropped by their ids, in their order', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, on: transactionDate } = await shop(books);
  const made = await books.make('invoices', {
    customerId,
    transactionDate,
    lines: [
      { itemId: widget, quantity: 1 },
      { itemId: consulting, quantity: 2 },
    ],
  });
  const [first, second] = made.lines;
  const change = (json: object, revisionNumber = made.revisionNumber) =>
    books.call('POST', `invoices/${made.id}`, { revisionNumber, ...json });
  t.match(await change({ lines: [{ id: second.id }, { id: first.id }] }), refusal('3290'));
  t.match(await change({ lines: [{ id: 'FF-1' }] }), refusal('3120'));
  t.match(await change({ customerId: '' }), refusal('3190'));
  const { body } = await change({
    lines: [
      { id: second.id, quantity: 3 },
      { id: '-1', itemId: widget },
    ],
    memo: 'more',
  });
  t.match(body, {
    memo: 'more',
    subtotal: '320.00',
    lines: [
      { id: second.id, quantity: 3, amount: '270.00' },
      { item: { id: widget }, amount: '50.00' },
    ],
  });
  t.not(body.lines[1].id, first.id);
  const stock = (await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0];
  t.equal(stock.quantityOnHand, 19);
});

t.test('an order is invoiced line by line until it is closed', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, on: transactionDate } = await shop(books);
  const order = await books.make('sales-orders', {
    customerId,
    transactionDate,
    lines: [
      { itemId: widget, quantity: 4 },
      { itemId: consulting, quantity: 1 },
    ],
  });
  t.equal((await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0].quantityOnSalesOrder, 4);
  const link = { transactionId: order.id, transactionLineId: order.lines[0].id };
  const base = { customerId, transactionDate };
  t.match(await books.call('POST', 'invoices', { ...base, lines: [{ itemId: widget, linkToTransactionLine: link }] }), {
    status: 400,
  });
  t.match(
    await books.call('POST', 'invoices', {
      ...base,
      linkToTransactionIds: [order.id],
      lines: [{ linkToTransactionLine: link }],
    }),
    { status: 400 },
  );
  const part = await books.make('invoices', { ...base, lines: [{ linkToTransactionLine: link, quantity: 1 }] });
  t.match(part, {
    lines: [{ item: { id: widget }, quantity: 1, rate: '50.00', amount: '50.00' }],
    linkedTransactions: [],
  });
  t.equal((await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0].quantityOnSalesOrder, 3);
  const rest = await books.make('invoices', { ...base, linkToTransactionIds: [order.id] });
  t.match(rest.lines, [
    { quantity: 3, amount: '150.00' },
    { quantity: 1, amount: '90.00' },
  ]);
  const closed = (await books.call('GET', `sales-orders/${order.id}`)).body;
  t.match(closed, {
    isFullyInvoiced: true,
    lines: [{ quantityInvoiced: 4 }, { quantityInvoiced: 1 }],
    linkedTransactions: [{ id: part.id, linkType: 'quantity', amount: null }, { id: rest.id }],
  });
  t.match(await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [order.id] }), refusal('570'));
  t.match(await books.call('POST', 'invoices', { ...base, lines: [{ linkToTransactionLine: link }] }), refusal('570'));
  t.match(
    await books.call('POST', 'invoices', {
      ...base,
      lines: [{ linkToTransactionLine: { ...link, transactionLineId: 'FF-1' } }],
    }),
    refusal('3120'),
  );
  t.match(await books.call('POST', 'invoices', { ...base, linkToTransactionIds: ['FF-1'] }), refusal('3120'));
  t.match(
    await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [rest.id] }),
    refusal('3180'),
    'an invoice is no order',
  );
  await books.call('DELETE', `invoices/${rest.id}`);
  t.match((await books.call('GET', `sales-orders/${order.id}`)).body, {
    isFullyInvoiced: false,
    lines: [{ quantityInvoiced: 1 }, { quantityInvoiced: 0 }],
  });
  const shut = await books.make('sales-orders', { ...base, isManuallyClosed: true, lines: [{ itemId: widget }] });
  t.match(await books.call('POST', 'invoices', { ...base, linkToTransactionIds: [shut.id] }), refusal('570'));
});

t.test('payments apply to invoices, with discounts and credits, and never more than is open', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { bakery: customerId, customer, consulting: itemId, on: transactionDate } = await shop(books);
  const base = { customerId, transactionDate };
  const one = await books.make('invoices', { ...base, lines: [{ itemId, quantity: 1 }] });
  const two = await books.make('invoices', { ...base, lines: [{ itemId, quantity: 2 }] });
  const credit = await books.make('credit-memos', { ...base, lines: [{ itemId, quantity: 0.5 }] });
  const pay = (totalAmount: string, applyToTransactions?: object[], more: object = {}) =>
    books.call('POST', 'receive-payments', {
      ...base,
      totalAmount,
      ...(applyToTransactions && { applyToTransactions }),
      ...more,
    });
  t.match(await pay('90.00', [{ transactionId: one.id, paymentAmount: '90.00' }], { isAutoApply: true }), {
    status: 400,
  });
  t.match(await pay('90.00', [{ transactionId: one.id }]), refusal('3180'));
  t.match(await pay('90.00', [{ transactionId: one.id, paymentAmount: '90.01' }]), refusal('3210'));
  t.match(await pay('10.00', [{ transactionId: one.id, paymentAmount: '20.00' }]), refusal('3210'));
  t.match(await pay('-10.00'), refusal('3210'));
  t.match(await pay('10.00', [{ transactionId: 'FF-1', paymentAmount: '1.00' }]), refusal('3120'));
  const other = await books.make('invoices', { customerId: customer, transactionDate, lines: [{ itemId }] });
  t.match(
    await pay('10.00', [{ transactionId: other.id, paymentAmount: '1.00' }]),
    refusal('3120'),
    'of another customer',
  );
  t.match(
    await pay('10.00', [
      { transactionId: one.id, applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '45.01' }] },
    ]),
    refusal('3210'),
  );
  t.match(
    await pay('10.00', [
      { transactionId: one.id, applyCredits: [{ creditTransactionId: 'FF-1', appliedAmount: '1.00' }] },
    ]),
    refusal('3120'),
  );
  const paid = await pay('50.00', [
    {
      transactionId: one.id,
      paymentAmount: '40.00',
      discountAmount: '5.00',
      applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '30.00' }],
    },
  ]);
  t.match(paid.body, {
    unusedPayment: '10.00',
    unusedCredits: '15.00',
    appliedToTransactions: [
      { transactionId: one.id, amount: '40.00', discountAmount: '5.00', balanceRemaining: '15.00' },
    ],
  });
  t.match((await books.call('GET', `invoices/${one.id}`)).body, {
    appliedAmount: '75.00',
    balanceRemaining: '15.00',
    isPaid: false,
  });
  t.match((await books.call('GET', `credit-memos/${credit.id}`)).body, {
    creditRemaining: '15.00',
    linkedTransactions: [{ id: one.id, amount: '30.00' }],
  });
  const auto = await pay('180.00', undefined, { isAutoApply: true });
  t.match(
    auto.body.appliedToTransactions,
    [{ transactionId: two.id, amount: '180.00' }],
    'an invoice of that amount first',
  );
  t.equal(auto.body.appliedToTransactions.length, 1);
  const rest = await pay('100.00', undefined, { isAutoApply: true });
  t.match(rest.body, { unusedPayment: '85.00', appliedToTransactions: [{ transactionId: one.id, amount: '15.00' }] });
  t.match(await pay('10.00', [{ transactionId: one.id, paymentAmount: '1.00' }]), refusal('3120'), 'it is paid');
  const { revisionNumber } = (await books.call('GET', `receive-payments/${auto.body.id}`)).body;
  const less = await books.call('POST', `receive-payments/${auto.body.id}`, {
    revisionNumber,
    applyToTransactions: [{ transactionId: two.id, paymentAmount: '100.00' }],
  });
  t.match(less.body, {
    unusedPayment: '80.00',
    appliedToTransactions: [{ amount: '100.00', balanceRemaining: '80.00' }],
  });
  const open = async (query: string) =>
    (await books.call('GET', `invoices?customerIds=${customerId}&${query}`)).body.data.map(({ id }: Node) => id);
  t.same(await open('paymentStatus=not_paid'), [two.id]);
  t.ok((await open('paymentStatus=paid')).includes(one.id));
  t.match(
    await books.call('POST', `invoices/${two.id}`, {
      revisionNumber: (await books.call('GET', `invoices/${two.id}`)).body.revisionNumber,
      lines: [{ id: two.lines[0].id, quantity: 1 }],
    }),
    refusal('3170'),
    'less than what is paid',
  );
  const direct = await books.make('invoices', {
    ...base,
    lines: [{ itemId }],
    applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '15.00' }],
  });
  t.match((await books.call('GET', `invoices/${direct.id}`)).body, { balanceRemaining: '75.00' });
  t.match(
    await books.call('POST', `credit-memos/${credit.id}`, {
      revisionNumber: (await books.call('GET', `credit-memos/${credit.id}`)).body.revisionNumber,
      lines: [{ id: credit.lines[0].id, quantity: 0.1 }],
    }),
    refusal('3170'),
  );
});

t.test('refunds use up credits and payments', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { bakery: customerId, customer, consulting: itemId, on: transactionDate } = await shop(books);
  const base = { customerId, transactionDate };
  const credit = await books.make('credit-memos', { ...base, lines: [{ itemId, quantity: 1 }] });
  const payment = await books.make('receive-payments', { ...base, totalAmount: '20.00' });
  const refund = (entries: [string, string][], who = customerId) =>
    books.call('POST', 'credit-card-refunds', {
      customerId: who,
      transactionDate,
      refundAppliedToTransactions: entries.map(([transactionId, refundAmount]) => ({ transactionId, refundAmount })),
    });
  t.match(await refund([[credit.id, '90.01']]), refusal('3210'));
  t.match(
    await refund([
      [credit.id, '60.00'],
      [credit.id, '40.00'],
    ]),
    refusal('3210'),
  );
  t.match(await refund([[credit.id, '1.00']], customer), refusal('3120'));
  const made = await refund([
    [credit.id, '50.00'],
    [payment.id, '5.00'],
  ]);
  t.match(made.body, {
    totalAmount: '55.00',
    refundAppliedToTransactions: [
      { transactionType: 'credit_memo', creditRemaining: '40.00' },
      { transactionType: 'receive_payment', creditRemaining: '15.00' },
    ],
  });
  t.equal((await books.call('GET', `credit-memos/${credit.id}`)).body.creditRemaining, '40.00');
});

t.test('deposits take what the payment says, unless it is overridden', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { bakery: customerId, sales, on: transactionDate } = await shop(books);
  const depositToAccountId = await books.named('accounts', 'Checking');
  const classId = await books.named('classes', 'North');
  const payment = await books.make('receive-payments', {
    customerId,
    transactionDate,
    totalAmount: '20.00',
    refNumber: 'K-1',
    memo: 'thanks',
  });
  const deposit = (lines: object[], more: object = {}) =>
    books.call('POST', 'deposits', { transactionDate, depositToAccountId, lines, ...more });
  t.match(await deposit([{ paymentTransactionId: 'FF-1' }]), refusal('3120'));
  t.match(await deposit([{ accountId: sales }]), refusal('3180'));
  t.match(await deposit([], {}), { status: 400 });
  t.match(await books.call('POST', 'deposits', { transactionDate, depositToAccountId }), refusal('3180'));
  const made = await deposit(
    [
      { paymentTransactionId: payment.id, overrideMemo: 'safe', overrideClassId: classId, overrideCheckNumber: '9' },
      { accountId: sales, amount: '3.00', entityId: customerId },
    ],
    { cashBack: { accountId: sales, amount: '4.00' } },
  );
  t.match(made.body, {
    totalAmount: '19.00',
    cashBack: { amount: '4.00' },
    lines: [
      {
        transactionType: 'receive_payment',
        amount: '20.00',
        memo: 'safe',
        checkNumber: '9',
        class: { fullName: 'North' },
        account: { fullName: 'Undeposited Funds' },
      },
      { amount: '3.00' },
    ],
  });
  t.match(await deposit([{ paymentTransactionId: payment.id }]), refusal('3120'), 'it is deposited already');
  const { revisionNumber } = (await books.call('GET', `receive-payments/${payment.id}`)).body;
  t.match(
    await books.call('POST', `receive-payments/${payment.id}`, { revisionNumber, totalAmount: '30.00' }),
    refusal('3170'),
  );
  const only = await books.call('POST', `deposits/${made.body.id}`, {
    revisionNumber: made.body.revisionNumber,
    lines: [{ id: made.body.lines[1].id }],
  });
  t.match(only.body, { totalAmount: '-1.00', lines: [{ amount: '3.00' }] });
  t.equal((await deposit([{ paymentTransactionId: payment.id }])).status, 200, 'it can be deposited again');
});

t.test('a card needs a method of a card and goes to undeposited funds', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { bakery: customerId, consulting: itemId, on: transactionDate } = await shop(books);
  const creditCardTransaction = {
    request: {
      number: 'xxxxxxxxxxxx1111',
      expirationMonth: 12,
      expirationYear: 2026,
      name: 'Bakery',
      transactionMode: 'card_present',
      transactionType: 'charge',
    },
  };
  const [check, visa] = [await books.named('payment-methods', 'Check'), await books.named('payment-methods', 'Visa')];
  const receipt = (more: object) =>
    books.call('POST', 'sales-receipts', {
      customerId,
      transactionDate,
      lines: [{ itemId }],
      creditCardTransaction,
      ...more,
    });
  t.match(await receipt({}), refusal('3150'));
  t.match(await receipt({ paymentMethodId: check }), refusal('3180'));
  t.match(
    await receipt({ paymentMethodId: visa, depositToAccountId: await books.named('accounts', 'Checking') }),
    refusal('3180'),
  );
  t.match(await receipt({ paymentMethodId: visa }), {
    status: 200,
    body: {
      depositToAccount: { fullName: 'Undeposited Funds' },
      creditCardTransaction: { request: { number: 'xxxxxxxxxxxx1111' } },
    },
  });
});

t.test(
  'nothing is deleted, voided or moved before the closing date, and nothing is taxed without sales tax',
  async (t) => {
    const books = await openBooks(t, LARKSPUR);
    const { customer: customerId, widget: itemId, on: transactionDate } = await shop(books);
    const { companyFiles } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body.conductor;
    const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
    const own = companyFiles.find(({ endUserId }: Node) => endUserId === LARKSPUR);
    own.preferences = { ...own.preferences, accounting: { closingDate: '2025-01-31' }, salesTax: null };
    state.conductor.companyFiles = companyFiles;
    t.equal((await books.server.call('PUT', '/__admin/state', { json: state })).status, 204);
    const [invoice] = (await books.call('GET', 'invoices?refNumbers=1001')).body.data;
    t.match(await books.call('DELETE', `invoices/${invoice.id}`), refusal('3161'));
    t.match(await books.call('POST', `invoices/${invoice.id}/void`), refusal('3161'));
    const made = await books.make('invoices', { customerId, transactionDate, lines: [{ itemId }] });
    t.match(made, { salesTaxItem: null, salesTaxPercentage: null, salesTaxTotal: '0.00' });
    const item = (await books.call('GET', `inventory-items/${itemId}`)).body;
    const moved = {
      revisionNumber: item.revisionNumber,
      incomeAccountId: await books.named('accounts', 'Consulting Income'),
    };
    t.match(await books.call('POST', `inventory-items/${itemId}`, moved), refusal('3170'));
    t.match(
      await books.call('POST', `inventory-items/${itemId}`, {
        ...moved,
        updateExistingTransactionsIncomeAccount: true,
      }),
      refusal('3171'),
    );
  },
);

t.test('a tax group adds up its items, and an exempt customer pays none', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const vendor = (await books.call('GET', 'vendors')).body.data[0].id;
  const [city] = (await books.call('GET', 'sales-tax-items')).body.data;
  const state = await books.make('sales-tax-items', { name: 'State', taxRate: '3.25', taxVendorId: vendor });
  const group = await books.make('sales-tax-group-items', { name: 'All', salesTaxItemIds: [city.id, state.id] });
  const wheel = await books.named('inventory-items', 'Wheel');
  const customerId = (await books.make('customers', { name: 'Taxed' })).id;
  const base = {
    customerId,
    transactionDate: '2025-02-20',
    salesTaxItemId: group.id,
    lines: [{ itemId: wheel, quantity: 1 }],
  };
  t.match(await books.make('sales-receipts', base), {
    salesTaxPercentage: '8.25',
    salesTaxTotal: '6.60',
    totalAmount: '86.60',
  });
  const salesTaxCodeId = await books.named('sales-tax-codes', 'Non');
  t.match(await books.make('sales-receipts', { ...base, salesTaxCodeId }), {
    salesTaxTotal: '0.00',
    totalAmount: '80.00',
  });
  const pending = await books.make('credit-memos', { ...base, isPending: true });
  const { conductor } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  t.notOk(
    'postings' in conductor.creditMemos.find(({ id }: Node) => id === pending.id).body,
    'what is pending posts nothing',
  );
  t.match(
    await books.call('POST', 'invoices', { customerId, transactionDate: '2025-02-20' }),
    { status: 400 },
    'no lines',
  );
});
