// Planned refusals of QuickBooks: with any of its codes, by the Prefer header and by rules.
import t from 'tap';
import { testServer } from '../../harness.ts';
import { CONNECTED, expectError, key, V1 } from './fixtures.ts';

/** Every code that QuickBooks' own refusals have, and those that only a plan can order. */
const CODES = `500 570 1030 3000 3020 3030 3040 3045 3050 3060 3090 3100 3120 3130 3140 3150 3160 3161 3170 3171 3175
  3176 3180 3190 3200 3210 3250 3260 3261 3290`.split(/\s+/);
const LARKSPUR = 'end_usr_larkspur000001';
const customers = `${V1}/quickbooks-desktop/customers`;
const headers = { ...key, 'conductor-end-user-id': LARKSPUR };

t.test('a refusal with any code of QuickBooks can be ordered, and nothing happens', async (t) => {
  const { call } = await testServer(t);
  const create = (prefer: string) =>
    call('POST', customers, { headers: { ...headers, prefer }, json: { name: 'Nobody' } });
  for (const code of CODES) {
    const prefer = `error=QBD_REQUEST_ERROR, integration=${code}`;
    const answer = await create(prefer);
    const { message } = answer.body.error;
    t.ok(message.startsWith(`QBD Request Error (${code}): `) && message.endsWith('.'), message);
    expectError(t, answer, 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', message, code);
    t.equal(answer.headers['preference-applied'], prefer);
    t.equal(answer.headers['x-understudy-fault'], prefer);
  }
  const alone = await create('integration=3100');
  const taken = 'QBD Request Error (3100): The name "Bob" of the list element is already in use.';
  expectError(t, alone, 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', taken, '3100');
  const committed = await create('code=502, error=QBD_REQUEST_ERROR, integration=3180, phase=after-commit');
  t.match(committed, { status: 502, body: { error: { integrationCode: '3180' } } });
  const { body } = await call('GET', `${customers}?fullNames=Nobody`, { headers });
  t.equal(body.data.length, 1, 'only what was ordered after the commit is there');
});

t.test('raw requests and the health check can be refused with a code too', async (t) => {
  const { call } = await testServer(t);
  for (const [method, path, json] of [
    ['GET', `${V1}/quickbooks-desktop/health-check`],
    ['POST', `${V1}/end-users/${CONNECTED}/passthrough/quickbooks_desktop`, { CustomerQueryRq: {} }],
  ] as const) {
    const prefer = 'code=502, integration=3260';
    const sent = { ...key, 'conductor-end-user-id': CONNECTED, prefer };
    const answer = await call(method, path, json === undefined ? { headers: sent } : { headers: sent, json });
    t.match(answer, { status: 502, body: { error: { code: 'QBD_REQUEST_ERROR', integrationCode: '3260' } } }, path);
  }
});

t.test('a rule refuses with a code, as often as it says', async (t) => {
  const { call } = await testServer(t);
  const rule = {
    match: { operation: 'qbd.customers.list' },
    mode: { times: 1 },
    effect: { status: 502, integration: '3175' },
  };
  const { status, body } = await call('POST', '/__admin/faults', { json: rule });
  t.match([status, body], [201, { effect: { status: 502, integration: '3175' } }]);
  const text =
    'QBD Request Error (3175): There was an error adding, modifying or deleting Invoice "123ABC-1234567890" because it is already in use.';
  const refused = await call('GET', customers, { headers });
  expectError(t, refused, 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', text, '3175');
  t.equal((await call('GET', customers, { headers })).status, 200);
});

t.test('a code that there is not, or not of that error, is refused', async (t) => {
  const { call } = await testServer(t);
  const cases: [string, string][] = [
    ['integration=9999', `integration=9999 is no integration code; there are ${CODES.join(', ')}.`],
    ['integration=constructor', `integration=constructor is no integration code; there are ${CODES.join(', ')}.`],
    ['error=RATE_LIMITED, integration=3200', 'integration=3200 is no integration code of RATE_LIMITED.'],
    [
      'code=502, error=QBD_CONNECTION_ERROR, integration=3200',
      'integration=3200 is no integration code of QBD_CONNECTION_ERROR.',
    ],
    [
      'code=502, error=QBD_REQUEST_ERROR, integration=42',
      'integration=42 is no integration code of QBD_REQUEST_ERROR.',
    ],
    ['intergation=3200', 'intergation=3200 is not a preference; did you mean integration? Nothing was done.'],
  ];
  for (const [prefer, detail] of cases) {
    const { status, body } = await call('GET', customers, { headers: { ...headers, prefer } });
    t.match([status, body], [400, { type: 'urn:understudy:bad-preference', detail }], prefer);
  }
  const elsewhere = await call('GET', '/proficient/users', { headers: { ...key, prefer: 'integration=3200' } });
  t.match(elsewhere, {
    status: 400,
    body: { detail: 'integration=3200 is no integration code; there are none here.' },
  });
  for (const [effect, code] of [
    [{ status: 502, integration: '9999' }, '9999'],
    [{ status: 400, integration: '3200' }, '3200'],
    [{ status: 502, code: 'QBD_CONNECTION_ERROR', integration: '3200' }, '3200'],
  ] as const) {
    const json = { match: { provider: 'conductor' }, effect };
    const { status, body } = await call('POST', '/__admin/faults', { json });
    const detail = `effect.integration: ${code} is no integration code of such an error of the matching operations.`;
    t.match([status, body], [400, { detail, errors: [{ path: 'effect.integration' }] }]);
  }
  t.equal((await call('GET', '/__admin/faults')).body.meta.total, 0);
});
