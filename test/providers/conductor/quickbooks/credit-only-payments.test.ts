// Payments that only apply credits: what they show of what they pay, and what is left when either is deleted.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

const DATED = { transactionDate: '2025-02-20' };
const applied = async (books: Books, path: string, id: string) =>
  (await books.get(`${path}/${id}`)).appliedToTransactions;

/** A row of an application without a payment and a discount. */
const row = (more: Json): Json => ({
  amount: '0.00',
  discountAmount: null,
  discountAccount: null,
  discountClass: null,
  linkedTransactions: [],
  ...more,
});

story(
  'a bill payment that only applies a credit shows the bill, and loses it when the bill is deleted',
  async (t, books) => {
    const ids = await books.ids('accounts', 'vendors');
    const bought = { ...DATED, vendorId: ids['Paper Mill Co'] };
    const bill = await books.make('bills', {
      ...bought,
      refNumber: 'B-1',
      expenseLines: [{ accountId: ids.Rent, amount: '100.00' }],
    });
    const credit = await books.make('vendor-credits', {
      ...bought,
      expenseLines: [{ accountId: ids.Rent, amount: '30.00' }],
    });
    const payment = await books.make('bill-check-payments', {
      ...bought,
      bankAccountId: ids.Checking,
      applyToTransactions: [
        { transactionId: bill.id, applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '30.00' }] },
      ],
    });
    t.equal(payment.amount, '0.00');
    const shown = row({
      transactionId: bill.id,
      transactionType: 'bill',
      ...DATED,
      refNumber: 'B-1',
      balanceRemaining: '70.00',
    });
    t.strictSame(payment.appliedToTransactions, [shown]);
    t.strictSame(await applied(books, 'bill-check-payments', payment.id), [shown]);
    const { openAmount, isPaid, linkedTransactions } = await books.get(`bills/${bill.id}`);
    t.strictSame([openAmount, isPaid], ['70.00', false]);
    t.strictSame(
      linkedTransactions.map(({ id, amount }: Json) => [id, amount]),
      [[credit.id, '-30.00']],
      'the credit is linked with the bill, not the payment',
    );
    await books.ok('DELETE', `bills/${bill.id}`);
    t.strictSame(await applied(books, 'bill-check-payments', payment.id), []);
    t.equal((await books.get(`vendor-credits/${credit.id}`)).openAmount, '30.00');
  },
);

story(
  'a customer payment that only applies a credit shows the invoice, and leaves the credit when it is deleted',
  async (t, books) => {
    const ids = await books.ids('accounts', 'customers', 'service-items');
    const sold = { ...DATED, customerId: ids['Harbor Cafe'] };
    const lines = [{ itemId: ids.Consulting, quantity: 1 }];
    const invoice = await books.make('invoices', { ...sold, refNumber: 'I-1', lines });
    const credit = await books.make('credit-memos', { ...sold, lines });
    const payment = await books.make('receive-payments', {
      ...sold,
      totalAmount: '0.00',
      applyToTransactions: [
        { transactionId: invoice.id, applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '90.00' }] },
      ],
    });
    const shown = row({
      transactionId: invoice.id,
      transactionType: 'invoice',
      ...DATED,
      refNumber: 'I-1',
      balanceRemaining: '0.00',
    });
    t.strictSame(await applied(books, 'receive-payments', payment.id), [shown]);
    await books.ok('DELETE', `receive-payments/${payment.id}`);
    t.match(await books.get(`invoices/${invoice.id}`), { isPaid: true, balanceRemaining: '0.00' });
    t.match(await books.get(`credit-memos/${credit.id}`), { creditRemaining: '0.00' });
  },
);

story('a payment in a row of state without its link has paid nothing', async (t, books) => {
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor');
  const payment = body.conductor.receivePayments.find(({ endUserId }: Json) => endUserId === books.endUserId);
  delete payment.body.links;
  t.equal((await books.server.call('PUT', '/__admin/state', { json: body })).status, 204);
  t.match(await books.get(`receive-payments/${payment.id}`), { appliedToTransactions: [], unusedPayment: '360.00' });
  // It pays again, so that the books are right.
  await books.change('receive-payments', payment.id, {
    applyToTransactions: payment.body.appliedToTransactions.map(({ transactionId, amount }: Json) => ({
      transactionId,
      paymentAmount: amount,
    })),
  });
});

t.end();
