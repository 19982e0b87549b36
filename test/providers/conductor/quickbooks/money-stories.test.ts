// Payments, credits, refunds and deposits on the books of Larkspur Supply Co., with numbers worked out by hand.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

const LISTS = [
  'accounts',
  'customers',
  'service-items',
  'inventory-items',
  'payment-methods',
  'sales-tax-codes',
  'classes',
];
const balance = async (books: Books, name: string) => (await books.named('accounts', name)).balance;
const owed = async (books: Books, name: string) => (await books.named('customers', name)).balance;
const open = async (books: Books, id: string) => {
  const { appliedAmount, balanceRemaining, isPaid } = await books.get(`invoices/${id}`);
  return [appliedAmount, balanceRemaining, isPaid];
};

story('an invoice is paid in parts, and open again when a payment is deleted', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const [first] = (await books.list('invoices')) as [Json];
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const part = await books.make('receive-payments', {
    ...common,
    totalAmount: '200',
    applyToTransactions: [{ transactionId: first.id, paymentAmount: '200.00' }],
  });
  t.match(part, {
    totalAmount: '200.00',
    unusedPayment: '0.00',
    depositToAccount: { fullName: 'Undeposited Funds' },
    appliedToTransactions: [
      {
        transactionId: first.id,
        transactionType: 'invoice',
        amount: '200.00',
        balanceRemaining: '340.00',
        discountAmount: null,
      },
    ],
  });
  const paid = await books.get(`invoices/${first.id}`);
  t.match(paid, { appliedAmount: '200.00', balanceRemaining: '340.00', isPaid: false });
  t.strictSame(paid.linkedTransactions, [
    {
      id: part.id,
      objectType: 'qbd_linked_transaction',
      transactionType: 'receive_payment',
      transactionDate: '2025-02-20',
      refNumber: null,
      linkType: 'amount',
      amount: '-200.00',
    },
  ]);
  t.not(paid.revisionNumber, first.revisionNumber, 'a payment gives the invoice a new revision');
  t.equal(await owed(books, 'Harbor Cafe'), '340.00');
  t.equal(await balance(books, 'Undeposited Funds'), '200.00');

  const rest = await books.make('receive-payments', { ...common, totalAmount: '340.00', isAutoApply: true });
  t.match(rest.appliedToTransactions, [{ transactionId: first.id, amount: '340.00', balanceRemaining: '0.00' }]);
  t.strictSame(await open(books, first.id), ['540.00', '0.00', true]);
  t.equal(await owed(books, 'Harbor Cafe'), '0.00');

  await books.at('2025-02-20T15:00:00.000Z');
  t.strictSame(await books.ok('DELETE', `receive-payments/${part.id}`), {
    id: part.id,
    objectType: 'qbd_receive_payment',
    refNumber: null,
    deleted: true,
  });
  t.strictSame(await open(books, first.id), ['340.00', '200.00', false]);
  t.equal(await owed(books, 'Harbor Cafe'), '200.00');
  t.equal(await balance(books, 'Undeposited Funds'), '340.00');
  t.strictSame(await books.list('deleted-transactions?transactionTypes=receive_payment'), [
    {
      transactionType: 'receive_payment',
      id: part.id,
      objectType: 'qbd_deleted_transaction',
      createdAt: part.createdAt,
      deletedAt: '2025-02-20T15:00:00+00:00',
      refNumber: null,
    },
  ]);
  await books.refused(
    'DELETE',
    `receive-payments/${part.id}`,
    undefined,
    '3120',
    `Object "${part.id}" specified in the request cannot be found.`,
  );
});

story(
  'a payment takes discount and credit along, and all of it comes back when the invoice is deleted',
  async (t, books) => {
    const ids = await books.ids(...LISTS);
    const [first] = (await books.list('invoices')) as [Json];
    const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
    const memo = await books.make('credit-memos', { ...common, lines: [{ itemId: ids.Widget, quantity: 2 }] });
    t.match(memo, { subtotal: '100.00', salesTaxTotal: '8.00', totalAmount: '108.00', creditRemaining: '108.00' });
    const payment = await books.make('receive-payments', {
      ...common,
      totalAmount: '450.00',
      applyToTransactions: [
        {
          transactionId: first.id,
          paymentAmount: '400.00',
          discountAmount: '10.00',
          discountAccountId: ids['Office Supplies'],
          discountClassId: ids.North,
          applyCredits: [{ creditTransactionId: memo.id, appliedAmount: '108.00' }],
        },
      ],
    });
    t.match(payment, {
      unusedPayment: '50.00',
      unusedCredits: '0.00',
      appliedToTransactions: [
        {
          amount: '400.00',
          discountAmount: '10.00',
          discountAccount: { fullName: 'Office Supplies' },
          discountClass: { fullName: 'North' },
          // 540.00 less 400.00, 10.00 and 108.00.
          balanceRemaining: '22.00',
        },
      ],
    });
    t.strictSame(await open(books, first.id), ['518.00', '22.00', false]);
    t.match(
      (await books.get(`invoices/${first.id}`)).linkedTransactions.map(({ transactionType, amount }: Json) => [
        transactionType,
        amount,
      ]),
      [
        ['receive_payment', '-410.00'],
        ['credit_memo', '-108.00'],
      ],
    );
    t.match((await books.get(`credit-memos/${memo.id}`)).linkedTransactions, [{ id: first.id, amount: '108.00' }]);
    t.equal(await owed(books, 'Harbor Cafe'), '-28.00', '22.00 open, 50.00 unused');

    await books.ok('DELETE', `invoices/${first.id}`);
    t.match(await books.get(`receive-payments/${payment.id}`), { unusedPayment: '450.00', appliedToTransactions: [] });
    t.match(await books.get(`credit-memos/${memo.id}`), { creditRemaining: '108.00', linkedTransactions: [] });
    t.equal(await owed(books, 'Harbor Cafe'), '-558.00', 'the discount went with the application');
    t.equal((await books.named('inventory-items', 'Widget')).quantityOnHand, 32);
  },
);

story('voiding a paid invoice frees the payment and the credit', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const [first] = (await books.list('invoices')) as [Json];
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const memo = await books.make('credit-memos', { ...common, lines: [{ itemId: ids.Consulting, quantity: 1 }] });
  const application = {
    transactionId: first.id,
    discountAmount: '40.00',
    paymentAmount: '300.00',
    applyCredits: [{ creditTransactionId: memo.id, appliedAmount: '50.00' }],
  };
  const payment = await books.make('receive-payments', {
    ...common,
    totalAmount: '300.00',
    applyToTransactions: [application],
  });
  t.match(payment, { unusedPayment: '0.00', unusedCredits: '40.00' });
  await books.ok('POST', `invoices/${first.id}/void`);
  t.strictSame(await open(books, first.id), ['0.00', '0.00', true]);
  t.match(await books.get(`receive-payments/${payment.id}`), { unusedPayment: '300.00', appliedToTransactions: [] });
  t.equal((await books.get(`credit-memos/${memo.id}`)).creditRemaining, '90.00');
  t.equal(await owed(books, 'Harbor Cafe'), '-390.00');
});

story('a credit is applied when an invoice is made or changed, and stays when a payment goes', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { customerId: ids['Millstone Bakery'], transactionDate: '2025-02-20' };
  const memo = await books.make('credit-memos', { ...common, lines: [{ itemId: ids.Consulting, quantity: 2 }] });
  const credit = (appliedAmount: string) => [{ creditTransactionId: memo.id, appliedAmount }];
  const invoice = await books.make('invoices', {
    ...common,
    lines: [{ itemId: ids.Consulting, quantity: 3 }],
    applyCredits: credit('50.00'),
  });
  t.match(invoice, { appliedAmount: '50.00', balanceRemaining: '220.00', linkedTransactions: [] });
  const changed = await books.change('invoices', invoice.id, { applyCredits: credit('30.00') });
  t.match(changed, { appliedAmount: '80.00', balanceRemaining: '190.00' });
  t.match(await books.get(`credit-memos/${memo.id}`), {
    creditRemaining: '100.00',
    linkedTransactions: [{ id: invoice.id, amount: '80.00' }],
  });
  const stale = await books.get(`invoices/${invoice.id}`);
  const payment = await books.make('receive-payments', {
    ...common,
    totalAmount: '0.00',
    applyToTransactions: [{ transactionId: invoice.id, applyCredits: credit('100.00') }],
  });
  t.strictSame(await open(books, invoice.id), ['180.00', '90.00', false]);
  t.not(
    (await books.get(`invoices/${invoice.id}`)).revisionNumber,
    stale.revisionNumber,
    'a credit gives the invoice a new revision',
  );
  await books.ok('DELETE', `receive-payments/${payment.id}`);
  t.strictSame(
    await open(books, invoice.id),
    ['180.00', '90.00', false],
    'a credit is linked with the invoice, not the payment',
  );
  await books.ok('DELETE', `credit-memos/${memo.id}`);
  t.strictSame(await open(books, invoice.id), ['0.00', '270.00', false]);
  t.equal(await owed(books, 'Millstone Bakery'), '270.00');
});

story('credits and overpayments are refunded to a card, up to what is left of them', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const memo = await books.make('credit-memos', { ...common, lines: [{ itemId: ids.Widget, quantity: 2 }] });
  const payment = await books.make('receive-payments', { ...common, totalAmount: '60.00' });
  t.equal(payment.unusedPayment, '60.00');
  const refund = await books.make('credit-card-refunds', {
    ...common,
    refundFromAccountId: ids.Checking,
    refundAppliedToTransactions: [
      { transactionId: memo.id, refundAmount: '100.00' },
      { transactionId: payment.id, refundAmount: '25.00' },
    ],
  });
  t.match(refund, {
    totalAmount: '125.00',
    refundAppliedToTransactions: [
      { transactionId: memo.id, transactionType: 'credit_memo', refundAmount: '100.00', creditRemaining: '8.00' },
      {
        transactionId: payment.id,
        transactionType: 'receive_payment',
        refundAmount: '25.00',
        creditRemaining: '35.00',
      },
    ],
  });
  t.equal((await books.get(`credit-memos/${memo.id}`)).creditRemaining, '8.00');
  t.equal((await books.get(`receive-payments/${payment.id}`)).unusedPayment, '35.00');
  t.equal(await balance(books, 'Checking'), '12235.00');
  t.equal(await owed(books, 'Harbor Cafe'), '497.00', '540.00 less 8.00 and 35.00');
  const [first] = (await books.list('invoices')) as [Json];
  const { revisionNumber } = await books.get(`receive-payments/${payment.id}`);
  await books.refused(
    'POST',
    `receive-payments/${payment.id}`,
    { revisionNumber, applyToTransactions: [{ transactionId: first.id, paymentAmount: '50.00' }] },
    '3210',
    'More is applied than the payment amounts to.',
  );
  await books.ok('POST', `credit-card-refunds/${refund.id}/void`);
  t.equal((await books.get(`credit-memos/${memo.id}`)).creditRemaining, '108.00');
  t.equal((await books.get(`receive-payments/${payment.id}`)).unusedPayment, '60.00');
  t.equal(await balance(books, 'Checking'), '12360.00');
});

story('a deposit takes payments to the bank, and releases them when it is deleted', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const payment = await books.make('receive-payments', {
    ...common,
    refNumber: '881',
    totalAmount: '200.00',
    isAutoApply: true,
    paymentMethodId: ids.Check,
    memo: 'February',
  });
  const receipt = await books.make('sales-receipts', { ...common, lines: [{ itemId: ids.Widget, quantity: 1 }] });
  t.equal(receipt.totalAmount, '54.00');
  t.equal(await balance(books, 'Undeposited Funds'), '254.00');
  const deposit = await books.make('deposits', {
    transactionDate: '2025-02-21',
    depositToAccountId: ids.Checking,
    lines: [
      { paymentTransactionId: payment.id },
      { paymentTransactionId: receipt.id, overrideMemo: 'Counter' },
      { accountId: ids['Office Supplies'], amount: '-4.00', memo: 'Bank fee' },
    ],
    cashBack: { accountId: ids.Furniture, amount: '50.00', memo: 'Till' },
  });
  t.match(deposit, {
    totalAmount: '200.00',
    lines: [
      {
        paymentTransactionId: payment.id,
        transactionType: 'receive_payment',
        amount: '200.00',
        entity: { fullName: 'Harbor Cafe' },
        account: { fullName: 'Undeposited Funds' },
        checkNumber: '881',
        paymentMethod: { fullName: 'Check' },
        memo: 'February',
      },
      { paymentTransactionId: receipt.id, transactionType: 'sales_receipt', amount: '54.00', memo: 'Counter' },
      { account: { fullName: 'Office Supplies' }, amount: '-4.00', memo: 'Bank fee', paymentTransactionId: null },
    ],
    cashBack: { account: { fullName: 'Furniture' }, amount: '50.00', memo: 'Till' },
  });
  t.equal(await balance(books, 'Checking'), '12560.00');
  t.equal(await balance(books, 'Undeposited Funds'), '0.00');
  t.equal(await balance(books, 'Furniture'), '2050.00');
  const held = (verb: string, id: string) =>
    `Cannot ${verb} the object specified by the id = "${id}". It has been deposited.`;
  await books.refused('DELETE', `receive-payments/${payment.id}`, undefined, '3160', held('delete', payment.id));
  await books.refused('DELETE', `sales-receipts/${receipt.id}`, undefined, '3160', held('delete', receipt.id));
  await books.refused('POST', `sales-receipts/${receipt.id}/void`, undefined, '3160', held('void', receipt.id));
  await books.refused(
    'POST',
    'deposits',
    { transactionDate: '2025-02-21', depositToAccountId: ids.Checking, lines: [{ paymentTransactionId: payment.id }] },
    '3120',
    `Object "${payment.id}" specified in the request cannot be found.`,
  );

  // A line that is dropped releases its payment.
  const [one, , fee] = deposit.lines;
  const changed = await books.change('deposits', deposit.id, { lines: [{ id: one.id }, { id: fee.id }] });
  t.equal(changed.totalAmount, '146.00');
  t.equal(await balance(books, 'Undeposited Funds'), '54.00');
  await books.ok('DELETE', `sales-receipts/${receipt.id}`);
  t.equal(await balance(books, 'Checking'), '12506.00');
  t.strictSame(await books.ok('DELETE', `deposits/${deposit.id}`), {
    id: deposit.id,
    objectType: 'qbd_deposit',
    deleted: true,
  });
  t.equal(await balance(books, 'Undeposited Funds'), '200.00');
  t.equal(await balance(books, 'Checking'), '12360.00');
  await books.ok('DELETE', `receive-payments/${payment.id}`);
  t.equal(await balance(books, 'Undeposited Funds'), '0.00');
});

story('an automatic payment takes the invoice of its amount, else the oldest first', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const customerId = ids['Millstone Bakery'];
  const sell = (transactionDate: string, quantity: number) =>
    books.make('invoices', { customerId, transactionDate, lines: [{ itemId: ids.Consulting, quantity }] });
  const late = await sell('2025-02-20', 1);
  const early = await sell('2025-02-10', 2);
  const pay = async (totalAmount: string) => {
    const { appliedToTransactions, unusedPayment } = await books.make('receive-payments', {
      customerId,
      transactionDate: '2025-02-22',
      totalAmount,
      isAutoApply: true,
    });
    return [...appliedToTransactions.map(({ transactionId, amount }: Json) => [transactionId, amount]), unusedPayment];
  };
  const same = await sell('2025-02-21', 3);
  t.strictSame(await pay('270.00'), [[same.id, '270.00'], '0.00']);
  t.strictSame(await pay('200.00'), [[early.id, '180.00'], [late.id, '20.00'], '0.00']);
  t.strictSame(await pay('100.00'), [[late.id, '70.00'], '30.00']);
  t.equal(await owed(books, 'Millstone Bakery'), '-30.00');
});

story('a job’s invoice is paid by its customer, and counts in the customer’s total balance', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const invoice = await books.make('invoices', {
    customerId: ids['Harbor Cafe:Kitchen Refit'],
    transactionDate: '2025-02-20',
    lines: [{ itemId: ids.Consulting, quantity: 1 }],
  });
  const both = async () => {
    const { balance, totalBalance } = await books.named('customers', 'Harbor Cafe');
    return [balance, totalBalance];
  };
  t.equal(invoice.balanceRemaining, '90.00');
  t.strictSame(await both(), ['540.00', '630.00']);
  await books.make('receive-payments', {
    customerId: ids['Harbor Cafe'],
    transactionDate: '2025-02-21',
    totalAmount: '90.00',
    applyToTransactions: [{ transactionId: invoice.id, paymentAmount: '90.00' }],
  });
  t.strictSame(await open(books, invoice.id), ['90.00', '0.00', true]);
  t.equal((await both())[1], '540.00');
});

t.end();
