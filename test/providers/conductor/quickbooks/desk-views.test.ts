// What is seen at the customer's desk: lists, reports and records of the company file, whatever the API's state.
import t from 'tap';
import { camelCase } from '../../../../src/providers/conductor/quickbooks/operations.ts';
import { CUSTOM_LISTS } from '../../../../src/providers/conductor/quickbooks/references.ts';
import { type Books, LARKSPUR, MILLRACE, type Node, openBooks } from './company-file.ts';
import { HARBOR, INVOICE } from './desk.ts';

/** Of Millstone Bakery, paid by `PAYMENT`, which `DEPOSIT` took to the bank. */
const PAID = '103-1736676000';
const PAYMENT = '105-1737367200';

/** Values of fields, not records. */
const UNSEEN = Object.values(CUSTOM_LISTS).map(camelCase);

const at = (books: Books, path: string, endUser = LARKSPUR) =>
  books.server.call('GET', `/__admin/conductor/end-users/${endUser}/${path}`);

t.test('a list, a report and the preferences are those of the API, also while the computer is offline', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { body: preferences } = await books.call('GET', 'preferences');
  const { body: report } = await books.call('GET', 'reports/general-summary?reportType=trial_balance');
  const query = `customerIds=${HARBOR}&paymentStatus=not_paid`;
  const { body: invoices } = await books.call('GET', `invoices?${query}`);
  t.equal(invoices.data.length, 1);
  const computer = { json: { state: 'offline' } };
  await books.server.call('POST', `/__admin/conductor/end-users/${LARKSPUR}/computer`, computer);
  const requests = async () => (await books.server.call('GET', '/__admin/requests?limit=1')).body.meta.total;
  const before = await requests();
  t.equal((await books.call('GET', `invoices?${query}`)).status, 409);
  const same = async (path: string, body: Node) =>
    t.match(await at(books, `company-file/${path}`), { status: 200, body: body as never });
  await same(`qbd.invoices.list?${query}`, invoices);
  await same('qbd.reports.generalSummary?reportType=trial_balance&sandbox=default', report);
  await same('qbd.preferences.retrieve', preferences);
  t.equal(await requests(), before + 1, 'the journal has the request of the API only');
});

t.test('a list has its pages, and what it refuses is a problem', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { body: first } = await at(books, 'company-file/qbd.customers.list?limit=2');
  t.match(first, { remainingCount: 1, data: [{ name: 'Harbor Cafe' }, { name: 'Kitchen Refit' }] });
  const { body: last } = await at(books, `company-file/qbd.customers.list?limit=2&cursor=${first.nextCursor}`);
  t.match(last, { nextCursor: null, data: [{ name: 'Millstone Bakery' }] });
  const detail = async (path: string) => {
    const { status, body } = await at(books, `company-file/${path}`);
    return [status, body.detail];
  };
  t.strictSame(await detail('qbd.customers.list?limit=0'), [400, 'limit: Too small: expected number to be >=1.']);
  t.strictSame(await detail('qbd.customers.list?cursor=none'), [
    400,
    'Invalid input: the cursor is unknown, or more than 10 seconds passed since its last page at "cursor".',
  ]);
  t.strictSame(await detail('qbd.reports.job?reportType=job_profitability_summary'), [
    409,
    'QBD Request Error (1030): Understudy does not emulate the report "job_profitability_summary".',
  ]);
  for (const operation of ['qbd.invoices.retrieve', 'qbd.invoices.create', 'endUsers.list']) {
    t.strictSame(await detail(operation), [
      404,
      `"${operation}" is no operation that lists, reports or shows the company of a company file; one is qbd.invoices.list.`,
    ]);
  }
});

t.test('a record is shown as the API shows it, with postings, links and its window', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const receivable = { id: '80000001-1735722000', fullName: 'Accounts Receivable' };
  const undeposited = { id: '80000003-1735722000', fullName: 'Undeposited Funds' };
  const millstone = { id: '8000002D-1735722000', fullName: 'Millstone Bakery' };
  const posting = { date: '2025-01-20', entity: millstone, item: null };
  const { status, body } = await at(books, `records/${PAYMENT}`);
  const { id: deposit } = body.links[1];
  t.strictSame(
    { status, body },
    {
      status: 200,
      body: {
        resource: 'receivePayments',
        kind: 'transaction',
        verbs: ['update', 'delete'],
        locked: false,
        record: (await books.call('GET', `receive-payments/${PAYMENT}`)).body,
        postings: [
          { ...posting, account: undeposited, debit: '360.00', credit: null },
          { ...posting, account: receivable, debit: null, credit: '360.00' },
        ],
        links: [
          {
            resource: 'invoices',
            id: PAID,
            refNumber: '1002',
            transactionDate: '2025-01-12',
            linkType: 'amount',
            outward: true,
            amount: '360.00',
            quantity: null,
          },
          {
            resource: 'deposits',
            id: deposit,
            refNumber: null,
            transactionDate: '2025-01-21',
            linkType: 'deposit',
            outward: false,
            amount: null,
            quantity: null,
          },
        ],
      },
    },
  );
  t.match((await at(books, `records/${deposit}`)).body, { resource: 'deposits', verbs: ['update', 'delete', 'void'] });
  await books.server.call('POST', `/__admin/conductor/end-users/${LARKSPUR}/records/${HARBOR}/lock`);
  const { body: customer } = await at(books, `records/${HARBOR}`);
  t.match(customer, { resource: 'customers', kind: 'list', verbs: ['update'], locked: true, postings: [], links: [] });
});

t.test('links of an order count what was invoiced, and its postings name items', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const widget = await books.named('inventory-items', 'Widget');
  const lines = [
    { itemId: widget, quantity: 2, rate: '50.00' },
    { itemId: widget, quantity: 1, rate: '50.00' },
  ];
  const order = await books.make('sales-orders', { customerId: HARBOR, transactionDate: '2025-02-01', lines });
  const { id } = await books.make('invoices', {
    customerId: HARBOR,
    transactionDate: '2025-02-02',
    linkToTransactionIds: [order.id],
  });
  const { body: invoice } = await at(books, `records/${id}`);
  const link = { linkType: 'quantity', amount: null, quantity: 3 };
  t.match(invoice.links, [{ ...link, resource: 'salesOrders', id: order.id, outward: true }]);
  t.match((await at(books, `records/${order.id}`)).body.links, [{ ...link, resource: 'invoices', id, outward: false }]);
  t.ok(invoice.postings.some(({ item }: Node) => item?.fullName === 'Widget'));
});

t.test('an opening balance is a posting of the account that has it', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { body } = await at(books, 'records/80000005-1735722000');
  t.match(body, {
    resource: 'accounts',
    postings: [
      { date: '2025-01-01', account: { fullName: 'Checking' }, debit: '12000.00' },
      { account: { fullName: 'Opening Balance Equity' }, credit: '12000.00' },
    ],
  });
});

t.test('a record from a state that is not complete is shown with what there is', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const time = '2025-02-01T00:00:00.000Z';
  const row = { endUserId: LARKSPUR, createdAt: time, updatedAt: time, revisionNumber: '1' };
  const postings = [{ account: 'A-3', amount: 100 }];
  const links = [{ id: 'A-1', resource: 'invoices', linkType: 'amount', amount: 100 }];
  const conductor = {
    invoices: [{ ...row, id: 'A-1', body: {} }],
    receivePayments: [{ ...row, id: 'A-2', body: { postings, links } }],
  };
  t.equal((await books.server.call('POST', '/__admin/state', { json: { conductor } })).status, 201);
  const account = { id: 'A-3', fullName: null };
  t.match(await at(books, 'records/A-2'), {
    status: 200,
    body: {
      postings: [{ date: null, account, entity: null, item: null, debit: '1.00', credit: null }],
      links: [{ id: 'A-1', refNumber: null, transactionDate: null, amount: '1.00' }],
    },
  });
});

t.test('every record of a company file can be viewed', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor');
  const rows = Object.entries(body.conductor as Record<string, Node[]>).flatMap(([resource, all]) =>
    Array.isArray(all) && !UNSEEN.includes(resource)
      ? all
          .filter(({ endUserId, revisionNumber }) => endUserId === MILLRACE && revisionNumber !== undefined)
          .map(({ id }) => ({ resource, id }))
      : [],
  );
  t.ok(rows.length > 50);
  for (const { resource, id } of rows) {
    const { status, body } = await at(books, `records/${encodeURIComponent(id)}`, MILLRACE);
    t.match({ status, resource: body.resource }, { status: 200, resource }, id);
  }
});

t.test('what is not there is said, and nothing is made by looking', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const SALTMARSH = 'end_usr_saltmarsh00003';
  const detail = async (path: string, endUser?: string) => {
    const { status, body } = await at(books, path, endUser);
    return [status, body.detail];
  };
  const none = `The end-user ${SALTMARSH} has no company file yet; the first QuickBooks request of the end-user creates it.`;
  t.strictSame(await detail('company-file/qbd.customers.list', SALTMARSH), [404, none]);
  t.strictSame(await detail('records/1', SALTMARSH), [404, none]);
  t.strictSame(await detail('records/none'), [
    404,
    `The company file of ${LARKSPUR} has no record "none"; the lists of the API show the ids of its records.`,
  ]);
  t.match(await detail('records/1', 'end_usr_nobody'), [404, /has no Conductor end-user "end_usr_nobody"/]);
  t.match(await at(books, `records/${INVOICE}?sandbox=unseen`), { status: 404, body: { type: /unknown-sandbox/ } });
  t.match(await at(books, `records/${INVOICE}?limit=1`), { status: 400, body: { detail: /limit/ } });
  t.equal((await books.server.call('GET', '/__admin/sandboxes')).body.meta.total, 1);
});

/** What the journal has of the newest request. */
const newest = async (books: Books): Promise<Node> =>
  (await books.server.call('GET', '/__admin/requests?limit=1')).body.requests[0];

/** A request of the API that is rehearsed. */
const rehearse = (books: Books, method: string, path: string, headers = {}) =>
  books.server.call(method, `/conductor/v1/quickbooks-desktop/${path}`, {
    headers: {
      authorization: 'Bearer sk_conductor_test',
      'conductor-end-user-id': LARKSPUR,
      prefer: 'dry-run',
      ...headers,
    },
  });

t.test('a void is rehearsed like a DELETE: the response comes, and nothing changes', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const file = async () => (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  const before = await file();
  const dry = await rehearse(books, 'POST', `invoices/${INVOICE}/void`);
  t.match(dry, { status: 200, headers: { 'preference-applied': 'dry-run' }, body: { id: INVOICE, voided: true } });
  t.match(await newest(books), { dryRun: true, operation: 'qbd.invoices.void', notes: undefined }, 'nothing is linked');
  const { conductor } = await file();
  t.strictSame(
    { ...conductor, integrationConnections: before.conductor.integrationConnections },
    before.conductor,
    'nothing but the time of the last request has changed',
  );
  t.match(await rehearse(books, 'POST', `invoices/${INVOICE}`), {
    status: 400,
    body: { detail: /dry-run is for DELETE only/ },
  });
});

t.test('the journal says what a delete or void reopens, rehearsed or not', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const paid = {
    resource: 'invoices',
    id: PAID,
    refNumber: '1002',
    transactionDate: '2025-01-12',
    before: { appliedAmount: '360.00', balanceRemaining: '0.00', isPaid: true },
    after: { appliedAmount: '0.00', balanceRemaining: '360.00', isPaid: false },
  };
  const { body: linked } = await at(books, `records/${PAYMENT}`);
  const deposit = linked.links[1].id;
  const refusal = await rehearse(books, 'DELETE', `receive-payments/${PAYMENT}`);
  t.match(refusal, { status: 502 }, 'a payment in a deposit cannot be deleted');
  t.equal((await newest(books)).notes, undefined);

  const freed = {
    resource: 'receivePayments',
    id: PAYMENT,
    refNumber: '55',
    transactionDate: '2025-01-20',
    before: {},
    after: {},
  };
  t.match(await rehearse(books, 'DELETE', `deposits/${deposit}`), { status: 200 });
  t.strictSame((await newest(books)).notes, { reopened: [freed] });
  t.match(await books.call('DELETE', `deposits/${deposit}`), { status: 200 });
  t.strictSame((await newest(books)).notes, { reopened: [freed] });

  t.match(await rehearse(books, 'DELETE', `receive-payments/${PAYMENT}`), { status: 200 });
  t.strictSame((await newest(books)).notes, { reopened: [paid] });
  t.match((await books.call('GET', `invoices/${PAID}`)).body, { isPaid: true }, 'nothing has changed');
});

t.test('of very many transactions that are reopened, the first hundred are noted', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const time = '2025-02-01T00:00:00.000Z';
  const row = { endUserId: LARKSPUR, createdAt: time, updatedAt: time, revisionNumber: '1' };
  const ids = Array.from({ length: 103 }, (_, number) => `B-${number}`);
  const invoices = ids.map((id) => ({ ...row, id, body: { transactionDate: '2025-02-01' } }));
  const links = ids.map((id) => ({ id, resource: 'invoices', linkType: 'amount', amount: 100 }));
  const payment = { ...row, id: 'B', body: { transactionDate: '2025-02-01', customer: { id: HARBOR }, links } };
  const json = { conductor: { invoices, receivePayments: [payment] } };
  t.equal((await books.server.call('POST', '/__admin/state', { json })).status, 201);
  t.match(await books.call('DELETE', 'receive-payments/B'), { status: 200 });
  const { notes } = await newest(books);
  t.equal(notes.moreReopened, 3);
  t.strictSame(
    notes.reopened.map(({ id }: Node) => id),
    ids.slice(0, 100),
  );
});
