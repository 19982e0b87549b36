// Erasure checks of company files: a person in the books of somebody else, and the owner of the books.
import t from 'tap';
import { type Books, LARKSPUR, type Node, openBooks } from './company-file.ts';

const HARBOR = '8000002B-1735722000';
const ALICE = 'alice.doe@example.com';
const QBD = '/conductor/v1/quickbooks-desktop';
const OUT_OF_REACH =
  "The company file on the customer's own computer stays as it is when an end-user is deleted: only its owner can delete what is in it.";

const check = async (books: Books, subject: string, include = ['state']): Promise<Node> =>
  (await books.server.call('POST', '/__admin/erasure-checks', { json: { subjects: [subject], include } })).body;

const fieldsOf = ({ residues }: Node) =>
  residues.map(({ resource, id, field, match, erasableBy }: Node) => [resource, id, field, match, erasableBy]);

async function withAlice(t: Parameters<typeof openBooks>[0]) {
  const books = await openBooks(t, LARKSPUR);
  const customer = await books.make('customers', { name: 'Alice Doe', email: ALICE });
  const lines = [{ description: 'Repair', amount: '10.00' }];
  const own = await books.make('invoices', { customerId: customer.id, transactionDate: '2025-02-01', lines });
  const memo = `ask ${ALICE}`;
  const other = await books.make('invoices', { customerId: HARBOR, transactionDate: '2025-02-01', memo, lines });
  return { books, customer, own, other };
}

t.test('a check says what removes a person from the books of another, and what cannot', async (t) => {
  const { books, customer, own, other } = await withAlice(t);
  const result = await check(books, ALICE);
  const remove = `DELETE ${QBD}/invoices/${own.id}`;
  t.strictSame(
    result.linked.map(({ value, linkedBy: { resource, field } }: Node) => [value, resource, field]),
    [[customer.id, 'customers', 'id']],
  );
  t.strictSame(fieldsOf(result), [
    ['customers', customer.id, 'id', 'linked', null],
    ['customers', customer.id, 'body.email', 'exact', null],
    ['invoices', own.id, 'body.customer.id', 'linked', remove],
    ['invoices', other.id, 'body.memo', 'contains', null],
  ]);
  t.strictSame(result.plan, [remove]);
  t.strictSame(result.planHeaders, { [remove]: { 'Conductor-End-User-Id': LARKSPUR } });
  t.strictSame(result.outOfReach, [OUT_OF_REACH]);
  const through = `/conductor/v1/end-users/${LARKSPUR}/passthrough/quickbooks_desktop`;
  t.strictSame(
    result.unerasable.map(({ resource, id, fields, instead }: Node) => [resource, id, fields, instead.split('; ')]),
    [
      [
        'customers',
        customer.id,
        ['id', 'body.email'],
        [
          `Nothing identifies its owner (endUsers ${LARKSPUR}) as the subject's`,
          `DELETE /conductor/v1/end-users/${LARKSPUR} would remove it`,
          `POST ${through} {"ListDelRq":{"ListDelType":"Customer","ListID":"${customer.id}"}} deletes it once nothing in the company file uses it`,
          `POST ${QBD}/customers/${customer.id} can overwrite its fields, and retire it with isActive false`,
          'PUT /__admin/state can replace the rows of conductor',
        ],
      ],
      [
        'invoices',
        other.id,
        ['body.memo'],
        [
          `Nothing identifies this row (invoices ${other.id}) as the subject's`,
          `DELETE ${QBD}/invoices/${other.id} would remove it`,
          `POST ${QBD}/invoices/${other.id} can overwrite its fields`,
          'PUT /__admin/state can replace the rows of conductor',
        ],
      ],
    ],
  );
});

t.test('after what the check says was done, nothing of the person is left', async (t) => {
  const { books, customer, own, other } = await withAlice(t);
  const headers = { authorization: 'Bearer sk_conductor_test' };
  const { plan, planHeaders } = await check(books, ALICE);
  for (const call of plan) {
    const [method, path] = call.split(' ');
    const removed = await books.server.call(method, path, { headers: { ...headers, ...planHeaders[call] } });
    t.match(removed, { status: 200, body: { id: own.id, deleted: true } });
  }
  const json = { ListDelRq: { ListDelType: 'Customer', ListID: customer.id } };
  const through = `/conductor/v1/end-users/${LARKSPUR}/passthrough/quickbooks_desktop`;
  t.equal((await books.server.call('POST', through, { headers, json })).status, 200);
  const { revisionNumber } = other;
  t.equal((await books.call('POST', `invoices/${other.id}`, { revisionNumber, memo: 'ask them' })).status, 200);
  t.match(await check(books, ALICE), { clean: true, plan: [], unerasable: [] });
  t.notOk('outOfReach' in (await check(books, ALICE)));
});

t.test('a customer who is used can be overwritten and retired; the name is found as well', async (t) => {
  const { books, customer, own } = await withAlice(t);
  t.match(fieldsOf(await check(books, 'Alice Doe')), [['customers', customer.id, 'body.name', 'exact', null]]);
  const { revisionNumber } = (await books.call('GET', `customers/${customer.id}`)).body;
  const overwritten = { revisionNumber, name: 'Former customer', email: '', isActive: false };
  t.equal((await books.call('POST', `customers/${customer.id}`, overwritten)).status, 200);
  t.match(await check(books, 'Alice Doe'), { clean: true });
  t.strictSame(
    fieldsOf(await check(books, ALICE))
      .map(([, id]: string[]) => id)
      .includes(own.id),
    true,
    'the invoice is still linked to the row that had the address',
  );
});

t.test('an employee is found by first and last name, in snapshots too', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const employee = await books.make('employees', { firstName: 'Zoe', middleName: 'M', lastName: 'Quist' });
  t.match(await check(books, 'Zoe Quist'), {
    clean: false,
    residues: [{ resource: 'employees', id: employee.id, field: 'body.firstName + body.lastName' }],
  });
  await books.server.call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  const kept = await check(books, 'Zoe Quist', ['snapshots']);
  t.match(kept.residues, [{ field: `conductor.employees.${employee.id}.body.firstName + body.lastName` }]);
});

t.test('an invoice whose customer is gone belongs to whom its id names', async (t) => {
  const { books, own } = await withAlice(t);
  const { body } = await books.server.call('GET', '/__admin/state?provider=conductor&resource=invoices');
  const [row] = body.conductor.invoices.filter(({ id }: Node) => id === own.id);
  const gone = { ...row, id: 'FFFF-1', body: { ...row.body, customer: { id: '80FFFFFF-1' }, memo: 'left early' } };
  await books.server.call('POST', '/__admin/state', { json: { conductor: { invoices: [gone] } } });
  t.strictSame((await check(books, '80FFFFFF-1')).plan, [`DELETE ${QBD}/invoices/FFFF-1`]);
  t.match(await check(books, 'left early'), { plan: [], unerasable: [{ id: 'FFFF-1' }] });
});

t.test('deleting the end-user takes the whole company file', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { call } = books.server;
  const { conductor } = (await call('GET', '/__admin/state?provider=conductor')).body;
  const counts = Object.fromEntries(
    Object.entries<Node[]>(conductor)
      .filter(([, rows]) => Array.isArray(rows))
      .map(([name, rows]) => [name, rows.filter(({ id, endUserId }) => (endUserId ?? id) === LARKSPUR).length])
      .filter(([, count]) => count !== 0),
  );
  const result = await check(books, 'books@larkspur.example');
  t.strictSame(result.plan, [`DELETE /conductor/v1/end-users/${LARKSPUR}`], 'one request');
  t.notOk('planHeaders' in result);
  t.strictSame(result.unerasable, []);
  t.strictSame(result.outOfReach, [OUT_OF_REACH]);
  const headers = { authorization: 'Bearer sk_conductor_test' };
  const deleted = await call('DELETE', `/conductor/v1/end-users/${LARKSPUR}`, { headers });
  const receipt = (await call('GET', `/__admin/deletions/${deleted.headers['x-understudy-request']}`)).body;
  t.strictSame(receipt.counts, counts);
  t.ok(receipt.counts.invoices === 2 && receipt.counts.customers === 3 && receipt.counts.companyFiles === 1);
  t.strictSame(receipt.detached, [], 'links go with both their ends');
  t.match(await check(books, 'books@larkspur.example'), { clean: true });
});
