// Filters by references that thousands of transactions have.
import t from 'tap';
import { MILLRACE, type Node, openBooks } from './company-file.ts';

const MANY = 2100;

t.test('filters by what thousands of transactions refer to list exactly those', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { id: accountId } = await books.make('accounts', { name: 'Many', accountType: 'accounts_receivable' });
  const { id: customerId } = await books.make('customers', { name: 'Many' });
  const { id: currencyId } = await books.make('currencies', { name: 'Many', currencyCode: 'XTS' });
  const { id } = await books.make('invoices', {
    customerId,
    receivablesAccountId: accountId,
    transactionDate: '2025-02-01',
    lines: [{ description: 'as all' }],
  });
  const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  const invoices = state.conductor.invoices as Node[];
  const one = invoices.find((row) => row.id === id) as Node;
  one.body.currency = { id: currencyId };
  const others = invoices.filter(({ endUserId }) => endUserId === MILLRACE).length - 1;
  for (let n = 1; n < MANY; n++) {
    const body = { ...one.body, ...(n % 2 === 0 ? { receivablesAccount: { id: accountId } } : {}) };
    invoices.push({ ...one, id: `${n.toString(16).toUpperCase()}-1600000000`, body });
  }
  t.equal((await books.server.call('PUT', '/__admin/state', { json: state })).status, 204);
  const count = async (path: string) => {
    const { body } = await books.call('GET', `${path}&limit=1`);
    return body.data.length + body.remainingCount;
  };
  t.equal(await count('invoices?includeLineItems=false'), others + MANY);
  for (const filter of [`customerIds=${customerId}`, `accountIds=${accountId}`, `currencyIds=${currencyId}`])
    t.equal(await count(`invoices?${filter}`), MANY, filter);
  t.equal(await count(`invoices?customerIds=${customerId}&transactionDateTo=2025-01-31`), 0);
  t.equal(await count(`transactions?currencyIds=${currencyId}`), MANY);
  t.equal(await count(`transactions?currencyIds=${currencyId}&transactionTypes=bill`), 0);
  t.equal(await count(`transactions?accountIds=${accountId}`), MANY);
  t.equal(
    await count(`transactions?accountIds=${accountId}&paymentStatus=closed`),
    MANY,
    'without amounts they are paid',
  );
  t.equal(await count(`transactions?accountIds=${accountId}&detailLevel=all`), MANY, 'no line posts anything');
  const { data } = (await books.call('GET', `transactions?transactionTypes=invoice&entityIds=${customerId}&limit=3`))
    .body;
  t.strictSame(
    data.map(({ transactionId }: Node) => transactionId),
    [id, '1-1600000000', '2-1600000000'],
    'in the order of their creation',
  );
});
