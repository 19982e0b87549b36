// Dialects of published documents: OpenAPI 3.0, JSON, a base path in the paths, other providers.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import { conductor } from '../../src/providers/conductor/index.ts';
import { buildServer } from '../../src/server.ts';

type Node = Record<string, unknown>;

/** Starts a server with that document for a provider; responses are not checked against the contract. */
async function serving(t: Test, provider: string, document: Node) {
  const file = join(t.testdir({ 'contract.json': JSON.stringify(document) }), 'contract.json');
  const app = buildServer({ contracts: await readContracts([{ provider, file }]), checkAnswers: true });
  t.teardown(() => app.close());
  return async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: unknown) => {
    const { statusCode, headers, body } = await app.inject({
      method,
      url,
      headers: { host: 'localhost', authorization: 'Bearer sk_test', 'content-type': 'application/json' },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });
    return { status: statusCode, headers, body };
  };
}

const json = (schema: unknown, more: Node = {}) => ({ content: { 'application/json': { schema, ...more } } });

t.test('OpenAPI 3.0 with nullable and boolean exclusive bounds works, at another provider', async (t) => {
  const schema = {
    type: 'object',
    properties: {
      age: { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      rate: { type: 'number', exclusiveMaximum: true, maximum: 1 },
      note: { type: 'string', nullable: true },
      tags: { type: 'array', items: { type: 'string' }, maxItems: 1, uniqueItems: true },
      extra: { type: 'object', minProperties: 1, maxProperties: 1 },
      secret: { type: 'string', writeOnly: true, minLength: 2, maxLength: 3 },
      kind: { enum: ['a'] },
      exclusiveMinimum: { type: 'object', required: ['b'] },
    },
    required: ['age', 'kind', 'whatever'],
  };
  const call = await serving(t, 'proficient', {
    openapi: '3.0.3',
    info: { title: 'A', version: '1' },
    paths: {
      '/teams/{team}': {
        patch: {
          operationId: 'teams_update',
          parameters: [
            { name: 'team', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'dry', in: 'cookie', schema: { type: 'string' } },
            { name: 'Accept', in: 'header', schema: { type: 'string' } },
            { name: 'filter', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
            { name: 'pipes', in: 'query', style: 'pipeDelimited', schema: { type: 'array', maxItems: 2, items: {} } },
          ],
          requestBody: json(schema),
          responses: { 201: { description: 'Done.', ...json({ $ref: '#/components/schemas/team' }) } },
        },
      },
    },
    components: {
      schemas: {
        team: {
          type: 'object',
          properties: { secret: { type: 'string', writeOnly: true }, id: { type: 'string', format: 'uuid' } },
          required: ['id'],
        },
      },
    },
  });
  const fine = { age: 1, kind: 'a', whatever: 0, note: null };
  const answer = await call('PATCH', '/proficient/teams/1?filter={}&pipes=a|b', fine);
  t.equal(answer.status, 201);
  t.match(JSON.parse(answer.body), { id: /^[0-9a-f-]{36}$/, secret: undefined });
  t.equal((await call('PATCH', '/proficient/teams/1', fine)).body, answer.body, 'always the same');
  t.equal((await call('PATCH', '/proficient/teams/1')).status, 201, 'the body is not required');
  t.equal((await call('PATCH', '/proficient/teams/1?pipes=a|b|c', fine)).status, 400);
  for (const wrong of [
    { age: 0 },
    { age: 10 },
    { rate: 1 },
    { note: 1 },
    { tags: ['a', 'b'] },
    { tags: ['a', 'a'] },
    { extra: {} },
    { extra: { a: 1, b: 2 } },
    { secret: 'x' },
    { secret: 'xxxx' },
    { kind: 'b' },
    { exclusiveMinimum: {} },
    { whatever: undefined },
  ]) {
    const refused = await call('PATCH', '/proficient/teams/1', { ...fine, ...wrong });
    t.equal(refused.status, 400, JSON.stringify(wrong));
    t.match(JSON.parse(refused.body), { error: {} }, 'with the provider’s error body');
  }
});

t.test('a base path in the paths is removed, and colons are not parameters', async (t) => {
  const call = await serving(t, 'pagecall', {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    paths: {
      '/v1/rooms:archive': {
        get: { responses: { default: { description: '', ...json(true, { example: { a: 1 } }) } } },
      },
      '/v1/exports': {
        get: { responses: { '2XX': { description: '', content: { '*/*': { schema: { const: 7 } } } } } },
      },
      '/v1/pictures': {
        get: {
          responses: {
            200: {
              description: '',
              content: { 'image/png': { schema: { type: 'string', format: 'binary' }, example: { no: 'text' } } },
            },
          },
        },
      },
      '/v1/moved': {
        get: {
          responses: {
            404: { description: '' },
            302: {
              description: '',
              headers: {
                Location: { schema: { const: 'https://example.com/\u2603' } },
                'Content-Type': { schema: {} },
                'X-List': { schema: { type: 'array', items: { const: 1 } } },
                'X-None': { schema: { type: 'null' } },
              },
            },
          },
        },
      },
    },
  });
  const archive = await call('GET', '/pagecall/v1/rooms:archive');
  t.strictSame([archive.status, archive.body], [200, '{"a":1}']);
  const exported = await call('GET', '/pagecall/v1/exports');
  t.strictSame(
    [exported.status, exported.body, exported.headers['content-type']],
    [200, '7', 'application/json; charset=utf-8'],
  );
  const picture = await call('GET', '/pagecall/v1/pictures');
  t.strictSame([picture.status, picture.body, picture.headers['content-type']], [200, '', 'image/png']);
  const moved = await call('GET', '/pagecall/v1/moved');
  t.strictSame(
    [
      moved.status,
      moved.headers.location,
      moved.headers['x-list'],
      moved.headers['x-none'],
      moved.headers['content-type'],
    ],
    [302, 'https://example.com/?', '[1]', '', undefined],
  );
});

t.test('references, overridden parameters, other media types and missing parts are supported', async (t) => {
  const done = { 200: { description: '', content: { 'text/plain': {} } } };
  const call = await serving(t, 'conductor', {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    paths: {
      '/elsewhere': { $ref: '#/components/pathItems/elsewhere' },
      '/several': {
        parameters: [
          { name: 'a', in: 'query', required: true, schema: { type: 'integer', const: 1 } },
          { name: 'b', in: 'query', required: true, schema: { const: 'x' } },
        ],
        get: {
          parameters: [{ name: 'a', in: 'query', schema: {} }],
          responses: {
            default: { description: '' },
            '2XX': { description: '' },
            203: { description: '' },
            202: { description: '' },
          },
        },
        post: {
          requestBody: { content: { 'multipart/form-data': { schema: {} } } },
          responses: done,
        },
        patch: {
          requestBody: { required: true, ...json({ properties: { a: {} }, unevaluatedProperties: false }) },
          responses: done,
        },
      },
    },
    components: { pathItems: { elsewhere: { get: { responses: done } } } },
  });
  const elsewhere = await call('GET', '/conductor/v1/elsewhere');
  t.strictSame([elsewhere.status, elsewhere.headers['content-type']], [200, 'text/plain']);
  t.equal((await call('GET', '/conductor/v1/several?b=x')).status, 202, 'the lowest success status');
  const wrong = await call('GET', '/conductor/v1/several?b=y');
  t.equal(JSON.parse(wrong.body).error.message, 'Invalid input: expected "x" at "b"');
  const empty = await call('POST', '/conductor/v1/several?a=1&b=x');
  t.strictSame([empty.status, empty.body], [200, ''], 'no body, a response without an example');
  const extra = await call('PATCH', '/conductor/v1/several?a=1&b=x', { a: 1, c: 2 });
  t.equal(JSON.parse(extra.body).error.message, 'Unrecognized key: "c"');
  const { paths } = JSON.parse((await call('GET', '/__admin/openapi/conductor.json')).body);
  t.strictSame(paths['/elsewhere'], { $ref: '#/components/pathItems/elsewhere' });
});

t.test('a document without paths adds nothing', async (t) => {
  const call = await serving(t, 'conductor', { openapi: '3.1.0', info: { title: 'A', version: '1' }, webhooks: {} });
  const { paths } = JSON.parse((await call('GET', '/__admin/openapi/conductor.json')).body);
  t.same(Object.keys(paths).sort(), [...new Set(conductor.operations.map(({ path }) => path))].sort());
});

t.test('an example that does not match its schema is sent, unless responses are checked', async (t) => {
  const document = {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    paths: {
      '/odd': { get: { responses: { 200: { description: '', ...json({ not: {} }, { example: 'as shown' }) } } } },
    },
  };
  const call = await serving(t, 'conductor', document);
  t.equal((await call('GET', '/conductor/v1/odd')).status, 500);
  const file = join(t.testdir({ 'b.json': JSON.stringify(document) }), 'b.json');
  const app = buildServer({ contracts: await readContracts([{ provider: 'conductor', file }]) });
  t.teardown(() => app.close());
  const headers = { host: 'localhost', authorization: 'Bearer sk_test' };
  const odd = await app.inject({ url: '/conductor/v1/odd', headers });
  t.strictSame([odd.statusCode, odd.body], [200, '"as shown"']);
});

t.test('a body that is too large is reported by the operation that the query chooses, or there is none', async (t) => {
  const operation = (operationId: string) => ({
    post: {
      operationId,
      requestBody: { content: { 'text/plain': {} } },
      responses: { 204: { description: '' } },
    },
  });
  const call = await serving(t, 'conductor', {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    paths: { '/r?beta=true': operation('beta'), '/r?beta=false': operation('plain') },
  });
  const large = 'x'.repeat(1024 * 1024);
  const refused = await call('POST', '/conductor/v1/r?beta=false', large);
  t.strictSame([refused.status, JSON.parse(refused.body).error.message], [400, 'Request body is too large at "body"']);
  t.equal((await call('POST', '/conductor/v1/r', large)).status, 404);
  const { requests } = JSON.parse((await call('GET', '/__admin/requests')).body);
  t.strictSame(
    requests.map(({ operation }: { operation: string | null }) => operation),
    [null, 'plain'],
  );
});
