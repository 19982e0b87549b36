// Rows of company files that no request could have written: state and fixtures with them are refused, at the place.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, testServer } from '../../../harness.ts';
import { LARKSPUR, type Node } from './company-file.ts';

/** Changes the row of a fixture: where, and what is said of it. */
const CASES: Readonly<Record<string, readonly [list: string, change: (row: Node) => unknown, said: string]>> = {
  'links that are none': ['invoices', ({ body }) => (body.links = 'none'), 'body.links: Invalid input: expected array'],
  'the amount of a link': [
    'invoices',
    ({ body }) => (body.links = [{ id: '1-1', resource: 'bills', linkType: 'amount', amount: 1e308 }]),
    'body.links[0].amount: Too big',
  ],
  'a posting of half a cent': [
    'invoices',
    ({ body }) => (body.postings[0].amount = 0.5),
    'body.postings[0].amount: Invalid input: expected int',
  ],
  'a total': ['invoices', ({ body }) => (body.totalAmount = {}), 'body.totalAmount: Invalid input: expected string'],
  'a date': ['invoices', ({ body }) => (body.transactionDate = '2025-02-31T'), 'body.transactionDate: must be a date'],
  'a reference': ['invoices', ({ body }) => (body.customer = { fullName: 'A' }), 'body.customer: must be a reference'],
  'lines that are none': ['invoices', ({ body }) => (body.lines = {}), 'body.lines: must be an array'],
  'a line that is none': ['invoices', ({ body }) => (body.lines[0] = 'x'), 'body.lines[0]: must be an object'],
  'a rate': ['invoices', ({ body }) => (body.lines[0].rate = 'much'), 'body.lines[0].rate: must be a decimal'],
  'a quantity': [
    'invoices',
    ({ body }) => (body.lines[0].quantity = 1e300),
    'body.lines[0].quantity: must be a number',
  ],
  'a flag': ['invoices', ({ body }) => (body.isPending = 'yes'), 'body.isPending: must be a boolean'],
  'no name': ['customers', ({ body }) => delete body.name, 'body.name: must be a text of at least one character'],
  'an empty name': ['accounts', ({ body }) => (body.name = ''), 'body.name: must be a text of at least one character'],
  'no initials': [
    'salesRepresentatives',
    ({ body }) => delete body.initial,
    'body.initial: must be a text of at least one character',
  ],
  'a template without a name': [
    'templates',
    ({ body }) => delete body.name,
    'body.name: must be a text of at least one character',
  ],
  'a null': ['invoices', ({ body }) => (body.lines = null), 'body.lines: must not be null'],
  'a kind of account': [
    'accounts',
    ({ body }) => (body.accountType = 'purse'),
    'body.accountType: must be one of accounts_payable',
  ],
  'the company': [
    'companyFiles',
    (row) => (row.company = { legalCompanyName: 5 }),
    'company.legalCompanyName: must be a string',
  ],
  preferences: [
    'companyFiles',
    ({ preferences }) => (preferences.accounting = { closingDate: 'soon' }),
    'preferences.accounting.closingDate: must be a date',
  ],
};

t.test('state with a row that no request could have written is refused, and changes nothing', async (t) => {
  const { call } = await testServer(t);
  const { body: before } = await call('GET', '/__admin/state?provider=conductor');
  for (const [name, [list, change, said]] of Object.entries(CASES)) {
    const state = structuredClone(before);
    const at = state.conductor[list].findIndex(({ endUserId }: Node) => endUserId === LARKSPUR);
    change(state.conductor[list][at]);
    const { status, body } = await call('PUT', '/__admin/state', { json: state });
    t.equal(status, 400, name);
    t.equal(body.errors.length, 1, name);
    t.match(`${body.errors[0].path}: ${body.errors[0].message}`, `conductor.${list}[${at}].${said}`, name);
  }
  t.strictSame((await call('GET', '/__admin/state?provider=conductor')).body, before);
  const state = structuredClone(before);
  Object.assign(state.conductor.invoices[0].body, { memo: null, objectType: 'qbd_invoice', otherThing: { a: 1 } });
  t.equal(
    (await call('PUT', '/__admin/state', { json: state })).status,
    204,
    'what may be null, and what nobody reads',
  );
  t.equal((await call('PUT', '/__admin/state', { json: before })).status, 204, 'the built-in fixtures are valid');
  const preferences = `/__admin/conductor/end-users/${LARKSPUR}/preferences`;
  t.equal((await call('POST', preferences, { json: { salesTax: null } })).status, 200);
  const { body: switchedOff } = await call('GET', '/__admin/state?provider=conductor');
  t.equal((await call('PUT', '/__admin/state', { json: switchedOff })).status, 204, 'preferences may be switched off');
});

t.test('fixtures with such a row are refused with its place', async (t) => {
  const dir = t.testdir();
  cpSync(join(ROOT, 'fixtures'), dir, { recursive: true, dereference: true });
  const file = join(dir, 'conductor', 'customerMessages.json');
  await testServer(t, { fixtures: dir });
  const rows = JSON.parse(readFileSync(file, 'utf8'));
  rows[0].body.links = 'none';
  writeFileSync(file, JSON.stringify(rows));
  await t.rejects(testServer(t, { fixtures: dir }), {
    message: /customerMessages\.json.*row 1.*body\.links.*expected array/,
  });
});
