// Transfers, journal entries and money that waits for a deposit, on the books of Larkspur Supply Co.
import { type Json, story } from './books.ts';
import { balance, DATED, PURCHASE_LISTS, saving } from './larkspur.ts';

story('a transfer moves money, and shows the balances that it left', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const common = { ...DATED, sourceAccountId: ids.Checking, targetAccountId: ids.Visa, amount: '190.00' };
  const made = await books.make('transfers', { ...common, classId: ids.North, memo: 'Card' });
  // What is paid into the card is more than is owed.
  t.match(made, { sourceAccountBalance: '11000.00', targetAccountBalance: '-190.00', class: { fullName: 'North' } });
  t.strictSame([await balance(books, 'Checking'), await balance(books, 'Visa')], ['11000.00', '-190.00']);
  const changed = await books.change('transfers', made.id, { amount: '90.00', targetAccountId: ids.Furniture });
  t.match(changed, { sourceAccountBalance: '11100.00', targetAccountBalance: '2090.00' });
  t.strictSame([await balance(books, 'Checking'), await balance(books, 'Visa')], ['11100.00', '0.00']);
  await books.make('transfers', { ...common, amount: '1.00' });
  t.match(await books.get(`transfers/${made.id}`), { sourceAccountBalance: '11100.00' }, 'as it was after this one');
  const same = { ...common, targetAccountId: ids.Checking };
  await books.refused(
    'POST',
    'transfers',
    same,
    '3180',
    saving('Transfer', 'An account cannot be transferred to itself.'),
  );
  await books.refused(
    'POST',
    'transfers',
    { ...common, amount: '0.00' },
    '3210',
    'The amount "0.00" is not more than zero.',
  );
  await books.refused(
    'POST',
    'transfers',
    { ...common, targetAccountId: ids.Rent },
    '3140',
    `There is an invalid reference to QuickBooks TargetAccount "${ids.Rent}" in the Transfer.`,
  );
});

story('a journal entry balances, and an update names all lines of both sides', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const entry = await books.make('journal-entries', {
    ...DATED,
    refNumber: 'JE-2',
    debitLines: [
      { accountId: ids.Rent, amount: '60.00', entityId: ids['Harbor Cafe'], classId: ids.South },
      { accountId: ids['Accounts Payable'], amount: '40.00', entityId: ids['Paper Mill Co'] },
    ],
    creditLines: [{ accountId: ids.Checking, amount: '100.00' }, { accountId: ids.Visa }],
  });
  t.match(entry, {
    debitLines: [
      { objectType: 'qbd_journal_debit_line', billingStatus: 'billable', class: { fullName: 'South' } },
      { entity: { fullName: 'Paper Mill Co' }, billingStatus: null },
    ],
    creditLines: [{ objectType: 'qbd_journal_credit_line', amount: '100.00' }, { amount: '0.00' }],
  });
  t.equal(await balance(books, 'Checking'), '11090.00');
  const paper = async () => (await books.named('vendors', 'Paper Mill Co')).balance;
  t.equal(await paper(), '260.00');
  const found = async (query: string) =>
    (await books.list(`journal-entries?${query}`)).map(({ refNumber }) => refNumber);
  t.strictSame(await found(`accountIds=${ids.Checking}`), ['JE-1', 'JE-2']);
  t.strictSame(await found(`accountIds=${ids['Accounts Payable']}`), ['JE-2']);
  t.strictSame(await found(`entityIds=${ids['Harbor Cafe']}`), ['JE-2']);

  const [rent, payable] = entry.debitLines;
  const [checking] = entry.creditLines;
  const changed = await books.change('journal-entries', entry.id, {
    lines: [
      { id: rent.id, amount: '70.00', entityId: '', memo: 'Quarter' },
      { id: checking.id },
      { id: '-1', journalLineType: 'debit', accountId: ids['Office Supplies'], amount: '30.00' },
    ],
  });
  t.match(changed, {
    debitLines: [
      {
        id: rent.id,
        amount: '70.00',
        entity: null,
        memo: 'Quarter',
        class: { fullName: 'South' },
        billingStatus: null,
      },
      { account: { fullName: 'Office Supplies' }, amount: '30.00' },
    ],
    creditLines: [{ id: checking.id, amount: '100.00' }],
  });
  t.equal(changed.debitLines.length + changed.creditLines.length, 3);
  t.equal(await paper(), '300.00');

  const { revisionNumber } = changed;
  const unbalanced = (debits: string, credits: string) =>
    saving('Journal Entry', `The debits of ${debits} are not the credits of ${credits}, or there is no line.`);
  for (const [lines, code, text] of [
    [[{ id: rent.id }, { id: checking.id }], '3180', unbalanced('70.00', '100.00')],
    [[{ id: payable.id }], '3120', `Object "${payable.id}" specified in the request cannot be found.`],
    [[{ id: '-1', accountId: ids.Rent }], '3150', 'There is a missing element: "JournalLineType".'],
    [[{ id: '-1', journalLineType: 'credit' }], '3150', 'There is a missing element: "AccountRef".'],
  ] as [Json[], string, string][]) {
    await books.refused('POST', `journal-entries/${entry.id}`, { revisionNumber, lines }, code, text);
  }
  const party = async (account: string, entityId: string | undefined, what: string) =>
    books.refused(
      'POST',
      'journal-entries',
      {
        ...DATED,
        debitLines: [{ accountId: ids[account], amount: '1.00', ...(entityId && { entityId }) }],
        creditLines: [{ accountId: ids.Rent, amount: '1.00' }],
      },
      '3180',
      saving('Journal Entry', what),
    );
  await party('Accounts Receivable', undefined, 'A line of a receivable needs a customer.');
  await party('Accounts Payable', ids['Harbor Cafe'], 'A line of a payable needs a vendor.');
  await books.refused('POST', 'journal-entries', DATED, '3180', unbalanced('0.00', '0.00'));

  await books.ok('POST', `journal-entries/${entry.id}/void`);
  t.match((await books.get(`journal-entries/${entry.id}`)).debitLines, [{ amount: '0.00' }, { amount: '0.00' }]);
  t.equal(await balance(books, 'Checking'), '11190.00');
  const oneSided = await books.make('journal-entries', {
    ...DATED,
    creditLines: [
      { accountId: ids.Rent, amount: '-5.00' },
      { accountId: ids.Checking, amount: '5.00' },
    ],
  });
  const [plus, minus] = oneSided.creditLines;
  await books.change('journal-entries', oneSided.id, {
    lines: [
      { id: plus.id, amount: '-6.00' },
      { id: minus.id, amount: '6.00' },
    ],
  });
  t.equal(await balance(books, 'Checking'), '11184.00');
  await books.ok('DELETE', `journal-entries/${oneSided.id}`);
  // The journal of January paid the rent out of the bank account.
  const [first] = await books.list('journal-entries?refNumbers=JE-1');
  await books.ok('DELETE', `journal-entries/${first?.id}`);
  t.equal(await balance(books, 'Checking'), '11360.00');
});

story('payments and sales receipts wait for a deposit, until they are in one', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS, 'payment-methods');
  const common = { ...DATED, customerId: ids['Harbor Cafe'] };
  t.strictSame(await books.list('payments-to-deposit'), [], 'what is in the fixtures is deposited');
  const receipt = await books.make('sales-receipts', {
    ...common,
    refNumber: 'R-1',
    lines: [{ itemId: ids.Consulting }],
  });
  const payment = await books.make('receive-payments', { ...common, totalAmount: '30.00' });
  await books.make('receive-payments', { ...common, totalAmount: '5.00', depositToAccountId: ids.Checking });
  const voided = await books.make('sales-receipts', { ...common, lines: [{ itemId: ids.Consulting }] });
  await books.ok('POST', `sales-receipts/${voided.id}/void`);
  const row = (more: Json) => ({
    paymentTransactionLineId: null,
    customer: { id: ids['Harbor Cafe'], fullName: 'Harbor Cafe' },
    transactionDate: '2025-02-20',
    refNumber: null,
    currency: null,
    exchangeRate: null,
    amountInHomeCurrency: null,
    ...more,
  });
  t.strictSame(
    (await books.list('payments-to-deposit')).map((one) => row(one)),
    [
      row({ paymentTransactionId: receipt.id, transactionType: 'sales_receipt', refNumber: 'R-1', amount: '90.00' }),
      row({ paymentTransactionId: payment.id, transactionType: 'receive_payment', amount: '30.00' }),
    ].map((one) => row(one)),
  );
  await books.make('deposits', {
    ...DATED,
    depositToAccountId: ids.Checking,
    lines: [{ paymentTransactionId: receipt.id }],
  });
  t.match(await books.list('payments-to-deposit'), [{ paymentTransactionId: payment.id }]);
});
