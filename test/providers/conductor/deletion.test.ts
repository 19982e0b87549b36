// Conductor: deletion of end-users with their cascade, links of deleted end-users, and connection actions.
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import { Call } from '../../../src/core/http/call.ts';
import { mountProvider } from '../../../src/core/http/mount.ts';
import { Problem } from '../../../src/core/problem.ts';
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import { Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import type { Database } from '../../../src/core/storage/database.ts';
import { conductor } from '../../../src/providers/conductor/index.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { type TestServer, testServer } from '../../harness.ts';
import { FIXTURES, freezeClock, inside } from './fixed-clock.ts';

const V1 = '/conductor/v1';
const key = { authorization: 'Bearer sk_conductor_test' };
const ALICE = 'end_usr_alice000000042';
const BOB = 'end_usr_1234567abcdefg';
const TABLES = ['endUsers', 'integrationConnections', 'authSessions', 'passthroughRecords'];

/** The link of a new session, without its host. */
async function linkOf(call: TestServer['call'], endUserId: string, more: object = {}): Promise<string> {
  const { body } = await call('POST', `${V1}/auth-sessions`, {
    headers: key,
    json: { endUserId, publishableKey: 'pk_conductor_test', ...more },
  });
  return body.authFlowUrl.slice('http://localhost'.length);
}

t.test('connections, sessions and records are deleted with their end-user, everything else stays', async (t) => {
  const data = t.testdir();
  freezeClock(data, '2025-06-01T10:00:00.000Z');
  const rows = (db: Database) =>
    TABLES.map((table) => db.all<{ id: string; endUserId?: string }>(`select * from conductor_${table} order by seq`));
  const before = inside(data, rows);
  const { app, call } = await testServer(t, { data });
  const link = await linkOf(call, ALICE);
  t.equal((await call('GET', link)).status, 200);
  const gone = await call('DELETE', `${V1}/end-users/${ALICE}`, {
    headers: { ...key, 'content-type': 'text/plain' },
    raw: '{broken',
  });
  t.strictSame(gone.body, { id: ALICE, objectType: 'end_user', deleted: true }, 'a body sent along is ignored');
  for (const [method, path, ask] of [
    ['GET', `/end-users/${ALICE}`, {}],
    ['DELETE', `/end-users/${ALICE}`, {}],
    ['POST', `/end-users/${ALICE}/passthrough/quickbooks_desktop`, { json: { a: 1 } }],
    ['GET', '/quickbooks-desktop/health-check', { headers: { ...key, 'conductor-end-user-id': ALICE } }],
    ['POST', '/auth-sessions', { json: { publishableKey: 'pk_x', endUserId: ALICE } }],
  ] as const) {
    const answer = await call(method, V1 + path, { headers: key, ...ask });
    t.match(answer, {
      status: 404,
      body: { error: { code: 'RESOURCE_MISSING', message: `No such end-user: '${ALICE}'` } },
    });
  }
  t.equal((await call('GET', link)).status, 404, 'its page is gone');
  t.equal((await call('POST', link)).status, 404, 'also in an open tab');
  const list = await call('GET', `${V1}/end-users`, { headers: key });
  t.notOk(list.body.data.some(({ id }: { id: string }) => id === ALICE));
  await app.close();
  const others = before.map((table) => table.filter((row) => row.id !== ALICE && row.endUserId !== ALICE));
  t.strictSame(inside(data, rows), others);
  const receipts = inside(data, (db) =>
    db.all('select resource, via, count(*) as rows from ledger group by resource, via order by resource'),
  );
  t.same(receipts, [
    { resource: 'authSessions', via: 'authSessions.endUserId', rows: 2 },
    { resource: 'endUsers', via: null, rows: 1 },
    { resource: 'integrationConnections', via: 'integrationConnections.endUserId', rows: 1 },
    { resource: 'passthroughRecords', via: 'passthroughRecords.endUserId', rows: 1 },
  ]);
});

t.test('every invalid link shows the same page', async (t) => {
  const { call } = await testServer(t);
  const link = await linkOf(call, BOB);
  const secret = link.replace(/\?.*/, '');
  const pages = await Promise.all([
    call('GET', '/conductor/connect/qbd/nothing?key=pk_conductor_test'),
    call('GET', '/conductor/connect/qbd/?key=pk_conductor_test'),
    call('GET', secret),
    call('GET', `${secret}?key=pk_other`),
    call('GET', `${link}&key=pk_conductor_test`),
    call('POST', `${secret}?key=pk_other`),
    call('GET', '/conductor/connect/qbd/auth_sess_client_secret_1234567abcdefg?key=pk_conductor_test'),
  ]);
  for (const { status, headers, body } of pages) {
    t.match(
      { status, headers },
      {
        status: 404,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'conductor-request-id': /^req_/,
        },
      },
    );
    t.equal(body, pages[0].body);
  }
  t.match(pages[0].body, 'This link does not work');
});

t.test('pages escape text, and HEAD creates no connection', async (t) => {
  const { call } = await testServer(t);
  const { body } = await call('POST', `${V1}/end-users`, {
    headers: key,
    json: { companyName: `<script>alert("1")</script> & 'Co'`, sourceId: 'x', email: '' },
  });
  const link = await linkOf(call, body.id);
  t.equal((await call('HEAD', link)).status, 404);
  t.strictSame((await call('GET', `${V1}/end-users/${body.id}`, { headers: key })).body.integrationConnections, []);
  const page = (await call('GET', link)).body;
  t.match(page, '<b>&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;Co&#39;</b>');
  t.notMatch(page, '<script');
  t.match(page, `default-src 'none'`);
  t.match(page, 'prefers-color-scheme: dark');
});

/** A sandbox without a server. */
function alone(t: Test) {
  const sandboxes = new Sandboxes(loadFixtures(FIXTURES, FIXTURES, PROVIDERS));
  t.teardown(() => sandboxes.close());
  const sandbox = sandboxes.find('default');
  const stand = (instant: string) => {
    sandbox.db.run("update meta set value = ? where key = 'clock_frozen'", Date.parse(instant));
    sandbox.reload();
  };
  return { sandboxes, sandbox, stand };
}

t.test('a session expires at its expiresAt, and its connection stays', async (t) => {
  const { sandbox, stand } = alone(t);
  const [open, press] = conductor.pages ?? [];
  const request = {
    sandbox,
    params: { clientSecret: 'auth_sess_client_secret_fzqf81eqqe7bwd' },
    query: { key: 'pk_conductor_test' },
  };
  stand('2025-03-06T10:31:00.785Z');
  t.match(open?.handle(request), { status: 200 });
  t.match(press?.handle(request), { status: 200 });
  t.match(press?.handle(request), { status: 200 }, 'the link can be used again until then');
  stand('2025-03-06T10:31:00.786Z');
  t.match(open?.handle(request), { status: 404 });
  t.match(press?.handle(request), { status: 404 });
  t.same(
    sandbox.db.all(
      "select lastSuccessfulRequestAt from conductor_integrationConnections where endUserId = 'end_usr_5wpdwmc6a5ingu'",
    ),
    [{ lastSuccessfulRequestAt: '2025-03-06T10:31:00.785Z' }],
  );
});

t.test('the control plane connects and disconnects without a browser', async (t) => {
  const { sandbox, stand } = alone(t);
  const [connect, disconnect] = conductor.actions ?? [];
  const NOW = '2025-06-01T10:00:00.000Z';
  const user = {
    id: 'end_usr_5wpdwmc6a5ingu',
    objectType: 'end_user',
    createdAt: '2025-02-27T10:30:00.663Z',
    companyName: 'Little Lighthouse Kids Club',
    sourceId: 'school-06',
    email: '',
  };
  let requests = 0;
  const act = (action: typeof connect, body: object, id = user.id) => {
    const given = { params: action?.params.parse({ id }), body: action?.body?.parse(body) };
    const operation = { provider: 'conductor', name: action?.name as string };
    const answer = action?.handle(
      new Call({
        sandbox,
        caller: null,
        query: undefined,
        headers: undefined,
        operation,
        requestId: `r${requests++}`,
        providerRequestId: null,
        entry: null,
        publicBase: '',
        checkpointFault: null,
        ...given,
      } as unknown as ConstructorParameters<typeof Call>[0]),
    );
    return action?.response.parse(answer) as { integrationConnections: { id: string }[] };
  };
  stand(NOW);
  t.strictSame(act(disconnect, {}), { ...user, integrationConnections: [] }, 'nothing to reset');
  t.strictSame(act(disconnect, { remove: true }), { ...user, integrationConnections: [] }, 'nothing to remove');
  const pending = act(connect, { state: 'pending' });
  const id = pending.integrationConnections[0]?.id as string;
  const connection = (lastRequestAt: string | null, lastSuccessfulRequestAt = lastRequestAt) => ({
    ...user,
    integrationConnections: [
      {
        id,
        objectType: 'integration_connection',
        createdAt: NOW,
        integrationSlug: 'quickbooks_desktop',
        lastRequestAt,
        lastSuccessfulRequestAt,
      },
    ],
  });
  t.strictSame(pending, connection(null));
  stand('2025-06-02T10:00:00.000Z');
  t.strictSame(act(connect, {}), connection('2025-06-02T10:00:00.000Z'));
  stand('2025-06-03T10:00:00.000Z');
  t.strictSame(
    act(connect, { state: 'connected' }),
    connection('2025-06-02T10:00:00.000Z'),
    'already connected: nothing changes',
  );
  t.strictSame(act(disconnect, { remove: false }), connection(null));
  t.strictSame(act(connect, {}), connection('2025-06-03T10:00:00.000Z'));
  t.strictSame(act(connect, { state: 'pending' }), connection(null));
  t.equal(sandbox.db.all('select * from deletions').length, 0);
  t.strictSame(act(disconnect, { remove: true }), { ...user, integrationConnections: [] });
  t.match(
    sandbox.db.all('select resource, id, via from ledger'),
    [{ resource: 'integrationConnections', id, via: null }],
    'a removal leaves a receipt',
  );
  for (const action of [connect, disconnect]) {
    t.throws(() => act(action, {}, 'nobody'), {
      constructor: Problem,
      status: 404,
      message: /no Conductor end-user "nobody"/,
    });
  }
  t.throws(() => act(connect, { state: 'gone' }));
  t.throws(() => act(disconnect, { removed: true }));
});

/** A server with only this provider and that sandbox. */
async function mounted(t: Test, sandboxes: Sandboxes) {
  const app = Fastify();
  t.teardown(() => app.close());
  const served = { provider: conductor, sandboxes, checkAnswers: true } as Parameters<typeof mountProvider>[1];
  mountProvider(app, served);
  await app.ready();
  return app;
}

t.test('an internal error gets 500 without details', async (t) => {
  const { sandboxes, sandbox } = alone(t);
  const app = await mounted(t, sandboxes);
  sandbox.db.execute('drop table conductor_integrationConnections');
  const { statusCode, headers, body } = await app.inject({ method: 'GET', url: `${V1}/end-users`, headers: key });
  t.equal(statusCode, 500);
  t.strictSame(JSON.parse(body), {
    error: {
      message: 'Unexpected server error.',
      userFacingMessage: 'An internal server error occurred. Please try again.',
      type: 'INTERNAL_ERROR',
      code: 'INTERNAL_ERROR',
      httpStatusCode: 500,
      requestId: headers['conductor-request-id'],
    },
  });
});

t.test('the document shows the published limits and not those that only prose has', async (t) => {
  const { call } = await testServer(t);
  const { paths } = (await call('GET', '/__admin/openapi/conductor.json')).body;
  const body = (path: string) => paths[path].post.requestBody.content['application/json'].schema;
  const limits = Object.entries(body('/auth-sessions').properties as Record<string, object>).map(([name, schema]) => {
    const { description: _, example: __, ...rest } = schema as Record<string, unknown>;
    return [name, rest];
  });
  t.strictSame(Object.fromEntries(limits), {
    publishableKey: { type: 'string' },
    endUserId: { type: 'string' },
    linkExpiryMins: { type: 'number', default: 30 },
    redirectUrl: { type: 'string', format: 'uri' },
  });
  t.match(body('/end-users/{id}/passthrough/{integrationSlug}'), { type: 'object', minProperties: 1 });
  t.notOk(
    Object.keys(paths).some((path) => path.includes('connect')),
    'pages are not operations',
  );
});

t.test('sample keys include the sandbox name, except for default', async (t) => {
  t.strictSame(conductor.sampleKeys('default'), {
    secretKey: 'sk_conductor_test',
    publishableKey: 'pk_conductor_test',
  });
  t.strictSame(conductor.sampleKeys('b'), {
    secretKey: 'sk_conductor_test_sbx_b',
    publishableKey: 'pk_conductor_test_sbx_b',
  });
});
