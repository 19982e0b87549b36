// Accounts that QuickBooks makes when it needs them, and totals that it refuses.
import t from 'tap';
import { objectsOf } from './audit.ts';
import { openBooks, story } from './books.ts';

const on = '2025-02-20';

story('a deposit pays out no more than comes in', async (_t, books) => {
  const ids = await books.ids('accounts');
  const deposit = {
    transactionDate: on,
    depositToAccountId: ids.Checking,
    lines: [{ accountId: ids['Sales Income'], amount: '5.00' }],
    cashBack: { accountId: ids.Rent, amount: '5.01' },
  };
  const text =
    'There was an error when saving a Deposit. QuickBooks error message: The total of a deposit cannot be negative.';
  await books.refused('POST', 'deposits', deposit, '3180', text);
  await books.make('deposits', { ...deposit, cashBack: { accountId: ids.Rent, amount: '5.00' } });
});

t.test('an account that QuickBooks needs is the one of that name and type, where there is one', async (t) => {
  const books = await openBooks(t);
  const own = await books.make('accounts', { name: 'uncategorized income', accountType: 'income' });
  const before = await books.list('accounts');
  const customer = await books.make('customers', { name: 'Opened', openingBalance: '5.00' });
  t.equal(customer.balance, '5.00');
  t.strictSame(
    (await books.list('accounts')).map(({ id, name }) => [id, name]),
    before.map(({ id, name }) => [id, name]),
    'none was made',
  );
  const stored = objectsOf(await books.state(), books.endUserId).find(({ id }) => id === customer.id);
  t.match(stored?.body.postings, [{ amount: 500 }, { amount: -500, account: own.id }]);
});
