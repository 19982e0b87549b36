// Validation of requests against a published document, with errors in the provider's format.
import { join } from 'node:path';
import t from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import { testServer } from '../harness.ts';
import { ALICE, larger } from './larger.ts';

const headers = { authorization: 'Bearer sk_conductor_test', 'conductor-end-user-id': ALICE };

/** Sends a request; returns the status and, for an error, the message. */
async function startClient(t: Parameters<typeof larger>[0]) {
  const { call } = await larger(t);
  return async (method: string, path: string, json?: unknown, more: Record<string, string> = {}) => {
    const ask = { headers: { ...headers, ...more }, ...(json === undefined ? {} : { json }) };
    const { status, body } = await call(method, `/conductor/v1/quickbooks-desktop/next${path}`, ask);
    return status === 200 ? 200 : [status, body.error.message];
  };
}

t.test('query parameters are parsed as their declared types', async (t) => {
  const ask = await startClient(t);
  t.equal(await ask('GET', '/customers?limit=150&status=all&includeSublocations=false&unknown=1'), 200);
  t.strictSame(await ask('GET', '/customers?limit=1000&status=foo&includeSublocations=maybe'), [
    400,
    'Too big: expected number to be <=150 at "limit"; Invalid option: expected one of "active"|"all"|"inactive" at "status"; Invalid input: expected boolean, received string at "includeSublocations"',
  ]);
  t.strictSame(await ask('GET', '/customers?limit=0&limit=1'), [
    400,
    'Invalid input: expected integer, received array at "limit"',
  ]);
  t.strictSame(await ask('GET', '/customers?limit=0'), [400, 'Too small: expected number to be >=1 at "limit"']);
});

t.test('lists are repeated keys or one string, objects have their keys in brackets', async (t) => {
  const ask = await startClient(t);
  t.equal(await ask('GET', '/customers?ids=a&ids=b'), 200);
  t.equal(await ask('GET', '/customers?ids=a,b'), 200, 'one id with a comma in it');
  t.strictSame(await ask('GET', `/customers?ids=${'x'.repeat(37)}`), [
    400,
    'Too big: expected string to have <=36 characters at "ids[0]"',
  ]);
  t.equal(await ask('GET', '/invoices?refNumbers=a,b&total[least]=5'), 200);
  t.strictSame(await ask('GET', '/invoices?refNumbers=a,&total[most]=5&transactionDateFrom=jan'), [
    400,
    'Invalid ISO date at "transactionDateFrom"; Too small: expected string to have >=1 characters at "refNumbers[1]"; Unrecognized key: "most" at "total"',
  ]);
});

t.test('path and headers are validated too', async (t) => {
  const ask = await startClient(t);
  t.strictSame(await ask('GET', '/reports/payroll.csv'), [
    400,
    'Invalid option: expected one of "aging"|"job" at "report-name"',
  ]);
  t.strictSame(await ask('GET', `/invoices/${'x'.repeat(37)}`), [
    400,
    'Too big: expected string to have <=36 characters at "id"',
  ]);
  const { call } = await larger(t);
  const { body } = await call('GET', '/conductor/v1/quickbooks-desktop/next/company', {
    headers: { authorization: headers.authorization },
  });
  t.equal(body.error.message, 'Invalid input: expected string, received undefined at "Conductor-End-User-Id"');
});

t.test('a body must be present, be JSON and match the schema; unknown keys are reported last, together', async (t) => {
  const ask = await startClient(t);
  t.equal(await ask('POST', '/customers', { name: 'Acme', isActive: false }), 200);
  t.strictSame(await ask('POST', '/customers'), [400, 'Invalid input: expected object, received undefined at "body"']);
  t.strictSame(await ask('POST', '/customers', []), [400, 'Invalid input: expected object, received array at "body"']);
  t.strictSame(await ask('POST', '/customers', { phone: 1, name: 5, fax: 2 }), [
    400,
    'Invalid input: expected string, received number at "name"; Unrecognized keys: "phone", "fax"',
  ]);
  t.strictSame(await ask('POST', '/customers', { billingAddress: { line1: 'a', zip: 1 } }), [
    400,
    'Invalid input: expected string, received undefined at "name"; Invalid input: expected string|null, received undefined at "billingAddress.city"; Unrecognized key: "zip" at "billingAddress"',
  ]);
});

t.test('errors of a nullable schema are those of the schema; a oneOf only reports that none matches', async (t) => {
  const ask = await startClient(t);
  t.equal(await ask('POST', '/customers/1', { revisionNumber: '1', billingAddress: null, creditLimit: null }), 200);
  t.strictSame(await ask('POST', '/customers/1', { creditLimit: 'a', billingAddress: { line1: 1, city: '' } }), [
    400,
    'Invalid input: expected string, received undefined at "revisionNumber"; Invalid string: must match pattern ^-?\\d+\\.\\d\\d$ at "creditLimit"; Invalid input: expected string|null, received number at "billingAddress.line1"',
  ]);
  const invoice = { customerId: '1', transactionDate: '2025-01-01' };
  t.equal(await ask('POST', '/invoices', { ...invoice, lines: [{ itemId: '1' }] }), 200);
  t.strictSame(await ask('POST', '/invoices', { ...invoice, lines: [{ itemId: '1' }, { nothing: 1 }] }), [
    400,
    'Invalid input: must match exactly one schema in oneOf at "lines[1]"',
  ]);
  t.strictSame(await ask('POST', '/invoices', { ...invoice, transactionDate: 'May', lines: [] }), [
    400,
    'Invalid ISO date at "transactionDate"; Too small: expected array to have >=1 items at "lines"',
  ]);
});

t.test('cookies are read and validated', async (t) => {
  const cookie = (name: string, schema: object, more = {}) => ({ name, in: 'cookie', schema, ...more });
  const parameters = [
    cookie('session', { type: 'string', minLength: 3 }, { required: true }),
    cookie('theme', { enum: ['light', 'dark'] }),
    cookie('seen', { type: 'array', items: { type: 'integer' } }),
    cookie('order', { type: 'object', properties: { by: { type: 'string' } }, required: ['by'] }),
  ];
  const document = {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    paths: { '/a': { get: { parameters, responses: { 200: { description: '' } } } } },
  };
  const file = join(t.testdir({ 'contract.json': JSON.stringify(document) }), 'contract.json');
  const { call } = await testServer(t, { contracts: await readContracts([{ provider: 'conductor', file }]) }, []);
  const ask = async (cookie?: string) => {
    const { status, body } = await call('GET', '/conductor/v1/a', {
      headers: { ...headers, ...(cookie === undefined ? {} : { cookie }) },
    });
    return status === 200 ? 200 : [status, body.error.message];
  };
  const missing = 'Invalid input: expected string, received undefined at "Cookie.session"';
  t.strictSame(await ask(), [400, missing]);
  t.strictSame(await ask('other=1; session'), [400, missing]);
  t.equal(await ask('session=abc'), 200);
  t.equal(await ask('session="a%20c"; theme=dark; seen=1; seen=2; unknown=%zz; by=name'), 200);
  t.equal(await ask('session=%zz; seen=3'), 200, 'a text that is not percent-encoded');
  t.strictSame(await ask('session=%20a; theme=dark'), [400, 'Invalid value of the cookie session at "Cookie"']);
  t.strictSame(await ask('session=abc; order={}'), [400, 'Invalid value of the cookie order at "Cookie"']);
  t.strictSame(await ask('session=abc; theme=red; seen=1; seen=x'), [
    400,
    'Invalid value of the cookie theme at "Cookie"; Invalid value of the cookie seen at "Cookie"',
  ]);
});
