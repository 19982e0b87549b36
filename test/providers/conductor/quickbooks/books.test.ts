// The books that were worked out by hand: the balances of the fixtures, and what deleting and voiding reopen.
import t from 'tap';
import { type Books, LARKSPUR, type Node, openBooks, refusal } from './company-file.ts';

/** The balances of all accounts that have one. */
async function balances({ call }: Books): Promise<Record<string, string>> {
  const { data } = (await call('GET', 'accounts')).body;
  return Object.fromEntries(
    data.filter(({ balance }: Node) => balance !== null).map(({ fullName, balance }: Node) => [fullName, balance]),
  );
}

/** The sum of all postings of all files, in cents. */
async function trialBalance({ server }: Books): Promise<number> {
  const { conductor } = (await server.call('GET', '/__admin/state?provider=conductor')).body;
  const bodies = Object.values(conductor as Record<string, Node[]>)
    .filter(Array.isArray)
    .flat()
    .flatMap(({ body }) => body?.postings ?? []);
  return bodies.reduce((sum: number, { amount }: Node) => sum + amount, 0);
}

const OPENING = {
  'Accounts Payable': '0.00',
  'Accounts Receivable': '540.00',
  Checking: '11190.00',
  Furniture: '2000.00',
  'Inventory Asset': '500.00',
  'Opening Balance Equity': '14750.00',
  'Retained Earnings': '0.00',
  'Sales Tax Payable': '40.00',
  'Undeposited Funds': '0.00',
  Visa: '0.00',
};

t.test('the balances of the fixtures are those worked out by hand', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  t.match(await balances(books), OPENING);
  t.equal(await trialBalance(books), 0);
  const { data } = (await books.call('GET', 'customers')).body;
  t.same(
    data.map(({ fullName, balance, totalBalance }: Node) => [fullName, balance, totalBalance]),
    [
      ['Harbor Cafe', '540.00', '540.00'],
      ['Harbor Cafe:Kitchen Refit', '0.00', '0.00'],
      ['Millstone Bakery', '0.00', '0.00'],
    ],
  );
  const widget = (await books.call('GET', 'inventory-items?fullNames=widget')).body.data[0];
  t.match(widget, { quantityOnHand: 20, averageCost: '25.00', quantityOnSalesOrder: 0 });
  const [first, second] = (await books.call('GET', 'invoices?includeLinkedTransactions=true')).body.data;
  t.match(first, {
    refNumber: '1001',
    subtotal: '500.00',
    salesTaxTotal: '40.00',
    balanceRemaining: '540.00',
    dueDate: '2025-02-09',
    isPaid: false,
  });
  t.match(second, {
    refNumber: '1002',
    balanceRemaining: '0.00',
    isPaid: true,
    linkedTransactions: [{ transactionType: 'receive_payment', amount: '-360.00', refNumber: '55' }],
  });
});

t.test('deleting a deposit and then its payment opens the invoice again, and the receipt says so', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const [payment] = (await books.call('GET', 'receive-payments')).body.data;
  const [deposit] = (await books.call('GET', 'deposits')).body.data;
  t.match(payment.appliedToTransactions, [
    { transactionType: 'invoice', refNumber: '1002', amount: '360.00', balanceRemaining: '0.00' },
  ]);
  t.match(await books.call('DELETE', `receive-payments/${payment.id}`), refusal('3160'), 'it is in a deposit');
  t.equal((await books.call('DELETE', `deposits/${deposit.id}`)).status, 200);
  t.match(await balances(books), { ...OPENING, Checking: '10830.00', 'Undeposited Funds': '360.00' });
  const gone = await books.call('DELETE', `receive-payments/${payment.id}`);
  t.strictSame(gone.body, { id: payment.id, objectType: 'qbd_receive_payment', refNumber: '55', deleted: true });
  const invoice = (await books.call('GET', 'invoices?refNumbers=1002')).body.data[0];
  t.match(invoice, { isPaid: false, balanceRemaining: '360.00', linkedTransactions: [] });
  t.match(await balances(books), { ...OPENING, Checking: '10830.00', 'Accounts Receivable': '900.00' });
  const { deletions } = (await books.server.call('GET', '/__admin/deletions')).body;
  t.match(deletions[0], {
    root: { resource: 'receivePayments', id: payment.id },
    detached: [{ resource: 'invoices', id: invoice.id, field: 'linkedTransactions' }],
  });
  const feed = (
    await books.call('GET', 'deleted-transactions?transactionTypes=deposit&transactionTypes=receive_payment')
  ).body.data;
  t.match(feed, [
    { transactionType: 'deposit', refNumber: null },
    { transactionType: 'receive_payment', refNumber: '55' },
  ]);
  t.equal(await trialBalance(books), 0);
});

t.test('a void invoice is worth nothing, and its stock comes back', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const [invoice] = (await books.call('GET', 'invoices?refNumbers=1001')).body.data;
  t.match(await books.call('POST', `invoices/${invoice.id}/void`), {
    status: 200,
    body: { voided: true, refNumber: '1001' },
  });
  const read = (await books.call('GET', `invoices/${invoice.id}`)).body;
  t.match(read, {
    subtotal: '0.00',
    salesTaxTotal: '0.00',
    balanceRemaining: '0.00',
    isPaid: true,
    memo: 'VOID:',
    lines: [{ quantity: 0, amount: '0.00' }],
  });
  t.match(await balances(books), {
    ...OPENING,
    'Accounts Receivable': '0.00',
    'Inventory Asset': '750.00',
    'Sales Tax Payable': '0.00',
  });
  t.match((await books.call('GET', 'inventory-items?fullNames=Widget')).body.data[0], { quantityOnHand: 30 });
});

t.test('an end-user takes the whole company file along', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const headers = { authorization: 'Bearer sk_conductor_test' };
  const { headers: sent } = await books.server.call('DELETE', `/conductor/v1/end-users/${LARKSPUR}`, { headers });
  const { body } = await books.server.call('GET', `/__admin/deletions/${sent['x-understudy-request']}`);
  t.match(body.counts, { endUsers: 1, companyFiles: 1, invoices: 2, customers: 3, receivePayments: 1, deposits: 1 });
  t.strictSame(body.detached, [], 'nothing of it stays');
  const { conductor } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  t.notMatch(JSON.stringify(conductor), LARKSPUR);
});

t.test('the books survive being written and read as state', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const before = (await books.call('GET', 'invoices?includeLinkedTransactions=true')).body;
  const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  t.equal((await books.server.call('PUT', '/__admin/state', { json: state })).status, 204);
  t.strictSame((await books.call('GET', 'invoices?includeLinkedTransactions=true')).body, before);
  t.match(await balances(books), OPENING);
  t.strictSame((await books.server.call('GET', '/__admin/state?provider=conductor')).body, state);
});

t.test('a file that is new has accounts, codes, terms and templates', async (t) => {
  const books = await openBooks(t, 'end_usr_alice000000042');
  const names = async (path: string) => (await books.call('GET', path)).body.data.map(({ name }: Node) => name);
  t.same(await names('accounts'), [
    'Accounts Payable',
    'Accounts Receivable',
    'Checking',
    'Opening Balance Equity',
    'Undeposited Funds',
  ]);
  t.same(await names('sales-tax-codes'), ['Non', 'Tax']);
  t.same(await names('standard-terms'), ['Net 15', 'Net 30']);
  t.equal((await names('templates')).length, 9);
  const { body } = await books.call('GET', 'preferences');
  t.equal(body.salesTax.defaultTaxableSalesTaxCode.fullName, 'Tax');
  t.match(await books.call('GET', 'company'), {
    status: 200,
    body: { companyName: 'Atelier Deux Rives', isSampleCompanyFile: true, fiscalYearStartMonth: 'january' },
  });
  t.same((await books.call('GET', 'account-tax-lines')).body.data.length, 3);
  t.same((await books.call('GET', 'deleted-list-objects?objectTypes=customer&objectTypes=vehicle')).body.data, []);
});
