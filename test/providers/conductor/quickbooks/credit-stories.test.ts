// Credits, refunds and deposits on the books of Larkspur Supply Co., with numbers worked out by hand.
import { type Json, story } from './books.ts';
import { balance, open, owed, SALES_LISTS } from './larkspur.ts';

story('voiding a paid invoice frees the payment and the credit', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
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
  const ids = await books.ids(...SALES_LISTS);
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
  const ids = await books.ids(...SALES_LISTS);
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
  t.equal(await balance(books, 'Checking'), '11065.00');
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
  t.equal(await balance(books, 'Checking'), '11190.00');
});

story('a deposit takes payments to the bank, and releases them when it is deleted', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
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
  t.equal(await balance(books, 'Checking'), '11390.00');
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
  t.equal(await balance(books, 'Checking'), '11336.00');
  t.strictSame(await books.ok('DELETE', `deposits/${deposit.id}`), {
    id: deposit.id,
    objectType: 'qbd_deposit',
    deleted: true,
  });
  t.equal(await balance(books, 'Undeposited Funds'), '200.00');
  t.equal(await balance(books, 'Checking'), '11190.00');
  await books.ok('DELETE', `receive-payments/${payment.id}`);
  t.equal(await balance(books, 'Undeposited Funds'), '0.00');
});
