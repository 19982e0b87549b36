// Rows of a state body may leave out almost everything: they can be read, updated and used all the same.
import t from 'tap';
import { type Books, LARKSPUR, MILLRACE, type Node, openBooks } from './company-file.ts';

type Rows = Record<string, Node[]>;

/** Changes the rows of a company file through the control plane. */
async function rewrite(books: Books, endUserId: string, change: (rows: Rows) => void): Promise<void> {
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor');
  const own = Object.entries(body.conductor as Rows).flatMap(([name, rows]) =>
    Array.isArray(rows) ? [[name, rows.filter((row) => row.endUserId === endUserId)]] : [],
  );
  change(Object.fromEntries(own));
  const { status, body: answer } = await books.server.call('PUT', '/__admin/state', { json: body });
  if (status !== 204) throw new Error(JSON.stringify(answer));
}

const KEPT = ['customer', 'transactionDate', 'refNumber', 'name', 'isActive'];

t.test('bodies with a date, a customer and a number only are served by every read', async (t) => {
  const books = await openBooks(t, MILLRACE);
  await rewrite(books, MILLRACE, (rows) => {
    const transactions = Object.values(rows).flat();
    for (const row of transactions.filter(({ body }) => body?.transactionDate !== undefined)) {
      row.body = Object.fromEntries(Object.entries(row.body).filter(([field]) => KEPT.includes(field)));
    }
    Object.assign(rows.salesOrders?.[0]?.body, { lineGroups: [{ itemGroup: { id: '80FFFFFF-1' } }] });
    Object.assign(rows.receivePayments?.[0]?.body, { usedCredits: ['FFF-1'] });
  });
  const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body.conductor;
  let read = 0;
  for (const path of [
    'estimates',
    'sales-orders',
    'invoices',
    'sales-receipts',
    'credit-memos',
    'receive-payments',
    'credit-card-refunds',
    'deposits',
  ]) {
    const list = await books.call('GET', `${path}?includeLineItems=true&includeLinkedTransactions=true`);
    t.equal(list.status, 200, path);
    for (const { id } of list.body.data) {
      t.equal((await books.call('GET', `${path}/${id}`)).status, 200, `${path}/${id}`);
      read++;
    }
  }
  t.equal(
    read,
    (Object.values(state) as Node[][]).flat().filter((row) => row.endUserId === MILLRACE && row.body?.transactionDate)
      .length,
  );
});

t.test('a document whose customer, item or tax item says nothing can be updated', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const customerId = await books.named('customers', 'Harbor Cafe');
  const itemId = await books.named('service-items', 'Consulting');
  const made = await books.make('invoices', { customerId, transactionDate: '2025-02-01', lines: [{ itemId }] });
  const receipt = await books.make('sales-receipts', {
    customerId,
    transactionDate: '2025-02-01',
    lines: [{ itemId }],
  });
  await rewrite(books, LARKSPUR, ({ invoices, salesReceipts, salesTaxItems, salesTaxCodes }) => {
    const bodyOf = (rows: Node[] = [], id: string) => rows.find((row) => row.id === id)?.body;
    bodyOf(invoices, made.id).customer = { id: '8FFFFFFF-1' };
    delete bodyOf(salesReceipts, receipt.id).customer;
    for (const { body } of salesTaxItems ?? []) delete body.taxRate;
    for (const { body } of salesTaxCodes ?? []) delete body.isTaxable;
  });
  const change = { revisionNumber: made.revisionNumber, memo: 'still here' };
  const { status, body } = await books.call('POST', `invoices/${made.id}`, change);
  t.match([status, body], [200, { memo: 'still here', customer: { id: '8FFFFFFF-1', fullName: null } }]);
  const other = await books.call('POST', `sales-receipts/${receipt.id}`, {
    ...change,
    revisionNumber: receipt.revisionNumber,
  });
  t.match([other.status, other.body], [200, { memo: 'still here', customer: null, salesTaxTotal: '0.00' }]);
});

t.test('a deposit line without an amount, and cash back without one, count nothing', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const account = async (name: string) => await books.named('accounts', name);
  const made = await books.make('deposits', {
    transactionDate: '2025-02-01',
    depositToAccountId: await account('Checking'),
    cashBack: { accountId: await account('Opening Balance Equity'), amount: '1.00' },
    lines: [{ accountId: await account('Sales Income'), amount: '3.00' }],
  });
  t.equal(made.totalAmount, '2.00');
  await rewrite(books, LARKSPUR, ({ deposits = [] }) => {
    const { body } = deposits.find(({ id }) => id === made.id) as Node;
    delete body.cashBack.amount;
    delete body.lines[0].amount;
  });
  const change = { revisionNumber: made.revisionNumber, memo: 'nothing' };
  const { status, body } = await books.call('POST', `deposits/${made.id}`, change);
  t.match([status, body], [200, { totalAmount: '0.00', lines: [{ amount: null }], cashBack: { amount: null } }]);
});

t.test('a row of an end-user that is not there is named in the refusal', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor');
  body.conductor.vendors[0].endUserId = 'end_usr_nobody';
  const { status, body: refusal } = await books.server.call('PUT', '/__admin/state', { json: body });
  t.match(
    [status, refusal],
    [
      400,
      { errors: [{ path: 'conductor.vendors[0].endUserId', message: 'no row of endUsers has id "end_usr_nobody"' }] },
    ],
  );
});

t.test('a group whose item lost its components keeps its lines when its quantity changes', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const itemId = await books.named('service-items', 'Consulting');
  const customerId = await books.named('customers', 'Harbor Cafe');
  const group = await books.make('item-groups', { name: 'G', shouldPrintItemsInGroup: false, lines: [{ itemId }] });
  const invoice = await books.make('invoices', {
    customerId,
    transactionDate: '2025-02-01',
    lineGroups: [{ itemGroupId: group.id }],
  });
  await rewrite(books, LARKSPUR, ({ itemGroups = [], salesTaxCodes = [] }) => {
    for (const { body } of itemGroups) delete body.lines;
    for (const { body } of salesTaxCodes) delete body.isTaxable;
  });
  const { status, body } = await books.call('POST', `invoices/${invoice.id}`, {
    revisionNumber: invoice.revisionNumber,
    lineGroups: [{ id: invoice.lineGroups[0].id, quantity: 5 }],
  });
  t.match([status, body.lineGroups], [200, [{ quantity: 5, totalAmount: '90.00', lines: [{ quantity: 1 }] }]]);
  const code = (await books.call('GET', 'sales-tax-codes')).body.data[0];
  const change = { revisionNumber: code.revisionNumber, description: 'Untaxed' };
  t.match((await books.call('POST', `sales-tax-codes/${code.id}`, change)).body, { description: 'Untaxed' });
});
