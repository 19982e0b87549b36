// Every error of the catalogue, its words, and the order of the checks.
import t, { type Test } from 'tap';
import { conductor } from '../../../src/providers/conductor/index.ts';
import { type Ask, type World, world } from '../../harness.ts';

const V1 = '/conductor/v1';
const key = { authorization: 'Bearer sk_conductor_test' };
const QUIET = 'An internal server error occurred. Please try again.';
const CONNECTED = 'end_usr_1234567abcdefg';
const UNCONNECTED = 'end_usr_5wpdwmc6a5ingu';
const PENDING = 'end_usr_znh19h8qnywdrt';
const through = (id: string) => `${V1}/end-users/${id}/passthrough/quickbooks_desktop`;
const healthCheck = `${V1}/quickbooks-desktop/health-check`;

/** What an error answer must be, in whole; the request id is the header's. */
function expectError(
  t: Test,
  answer: Awaited<ReturnType<World['call']>>,
  status: number,
  type: string,
  code: string,
  message: string,
  integrationCode?: string,
) {
  t.equal(answer.status, status);
  t.match(answer.headers['content-type'], /^application\/json(;|$)/);
  t.strictSame(answer.body, {
    error: {
      message,
      userFacingMessage: type === 'INTEGRATION_CONNECTION_ERROR' ? message : QUIET,
      type,
      code,
      httpStatusCode: status,
      ...(integrationCode ? { integrationCode } : {}),
      requestId: answer.headers['conductor-request-id'],
    },
  });
}

t.test('a key that is missing, misplaced or unknown answers 401 and is never shown whole', async (t) => {
  const { call } = await world(t);
  const strict = await world(t, { settings: { auth: 'strict' } });
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

t.test('a body that does not fit is refused with every fault, none is mended', async (t) => {
  const { call } = await world(t);
  const refused = async (path: string, ask: Ask, message: string) => {
    const answer = await call('POST', `${V1}${path}`, { ...ask, headers: { ...key, ...ask.headers } });
    expectError(t, answer, 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', message);
  };
  const user = { companyName: 'A', sourceId: 'B', email: 'C' };
  const session = { publishableKey: 'pk_x', endUserId: CONNECTED };
  const json = { 'content-type': 'application/json' };
  await refused(
    '/end-users',
    { json: { companyName: 'A', sourceId: 'B' } },
    'Invalid input: expected string, received undefined at "email"',
  );
  await refused(
    '/end-users',
    { json: { phone: '1', email: 7, sourceId: null, companyName: 'A', x: 1 } },
    'Invalid input: expected string, received null at "sourceId"; Invalid input: expected string, received number at "email"; Unrecognized keys: "phone", "x"',
  );
  await refused('/end-users', { json: { ...user, phone: '1' } }, 'Unrecognized key: "phone"');
  await refused('/end-users', { json: [] }, 'Invalid input: expected object, received array at "body"');
  await refused('/end-users', {}, 'Invalid input: expected object, received undefined at "body"');
  await refused(
    '/end-users',
    { raw: '', headers: json },
    'Invalid input: expected object, received undefined at "body"',
  );
  await refused(
    '/end-users',
    { raw: 'a=b', headers: { 'content-type': 'text/plain' } },
    'Invalid input: expected object, received undefined at "body"',
  );
  await refused('/end-users', { raw: '{"email":', headers: json }, 'Invalid JSON at "body"');
  await refused('/end-users', { raw: '{"__proto__":{}}', headers: json }, 'Invalid JSON at "body"');
  await refused('/end-users', { raw: '{"constructor":{"prototype":1}}', headers: json }, 'Invalid JSON at "body"');
  await refused(
    '/end-users',
    { json: { ...user, email: 'x'.repeat(1024 * 1024) } },
    'Request body is too large at "body"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: 14.9 } },
    'Too small: expected number to be >=15 at "linkExpiryMins"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: 10081 } },
    'Too big: expected number to be <=10080 at "linkExpiryMins"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: '30' } },
    'Invalid input: expected number, received string at "linkExpiryMins"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: null, redirectUrl: null } },
    'Invalid input: expected number, received null at "linkExpiryMins"; Invalid input: expected string, received null at "redirectUrl"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, publishableKey: 'sk_x' } },
    'Invalid string: must start with "pk_" at "publishableKey"',
  );
  for (const redirectUrl of [
    '/relative',
    '',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    ' https://a.example',
    'https://a.example/ü',
    'https://a.example/\nx',
    'java\tscript:alert(1)',
    'http://',
  ]) {
    await refused('/auth-sessions', { json: { ...session, redirectUrl } }, 'Invalid URL at "redirectUrl"');
  }
  await refused(
    `/end-users/${CONNECTED}/passthrough/quickbooks_desktop`,
    { json: {} },
    'Too small: expected object to have >=1 properties at "body"',
  );
  await refused(
    `/end-users/${CONNECTED}/passthrough/quickbooks_desktop`,
    { json: ['x'] },
    'Invalid input: expected object, received array at "body"',
  );
  await refused(
    `/end-users/${CONNECTED}/passthrough/xero`,
    { json: { a: 1 } },
    'Invalid option: expected "quickbooks_desktop" at "integrationSlug"',
  );
  await refused('/end-users/%E0%A4%A', { json: {} }, 'Malformed path encoding at "url"');
  for (const linkExpiryMins of [15, 10080]) {
    t.equal(
      (
        await call('POST', `${V1}/auth-sessions`, {
          headers: key,
          json: { ...session, linkExpiryMins, redirectUrl: 'myapp://done' },
        })
      ).status,
      200,
    );
  }
});

t.test('the health check asks for its header by name', async (t) => {
  const { call } = await world(t);
  const missing = await call('GET', healthCheck, { headers: key });
  expectError(
    t,
    missing,
    400,
    'INVALID_REQUEST_ERROR',
    'PARAMETER_INVALID',
    'Invalid input: expected string, received undefined at "Conductor-End-User-Id"',
  );
  const empty = await call('GET', healthCheck, { headers: { ...key, 'conductor-end-user-id': '' } });
  expectError(
    t,
    empty,
    400,
    'INVALID_REQUEST_ERROR',
    'PARAMETER_INVALID',
    'Too small: expected string to have >=1 characters at "Conductor-End-User-Id"',
  );
});

t.test(
  'under strict auth a publishable key must be one of the sandbox, and is looked at before the end-user',
  async (t) => {
    const { call } = await world(t, { settings: { auth: 'strict' } });
    const answer = await call('POST', `${V1}/auth-sessions`, {
      headers: key,
      json: { publishableKey: 'pk_other', endUserId: 'nobody' },
    });
    expectError(
      t,
      answer,
      400,
      'INVALID_REQUEST_ERROR',
      'PARAMETER_INVALID',
      'Unknown publishable key at "publishableKey"',
    );
  },
);

t.test('a sourceId is taken until its holder is deleted, and is compared exactly', async (t) => {
  const { call } = await world(t);
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

t.test('an unknown end-user is missing wherever it is named', async (t) => {
  const { call } = await world(t);
  const ids = ['end_usr_0000000000000z', 'END_USR_1234567ABCDEFG', `a-._~!$&'()*+,;=:@b`, 'x'.repeat(512)];
  for (const id of ids) {
    const missing = async (method: string, url: string, ask: Ask = {}) => {
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

t.test('paths and methods the API does not have answer 404, without a key, and never redirect', async (t) => {
  const { call } = await world(t);
  for (const [method, path] of [
    ['PATCH', '/v1/end-users'],
    ['DELETE', '/v1/end-users/'],
    ['GET', '/v1/end-users/'],
    ['PUT', '/v1/end-users/x'],
    ['POST', '/v1/end-users/x'],
    ['POST', '/v1/end-users//passthrough/quickbooks_desktop'],
    ['OPTIONS', '/v1/end-users'],
    ['GET', '/v1/auth-sessions/x'],
    ['GET', '/v1/end-users/x/ping/quickbooks_desktop'],
    ['POST', '/v1/end-users/x/request/quickbooks_desktop'],
    ['GET', '/v1/integration-connections'],
    ['GET', '/v1/integration-connections/x'],
    ['GET', '/v1/quickbooks-desktop/customers'],
    ['GET', '/v1'],
    ['GET', '/v2/end-users'],
  ] as const) {
    const answer = await call(method, `/conductor${path}?a=b`, {
      headers: { 'content-type': 'application/json' },
      raw: 'x',
    });
    expectError(t, answer, 404, 'INVALID_REQUEST_ERROR', 'ROUTE_NOT_FOUND', `No route for ${method} /conductor${path}`);
    t.notOk(answer.headers['access-control-allow-origin']);
  }
  t.equal((await call('HEAD', `${V1}/end-users`, { headers: key })).status, 404);
});

t.test('checks come in order: route, key, input, end-user, connection', async (t) => {
  const { call } = await world(t);
  const code = async (headers: Record<string, string>, id: string, json: object) =>
    (await call('POST', through(id), { headers, json })).body.error?.code;
  t.equal(await code({}, 'nobody', {}), 'API_KEY_INVALID');
  t.equal(await code(key, 'nobody', {}), 'PARAMETER_INVALID');
  t.equal(await code(key, 'nobody', { a: 1 }), 'RESOURCE_MISSING');
  t.equal(await code(key, UNCONNECTED, { a: 1 }), 'INTEGRATION_CONNECTION_NOT_SET_UP');
  t.equal(await code(key, CONNECTED, { a: 1 }), undefined);
  const prefer = { prefer: 'code=503' };
  t.equal(await code(prefer, 'nobody', {}), 'API_KEY_INVALID', 'an ordered error comes after the key check');
  t.equal(await code({ ...key, ...prefer }, 'nobody', {}), 'SERVICE_UNAVAILABLE', 'and before the input is looked at');
  const late = { ...key, prefer: 'code=504' };
  t.equal(await code(late, CONNECTED, {}), 'PARAMETER_INVALID', 'the connection errors come at the connection check');
  t.equal(await code(late, 'nobody', { a: 1 }), 'RESOURCE_MISSING');
  t.equal(await code(late, UNCONNECTED, { a: 1 }), 'QBD_REQUEST_TIMEOUT');
});

t.test('calls through a connection that never succeeded answer 409', async (t) => {
  const { call } = await world(t);
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

t.test('every error of the catalogue can be ordered, in its own words', async (t) => {
  const { call } = await world(t);
  const order = (prefer: string) =>
    call('GET', healthCheck, { headers: { ...key, 'conductor-end-user-id': CONNECTED, prefer } });
  for (const [prefer, status, type, code, message, integrationCode] of [
    ['code=400', 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', 'Invalid parameter.'],
    ['code=401', 401, 'AUTHENTICATION_ERROR', 'API_KEY_INVALID', "Invalid API key provided: ''"],
    ['code=403', 403, 'PERMISSION_ERROR', 'PERMISSION_DENIED', 'This key may not use the resource.'],
    ['code=404', 404, 'INVALID_REQUEST_ERROR', 'RESOURCE_MISSING', 'No such end-user.'],
    [
      'code=409',
      409,
      'INTEGRATION_CONNECTION_ERROR',
      'INTEGRATION_CONNECTION_NOT_SET_UP',
      'The QuickBooks Desktop connection of this end-user is not set up yet.',
    ],
    [
      'code=409, error=INTEGRATION_CONNECTION_NOT_ACTIVE',
      409,
      'INTEGRATION_CONNECTION_ERROR',
      'INTEGRATION_CONNECTION_NOT_ACTIVE',
      'The QuickBooks Desktop connection is not active.',
    ],
    ['code=429', 429, 'INVALID_REQUEST_ERROR', 'RATE_LIMITED', 'Too many requests.'],
    ['code=500', 500, 'INTERNAL_ERROR', 'INTERNAL_ERROR', 'Unexpected server error.'],
    [
      'code=502',
      502,
      'INTEGRATION_CONNECTION_ERROR',
      'QBD_CONNECTION_ERROR',
      'QBD Connection Error (0x80040420): The QuickBooks user has denied access.',
      '0x80040420',
    ],
    [
      'code=502, error=QBD_REQUEST_ERROR',
      502,
      'INTEGRATION_ERROR',
      'QBD_REQUEST_ERROR',
      'QBD Request Error (3200): The revision number is out-of-date.',
      '3200',
    ],
    ['code=503', 503, 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'Service temporarily unavailable.'],
    ['code=504', 504, 'INTEGRATION_CONNECTION_ERROR', 'QBD_REQUEST_TIMEOUT', 'Request timed out after 90 seconds.'],
    ['code=418, handling=lenient', 418, 'INVALID_REQUEST_ERROR', 'REQUESTED_ERROR', 'Requested error.'],
    ['code=507, handling=lenient', 507, 'INTERNAL_ERROR', 'REQUESTED_ERROR', 'Requested error.'],
  ] as const) {
    const answer = await order(prefer);
    expectError(t, answer, status, type, code, message, integrationCode);
    t.equal(answer.headers['retry-after'], status === 429 ? '1' : undefined);
    t.equal(answer.headers['preference-applied'], prefer);
    t.notOk(answer.headers['x-should-retry'] ?? answer.headers['retry-after-ms']);
  }
  const twice = await call('POST', `${V1}/end-users`, {
    headers: { ...key, prefer: 'code=400, error=RESOURCE_ALREADY_EXISTS' },
    json: {},
  });
  expectError(
    t,
    twice,
    400,
    'INVALID_REQUEST_ERROR',
    'RESOURCE_ALREADY_EXISTS',
    'An end-user with this sourceId already exists.',
  );
});

t.test('each operation can be made to answer what the sheet lists for it, and nothing else', async (t) => {
  const { call } = await world(t);
  const everywhere = [400, 401, 403, 429, 500, 503];
  const named = [...everywhere, 404];
  const through = [...named, 409, 502, 504];
  const statuses: Record<string, number[]> = {
    'endUsers.create': everywhere,
    'endUsers.list': everywhere,
    'endUsers.retrieve': named,
    'endUsers.delete': named,
    'endUsers.passthrough': through,
    'authSessions.create': named,
    'qbd.healthCheck': through,
  };
  for (const { operation, method, path } of conductor.operations) {
    const url = V1 + path.replace('{id}', CONNECTED).replace('{integrationSlug}', 'quickbooks_desktop');
    const answer = await call(method, url, { headers: { ...key, prefer: 'code=418' } });
    t.equal(answer.status, 400);
    t.strictSame(
      answer.body.statuses,
      statuses[operation]?.sort((a, b) => a - b),
      operation,
    );
  }
  const elsewhere = await call('GET', `${V1}/end-users`, {
    headers: { ...key, prefer: 'code=400, error=RESOURCE_ALREADY_EXISTS' },
  });
  t.equal(elsewhere.headers['content-type'], 'application/problem+json; charset=utf-8');
});
