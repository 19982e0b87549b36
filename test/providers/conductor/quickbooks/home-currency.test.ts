// Exchange rates: null without several currencies; with them a rate, and amounts at that rate.
import t from 'tap';
import { type Json, LARKSPUR, openBooks } from './books.ts';

const date = '2025-02-20';

t.test('without several currencies there are no rates, whatever is sent', async (t) => {
  const books = await openBooks(t);
  const { 'Harbor Cafe': customerId } = await books.ids('customers');
  const lines = [{ amount: '80.00' }];
  const invoice = await books.make('invoices', { customerId, transactionDate: date, exchangeRate: 1.25, lines });
  t.match(invoice, { exchangeRate: null, balanceRemainingInHomeCurrency: null });
});

t.test('with several currencies the rate is 1 unless another one is sent, and amounts follow it', async (t) => {
  const books = await openBooks(t);
  const json = { multiCurrency: { isMultiCurrencyEnabled: true } };
  await books.server.call('POST', `/__admin/conductor/end-users/${LARKSPUR}/preferences`, { json });
  const people = await books.ids('customers', 'vendors');
  const { Checking } = await books.ids('accounts');
  const customerId = people['Harbor Cafe'];
  const vendorId = people['Paper Mill Co'];
  const sale = { customerId, transactionDate: date, exchangeRate: 1.25, lines: [{ amount: '80.00' }] };
  const invoice = await books.make('invoices', sale);
  t.match(invoice, { exchangeRate: 1.25, balanceRemaining: '80.00', balanceRemainingInHomeCurrency: '100.00' });
  const { exchangeRate: _, ...plain } = sale;
  t.match(await books.make('invoices', plain), { exchangeRate: 1, balanceRemainingInHomeCurrency: '80.00' });
  t.match(await books.make('estimates', sale), { totalAmountInHomeCurrency: '100.00' });
  const memo = await books.make('credit-memos', sale);
  t.match(memo, { creditRemainingInHomeCurrency: '100.00' });
  const refundAppliedToTransactions = [{ transactionId: memo.id, refundAmount: '20.00' }];
  const refund = { customerId, transactionDate: date, exchangeRate: 1.5, refundAppliedToTransactions };
  t.match(await books.make('credit-card-refunds', refund), {
    totalAmountInHomeCurrency: '30.00',
    refundAppliedToTransactions: [{ refundAmountInHomeCurrency: '30.00', creditRemainingInHomeCurrency: '90.00' }],
  });
  await books.make('receive-payments', { customerId, transactionDate: date, totalAmount: '10.00', exchangeRate: 2 });
  t.match(await books.list('payments-to-deposit'), [{ exchangeRate: 2, amountInHomeCurrency: '20.00' }]);
  const expenseLines = [{ accountId: Checking, amount: '40.00' }];
  const bill = await books.make('bills', { vendorId, transactionDate: date, exchangeRate: 0.5, expenseLines });
  t.match(bill, { amountDue: '40.00', amountDueInHomeCurrency: '20.00' });
  const toPay = (await books.list(`bills-to-pay?vendorId=${vendorId}`)).map((row: Json) => row.bill);
  t.match(toPay.at(-1), { billId: bill.id, exchangeRate: 0.5, amountDueInHomeCurrency: '20.00' });
  t.match(await books.get(`transactions/${bill.id}`), { exchangeRate: 0.5, amountInHomeCurrency: '20.00' });
  const currency = await books.make('currencies', { name: 'Florin', currencyCode: 'FLO' });
  t.equal(currency.exchangeRate, null, 'the rate of a currency is its own');
});
