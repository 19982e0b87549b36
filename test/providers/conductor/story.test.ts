// The life of one end-user through every operation and page, comparing whole responses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { testServer } from '../../harness.ts';
import { FIXTURES, freezeClock } from './fixed-clock.ts';

const key = { authorization: 'Bearer sk_conductor_test' };
const NOW = '2025-06-01T10:00:00.000Z';

type Row = Record<string, unknown>;
const fixture = (name: string): Row[] => JSON.parse(readFileSync(join(FIXTURES, 'conductor', `${name}.json`), 'utf8'));

/** The end-users of the fixtures in their API form, newest first. */
function fixtureUsers(): Row[] {
  const connections = fixture('integrationConnections');
  return fixture('endUsers')
    .map((user) => ({
      ...user,
      objectType: 'end_user',
      integrationConnections: connections
        .filter(({ endUserId }) => endUserId === user.id)
        .map(({ endUserId: _, ...connection }) => ({ ...connection, objectType: 'integration_connection' })),
    }))
    .sort((one: Row, other: Row) => String(other.createdAt).localeCompare(String(one.createdAt)));
}

t.test('an end-user is created, connected, used and deleted', async (t) => {
  const data = t.testdir();
  freezeClock(data, NOW);
  const { call } = await testServer(t, { data });
  const ask = async (method: string, path: string, more: object = {}) => {
    const answer = await call(method, `/conductor/v1${path}`, { headers: key, ...more });
    t.match(answer.headers['conductor-request-id'], /^req_[0-9a-z]{14}$/, `${method} ${path} has a request id`);
    t.match(answer.headers['content-type'], /^application\/json(;|$)/);
    return { status: answer.status, body: answer.body };
  };

  const created = await ask('POST', '/end-users', {
    json: { email: '', sourceId: ' u-1 ', companyName: 'Fish & Chips' },
  });
  const { id } = created.body;
  t.match(id, /^end_usr_[0-9a-z]{14}$/);
  const fresh = {
    id,
    objectType: 'end_user',
    createdAt: NOW,
    companyName: 'Fish & Chips',
    sourceId: ' u-1 ',
    email: '',
    integrationConnections: [],
  };
  t.strictSame(created, { status: 200, body: fresh }, 'strings are stored as sent, even empty ones');
  t.strictSame(await ask('GET', `/end-users/${id}`), { status: 200, body: fresh });
  const second = (
    await ask('POST', '/end-users', { json: { email: 'b@example.com', sourceId: 'U-1', companyName: 'Fish & Chips' } })
  ).body;
  t.same(
    await ask('GET', '/end-users?limit=1&cursor=x'),
    { status: 200, body: { objectType: 'list', url: '/v1/end-users', data: [second, fresh, ...fixtureUsers()] } },
    'the list has all end-users, newest first, ties in reverse order of creation; query parameters are ignored',
  );

  const session = await ask('POST', '/auth-sessions', {
    headers: { ...key, host: 'understudy.test:4010' },
    json: {
      endUserId: id,
      publishableKey: 'pk_live_a&b',
      linkExpiryMins: 20.00001,
      redirectUrl: 'https://myapp.com/auth/callback?x=1',
    },
  });
  const { id: sessionId, clientSecret } = session.body;
  t.match(sessionId, /^auth_sess_[0-9a-z]{14}$/);
  t.match(clientSecret, /^auth_sess_client_secret_[0-9a-z]{14}$/);
  t.strictSame(session, {
    status: 200,
    body: {
      id: sessionId,
      objectType: 'auth_session',
      createdAt: NOW,
      endUserId: id,
      clientSecret,
      authFlowUrl: `http://understudy.test:4010/conductor/connect/qbd/${clientSecret}?key=pk_live_a%26b`,
      expiresAt: '2025-06-01T10:20:00.001Z',
      redirectUrl: 'https://myapp.com/auth/callback?x=1',
    },
  });
  const plain = await ask('POST', '/auth-sessions', { json: { endUserId: id, publishableKey: 'pk_conductor_test' } });
  t.match(
    plain.body,
    { expiresAt: '2025-06-01T10:30:00.000Z', redirectUrl: null },
    'the defaults are 30 minutes and no redirect',
  );

  const link = session.body.authFlowUrl.slice('http://understudy.test:4010'.length);
  const page = await call('GET', link);
  t.match(page, {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'conductor-request-id': /^req_[0-9a-z]{14}$/,
    },
  });
  t.match(page.body, '<b>Fish &#38; Chips</b>');
  t.match(page.body, '<form method="post"><button>Connect</button></form>');
  t.match(page.body, 'Understudy');
  const begun = (await ask('GET', `/end-users/${id}`)).body;
  const connection = {
    id: begun.integrationConnections[0].id,
    objectType: 'integration_connection',
    createdAt: NOW,
    integrationSlug: 'quickbooks_desktop',
    lastRequestAt: null,
    lastSuccessfulRequestAt: null,
  };
  t.match(connection.id, /^int_conn_[0-9a-z]{14}$/);
  t.strictSame(begun, { ...fresh, integrationConnections: [connection] }, 'opening the page creates a connection');
  await call('GET', link);
  t.strictSame((await ask('GET', `/end-users/${id}`)).body, begun, 'opening it again changes nothing');

  const pressed = await call('POST', link, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: 'a=b',
  });
  t.match(pressed, {
    status: 303,
    body: '',
    headers: {
      location: 'https://myapp.com/auth/callback?x=1',
      'cache-control': 'no-store',
      'conductor-request-id': /^req_/,
    },
  });
  const connected = {
    ...fresh,
    integrationConnections: [{ ...connection, lastRequestAt: NOW, lastSuccessfulRequestAt: NOW }],
  };
  t.strictSame((await ask('GET', `/end-users/${id}`)).body, connected, 'the button completes it');
  const other = plain.body.authFlowUrl.slice('http://localhost'.length);
  t.match(await call('POST', other), {
    status: 200,
    body: /You can close this tab/,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });

  t.strictSame(
    await ask('POST', `/end-users/${id}/passthrough/quickbooks_desktop`, {
      json: { CustomerQueryRq: { MaxReturned: 5 } },
    }),
    {
      status: 200,
      body: {
        CustomerQueryRs: {
          statusCode: '1',
          statusSeverity: 'Info',
          statusMessage: 'A query request did not find a matching object in QuickBooks',
        },
      },
    },
  );
  t.strictSame(
    await ask('GET', '/quickbooks-desktop/health-check', {
      headers: { ...key, 'CONDUCTOR-end-user-ID': id, 'conductor-timeout-seconds': 'x' },
    }),
    {
      status: 200,
      body: { duration: 100, status: 'ok' },
    },
  );

  t.strictSame(await ask('DELETE', `/end-users/${id}`), {
    status: 200,
    body: { id, objectType: 'end_user', deleted: true },
  });
  t.match(await ask('DELETE', `/end-users/${id}`), { status: 404, body: { error: { code: 'RESOURCE_MISSING' } } });
  t.same((await ask('GET', '/end-users')).body.data, [second, ...fixtureUsers()], 'other end-users are unchanged');
});

t.test('a link of another sandbox contains its name, because a browser sends no key', async (t) => {
  const { call } = await testServer(t, { settings: { auth: 'strict' } });
  const { body } = await call('POST', '/conductor/v1/auth-sessions', {
    headers: { authorization: 'bearer  sk_conductor_test_sbx_team-a' },
    json: { endUserId: 'end_usr_5wpdwmc6a5ingu', publishableKey: 'pk_conductor_test_sbx_team-a' },
  });
  t.equal(
    body.authFlowUrl,
    `http://localhost/conductor/connect/qbd/${body.clientSecret}?key=pk_conductor_test_sbx_team-a&sandbox=team-a`,
  );
  const link = body.authFlowUrl.slice('http://localhost'.length);
  t.match(
    await call('POST', link),
    { status: 200, headers: { 'x-understudy-sandbox': 'team-a' } },
    'the button works even if the page was never opened',
  );
  t.equal((await call('GET', link.replace('&sandbox=team-a', ''))).status, 404);
  const user = (sandbox: string) =>
    call('GET', '/conductor/v1/end-users/end_usr_5wpdwmc6a5ingu', {
      headers: { authorization: `Bearer sk_conductor_test${sandbox}` },
    });
  t.match((await user('_sbx_team-a')).body.integrationConnections, [{ lastSuccessfulRequestAt: /^20/ }]);
  t.strictSame((await user('')).body.integrationConnections, []);
});

t.test('the page handles an empty company name', async (t) => {
  const { call } = await testServer(t);
  const ask = (path: string, json: object) => call('POST', `/conductor/v1${path}`, { headers: key, json });
  const { body: user } = await ask('/end-users', { companyName: ' ', sourceId: 'nameless', email: 'a@example.com' });
  const { body: session } = await ask('/auth-sessions', {
    endUserId: user.id,
    publishableKey: 'pk_conductor_test',
  });
  const page = await call('GET', session.authFlowUrl.slice('http://localhost'.length));
  t.equal(page.status, 200);
  t.match(page.body, '<p>Your company is about to be connected to QuickBooks Desktop.</p>');
});
