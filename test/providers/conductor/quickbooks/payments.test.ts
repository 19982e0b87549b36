// Payments, refunds, deposits and cards: what each may take, and what is left.
import t from 'tap';
import { LARKSPUR, type Node, openBooks, refusal } from './company-file.ts';
import { shop } from './shop.ts';

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
