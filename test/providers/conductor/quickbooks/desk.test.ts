// Records that a customer edits, opens and deletes at the desk, and what the API then refuses.
import t from 'tap';
import { LARKSPUR, MILLRACE, openBooks } from './company-file.ts';
import { desk, HARBOR, INVOICE, refused, rest, seen } from './desk.ts';

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
