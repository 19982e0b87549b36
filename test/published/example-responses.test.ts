// Responses from a published document for operations without a handler: its examples and schemas.
import t from 'tap';
import type { TestServer } from '../harness.ts';
import { ALICE, larger } from './larger.ts';

const KEY = { authorization: 'Bearer sk_conductor_test' };

/** Sends requests for Alice, or for another given end-user. */
const clientOf =
  ({ call }: TestServer) =>
  (method: string, path: string, json?: unknown, headers: Record<string, string> = {}) =>
    call(method, `/conductor/v1${path}`, {
      headers: { ...KEY, 'conductor-end-user-id': ALICE, ...headers },
      ...(json === undefined ? {} : { json }),
    });

const CUSTOMER = {
  id: '80000001-1234567890',
  objectType: 'qbd_customer',
  createdAt: '2025-01-01T12:34:56+00:00',
  name: 'Acme Inc.',
  parent: { id: '80000001-1234567890', fullName: 'Acme Inc.' },
  billingAddress: { line1: '1 Main Street', city: 'Springfield' },
  children: [],
  balance: '1000.00',
};

t.test('an operation without a handler returns a constant sample of its schema', async (t) => {
  const ask = clientOf(await larger(t));
  const list = await ask('GET', '/quickbooks-desktop/next/customers?ids=a&ids=b&limit=150&includeSublocations=true');
  t.strictSame(
    [list.status, list.body],
    [
      200,
      {
        objectType: 'list',
        url: '/v1/quickbooks-desktop/next/customers',
        data: [CUSTOMER],
        nextCursor: null,
        remainingCount: 0,
        hasMore: false,
      },
    ],
  );
  t.strictSame((await ask('POST', '/quickbooks-desktop/next/customers', { name: 'Acme' })).body, CUSTOMER);
  t.strictSame((await ask('POST', '/quickbooks-desktop/next/customers', { name: 'Acme' })).body, CUSTOMER, 'and again');
  const invoices = await ask('GET', '/quickbooks-desktop/next/invoices?refNumbers=a,b&total[least]=5.5');
  t.match(invoices.body.data, [{ transactionDate: /^\d{4}-\d\d-\d\d$/, lines: [{ id: '456DEF-1234567890' }] }]);
});

t.test('an example takes precedence over the schema if it matches it', async (t) => {
  const ask = clientOf(await larger(t));
  t.strictSame((await ask('GET', '/quickbooks-desktop/next/invoices/1')).body, {
    id: '1',
    objectType: 'qbd_invoice',
    transactionDate: '2025-01-01',
    isPaid: true,
    customer: { id: '80000001-1234567890', fullName: 'Acme Inc.' },
    lines: [],
  });
});

t.test('status, documented headers and media type are the document’s; the request id is new each time', async (t) => {
  const ask = clientOf(await larger(t));
  const invoices = await ask('GET', '/quickbooks-desktop/next/invoices');
  t.equal(invoices.headers['x-rate-limit'], '600');
  t.match(invoices.headers['conductor-request-id'], /^req_[0-9a-z]{14}$/);
  t.not(invoices.headers['conductor-request-id'], 'req_1234567abcdefg');
  for (const late of [{}, { prefer: 'delay=1' }] as Record<string, string>[]) {
    const voided = await ask('POST', '/quickbooks-desktop/next/invoices/1/void', undefined, late);
    t.strictSame([voided.status, voided.headers['content-type'], voided.body], [204, undefined, '']);
  }
  const report = await ask('GET', '/quickbooks-desktop/next/reports/aging.csv');
  t.strictSame(
    [report.status, report.headers['content-type'], report.body],
    [200, 'text/csv', 'name,balance\nAcme Inc.,0.00\n'],
  );
  const company = await ask('GET', '/quickbooks-desktop/next/company');
  t.strictSame([company.status, company.body], [200, { objectType: 'qbd_company', companyName: 'Acme Inc.' }]);
});

t.test('deleted end-users get 404 there too, and end-users without a connection 409', async (t) => {
  const ask = clientOf(await larger(t));
  const company = async (id: string) => {
    const { status, body } = await ask('GET', '/quickbooks-desktop/next/company', undefined, {
      'conductor-end-user-id': id,
    });
    return [status, body.error?.code];
  };
  t.strictSame(await company(ALICE), [200, undefined]);
  const deleted = await ask('DELETE', `/end-users/${ALICE}`);
  t.strictSame([deleted.status, deleted.body], [200, { id: ALICE, objectType: 'end_user', deleted: true }]);
  t.strictSame(await company(ALICE), [404, 'RESOURCE_MISSING']);
  const json = { companyName: 'New', sourceId: 'new', email: '' };
  const { body } = await ask('POST', '/end-users', json);
  t.strictSame(await company(body.id), [409, 'INTEGRATION_CONNECTION_NOT_SET_UP']);
  const keyless = await ask('GET', '/quickbooks-desktop/next/company', undefined, { authorization: '' });
  t.strictSame([keyless.status, keyless.body.error.code], [401, 'API_KEY_INVALID']);
});

t.test('faults, journal, receipts and the catalogue support them like any other operation', async (t) => {
  const running = await larger(t);
  const ask = clientOf(running);
  const offline = await ask('GET', '/quickbooks-desktop/next/company', undefined, { prefer: 'code=502' });
  t.strictSame([offline.status, offline.body.error.code], [502, 'QBD_CONNECTION_ERROR']);
  const rule = { match: { operation: 'qbd.firm.retrieve' }, mode: { times: 1 }, effect: { status: 503 } };
  t.equal((await running.call('POST', '/__admin/faults', { json: rule })).status, 201);
  t.equal((await ask('GET', '/quickbooks-desktop/next/company')).status, 503);
  t.equal((await ask('GET', '/quickbooks-desktop/next/company')).status, 200);
  const late = await ask('POST', '/quickbooks-desktop/next/invoices/1/void', undefined, {
    prefer: 'code=500, phase=after-commit',
  });
  t.equal(late.status, 500);
  const json = { operation: 'qbd.firm.retrieve', status: 200 };
  t.strictSame((await running.call('POST', '/__admin/requests/count', { json })).body, { count: 1 });
  const { body } = await running.call('GET', '/__admin/errors?provider=conductor');
  t.ok(
    body.errors.some((one: { operation: string }) => one.operation === 'GET /quickbooks-desktop/next/customers/{id}'),
  );
  const lost = await ask('GET', '/quickbooks-desktop/next/companies');
  t.equal(lost.status, 404);
  t.match(
    lost.body.error.message,
    /\. Neither Understudy nor the document given with --contract conductor=<file> has it\.$/,
  );
  const journal = await running.call('GET', '/__admin/requests?limit=1');
  t.equal(journal.body.requests[0].nearest[0].operation, 'qbd.firm.retrieve');
});

t.test('a wire fault breaks the documented response', async (t) => {
  const { url } = await larger(t);
  const cut = fetch(`${url}/conductor/v1/quickbooks-desktop/next/company`, {
    headers: { ...KEY, 'conductor-end-user-id': ALICE, prefer: 'fault=truncated, phase=after-commit' },
  }).then((answer) => answer.text());
  await t.rejects(cut, /terminated|fetch failed/);
  const table = await fetch(`${url}/conductor/v1/quickbooks-desktop/next/reports/aging.csv`, {
    headers: { ...KEY, 'conductor-end-user-id': ALICE, prefer: 'fault=truncated, phase=after-commit' },
  });
  t.equal(table.headers.get('content-type'), 'text/csv');
  await t.rejects(table.text(), /terminated/);
});

t.test('the served document is the published one with our additions and the source of each response', async (t) => {
  const { call } = await larger(t);
  const { body } = await call('GET', '/__admin/openapi/conductor.json');
  t.equal(body.info.title, 'A larger Conductor');
  t.strictSame(body.servers, [{ url: 'http://localhost/conductor/v1' }]);
  t.equal(body.paths['/quickbooks-desktop/next/company'].get['x-understudy-answered'], 'document');
  const endUser = body.paths['/end-users/{endUserId}'];
  t.equal(endUser.delete['x-understudy-answered'], 'state');
  t.strictSame(Object.keys(endUser.delete.responses), ['200', '400', '401', '403', '404', '429', '500', '503']);
  const described = { description: 'Id of the end-user.', example: 'end_usr_alice000000042' };
  t.strictSame(endUser.get.parameters, [
    {
      name: 'endUserId',
      in: 'path',
      required: true,
      schema: { type: 'string', example: 'end_usr_1234567abcdefg' },
      ...described,
    },
  ]);
  t.notOk('/end-users/{id}' in body.paths, 'no duplicate path');
  t.ok(body.paths['/auth-sessions'].post.requestBody, 'an operation missing from the published document is added');
  t.ok('end_user' in body.components.schemas && 'customer' in body.components.schemas);
});
