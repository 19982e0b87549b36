// Preferences changed at the desk: a closing date, sales tax, personal data, and what they refer to.
import t from 'tap';
import { LARKSPUR, type Node, openBooks } from './company-file.ts';
import { desk, HARBOR, INVOICE, refused, rest, seen } from './desk.ts';

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
