// Journal entries as credits: their lines of a receivable are applied to invoices, those of a payable to bills.
import t from 'tap';
import { openBooks, story } from './books.ts';

const transactionDate = '2025-02-20';

story('a journal credit of a customer is applied to invoices of the customer and its jobs', async (t, books) => {
  const ids = await books.ids('customers', 'accounts');
  const [customerId, job, other] = [ids['Harbor Cafe'], ids['Harbor Cafe:Kitchen Refit'], ids['Millstone Bakery']];
  const receivable = { accountId: ids['Accounts Receivable'] };
  const entry = await books.make('journal-entries', {
    transactionDate,
    refNumber: 'JE-9',
    debitLines: [{ accountId: ids['Sales Income'], amount: '50.00' }],
    creditLines: [
      { ...receivable, entityId: customerId, amount: '20.00' },
      { ...receivable, entityId: other, amount: '5.00' },
      { ...receivable, entityId: customerId, amount: '25.00' },
    ],
  });
  const credit = (appliedAmount: string) => [{ creditTransactionId: entry.id, appliedAmount }];
  const sale = { customerId, transactionDate, lines: [{ amount: '90.00' }] };
  const first = await books.make('invoices', { ...sale, applyCredits: credit('30.00') });
  t.match(await books.get(`invoices/${first.id}`), {
    appliedAmount: '30.00',
    balanceRemaining: '60.00',
    linkedTransactions: [{ id: entry.id, transactionType: 'journal_entry', refNumber: 'JE-9', amount: '-30.00' }],
  });
  const second = await books.make('invoices', { ...sale, customerId: job });
  const over = `The amount "15.01" to be applied is more than the credit has left or the transaction has open.`;
  const { revisionNumber } = second;
  const path = `invoices/${second.id}`;
  await books.refused('POST', path, { revisionNumber, applyCredits: credit('15.01') }, '3210', over);
  t.equal((await books.change('invoices', second.id, { applyCredits: credit('10.00') })).balanceRemaining, '80.00');
  const payment = await books.make('receive-payments', {
    customerId,
    transactionDate,
    totalAmount: '10.00',
    applyToTransactions: [{ transactionId: second.id, paymentAmount: '10.00', applyCredits: credit('2.00') }],
  });
  t.match(payment, {
    unusedPayment: '0.00',
    unusedCredits: '3.00',
    appliedToTransactions: [{ balanceRemaining: '68.00' }],
  });
  const report = await books.get('reports/general-detail?reportType=open_invoices');
  const { balance } = await books.named('accounts', 'Accounts Receivable');
  t.match(report.rows.at(-1).cells, [{ value: balance }], 'the open items are the receivable');
  const swapped = [
    { id: entry.debitLines[0].id, amount: '30.00' },
    { id: entry.creditLines[1].id },
    { id: entry.creditLines[2].id },
  ];
  const applied = (lines: object[]) => ({
    lines,
    text: `There was an error when modifying a Journal Entry. QuickBooks error message: Of the line "${entry.creditLines[0].id}" 20.00 are applied to another transaction.`,
  });
  const [kept, ...others] = entry.creditLines.map(({ id }: { id: string }) => ({ id }));
  const debit = (amount: string) => ({ id: entry.debitLines[0].id, amount });
  for (const { lines, text } of [
    applied(swapped),
    applied([debit('49.99'), { ...kept, amount: '19.99' }, ...others]),
    applied([debit('50.00'), { ...kept, entityId: other }, ...others]),
  ]) {
    const { revisionNumber } = await books.get(`journal-entries/${entry.id}`);
    await books.refused('POST', `journal-entries/${entry.id}`, { revisionNumber, lines }, '3170', text);
  }
  const more = await books.change('journal-entries', entry.id, {
    lines: [debit('51.00'), { ...kept, amount: '21.00' }, ...others],
  });
  t.match(more.creditLines, [{ amount: '21.00' }, { amount: '5.00' }, { amount: '25.00' }]);
  await books.ok('DELETE', `journal-entries/${entry.id}`);
  t.equal((await books.get(`invoices/${first.id}`)).balanceRemaining, '90.00');
});

t.test('a journal entry without a line of the receivable and the customer is no credit', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('customers', 'accounts');
  const customerId = ids['Harbor Cafe'];
  const entry = await books.make('journal-entries', {
    transactionDate,
    debitLines: [{ accountId: ids['Accounts Receivable'], entityId: customerId, amount: '50.00' }],
    creditLines: [
      { accountId: ids['Accounts Receivable'], entityId: ids['Millstone Bakery'], amount: '20.00' },
      { accountId: ids['Sales Income'], amount: '30.00' },
    ],
  });
  const applyCredits = [{ creditTransactionId: entry.id, appliedAmount: '1.00' }];
  const sale = { customerId, transactionDate, lines: [{ amount: '90.00' }], applyCredits };
  const gone = `Object "${entry.id}" specified in the request cannot be found.`;
  await books.refused('POST', 'invoices', sale, '3120', gone);
  t.equal((await books.list('invoices')).length, 2);
});

story('a journal debit of a vendor is applied to its bills with a payment', async (t, books) => {
  const ids = await books.ids('vendors', 'accounts');
  const vendorId = ids['Paper Mill Co'];
  const [bill] = await books.list('bills');
  const entry = await books.make('journal-entries', {
    transactionDate,
    debitLines: [{ accountId: ids['Accounts Payable'], entityId: vendorId, amount: '40.00' }],
    creditLines: [{ accountId: ids.Rent, amount: '40.00' }],
  });
  const payment = {
    vendorId,
    bankAccountId: ids.Checking,
    transactionDate,
    applyToTransactions: [
      {
        transactionId: bill?.id,
        paymentAmount: '100.00',
        applyCredits: [{ creditTransactionId: entry.id, appliedAmount: '40.00' }],
      },
    ],
  };
  t.match(await books.make('bill-check-payments', payment), { amount: '100.00' });
  t.match(await books.get(`bills/${bill?.id}`), { openAmount: '160.00' });
  const text = 'The amount "40.00" to be applied is more than the credit has left or the transaction has open.';
  await books.refused('POST', 'bill-check-payments', payment, '3210', text);
});
