// Accounts that QuickBooks makes when it needs them.
import t from 'tap';
import { objectsOf } from './audit.ts';
import { openBooks } from './books.ts';

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
