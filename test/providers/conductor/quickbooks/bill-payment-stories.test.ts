// Bills paid with discounts and credits, and what is to be paid to a vendor, on the books of Larkspur Supply Co.
import { type Json, story } from './books.ts';
import { balance, DATED, owedToMill, PURCHASE_LISTS } from './larkspur.ts';

story('a bill is paid with discount and credit, by check and by card, and opens again', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const [bill] = (await books.list('bills')) as [Json];
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const credit = await books.make('vendor-credits', {
    ...common,
    refNumber: 'VC-1',
    expenseLines: [{ accountId: ids['Office Supplies'], amount: '50.00' }],
  });
  t.match(credit, { creditAmount: '50.00', openAmount: '50.00' });
  t.equal(await owedToMill(books), '250.00');
  const open = async () => {
    const { openAmount, isPaid } = await books.get(`bills/${bill.id}`);
    return [openAmount, isPaid, await owedToMill(books)];
  };
  const application = {
    transactionId: bill.id,
    paymentAmount: '200.00',
    discountAmount: '10.00',
    discountAccountId: ids['Sales Income'],
    discountClassId: ids.South,
    applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '50.00' }],
  };
  const check = await books.make('bill-check-payments', {
    ...common,
    bankAccountId: ids.Checking,
    refNumber: '900',
    applyToTransactions: [application],
  });
  t.match(check, {
    amount: '200.00',
    payablesAccount: { fullName: 'Accounts Payable' },
    appliedToTransactions: [
      {
        transactionId: bill.id,
        transactionType: 'bill',
        refNumber: 'PM-77',
        amount: '200.00',
        discountAmount: '10.00',
        discountClass: { fullName: 'South' },
      },
    ],
  });
  t.equal((await books.get(`bill-check-payments/${check.id}`)).appliedToTransactions[0].balanceRemaining, '40.00');
  t.strictSame(await open(), ['40.00', false, '40.00']);
  t.equal(await balance(books, 'Checking'), '10990.00');
  t.match(await books.get(`vendor-credits/${credit.id}`), {
    openAmount: '0.00',
    linkedTransactions: [{ id: bill.id, transactionType: 'bill', linkType: 'amount', amount: '50.00' }],
  });
  t.match((await books.get(`bills/${bill.id}`)).linkedTransactions, [
    { id: check.id, transactionType: 'bill_payment_check', linkType: 'amount', amount: '-210.00' },
    { id: credit.id, transactionType: 'vendor_credit', linkType: 'amount', amount: '-50.00' },
  ]);

  const byCard = { ...common, creditCardAccountId: ids.Visa };
  const pay = (paymentAmount: string) => ({
    ...byCard,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount }],
  });
  const most = `The amount applied to "${bill.id}" is more than its open balance of 40.00.`;
  await books.refused('POST', 'bill-credit-card-payments', pay('40.01'), '3210', most);
  const card = await books.make('bill-credit-card-payments', pay('40.00'));
  t.strictSame(await open(), ['0.00', true, '0.00']);
  t.equal(await balance(books, 'Visa'), '40.00');
  const none = `Object "${bill.id}" specified in the request cannot be found.`;
  await books.refused('POST', 'bill-credit-card-payments', pay('1.00'), '3120', none);
  t.strictSame((await books.list('bills?paymentStatus=not_paid')).length, 0);
  t.strictSame((await books.list('bills?paymentStatus=paid')).length, 1);

  const { revisionNumber } = await books.get(`bills/${bill.id}`);
  for (const change of [
    { expenseLines: [{ id: bill.expenseLines[0].id, amount: '299.00' }] },
    { vendorId: ids['State Tax Board'] },
  ]) {
    await books.refused(
      'POST',
      `bills/${bill.id}`,
      { revisionNumber, ...change },
      '3170',
      'There was an error when modifying a Bill. QuickBooks error message: Payments or credits are applied to it: its vendor and account stay, and its total covers them.',
    );
  }
  await books.change('bills', bill.id, { expenseLines: [{ id: bill.expenseLines[0].id, amount: '310.00' }] });
  t.strictSame(await open(), ['10.00', false, '10.00']);
  await books.change('bill-check-payments', check.id, { memo: 'By post', bankAccountId: ids.Checking });
  const other = { ...application, paymentAmount: '205.00', discountAmount: undefined, applyCredits: undefined };
  const changed = await books.change('bill-check-payments', check.id, {
    applyToTransactions: [other],
    amount: '205.00',
  });
  t.match(changed, { amount: '205.00', appliedToTransactions: [{ amount: '205.00', discountAmount: null }] });
  t.strictSame(await open(), ['15.00', false, '15.00'], 'the credit stays applied');
  await books.refused(
    'POST',
    `bill-check-payments/${check.id}`,
    { revisionNumber: (await books.get(`bill-check-payments/${check.id}`)).revisionNumber, amount: '1.00' },
    '3210',
    'The amount "1.00" is not the sum of what is paid, which is 205.00.',
  );

  await books.ok('DELETE', `bill-check-payments/${check.id}`);
  t.strictSame(await open(), ['220.00', false, '220.00']);
  await books.ok('POST', `bill-credit-card-payments/${card.id}/void`);
  t.strictSame(await open(), ['260.00', false, '260.00']);
  t.equal(await balance(books, 'Visa'), '0.00');
  await books.make('bill-check-payments', {
    ...common,
    bankAccountId: ids.Checking,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount: '60.00', discountAmount: '1.00' }],
  });
  t.equal((await books.named('accounts', 'Checking')).balance, '11130.00');
  await books.ok('DELETE', `bills/${bill.id}`);
  t.match(await books.get(`vendor-credits/${credit.id}`), { openAmount: '50.00', linkedTransactions: [] });
  t.equal(await owedToMill(books), '-110.00', 'the credit, and a payment without a bill');
});

story('what is to be paid to a vendor is its open bills by due date, and its credits', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const [first] = (await books.list('bills')) as [Json];
  const common = { vendorId: ids['Paper Mill Co'], ...DATED };
  const expenseLines = [{ accountId: ids.Rent, amount: '20.00' }];
  const sooner = await books.make('bills', { ...common, dueDate: '2025-02-01', expenseLines });
  const credit = await books.make('vendor-credits', { ...common, refNumber: 'VC', expenseLines });
  const currency = await books.make('currencies', { name: 'Tugrik', currencyCode: 'MNT' });
  const far = await books.make('vendors', { name: 'Far Mill', currencyId: currency.id });
  const theirs = await books.make('bills', { ...DATED, vendorId: far.id, expenseLines });
  const to = async (query: string) =>
    (await books.list(`bills-to-pay?vendorId=${ids['Paper Mill Co']}${query}`)).map(({ bill, credit: one }) =>
      bill === null ? [one.creditTransactionId, one.creditRemaining] : [bill.billId, bill.amountDue, bill.dueDate],
    );
  const all = [
    [sooner.id, '20.00', '2025-02-01'],
    [first.id, '300.00', '2025-02-14'],
    [credit.id, '20.00'],
  ];
  t.strictSame(await to(''), all);
  t.strictSame(await to('&dueDate=2025-02-01'), [all[0], all[2]], 'credits are due whenever');
  t.strictSame(await to(`&payablesAccountId=${ids['Accounts Payable']}`), all);
  t.strictSame(await to(`&payablesAccountId=${ids.Rent}`), []);
  t.strictSame(await to(`&currencyIds=${currency.id}`), []);
  t.match(await books.list(`bills-to-pay?vendorId=${far.id}&currencyIds=${currency.id}`), [
    { bill: { billId: theirs.id, currency: { fullName: 'Tugrik' } } },
  ]);
  // Without terms a bill is due when the preferences say.
  t.equal(theirs.dueDate, '2025-03-02');
  t.strictSame((await books.list(`bills-to-pay?vendorId=${ids['State Tax Board']}`)).length, 0);
  t.match((await books.list(`bills-to-pay?vendorId=${ids['Paper Mill Co']}`))[1], {
    bill: {
      transactionType: 'bill',
      payablesAccount: { fullName: 'Accounts Payable' },
      transactionDate: '2025-01-15',
      refNumber: 'PM-77',
    },
    credit: null,
  });
  await books.refused(
    'GET',
    'bills-to-pay?vendorId=80FFFFFF-1',
    undefined,
    '500',
    'The query request has not been fully completed. There was a required element ("80FFFFFF-1") that could not be found in QuickBooks.',
  );
});
