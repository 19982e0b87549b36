// The currency of what vendors are paid.
import t from 'tap';
import { story } from './books.ts';

const DATED = { transactionDate: '2025-02-20' };

story('a payment of bills is in the currency of its vendor', async (t, books) => {
  const ids = await books.ids('accounts');
  await books.server.call('POST', `/__admin/conductor/end-users/${books.endUserId}/preferences`, {
    json: { multiCurrency: { isMultiCurrencyEnabled: true } },
  });
  const crown = await books.make('currencies', { name: 'Crown', currencyCode: 'XCR' });
  const vendor = await books.make('vendors', { name: 'Abroad', currencyId: crown.id });
  const owed = { ...DATED, vendorId: vendor.id, exchangeRate: 1.25 };
  const bill = await books.make('bills', { ...owed, expenseLines: [{ accountId: ids.Rent, amount: '100.00' }] });
  const applyToTransactions = [{ transactionId: bill.id, paymentAmount: '40.00' }];
  for (const [path, account] of [
    ['bill-check-payments', { bankAccountId: ids.Checking }],
    ['bill-credit-card-payments', { creditCardAccountId: ids.Visa }],
  ] as const) {
    const { currency, exchangeRate, amountInHomeCurrency } = await books.make(path, {
      ...owed,
      ...account,
      applyToTransactions,
    });
    t.strictSame([currency.fullName, exchangeRate, amountInHomeCurrency], ['Crown', 1.25, '50.00'], path);
    t.equal((await books.list(`${path}?currencyIds=${crown.id}`)).length, 1);
  }
});

t.end();
