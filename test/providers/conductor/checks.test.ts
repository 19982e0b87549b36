// Conductor: errors for keys, paths, end-users and connections, and the order of these checks.
import t from 'tap';
import { conductor } from '../../../src/providers/conductor/index.ts';
import { type RequestOptions, testServer } from '../../harness.ts';
import { CONNECTED, expectError, healthCheck, key, PENDING, through, UNCONNECTED, V1 } from './fixtures.ts';

t.test('a missing, misplaced or unknown key gets 401 and is masked in the message', async (t) => {
  const { call } = await testServer(t);
  const strict = await testServer(t, { settings: { auth: 'strict' } });
  for (const [authorization, shown] of [
    [undefined, ''],
    ['Bearer ', ''],
    ['Basic sk_live_abcd1234', ''],
    ['Bearer pk_live_abcd1234', 'pk_live_...1234'],
    ['Bearer pk_live_abc1234', 'pk_live_...'],
    ['Bearer nonsense', '...ense'],
    ['Bearer SK_live', '...'],
    ['Bearer a_nonsense', '...ense'],
  ] as const) {
    const answer = await call('GET', `${V1}/end-users`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expectError(t, answer, 401, 'AUTHENTICATION_ERROR', 'API_KEY_INVALID', `Invalid API key provided: '${shown}'`);
  }
  const unknown = await strict.call('GET', `${V1}/end-users`, {
    headers: { authorization: 'Bearer sk_live_abcdef1234' },
  });
  expectError(
    t,
    unknown,
    401,
    'AUTHENTICATION_ERROR',
    'API_KEY_INVALID',
    "Invalid API key provided: 'sk_live_...1234'",
  );
  t.equal(
    (await strict.call('GET', `${V1}/end-users`, { headers: { authorization: 'BEARER sk_conductor_test_sbx_b' } }))
      .status,
    200,
  );
  t.equal(
    (await call('GET', `${V1}/end-users`, { headers: { authorization: 'Bearer sk_live_anything' } })).status,
    200,
  );
});

t.test('a sourceId is taken until its end-user is deleted, and is compared exactly', async (t) => {
  const { call } = await testServer(t);
  const create = (sourceId: string) =>
    call('POST', `${V1}/end-users`, { headers: key, json: { companyName: 'A', sourceId, email: 'alice@example.com' } });
  const taken = await create('user-42');
  expectError(
    t,
    taken,
    400,
    'INVALID_REQUEST_ERROR',
    'RESOURCE_ALREADY_EXISTS',
    "An end-user with sourceId 'user-42' already exists: end_usr_alice000000042",
  );
  t.equal((await create('User-42')).status, 200);
  await call('DELETE', `${V1}/end-users/end_usr_alice000000042`, { headers: key });
  const again = await create('user-42');
  t.equal(again.status, 200);
  t.not(again.body.id, 'end_usr_alice000000042');
});

t.test('an unknown end-user gets RESOURCE_MISSING in path, body and header', async (t) => {
  const { call } = await testServer(t);
  const ids = ['end_usr_0000000000000z', 'END_USR_1234567ABCDEFG', `a-._~!$&'()*+,;=:@b`, 'x'.repeat(512)];
  for (const id of ids) {
    const missing = async (method: string, url: string, ask: RequestOptions = {}) => {
      const answer = await call(method, url, { ...ask, headers: { ...key, ...ask.headers } });
      expectError(t, answer, 404, 'INVALID_REQUEST_ERROR', 'RESOURCE_MISSING', `No such end-user: '${id}'`);
    };
    await missing('GET', `${V1}/end-users/${id}`);
    await missing('DELETE', `${V1}/end-users/${encodeURIComponent(id)}`);
    await missing('POST', through(id), { json: { a: 1 } });
    await missing('POST', `${V1}/auth-sessions`, { json: { publishableKey: 'pk_x', endUserId: id } });
    await missing('GET', healthCheck, { headers: { 'conductor-end-user-id': id } });
  }
  const slash = await call('GET', `${V1}/end-users/a%2Fb%20%C3%BC`, { headers: key });
  t.equal(slash.body.error.message, "No such end-user: 'a/b ü'");
});

t.test('unknown paths and methods get 404, even without a key, and never a redirect', async (t) => {
  const { call } = await testServer(t);
  const missing = `${conductor.operations.length} operations of Conductor are built in; to have the others too, start Understudy with its OpenAPI document: --contract conductor=<file>.`;
  const slash = 'Leave out the slash at the end.';
  for (const [method, path, hint] of [
    ['PATCH', '/v1/end-users', 'This path takes POST, GET.'],
    ['DELETE', '/v1/end-users/', slash],
    ['GET', '/v1/end-users/', slash],
    ['PUT', '/v1/end-users/x', 'This path takes GET, DELETE.'],
    ['POST', '/v1/end-users/x', 'This path takes GET, DELETE.'],
    ['POST', '/v1/end-users//passthrough/quickbooks_desktop', missing],
    ['OPTIONS', '/v1/end-users', 'This path takes POST, GET.'],
    ['GET', '/v1/auth-sessions/x', missing],
    ['GET', '/v1/end-users/x/ping/quickbooks_desktop', missing],
    ['POST', '/v1/end-users/x/request/quickbooks_desktop', missing],
    ['GET', '/v1/integration-connections', missing],
    ['GET', '/v1/integration-connections/x', missing],
    ['GET', '/v1/quickbooks-desktop/charges', missing],
    ['GET', '/end-users/x', 'The API is below /conductor/v1.'],
    ['GET', '/v1', missing],
    ['GET', '/v2/end-users', missing],
  ] as const) {
    const answer = await call(method, `/conductor${path}?a=b`, {
      headers: { 'content-type': 'application/json' },
      raw: 'x',
    });
    expectError(
      t,
      answer,
      404,
      'INVALID_REQUEST_ERROR',
      'ROUTE_NOT_FOUND',
      `No route for ${method} /conductor${path}. ${hint}`,
    );
    t.notOk(answer.headers['access-control-allow-origin']);
  }
  t.equal((await call('HEAD', `${V1}/end-users`, { headers: key })).status, 404);
});

t.test('checks run in this order: route, key, input, end-user, connection', async (t) => {
  const { call } = await testServer(t);
  const code = async (headers: Record<string, string>, id: string, json: object) =>
    (await call('POST', through(id), { headers, json })).body.error?.code;
  t.equal(await code({}, 'nobody', {}), 'API_KEY_INVALID');
  t.equal(await code(key, 'nobody', {}), 'PARAMETER_INVALID');
  t.equal(await code(key, 'nobody', { a: 1 }), 'RESOURCE_MISSING');
  t.equal(await code(key, UNCONNECTED, { a: 1 }), 'INTEGRATION_CONNECTION_NOT_SET_UP');
  t.equal(await code(key, CONNECTED, { a: 1 }), undefined);
  const prefer = { prefer: 'code=503' };
  t.equal(await code(prefer, 'nobody', {}), 'API_KEY_INVALID', 'a planned error comes after the key check');
  t.equal(await code({ ...key, ...prefer }, 'nobody', {}), 'SERVICE_UNAVAILABLE', 'and before input validation');
  const late = { ...key, prefer: 'code=504' };
  t.equal(await code(late, CONNECTED, {}), 'PARAMETER_INVALID', 'the connection errors come at the connection check');
  t.equal(await code(late, 'nobody', { a: 1 }), 'RESOURCE_MISSING');
  t.equal(await code(late, UNCONNECTED, { a: 1 }), 'QBD_REQUEST_TIMEOUT');
});

t.test('calls through a connection that never succeeded get 409', async (t) => {
  const { call } = await testServer(t);
  for (const id of [UNCONNECTED, PENDING]) {
    const answers = [
      await call('POST', through(id), { headers: key, json: { a: 1 } }),
      await call('GET', healthCheck, { headers: { ...key, 'conductor-end-user-id': id } }),
    ];
    for (const answer of answers) {
      expectError(
        t,
        answer,
        409,
        'INTEGRATION_CONNECTION_ERROR',
        'INTEGRATION_CONNECTION_NOT_SET_UP',
        'The QuickBooks Desktop connection of this end-user is not set up yet.',
      );
    }
  }
});
