// What happens at the customer's desk: records edited, locked and deleted there, an unreachable computer, preferences.
import t from 'tap';
import type { TestResponse } from '../../../harness.ts';
import { type Books, LARKSPUR, MILLRACE, type Node, openBooks } from './company-file.ts';

const HARBOR = '8000002B-1735722000';
/** Open, of Harbor Cafe. */
const INVOICE = '101-1736503200';

/** What the customer does at the desk. */
const desk = (books: Books, path: string, json: object = {}, endUser = LARKSPUR): Promise<TestResponse> =>
  books.server.call('POST', `/__admin/conductor/end-users/${endUser}/${path}`, { json });

/** The response of the API to what QuickBooks refuses. */
const refused = (code: string, text: string) => ({
  status: 502,
  body: {
    error: {
      message: `QBD Request Error (${code}): ${text}`,
      userFacingMessage: 'An internal server error occurred. Please try again.',
      type: 'INTEGRATION_ERROR',
      code: 'QBD_REQUEST_ERROR',
      httpStatusCode: 502,
      integrationCode: code,
    },
  },
});

/** A response without what differs each time. */
function seen({ status, body }: TestResponse): Node {
  const { requestId, ...error } = body.error ?? {};
  return { status, body: body.error === undefined ? body : { error } };
}

const rest = async (books: Books, path: string): Promise<Node> => (await books.call('GET', path)).body;

t.test('a record edited at the desk makes the revision number of the integration stale', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const before = await rest(books, `customers/${HARBOR}`);
  const { status, body: edited } = await desk(books, `records/${HARBOR}/edit`, { changes: { phone: '555-0199' } });
  t.equal(status, 200);
  const { revisionNumber, updatedAt } = edited;
  t.not(revisionNumber, before.revisionNumber);
  t.strictSame(edited, { ...before, phone: '555-0199', revisionNumber, updatedAt });
  t.strictSame(await rest(books, `customers/${HARBOR}`), edited);
  const stale = { note: 'called', revisionNumber: before.revisionNumber };
  t.strictSame(
    seen(await books.call('POST', `customers/${HARBOR}`, stale)),
    refused('3200', `The provided revision number (edit sequence) "${before.revisionNumber}" is out-of-date.`),
  );
  t.strictSame(await rest(books, `customers/${HARBOR}`), edited, 'nothing has changed');
  const updated = await books.call('POST', `customers/${HARBOR}`, { ...stale, revisionNumber });
  t.match(updated, { status: 200, body: { note: 'called', phone: '555-0199' } });
});

t.test('a record saved without changes has a new revision number, also one that has no update', async (t) => {
  const books = await openBooks(t, MILLRACE);
  for (const path of ['invoices', 'standard-terms']) {
    const [before] = (await rest(books, path)).data;
    const one = await rest(books, `${path}/${before.id}`);
    const { status, body } = await desk(books, `records/${before.id}/edit`, {}, MILLRACE);
    const { revisionNumber, updatedAt } = body;
    t.strictSame({ status, body }, { status: 200, body: { ...one, revisionNumber, updatedAt } });
    t.not(revisionNumber, before.revisionNumber, path);
  }
  const [template] = (await rest(books, 'templates')).data;
  const { body: saved } = await desk(books, `records/${template.id}/edit`, {}, MILLRACE);
  const { revisionNumber, updatedAt } = saved;
  t.strictSame(saved, { ...template, revisionNumber, updatedAt }, 'a template, which has no operation but the list');
  const [terms] = (await rest(books, 'standard-terms')).data;
  t.strictSame(
    (await desk(books, `records/${terms.id}/edit`, { changes: { name: 'Later' } }, MILLRACE)).body.detail,
    'changes: standardTerms have no update operation, so only an edit without changes is possible.',
  );
});

t.test('the rules of QuickBooks hold at the desk too, and say which one', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const edit = async (changes: object) => (await desk(books, `records/${HARBOR}/edit`, { changes })).body;
  t.strictSame(await edit({ name: 'Millstone Bakery' }), {
    type: 'urn:understudy:quickbooks-refuses',
    title: 'QuickBooks refuses',
    status: 409,
    detail: 'QBD Request Error (3100): The name "Millstone Bakery" of the list element is already in use.',
    integrationCode: '3100',
  });
  t.match(await edit({ surprise: 1 }), { status: 400, detail: /surprise/ });
  t.match(await edit({ phone: null }), { status: 400, detail: /^phone: / });
  t.match(await rest(books, `customers/${HARBOR}`), { name: 'Harbor Cafe', phone: '555-0101' }, 'nothing has changed');
});

const inUse = (what: string) => `There was an error adding, modifying or deleting ${what}`;

t.test('a record that is open in a window at the desk can be read, and not changed, deleted or voided', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const invoice = await rest(books, `invoices/${INVOICE}`);
  t.strictSame(await desk(books, `records/${INVOICE}/lock`).then(seen), {
    status: 200,
    body: { computer: { state: 'online', phase: 'before' }, locked: [INVOICE] },
  });
  const locked = refused('3175', `${inUse(`Invoice "${INVOICE}"`)} because it is already in use.`);
  const change = { memo: 'x', revisionNumber: invoice.revisionNumber };
  t.strictSame(seen(await books.call('POST', `invoices/${INVOICE}`, change)), locked);
  t.strictSame(seen(await books.call('DELETE', `invoices/${INVOICE}`)), locked);
  t.strictSame(seen(await books.call('POST', `invoices/${INVOICE}/void`)), locked);
  t.match(await books.call('POST', `invoices/${INVOICE}`, { ...change, revisionNumber: '1' }), {
    body: { error: { integrationCode: '3200' } },
  });
  t.strictSame(await rest(books, `invoices/${INVOICE}`), invoice, 'nothing has changed');
  t.match(await desk(books, `records/${INVOICE}/edit`, { changes: { memo: 'At the desk' } }), { status: 200 });
  t.match(await desk(books, `records/${INVOICE}/lock`), { body: { locked: [INVOICE] } }, 'a second lock is no other');
  t.strictSame((await desk(books, `records/${INVOICE}/unlock`)).body.locked, []);
  t.match(await books.call('DELETE', `invoices/${INVOICE}`), { status: 200, body: { deleted: true } });
});

t.test('what is linked with a locked transaction is refused as well', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await desk(books, `records/${INVOICE}/lock`);
  const pay = {
    customerId: HARBOR,
    transactionDate: '2025-02-01',
    totalAmount: '540.00',
    applyToTransactions: [{ transactionId: INVOICE, paymentAmount: '540.00' }],
  };
  const { body: paying } = await books.call('POST', 'receive-payments', pay);
  const related = `because the related transaction "${INVOICE}" is already in use.`;
  t.equal(paying.error.integrationCode, '3176');
  t.match(paying.error.message, new RegExp(`${inUse('Receive Payment "[0-9A-F]+-\\d+"')} ${related}$`));
  t.match(await rest(books, `invoices/${INVOICE}`), { balanceRemaining: '540.00', linkedTransactions: [] });
  t.match(await books.call('POST', 'receive-payments', { ...pay, applyToTransactions: undefined }), { status: 200 });

  await desk(books, `records/${INVOICE}/unlock`);
  const { id, revisionNumber } = await books.make('receive-payments', pay);
  await desk(books, `records/${INVOICE}/lock`);
  const refusal = refused('3176', `${inUse(`Receive Payment "${id}"`)} ${related}`);
  t.strictSame(seen(await books.call('DELETE', `receive-payments/${id}`)), refusal);
  t.strictSame(seen(await books.call('POST', `receive-payments/${id}`, { memo: 'x', revisionNumber })), refusal);
  t.match(
    await books.call('POST', `customers/${HARBOR}`, {
      note: 'not linked',
      revisionNumber: (await rest(books, `customers/${HARBOR}`)).revisionNumber,
    }),
    { status: 200 },
  );
  const unlinked = await books.make('receive-payments', { ...pay, applyToTransactions: undefined });
  t.match(await books.call('DELETE', `receive-payments/${unlinked.id}`), { status: 200 }, 'nothing is linked with it');
  t.match(await desk(books, `records/${id}/delete`), { status: 200 }, 'at the desk it can be deleted');
  t.match(await rest(books, `invoices/${INVOICE}`), { isPaid: false, balanceRemaining: '540.00' });
});

t.test('a list object deleted at the desk is in the feed, and one that is in use stays', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { id, createdAt } = await books.make('customers', { name: 'Walk-in' });
  await desk(books, `records/${id}/lock`);
  const response = await desk(books, `records/${id}/delete`);
  t.strictSame(seen(response), { status: 200, body: { resource: 'customers', id, deleted: true } });
  t.match(await books.call('GET', `customers/${id}`), { body: { error: { integrationCode: '500' } } });
  t.strictSame((await rest(books, 'deleted-list-objects?objectTypes=customer')).data, [
    {
      listType: 'customer',
      objectType: 'qbd_deleted_list_object',
      id,
      fullName: 'Walk-in',
      createdAt,
      deletedAt: '2025-03-01T12:00:00+00:00',
    },
  ]);
  const receipt = await books.server.call('GET', `/__admin/deletions/${response.headers['x-understudy-request']}`);
  t.match(receipt.body, {
    operation: 'deleteRecord',
    root: { resource: 'customers', id },
    deleted: [],
    detached: [],
    counts: { customers: 1 },
    answered: true,
  });
  t.match(await desk(books, `records/${HARBOR}/delete`), {
    status: 409,
    body: {
      integrationCode: '3160',
      detail: `QBD Request Error (3160): Cannot delete the object specified by the id = "${HARBOR}". QuickBooks error message: The Customer is used by customers 8000002C-1735722000.`,
    },
  });
  const [tax] = (await rest(books, 'sales-tax-codes?names=Non')).data;
  t.match(await desk(books, `records/${tax.id}/delete`), { status: 409, body: { detail: /used by/ } });
  t.match(await desk(books, `records/${INVOICE}/delete`), { status: 200, body: { resource: 'invoices' } });
  t.match(await rest(books, 'deleted-transactions?transactionTypes=invoice'), { data: [{ id: INVOICE }] });
  t.strictSame((await desk(books, 'computer', { state: 'online' })).body.locked, [], 'what is gone is not locked');
});

t.test('preferences may refer to what nothing else does', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { id } = await books.make('sales-tax-codes', { name: 'ZZZ', isTaxable: false });
  const code = { salesTax: { defaultNonTaxableSalesTaxCode: { id } } };
  t.match(await desk(books, 'preferences', code), {
    status: 200,
    body: { salesTax: { defaultNonTaxableSalesTaxCode: { id, fullName: 'ZZZ' } } },
  });
  t.match(await desk(books, `records/${id}/delete`), {
    status: 409,
    body: { detail: /is used by the preferences\.$/ },
  });
});

async function times(books: Books): Promise<unknown[]> {
  const { body } = await books.server.call('GET', `/conductor/v1/end-users/${LARKSPUR}`, {
    headers: { authorization: 'Bearer sk_conductor_test' },
  });
  const [{ lastRequestAt, lastSuccessfulRequestAt }] = body.integrationConnections;
  return [lastRequestAt, lastSuccessfulRequestAt];
}

/** One call of each kind that reaches QuickBooks. */
async function everyWay(books: Books): Promise<Node[]> {
  const headers = { authorization: 'Bearer sk_conductor_test' };
  const through = `/conductor/v1/end-users/${LARKSPUR}/passthrough/quickbooks_desktop`;
  return [
    await books.call('GET', 'customers'),
    await books.call('POST', 'customers', { name: 'New One' }),
    await books.call('GET', 'health-check'),
    await books.server.call('POST', through, { headers, json: { CompanyQueryRq: {} } }),
  ].map(seen);
}

const unreachable = (status: number, code: string, message: string) => ({
  status,
  body: {
    error: { message, userFacingMessage: message, type: 'INTEGRATION_CONNECTION_ERROR', code, httpStatusCode: status },
  },
});
const TIMEOUT = unreachable(504, 'QBD_REQUEST_TIMEOUT', 'Request timed out after 90 seconds.');

const names = async (books: Books) => (await rest(books, 'customers')).data.map(({ name }: Node) => name);

t.test('a computer that is offline fails every request at once, until it is online again', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await books.call('GET', 'customers');
  const [, success] = await times(books);
  await books.at('2025-03-02T12:00:00.000Z');
  t.strictSame((await desk(books, 'computer', { state: 'offline' })).body, {
    computer: { state: 'offline', phase: 'before' },
    locked: [],
  });
  const offline = unreachable(
    409,
    'INTEGRATION_CONNECTION_NOT_ACTIVE',
    'The QuickBooks Desktop connection is not active.',
  );
  for (const response of await everyWay(books)) t.strictSame(response, offline);
  t.strictSame(await times(books), ['2025-03-02T12:00:00.000Z', success], 'they are requests, and no successes');
  t.match(await desk(books, `records/${HARBOR}/edit`), { status: 200 }, 'at the desk the work goes on');
  await desk(books, 'computer', { state: 'online' });
  t.notOk((await names(books)).includes('New One'));
});

t.test('a computer that times out has done nothing', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await desk(books, 'computer', { state: 'timing-out' });
  for (const response of await everyWay(books)) t.strictSame(response, TIMEOUT);
  t.strictSame(seen(await books.call('DELETE', `invoices/${INVOICE}`)), TIMEOUT);
  await desk(books, 'computer', { state: 'online' });
  t.notOk((await names(books)).includes('New One'));
  t.equal((await books.call('GET', `invoices/${INVOICE}`)).status, 200);
});

t.test('a computer that times out after the commit has done it all the same', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await books.call('GET', 'customers');
  const [, success] = await times(books);
  await books.at('2025-03-02T12:00:00.000Z');
  await desk(books, 'computer', { state: 'timing-out', phase: 'after-commit' });
  for (const response of await everyWay(books)) t.strictSame(response, TIMEOUT);
  const lost = await books.call('DELETE', `invoices/${INVOICE}`);
  t.strictSame(seen(lost), TIMEOUT);
  t.strictSame(await times(books), ['2025-03-02T12:00:00.000Z', success]);
  const receipt = await books.server.call('GET', `/__admin/deletions/${lost.headers['x-understudy-request']}`);
  t.match(receipt.body, { root: { resource: 'invoices', id: INVOICE }, answered: false });
  t.match(await books.call('POST', 'customers', { name: 'New One' }), { body: { error: { integrationCode: '3100' } } });
  await desk(books, 'computer', { state: 'online' });
  t.ok((await names(books)).includes('New One'));
  t.match(await books.call('DELETE', `invoices/${INVOICE}`), { body: { error: { integrationCode: '3120' } } });
});

t.test('a closing date closes what is before it', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const invoice = await rest(books, `invoices/${INVOICE}`);
  const { accounting } = await rest(books, 'preferences');
  const closed = await desk(books, 'preferences', { accounting: { closingDate: '2025-01-31' } });
  t.strictSame(closed.body.accounting, { ...accounting, closingDate: '2025-01-31' });
  t.strictSame(await rest(books, 'preferences'), closed.body);
  const late = refused(
    '3171',
    'There was an error when modifying a Invoice. QuickBooks error message: The date of the transaction is on or before the closing date of the company.',
  );
  const { revisionNumber } = invoice;
  t.strictSame(seen(await books.call('POST', `invoices/${INVOICE}`, { memo: 'x', revisionNumber })), late);
  const lines = [{ description: 'Repair', amount: '10.00' }];
  const { id } = await books.make('invoices', { customerId: HARBOR, transactionDate: '2025-02-01', lines });
  const { revisionNumber: latest } = await rest(books, `invoices/${id}`);
  const back = { transactionDate: '2025-01-15', revisionNumber: latest };
  t.strictSame(seen(await books.call('POST', `invoices/${id}`, back)), late, 'nothing moves into the closed period');
  t.match(await books.call('DELETE', `invoices/${INVOICE}`), { body: { error: { integrationCode: '3161' } } });
  t.match(await books.call('POST', `invoices/${INVOICE}/void`), { body: { error: { integrationCode: '3161' } } });
  await desk(books, 'preferences', { accounting: { closingDate: null } });
  t.match(await books.call('DELETE', `invoices/${INVOICE}`), { status: 200 });
});

t.test('sales tax can be switched off, and personal data allowed', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const [widget] = (await rest(books, 'inventory-items?fullNames=Widget')).data;
  const sale = { customerId: HARBOR, transactionDate: '2025-02-01', lines: [{ itemId: widget.id, quantity: 1 }] };
  t.match(await books.make('invoices', sale), { salesTaxTotal: '4.00', balanceRemaining: '54.00' });
  t.equal((await desk(books, 'preferences', { salesTax: null })).body.salesTax, null);
  t.match(await books.make('invoices', sale), { salesTaxTotal: '0.00', balanceRemaining: '50.00', salesTaxItem: null });
  const { id } = await books.make('employees', { firstName: 'Ida', lastName: 'Stone', ssn: '123-45-6789' });
  t.equal((await rest(books, `employees/${id}`)).ssn, null);
  await desk(books, 'preferences', { appAccessRights: { isPersonalDataAccessAllowed: true } });
  t.equal((await rest(books, `employees/${id}`)).ssn, '123-45-6789');
});

t.test('preferences take what the API shows, and nothing else', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const before = await rest(books, 'preferences');
  const problem = async (json: object) => {
    const { status, body } = await desk(books, 'preferences', json);
    return { status, detail: body.detail, errors: body.errors?.map(({ path }: Node) => path) };
  };
  t.strictSame(await problem({ accounting: { closing: '2025' } }), {
    status: 400,
    detail: 'accounting.closing: unknown field.',
    errors: ['accounting.closing'],
  });
  for (const [changes, detail] of [
    [{ toString: 5 }, 'toString: unknown field.'],
    [{ accounting: { closingDate: { toString: null } } }, 'accounting.closingDate: must not be an object.'],
    [{ salesTax: { defaultTaxableSalesTaxCode: {} } }, 'salesTax.defaultTaxableSalesTaxCode.id: must be a text.'],
  ] as const)
    t.match(await problem(changes), { status: 400, detail });
  t.match(await problem({ salesTax: 'off' }), { status: 400, detail: 'salesTax: must be an object or null.' });
  t.match(await problem({ accounting: { isUsingAuditTrail: 'yes' } }), {
    status: 400,
    errors: ['accounting.isUsingAuditTrail'],
  });
  t.match(await problem({ salesTax: { defaultItemSalesTax: { id: HARBOR } } }), { status: 409, detail: /3140/ });
  t.strictSame(await rest(books, 'preferences'), before, 'nothing has changed');
});

t.test('unknown end-users and records are named', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  t.match(await desk(books, 'computer', { state: 'offline' }, 'end_usr_nobody'), {
    status: 404,
    body: {
      detail:
        'Sandbox default has no Conductor end-user "end_usr_nobody"; GET /conductor/v1/end-users lists the existing ones.',
    },
  });
  for (const action of ['edit', 'lock', 'unlock', 'delete']) {
    t.match(await desk(books, `records/80FFFFFF-1/${action}`), {
      status: 404,
      body: {
        detail: `The company file of ${LARKSPUR} has no record "80FFFFFF-1"; the lists of the API show the ids of its records.`,
      },
    });
    t.equal((await desk(books, `records/${INVOICE}/${action}`, {}, MILLRACE)).status, 404, 'the invoice of another');
  }
  t.match(await desk(books, 'computer', { state: 'asleep' }), { status: 400, body: { detail: /state/ } });
});

t.test('the desk is part of the state, and of snapshots', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { call } = books.server;
  const stored = async () => {
    const { body } = await call('GET', '/__admin/state?provider=conductor&resource=companyFiles');
    return body.conductor.companyFiles.find(({ endUserId }: Node) => endUserId === LARKSPUR).desk;
  };
  await desk(books, `records/${INVOICE}/lock`);
  await desk(books, 'computer', { state: 'timing-out', phase: 'after-commit' });
  const busy = { computer: { state: 'timing-out', phase: 'after-commit' }, locked: [INVOICE] };
  t.strictSame(await stored(), busy);
  await call('POST', '/__admin/snapshots', { json: { name: 'busy' } });
  await call('POST', '/__admin/reset', { json: {} });
  t.strictSame(await stored(), { computer: { state: 'online', phase: 'before' }, locked: [] });
  await call('POST', '/__admin/snapshots/busy/restore');
  t.strictSame(await stored(), busy);
});

t.test('an end-user who never used QuickBooks has a computer too', async (t) => {
  const books = await openBooks(t, 'end_usr_1234567abcdefg');
  await desk(books, 'computer', { state: 'offline' }, 'end_usr_1234567abcdefg');
  t.equal((await books.call('GET', 'customers')).status, 409);
});
