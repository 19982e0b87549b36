// Conductor passthrough: request times, responses from passthrough.json, and stored records.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { FixtureError } from '../../../src/core/sandbox/fixtures.ts';
import { buildServer } from '../../../src/server.ts';
import { type TestServer, testServer } from '../../harness.ts';
import { freezeClock, inside } from './fixed-clock.ts';

const V1 = '/conductor/v1';
const key = { authorization: 'Bearer sk_conductor_test' };
const CONNECTED = 'end_usr_1234567abcdefg';
const PENDING = 'end_usr_znh19h8qnywdrt';
const THEN = '2024-01-01T12:34:56.789Z';
const NOW = '2025-06-01T10:00:00.000Z';
const OK = { statusCode: '0', statusSeverity: 'Info', statusMessage: 'Status OK' };

const through = (id: string) => `${V1}/end-users/${id}/passthrough/quickbooks_desktop`;

async function frozen(t: Test): Promise<{ data: string } & TestServer> {
  const data = t.testdir();
  freezeClock(data, NOW);
  return { data, ...(await testServer(t, { data })) };
}

async function times(call: TestServer['call'], id: string): Promise<unknown[]> {
  const { body } = await call('GET', `${V1}/end-users/${id}`, { headers: key });
  return [body.integrationConnections[0].lastRequestAt, body.integrationConnections[0].lastSuccessfulRequestAt];
}

for (const [name, send] of [
  [
    'passthrough',
    (call: TestServer['call'], id: string, headers: object) =>
      call('POST', through(id), { headers: { ...key, ...headers }, json: { a: 1 } }),
  ],
  [
    'health check',
    (call: TestServer['call'], id: string, headers: object) =>
      call('GET', `${V1}/quickbooks-desktop/health-check`, {
        headers: { ...key, 'conductor-end-user-id': id, ...headers },
      }),
  ],
] as const) {
  t.test(`the request times of a connection follow a ${name}`, async (t) => {
    const { call } = await frozen(t);
    for (const [prefer, status] of [
      ['code=400', 400],
      ['code=401', 401],
      ['code=404', 404],
      ['code=429', 429],
      ['code=500', 500],
      ['code=503', 503],
    ] as const) {
      t.equal((await send(call, CONNECTED, { prefer })).status, status);
    }
    t.equal((await send(call, CONNECTED, { authorization: '' })).status, 401);
    t.strictSame(
      await times(call, CONNECTED),
      [THEN, THEN],
      'requests that do not reach the connection change neither time',
    );
    for (const prefer of [
      'code=409',
      'code=409, error=INTEGRATION_CONNECTION_NOT_ACTIVE',
      'code=502',
      'code=502, error=QBD_REQUEST_ERROR',
      'code=504',
    ]) {
      await t.test(`${prefer} counts as a request, not as a success`, async (t) => {
        const { call } = await frozen(t);
        await send(call, CONNECTED, { prefer });
        t.strictSame(await times(call, CONNECTED), [NOW, THEN]);
      });
    }
    t.equal((await send(call, CONNECTED, {})).status, 200);
    t.strictSame(await times(call, CONNECTED), [NOW, NOW], 'a success sets both times');
    t.equal((await send(call, PENDING, {})).status, 409);
    t.strictSame(await times(call, PENDING), [NOW, null], 'a rejected request never completes a pending connection');
    t.equal((await send(call, PENDING, {})).status, 409);
  });
}

t.test('each request element gets its response from passthrough.json, or an empty success', async (t) => {
  const bob = { id: CONNECTED, createdAt: THEN, companyName: 'A', sourceId: 's', email: 'e' };
  const connection = {
    id: 'int_conn_1',
    endUserId: CONNECTED,
    createdAt: THEN,
    integrationSlug: 'quickbooks_desktop',
    lastRequestAt: THEN,
    lastSuccessfulRequestAt: THEN,
  };
  const answers = {
    CompanyQueryRq: { answer: { CompanyRet: { Name: 'Ü', Tags: [1, null, { x: true }] } } },
    Plain: { error: 'QBD_CONNECTION_ERROR' },
    Worded: { error: 'QBD_REQUEST_ERROR', integrationCode: '500', message: 'QBD Request Error (500): Not found.' },
    Offline: { error: 'INTEGRATION_CONNECTION_NOT_ACTIVE' },
    Slow: { error: 'QBD_REQUEST_TIMEOUT' },
  };
  const dir = t.testdir({
    data: {},
    fixtures: {
      conductor: {
        'endUsers.json': JSON.stringify([bob]),
        'integrationConnections.json': JSON.stringify([connection]),
        'passthrough.json': JSON.stringify(answers),
      },
    },
  });
  const data = join(dir, 'data');
  const fixtures = join(dir, 'fixtures');
  freezeClock(data, NOW, fixtures);
  const { app, call } = await testServer(t, { data, fixtures });
  const ask = async (json: object) => {
    const { status, body } = await call('POST', through(CONNECTED), {
      headers: { ...key, 'content-type': 'application/json; charset=utf-8' },
      json,
    });
    return { status, body };
  };
  t.strictSame(await ask({ foo: [], CompanyQueryRq: { MaxReturned: 1 }, Rq: null, constructor: 1, XRqRq: 2 }), {
    status: 200,
    body: {
      fooRs: OK,
      CompanyQueryRs: { CompanyRet: { Name: 'Ü', Tags: [1, null, { x: true }] } },
      Rs: OK,
      constructorRs: OK,
      XRqRs: OK,
    },
  });
  t.strictSame(Object.keys((await ask({ b: 1, a: 1 })).body), ['bRs', 'aRs'], 'in the order of the request');
  t.strictSame(await times(call, CONNECTED), [NOW, NOW]);
  t.match(
    await ask({ a: 1, Worded: 1, Plain: 1 }),
    {
      status: 502,
      body: {
        error: {
          type: 'INTEGRATION_ERROR',
          code: 'QBD_REQUEST_ERROR',
          integrationCode: '500',
          message: 'QBD Request Error (500): Not found.',
        },
      },
    },
    'the first error wins',
  );
  t.match(await ask({ Plain: 1 }), {
    status: 502,
    body: { error: { code: 'QBD_CONNECTION_ERROR', integrationCode: '0x80040420' } },
  });
  t.match(await ask({ Offline: 1 }), { status: 409, body: { error: { code: 'INTEGRATION_CONNECTION_NOT_ACTIVE' } } });
  const slow = await ask({ Slow: 1 });
  t.match(slow, { status: 504, body: { error: { code: 'QBD_REQUEST_TIMEOUT' } } });
  await app.close();
  const records = inside(data, (db) =>
    db.all<Record<string, string>>(
      'select id, endUserId, at, request, response from conductor_passthroughRecords order by seq',
    ),
  );
  t.equal(records.length, 6, 'every call that reached QuickBooks is recorded, including failures');
  const last = records.at(-1) as Record<string, string>;
  t.match(last.id, /^pass_[0-9a-z]{14}$/);
  t.strictSame(
    { ...last, id: '' },
    { id: '', endUserId: CONNECTED, at: NOW, request: '{"Slow":1}', response: JSON.stringify(slow.body) },
  );
});

t.test('the built-in fixtures have responses for a company, services and a stale invoice', async (t) => {
  const { call } = await testServer(t);
  const { body } = await call('POST', through(CONNECTED), {
    headers: key,
    json: { CompanyQueryRq: {}, ItemServiceQueryRq: {} },
  });
  t.match(body, {
    CompanyQueryRs: { CompanyRet: { IsSampleCompany: 'true' } },
    ItemServiceQueryRs: { ItemServiceRet: [{}, {}] },
  });
  t.match(await call('POST', through(CONNECTED), { headers: key, json: { InvoiceModRq: {} } }), {
    status: 502,
    body: { error: { integrationCode: '3200' } },
  });
});

t.test('an invalid fixture is rejected with file and field', async (t) => {
  for (const [file, content, message] of [
    ['passthrough.json', { A: { error: 'NOPE' } }, /passthrough\.json, field A/],
    [
      'endUsers.json',
      [1, 2].map((n) => ({ id: `end_usr_${n}`, createdAt: THEN, companyName: '', sourceId: 'same', email: '' })),
      /endUsers\.json, row 2, field sourceId/,
    ],
    [
      'endUsers.json',
      [{ id: 'x', createdAt: THEN, companyName: '', sourceId: '', email: '' }],
      /endUsers\.json, row 1, field id: must start with end_usr_/,
    ],
    [
      'authSessions.json',
      [
        {
          id: 'auth_sess_1',
          endUserId: 'end_usr_1',
          createdAt: THEN,
          clientSecret: 'c',
          publishableKey: 'pk_x',
          expiresAt: THEN,
          redirectUrl: 'javascript:x',
        },
      ],
      /authSessions\.json, row 1, field redirectUrl: Invalid URL/,
    ],
  ] as const) {
    const fixtures = t.testdir({ conductor: { [file]: JSON.stringify(content) } });
    t.throws(() => buildServer({ fixtures }), { constructor: FixtureError, message });
  }
});
