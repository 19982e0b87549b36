// Example mode: requests of SDK suites generated from the published document, repeated and in parallel.
import t, { type Test } from 'tap';
import { type RequestOptions, testServer } from '../../harness.ts';

const EXAMPLE = 'end_usr_1234567abcdefg';
const MOMENT = '2024-01-01T12:34:56.789Z';
const key = { authorization: 'Bearer sk_conductor_...' };

const connection = {
  id: 'int_conn_1234567abcdefg',
  objectType: 'integration_connection',
  createdAt: MOMENT,
  integrationSlug: 'quickbooks_desktop',
  lastRequestAt: MOMENT,
  lastSuccessfulRequestAt: MOMENT,
};
const endUser = {
  id: EXAMPLE,
  objectType: 'end_user',
  createdAt: MOMENT,
  companyName: 'Acme Inc.',
  sourceId: '12345678-abcd-abcd-example-1234567890ab',
  email: 'bob@acme.com',
  integrationConnections: [connection],
};

async function exampleMode(t: Test, settings: object = {}) {
  const { call } = await testServer(t);
  const made = await call('PATCH', '/__admin/sandboxes/default', {
    json: { settings: { mode: 'example', ...settings } },
  });
  t.equal(made.status, 200);
  return (method: string, path: string, ask: RequestOptions = {}) =>
    call(method, `/conductor/v1${path}`, { ...ask, headers: { ...key, ...ask.headers } });
}

t.test('the example end-user can be deleted repeatedly and is restored whenever it is addressed', async (t) => {
  const call = await exampleMode(t);
  const path = `/end-users/${EXAMPLE}`;
  t.strictSame((await call('GET', path)).body, endUser);
  for (let n = 0; n < 3; n++) {
    t.match(await call('DELETE', path), { status: 200, body: { id: EXAMPLE, deleted: true } });
  }
  const { data } = (await call('GET', '/end-users')).body;
  t.notOk(
    data.some(({ id }: { id: string }) => id === EXAMPLE),
    'the list does not restore it',
  );
  t.strictSame((await call('GET', path)).body, endUser, 'with its connection');
  const answers = await Promise.all(Array.from({ length: 20 }, () => call('DELETE', path)));
  t.same(new Set(answers.map(({ status }) => status)), new Set([200]));
  t.equal((await call('GET', '/end-users/end_usr_somebody')).status, 404, 'other unknown ids get 404');
});

t.test('a sourceId may be repeated, and each create makes a new end-user', async (t) => {
  const call = await exampleMode(t);
  const json = { companyName: 'Acme Inc.', email: 'alice@acme.com', sourceId: endUser.sourceId };
  const first = await call('POST', '/end-users', { json });
  const second = await call('POST', '/end-users', { json });
  t.match([first, second], [{ status: 200 }, { status: 200 }]);
  t.not(first.body.id, second.body.id);
});

t.test('an auth session accepts the placeholder key and any non-negative expiry', async (t) => {
  const call = await exampleMode(t, { auth: 'strict' });
  const create = (json: object) =>
    call('POST', '/auth-sessions', {
      json: { endUserId: EXAMPLE, publishableKey: '{{YOUR_PUBLISHABLE_KEY}}', ...json },
      headers: { authorization: 'Bearer sk_conductor_test' },
    });
  await call('DELETE', `/end-users/${EXAMPLE}`);
  t.equal((await create({})).status, 200);
  const ended = await create({ linkExpiryMins: 0, redirectUrl: 'https://example.com/auth/conductor-callback' });
  t.equal(ended.body.expiresAt, ended.body.createdAt);
  for (const [json, message] of [
    [{ linkExpiryMins: -1 }, /linkExpiryMins/],
    [{ linkExpiryMins: 1e12 }, /linkExpiryMins/],
    [{ linkExpiryMins: 'x' }, /linkExpiryMins/],
    [{ redirectUrl: 'callback' }, /redirectUrl/],
    [{ more: 1 }, /more/],
  ] as const) {
    t.match(await create(json), { status: 400, body: { error: { code: 'PARAMETER_INVALID', message } } });
  }
});

t.test('passthrough and health check need no connection', async (t) => {
  const call = await exampleMode(t);
  const made = await call('POST', '/end-users', { json: { companyName: 'C', email: 'e', sourceId: 's' } });
  for (const id of [EXAMPLE, made.body.id]) {
    const passed = await call('POST', `/end-users/${id}/passthrough/quickbooks_desktop`, { json: { foo: 'bar' } });
    t.strictSame(passed.body, {
      fooRs: { statusCode: '0', statusSeverity: 'Info', statusMessage: 'Status OK' },
    });
    const healthy = await call('GET', '/quickbooks-desktop/health-check', { headers: { 'conductor-end-user-id': id } });
    t.strictSame(healthy.body, { duration: 100, status: 'ok' });
  }
  t.notSame((await call('GET', `/end-users/${EXAMPLE}`)).body.integrationConnections[0].lastRequestAt, MOMENT);
  t.strictSame((await call('GET', `/end-users/${made.body.id}`)).body.integrationConnections, []);
  t.equal(
    (await call('POST', `/end-users/${EXAMPLE}/passthrough/quickbooks_desktop`, { json: {} })).status,
    400,
    'an empty request is still an error',
  );
  t.equal((await call('GET', '/quickbooks-desktop/health-check')).status, 400, 'a missing header is still an error');
});

t.test('outside example mode the same calls are rejected', async (t) => {
  const { call } = await testServer(t);
  const headers = key;
  const path = `/conductor/v1/end-users/${EXAMPLE}`;
  t.equal((await call('DELETE', path, { headers })).status, 200);
  t.equal((await call('DELETE', path, { headers })).status, 404);
});
