// Conductor's official SDK with the larger contract, used like a generated suite: fixed ids, repeated, concurrent.
import Conductor from 'conductor-node';
import t from 'tap';
import { larger } from './larger.ts';

const conductorEndUserId = 'end_usr_1234567abcdefg';

t.test('in example mode every resource responds, in any order and any number of times', async (t) => {
  const { url, call } = await larger(t);
  const made = await call('POST', '/__admin/sandboxes', { json: { name: 'suite', settings: { mode: 'example' } } });
  const { baseUrl } = made.body.providers.conductor;
  const conductor = new Conductor({
    apiKey: 'sk_conductor_..._sbx_suite',
    baseURL: baseUrl.replace('http://localhost', url),
    maxRetries: 0,
  });
  const { endUsers, authSessions, qbd } = conductor;
  const suite = [
    () => authSessions.create({ endUserId: conductorEndUserId, publishableKey: '{{YOUR_PUBLISHABLE_KEY}}' }),
    () => endUsers.create({ companyName: 'Acme Inc.', sourceId: 'same', email: 'alice@acme.com' }),
    () => endUsers.retrieve(conductorEndUserId),
    () => endUsers.list(),
    () => endUsers.delete(conductorEndUserId),
    () => endUsers.passthrough(conductorEndUserId, 'quickbooks_desktop', { foo: 'bar' } as never),
    () => qbd.healthCheck({ conductorEndUserId }),
    () => qbd.company.retrieve({ conductorEndUserId }),
    () => qbd.customers.list({ conductorEndUserId, ids: ['80000001-1234567890'], limit: 10, status: 'active' }),
    () => qbd.customers.create({ conductorEndUserId, name: 'Acme Inc.' }),
    () => qbd.customers.retrieve('80000001-1234567890', { conductorEndUserId }),
    () => qbd.customers.update('80000001-1234567890', { conductorEndUserId, revisionNumber: '1721172183' }),
    () => qbd.invoices.list({ conductorEndUserId, transactionDateFrom: '2025-01-01' }),
    () => qbd.invoices.create({ conductorEndUserId, customerId: '1', transactionDate: '2025-01-01' }),
    () => qbd.invoices.retrieve('123ABC-1234567890', { conductorEndUserId }),
    () => qbd.invoices.delete('123ABC-1234567890', { conductorEndUserId }),
  ];
  const kinds = [
    'auth_session',
    'end_user',
    'end_user',
    'list',
    'end_user',
    undefined,
    undefined,
    undefined,
    'list',
    'qbd_customer',
    'qbd_customer',
    'qbd_customer',
    'list',
    'qbd_invoice',
    'qbd_invoice',
    'qbd_invoice',
  ];
  const kindOf = (answer: unknown) => {
    const { objectType, data } = answer as { objectType?: string; data?: unknown };
    // The SDK's page objects contain only the rows.
    return objectType ?? (Array.isArray(data) ? 'list' : undefined);
  };
  for (let round = 0; round < 2; round++) {
    t.strictSame((await Promise.all(suite.map((one) => one()))).map(kindOf), kinds);
  }
  for (const one of [...suite].reverse()) await one();
  const seen: unknown[] = [];
  for await (const invoice of qbd.invoices.list({ conductorEndUserId })) seen.push(invoice.id);
  t.strictSame(seen, ['123ABC-1234567890'], 'paging ends');
  const count = await call('POST', '/__admin/requests/count?sandbox=suite', { json: { provider: 'conductor' } });
  t.strictSame(count.body, { count: 3 * suite.length + 1 });
  const failed = await call('GET', '/__admin/requests?sandbox=suite&status=400');
  t.strictSame(failed.body.requests, []);
});
