// Conductor: every error of the catalogue by the Prefer header, and which operations support each.
import t from 'tap';
import { conductor } from '../../../src/providers/conductor/index.ts';
import { testServer } from '../../harness.ts';
import { CONNECTED, expectError, healthCheck, key, V1 } from './fixtures.ts';

t.test('every error of the catalogue can be injected with its own message', async (t) => {
  const { call } = await testServer(t);
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

t.test('each operation supports exactly the errors listed for it', async (t) => {
  const { call } = await testServer(t);
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
  };
  for (const { operation, method, path } of conductor.operations) {
    const url = V1 + path.replace('{id}', CONNECTED).replace('{integrationSlug}', 'quickbooks_desktop');
    const answer = await call(method, url, { headers: { ...key, prefer: 'code=418' } });
    t.equal(answer.status, 400);
    t.strictSame(
      answer.body.statuses,
      (operation.startsWith('qbd.') ? through : statuses[operation])?.sort((a, b) => a - b),
      operation,
    );
  }
  const elsewhere = await call('GET', `${V1}/end-users`, {
    headers: { ...key, prefer: 'code=400, error=RESOURCE_ALREADY_EXISTS' },
  });
  t.equal(elsewhere.headers['content-type'], 'application/problem+json; charset=utf-8');
});
