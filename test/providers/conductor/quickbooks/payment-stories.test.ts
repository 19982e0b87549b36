// Payments received on the books of Larkspur Supply Co.: in parts, with discounts, automatic, and for jobs.
import { type Json, story } from './books.ts';
import { balance, open, owed, SALES_LISTS } from './larkspur.ts';

story('an invoice is paid in parts, and open again when a payment is deleted', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
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
    const ids = await books.ids(...SALES_LISTS);
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

story('an automatic payment takes the invoice of its amount, else the oldest first', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
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
  const ids = await books.ids(...SALES_LISTS);
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
