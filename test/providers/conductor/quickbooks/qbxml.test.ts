// Raw QuickBooks requests through passthrough that are answered from the company file.
import t from 'tap';
import type { TestResponse } from '../../../harness.ts';
import { type Books, LARKSPUR, MILLRACE, type Node, openBooks } from './company-file.ts';

const HARBOR = '8000002B-1735722000';
const INVOICE = '101-1736503200';
const OK = { statusCode: '0', statusSeverity: 'Info', statusMessage: 'Status OK' };
const NOTHING = {
  statusCode: '1',
  statusSeverity: 'Info',
  statusMessage: 'A query request did not find a matching object in QuickBooks',
};

const through = (books: Books, json: object, endUser = LARKSPUR): Promise<TestResponse> =>
  books.server.call('POST', `/conductor/v1/end-users/${endUser}/passthrough/quickbooks_desktop`, {
    headers: { authorization: 'Bearer sk_conductor_test' },
    json,
  });

const receiptOf = async (books: Books, { headers }: TestResponse): Promise<Node> =>
  (await books.server.call('GET', `/__admin/deletions/${headers['x-understudy-request']}`)).body;

const refusal = (code: string, text: string) => ({
  status: 502,
  body: {
    error: { code: 'QBD_REQUEST_ERROR', integrationCode: code, message: `QBD Request Error (${code}): ${text}` },
  },
});

t.test('ListDelRq deletes a list object that nothing uses, and says when', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { id } = await books.make('customers', { name: 'Walk-in' });
  const response = await through(books, { ListDelRq: { ListDelType: 'Customer', ListID: id } });
  t.equal(response.status, 200);
  t.strictSame(response.body, {
    ListDelRs: {
      ...OK,
      ListDelType: 'Customer',
      ListID: id,
      TimeDeleted: '2025-03-01T12:00:00+00:00',
      FullName: 'Walk-in',
    },
  });
  t.match(await receiptOf(books, response), {
    operation: 'endUsers.passthrough',
    root: { resource: 'customers', id },
    counts: { customers: 1 },
  });
  const feed = (await books.call('GET', 'deleted-list-objects?objectTypes=customer')).body.data;
  t.match(feed, [{ id, fullName: 'Walk-in' }]);
  const person = await books.make('employees', { firstName: 'Ida', lastName: 'Stone' });
  const rep = await books.make('sales-representatives', { initial: 'IS', entityId: person.id });
  t.match(await through(books, { ListDelRq: { ListDelType: 'SalesRep', ListID: rep.id } }), {
    body: { ListDelRs: { ListDelType: 'SalesRep', FullName: 'IS' } },
  });
  t.match(
    await through(books, { ListDelRq: { ListDelType: 'Customer', ListID: id } }),
    refusal('3120', `Object "${id}" specified in the request cannot be found.`),
  );
  t.match(
    await through(books, { ListDelRq: { ListDelType: 'Customer', ListID: HARBOR } }),
    refusal(
      '3160',
      `Cannot delete the object specified by the id = "${HARBOR}". QuickBooks error message: The Customer is used by customers 8000002C-1735722000.`,
    ),
  );
  t.match(await books.call('GET', `customers/${HARBOR}`), { status: 200 });
});

t.test('TxnDelRq deletes a transaction, and its receipt says what that reopened', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const payment = await books.make('receive-payments', {
    customerId: HARBOR,
    transactionDate: '2025-02-01',
    totalAmount: '100.00',
    refNumber: '77',
    applyToTransactions: [{ transactionId: INVOICE, paymentAmount: '100.00' }],
  });
  const response = await through(books, { TxnDelRq: { TxnDelType: 'ReceivePayment', TxnID: payment.id } });
  t.strictSame(response.body, {
    TxnDelRs: {
      ...OK,
      TxnDelType: 'ReceivePayment',
      TxnID: payment.id,
      TimeDeleted: '2025-03-01T12:00:00+00:00',
      RefNumber: '77',
    },
  });
  t.match(await receiptOf(books, response), {
    root: { resource: 'receivePayments', id: payment.id },
    deleted: [],
    detached: [{ resource: 'invoices', id: INVOICE, field: 'linkedTransactions' }],
    counts: { receivePayments: 1 },
  });
  t.match(await books.call('GET', `invoices/${INVOICE}`), { body: { balanceRemaining: '540.00' } });
  const { id } = await books.make('receive-payments', {
    customerId: HARBOR,
    transactionDate: '2025-02-01',
    totalAmount: '1.00',
  });
  const { body } = await through(books, { TxnDelRq: { TxnDelType: 'ReceivePayment', TxnID: id } });
  t.notOk('RefNumber' in body.TxnDelRs, 'what is empty is left out');
});

t.test('a delete that QuickBooks refuses undoes the others of its request', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { id } = await books.make('vendors', { name: 'Nobody Ltd' });
  const both = {
    ListDelRq: { ListDelType: 'Vendor', ListID: id },
    TxnDelRq: { TxnDelType: 'Invoice', TxnID: 'FFFFFF-1' },
  };
  t.match(await through(books, both), refusal('3120', 'Object "FFFFFF-1" specified in the request cannot be found.'));
  t.match(await books.call('GET', `vendors/${id}`), { status: 200 });
  t.match(
    await through(books, { ListDelRq: { ListID: id } }),
    refusal('3150', 'There is a missing element: "ListDelType".'),
  );
  t.match(await through(books, { TxnDelRq: null }), refusal('3150', 'There is a missing element: "TxnDelType".'));
  for (const ListDelType of ['Template', 'Invoice', 'customer'])
    t.match(
      await through(books, { ListDelRq: { ListDelType, ListID: id } }),
      refusal('1030', `The ListDelType "${ListDelType}" is not supported.`),
    );
  for (const [TxnDelType, code] of [
    ['ARRefundCreditCard', '3120'],
    ['SalesRep', '1030'],
  ])
    t.match(await through(books, { TxnDelRq: { TxnDelType, TxnID: id } }), {
      body: { error: { integrationCode: code } },
    });
});

t.test('CustomerQueryRq finds what the list finds, in the words of qbXML', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const query = async (fields: object) => (await through(books, { CustomerQueryRq: fields })).body.CustomerQueryRs;
  const names = async (fields: object) => (await query(fields)).CustomerRet?.map(({ FullName }: Node) => FullName);
  t.strictSame(await query({ ListID: HARBOR }), {
    ...OK,
    CustomerRet: [
      {
        ListID: HARBOR,
        TimeCreated: '2025-01-01T09:00:00+00:00',
        TimeModified: '2025-01-01T09:00:00+00:00',
        EditSequence: '1735722000',
        Name: 'Harbor Cafe',
        FullName: 'Harbor Cafe',
        IsActive: 'true',
        Sublevel: '0',
        CompanyName: 'Harbor Cafe',
        BillAddress: {
          Addr1: 'Harbor Cafe',
          Addr2: '1 Quay Street',
          City: 'Portland',
          State: 'ME',
          PostalCode: '04101',
        },
        Phone: '555-0101',
        Email: 'owner@harborcafe.example',
        TermsRef: { ListID: '80000009-1735722000', FullName: 'Net 30' },
        Balance: '540.00',
        TotalBalance: '540.00',
        SalesTaxCodeRef: { ListID: '80000006-1735722000', FullName: 'Tax' },
        ItemSalesTaxRef: { ListID: '80000025-1735722000', FullName: 'State Tax' },
      },
    ],
  });
  t.strictSame(await names({}), ['Harbor Cafe', 'Harbor Cafe:Kitchen Refit', 'Millstone Bakery']);
  t.strictSame(await names({ MaxReturned: 1 }), ['Harbor Cafe']);
  t.strictSame(await names({ FullName: ['Millstone Bakery', 'harbor cafe'] }), ['Millstone Bakery', 'Harbor Cafe']);
  for (const [MatchCriterion, Name] of [
    ['Contains', 'stone'],
    ['StartsWith', 'mill'],
    ['EndsWith', 'BAKERY'],
  ])
    t.strictSame(await names({ NameFilter: { MatchCriterion, Name } }), ['Millstone Bakery'], String(MatchCriterion));
  const { revisionNumber } = (await books.call('GET', `customers/${HARBOR}`)).body;
  await books.call('POST', `customers/${HARBOR}`, { revisionNumber, isActive: false });
  t.strictSame(await names({ ActiveStatus: 'InactiveOnly' }), ['Harbor Cafe']);
  t.strictSame(await names({ ActiveStatus: 'All', FromModifiedDate: '2025-03-01' }), ['Harbor Cafe']);
  t.strictSame(await query({ ToModifiedDate: '2024-12-31' }), NOTHING);
  t.match(
    await through(books, { CustomerQueryRq: { OwnerID: '0' } }),
    refusal('1030', 'The element "OwnerID" of the query is not supported.'),
  );
  t.match(
    await through(books, { CustomerQueryRq: { NameFilter: 'Bakery' } }),
    refusal('3150', 'There is a missing element: "MatchCriterion".'),
  );
  t.match(await through(books, { CustomerQueryRq: { MaxReturned: 'many' } }), {
    body: { error: { integrationCode: '3060' } },
  });
  t.match(await through(books, { CustomerQueryRq: { ListID: '80FFFFFF-1' } }), {
    body: { error: { integrationCode: '500' } },
  });
});

t.test('InvoiceQueryRq finds what the list finds, with lines when they are asked for', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const query = async (fields: object) => (await through(books, { InvoiceQueryRq: fields })).body.InvoiceQueryRs;
  const numbers = async (fields: object) => (await query(fields)).InvoiceRet?.map(({ RefNumber }: Node) => RefNumber);
  t.strictSame(await numbers({ MaxReturned: 1 }), ['1001']);
  const invoice = {
    TxnID: INVOICE,
    TimeCreated: '2025-01-10T10:00:00+00:00',
    TimeModified: '2025-01-10T10:00:00+00:00',
    EditSequence: '1736503200',
    CustomerRef: { ListID: HARBOR, FullName: 'Harbor Cafe' },
    ARAccountRef: { ListID: '80000001-1735722000', FullName: 'Accounts Receivable' },
    TemplateRef: { ListID: '80000010-1735722000' },
    TxnDate: '2025-01-10',
    RefNumber: '1001',
    BillAddress: { Addr1: 'Harbor Cafe', Addr2: '1 Quay Street', City: 'Portland', State: 'ME', PostalCode: '04101' },
    IsPending: 'false',
    IsFinanceCharge: 'false',
    TermsRef: { ListID: '80000009-1735722000', FullName: 'Net 30' },
    DueDate: '2025-02-09',
    Subtotal: '500.00',
    ItemSalesTaxRef: { ListID: '80000025-1735722000', FullName: 'State Tax' },
    SalesTaxPercentage: '8.00',
    SalesTaxTotal: '40.00',
    AppliedAmount: '0.00',
    BalanceRemaining: '540.00',
    IsPaid: 'false',
  };
  const { TemplateRef, ...shown } = (await query({ TxnID: INVOICE })).InvoiceRet[0];
  t.strictSame({ ...shown, TemplateRef: { ListID: TemplateRef.ListID } }, invoice);
  const { InvoiceRet } = await query({ RefNumber: '1001', IncludeLineItems: true });
  t.strictSame(InvoiceRet[0].InvoiceLineRet, [
    {
      TxnLineID: '102-1736503200',
      ItemRef: { ListID: '80000029-1735722000', FullName: 'Widget' },
      Desc: 'Widget',
      Quantity: '10',
      Rate: '50.00',
      Amount: '500.00',
      SalesTaxCodeRef: { ListID: '80000006-1735722000', FullName: 'Tax' },
    },
  ]);
  t.match((await query({ RefNumber: '1002' })).InvoiceRet, [
    { AppliedAmount: '-360.00', BalanceRemaining: '0.00', IsPaid: 'true' },
  ]);
  t.strictSame(await numbers({}), ['1001', '1002']);
  t.strictSame(await numbers({ PaidStatus: 'PaidOnly' }), ['1002']);
  t.strictSame(await numbers({ PaidStatus: 'NotPaidOnly' }), ['1001']);
  t.strictSame(await numbers({ PaidStatus: 'All', EntityFilter: { ListID: HARBOR } }), ['1001']);
  t.strictSame(await numbers({ TxnDateRangeFilter: { FromTxnDate: '2025-01-11', ToTxnDate: '2025-01-31' } }), ['1002']);
  t.strictSame(await query({ ModifiedDateRangeFilter: { ToModifiedDate: '2025-01-01' } }), NOTHING);
  t.match(await through(books, { InvoiceQueryRq: {} }, 'end_usr_1234567abcdefg'), {
    status: 200,
    body: { InvoiceQueryRs: NOTHING },
  });
});

t.test('a response in passthrough.json wins over the company file', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call } = books.server;
  const passthrough = { CustomerQueryRq: { answer: { CustomerRet: { Name: 'Fixed' } } } };
  await call('POST', '/__admin/state', { json: { conductor: { passthrough } } });
  const { body } = await through(books, { CustomerQueryRq: {} }, MILLRACE);
  t.strictSame(body, { CustomerQueryRs: { CustomerRet: { Name: 'Fixed' } } });
});
