// Errors of operations served from a published document: which the served document declares, and which can be ordered.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import { testServer } from '../harness.ts';

const KEY = { authorization: 'Bearer sk_conductor_a' };
const ok = { 200: { description: 'Done.', content: { 'application/json': { example: { a: 1 } } } } };
const json = (media: object) => ({ content: { 'application/json': media } });
const money = {
  type: 'object',
  required: ['code', 'amount'],
  properties: { code: { type: 'string', pattern: '^card_[a-z]{3}$' }, amount: { type: 'integer', minimum: 5 } },
};

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'A', version: '1' },
  paths: {
    '/payments': {
      post: {
        operationId: 'payments.create',
        requestBody: { required: true, ...json({ schema: { type: 'object' } }) },
        responses: {
          ...ok,
          400: { description: 'Of the document.' },
          402: {
            description: 'The card was declined.\nMore about that.',
            headers: { 'X-Reason': { schema: { type: 'string' }, example: 'funds' } },
            ...json({ schema: money }),
          },
          410: { description: '', content: { 'text/plain': { example: 'gone' } } },
          418: { description: 'Nothing more.' },
          422: {
            description: 'Invalid.',
            ...json({ schema: money, examples: { 'too low': { value: { code: 'card_low', amount: 5 } }, none: {} } }),
          },
          451: { description: '', ...json({ schema: { type: 'array', minItems: 1e9, items: {} } }) },
        },
      },
    },
    '/ranges': {
      get: {
        operationId: 'ranges.get',
        responses: {
          ...ok,
          '4XX': { description: 'Of the client.', ...json({ schema: { const: { range: 4 } } }) },
          default: { description: 'Any other.', ...json({ schema: { const: { range: 0 } } }) },
        },
      },
    },
    '/complete': {
      get: {
        operationId: 'complete.get',
        responses: Object.fromEntries(
          [200, 400, 401, 403, 429, 500, 503].map((status) => [status, { description: '' }]),
        ),
      },
    },
    '/default': { get: { operationId: 'default.get', responses: { default: ok[200] } } },
  },
};

async function serving(t: Test, document: object = DOCUMENT) {
  const file = join(t.testdir({ 'contract.json': JSON.stringify(document) }), 'contract.json');
  const contracts = await readContracts([{ provider: 'conductor', file }]);
  const { call } = await testServer(t, { contracts }, []);
  const pay = async (headers: Record<string, string> = {}) => {
    const response = await call('POST', '/conductor/v1/payments', { headers: { ...KEY, ...headers }, json: {} });
    return [response.status, response.headers['content-type'], response.body] as const;
  };
  return { call, pay };
}

t.test('an error that only the document declares can be ordered, with a body that its schema accepts', async (t) => {
  const { call, pay } = await serving(t);
  t.strictSame(await pay(), [200, 'application/json; charset=utf-8', { a: 1 }]);
  const declined = [402, 'application/json; charset=utf-8', { code: 'card_anz', amount: 5 }];
  t.strictSame(await pay({ prefer: 'code=402' }), declined);
  t.strictSame(await pay({ prefer: 'code=402' }), declined, 'the same again');
  t.strictSame(await pay({ prefer: 'code=410' }), [410, 'text/plain', 'gone']);
  t.strictSame(await pay({ prefer: 'code=418' }), [418, undefined, '']);
  const low = { code: 'card_low', amount: 5 };
  t.strictSame(await pay({ prefer: 'code=422' }), [422, 'application/json; charset=utf-8', low]);
  t.strictSame(await pay({ prefer: 'code=422, error=too_low' }), [422, 'application/json; charset=utf-8', low]);
  const response = await call('POST', '/conductor/v1/payments', { headers: { ...KEY, prefer: 'code=402' }, json: {} });
  t.strictSame([response.headers['x-reason'], response.headers['preference-applied']], ['funds', 'code=402']);
});

t.test('an error of the catalogue keeps the provider’s own body', async (t) => {
  const { pay } = await serving(t);
  const [status, , body] = await pay({ prefer: 'code=400' });
  t.strictSame([status, body.error.code], [400, 'PARAMETER_INVALID']);
});

t.test('rules order such errors, once or with another code', async (t) => {
  const { call, pay } = await serving(t);
  const rule = { match: { operation: 'payments.create' }, mode: { times: 1 }, effect: { status: 402 } };
  t.equal((await call('POST', '/__admin/faults', { json: rule })).status, 201);
  const broke = await call('POST', '/conductor/v1/payments', { headers: KEY, json: {} });
  t.strictSame([broke.status, broke.headers['preference-applied']], [402, undefined]);
  t.equal((await pay())[0], 200);
  const named = { ...rule, effect: { status: 422, code: 'too_low', headers: { 'X-Reason': 'mine' } } };
  t.equal((await call('POST', '/__admin/faults', { json: named })).status, 201);
  const low = await call('POST', '/conductor/v1/payments', { headers: KEY, json: {} });
  t.strictSame([low.status, low.headers['x-reason']], [422, 'mine']);
});

t.test('a range and the default response declare all their statuses', async (t) => {
  const { call } = await serving(t);
  const ask = async (path: string, prefer: string) => {
    const { status, body } = await call('GET', `/conductor/v1${path}`, { headers: { ...KEY, prefer } });
    return [status, body];
  };
  t.strictSame(await ask('/ranges', 'code=418'), [418, { range: 4 }]);
  t.strictSame(await ask('/ranges', 'code=599'), [599, { range: 0 }]);
  t.strictSame((await ask('/ranges', 'code=404'))[1].error.code, 'RESOURCE_MISSING');
  t.strictSame(await ask('/default', 'code=418'), [
    400,
    {
      type: 'urn:understudy:undocumented-preference',
      title: 'Undocumented preference',
      status: 400,
      detail:
        'default.get does not return 418; it can return 400, 401, 403, 429, 500, 503, or any error status with handling=lenient (lenient: true in a rule).',
      operation: 'default.get',
      statuses: [400, 401, 403, 429, 500, 503],
    },
  ]);
});

t.test('the catalogue lists them; one whose sample would be huge is not offered', async (t) => {
  const { call } = await serving(t);
  const { body } = await call('GET', '/__admin/errors?provider=conductor');
  const own = body.errors.filter(
    ({ operation, status }: { operation: string; status: number }) =>
      operation === 'payments.create' && ![400, 401, 403, 404, 429, 500, 503].includes(status),
  );
  const only = { provider: 'conductor', operation: 'payments.create', source: 'documented', onlyByFault: true };
  const when = 'only as a planned fault: the document given with --contract declares it';
  t.strictSame(own, [
    {
      ...only,
      status: 402,
      code: 'PAYMENT_REQUIRED',
      body: { code: 'card_anz', amount: 5 },
      when: `${when} (The card was declined.)`,
    },
    { ...only, status: 410, code: 'GONE', body: 'gone', when },
    { ...only, status: 418, code: 'I_M_A_TEAPOT', body: null, when: `${when} (Nothing more.)` },
    { ...only, status: 422, code: 'too_low', body: { code: 'card_low', amount: 5 }, when: `${when} (Invalid.)` },
    { ...only, status: 422, code: 'none', body: { code: 'card_anz', amount: 5 }, when: `${when} (Invalid.)` },
  ]);
  const refused = await call('POST', '/conductor/v1/payments', { headers: { ...KEY, prefer: 'code=451' }, json: {} });
  t.equal(refused.status, 400);
});

t.test('the served document declares the errors that each operation can really respond with', async (t) => {
  const { call } = await serving(t);
  const { body } = await call('GET', '/__admin/openapi/conductor.json');
  const { responses } = body.paths['/payments'].post;
  t.strictSame(Object.keys(responses), '200 400 401 402 403 410 418 422 429 451 500 503'.split(' '));
  t.strictSame(responses[401], {
    description: 'Understudy: no secret key, or an invalid one.',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/understudy_error' } } },
  });
  t.strictSame(responses[400], { description: 'Of the document.' }, 'the document’s own stay');
  t.strictSame(Object.keys(body.components.schemas.understudy_error.properties), ['error']);
  const keyless = await call('POST', '/conductor/v1/payments', { json: {} });
  t.ok(keyless.status in responses, 'without a key');
  const invalid = await call('POST', '/conductor/v1/payments', { headers: KEY, json: [] });
  t.ok(invalid.status in responses, 'an invalid body');
});

t.test(
  'an operation that declares all of them stays as it is; the error schema is in the document’s dialect',
  async (t) => {
    const { call } = await serving(t, {
      ...DOCUMENT,
      openapi: '3.0.3',
      paths: { '/complete': DOCUMENT.paths['/complete'] },
    });
    const { body } = await call('GET', '/__admin/openapi/conductor.json');
    t.strictSame(body.paths['/complete'].get.responses, DOCUMENT.paths['/complete'].get.responses);
    t.equal(body.openapi, '3.0.3');
    t.equal(body.components.schemas.understudy_error.type, 'object');
  },
);
