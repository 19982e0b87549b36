// Published documents that expand to huge values are refused with their place; no pattern delays the server.
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { choicesIn } from '../../src/core/openapi/bounded-pattern.ts';
import { checkSchemas } from '../../src/core/openapi/compiled-schemas.ts';
import { ContractError } from '../../src/core/openapi/published/index.ts';
import { readContracts } from '../../src/library/contracts.ts';
import { buildServer } from '../../src/server.ts';
import { testServer } from '../harness.ts';

type Node = Record<string, unknown>;

const OK = { 200: { description: 'Done.' } };
const document = (paths: Node, schemas: Node = {}): Node => ({
  openapi: '3.1.0',
  info: { title: 'A', version: '1' },
  paths,
  components: { schemas },
});
const response = (schema: unknown) => ({
  get: { responses: { 200: { description: '', content: { 'application/json': { schema } } } } },
});
const RESPONSE = 'paths./a.get.responses.200.content.application/json.schema';
const levels = (count: number, of: (next: Node) => unknown): Node =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`l${n}`, of({ $ref: `#/components/schemas/l${n + 1}` })]).concat([
      [`l${count}`, { type: 'string' }],
    ]),
  );
const eight = (next: Node) => ({
  type: 'object',
  properties: Object.fromEntries([...'abcdefgh'].map((name) => [name, next])),
});

async function read(t: Test, content: unknown, name = 'contract.json') {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const file = join(t.testdir({ [name]: text }), name);
  const from = performance.now();
  const result = await readContracts([{ provider: 'conductor', file }]).catch((error) => error);
  t.ok(performance.now() - from < 30_000, 'it ends');
  return { result, start: `--contract conductor=${file}, ` };
}

async function refused(t: Test, content: unknown, end: string, name?: string) {
  const { result, start } = await read(t, content, name);
  t.strictSame(result, new ContractError(start + end));
}

const TOO_LARGE = 'a sample of it has more than 100000 values; give an example instead.';

t.test('a schema whose sample would be huge is refused with its place', async (t) => {
  const first = { $ref: '#/components/schemas/l0' };
  await refused(t, document({ '/a': response(first) }, levels(9, eight)), `${RESPONSE}: ${TOO_LARGE}`);
  const lists: Node = { type: 'array', minItems: 1e9, items: { type: 'string' } };
  await refused(t, document({ '/a': response(lists) }), `${RESPONSE}: ${TOO_LARGE}`);
  await refused(t, document({ '/a': response({ type: 'string', minLength: 1e9 }) }), `${RESPONSE}: ${TOO_LARGE}`);
  const twice = levels(20, (next) => ({ type: 'object', additionalProperties: next }));
  await refused(t, document({ '/a': response(first) }, twice), `${RESPONSE}: ${TOO_LARGE}`);
  const pairs = levels(20, (next) => ({ type: 'array', prefixItems: [next, next] }));
  await refused(t, document({ '/a': response(first) }, pairs), `${RESPONSE}: ${TOO_LARGE}`);
  const ten = Array.from({ length: 10 }, (_, n) => `l${n}`);
  const each = ten.map((name) => [name, { $ref: `#/components/schemas/${name}` }]);
  const mutual = { type: 'object', properties: Object.fromEntries(each) };
  const schemas = Object.fromEntries(ten.map((name) => [name, mutual]));
  await refused(t, document({ '/a': response(first) }, schemas), `${RESPONSE}: ${TOO_LARGE}`);
  const headers = { 'X-A': { schema: { type: 'array', minItems: 1e9, items: {} } } };
  await refused(
    t,
    document({ '/a': { get: { responses: { 200: { description: '', headers } } } } }),
    `paths./a.get.responses.200.headers.X-A.schema: ${TOO_LARGE}`,
  );
});

t.test('minItems, minProperties and minContains of a billion delay neither the start nor a response', async (t) => {
  const paths = {
    '/items': response({ type: 'array', minItems: 1e9 }),
    '/inside': response({ type: 'object', required: ['a'], properties: { a: { type: 'array', minItems: 1e9 } } }),
    '/properties': response({ type: 'object', minProperties: 1e9 }),
    '/additional': response({ type: 'object', minProperties: 1e9, additionalProperties: { type: 'integer' } }),
    '/contains': response({ type: 'array', contains: { const: 1 }, minContains: 1e9 }),
  };
  const { result } = await read(t, document(paths));
  // No body of a sensible size fits these schemas: the nearest one is sent.
  const { app } = await testServer(t, { contracts: result, checkAnswers: false } as never, []);
  const from = performance.now();
  const bodies: Record<string, unknown> = {};
  const headers = { authorization: 'Bearer sk_x', 'conductor-end-user-id': 'end_usr_alice000000042' };
  for (const path of Object.keys(paths)) {
    const { statusCode, payload } = await app.inject({ method: 'GET', url: `/conductor/v1${path}`, headers });
    bodies[path] = statusCode === 200 ? JSON.parse(payload) : payload;
  }
  t.strictSame(bodies, {
    '/items': [],
    '/inside': { a: [] },
    '/properties': {},
    '/additional': { property1: 0, property2: 0 },
    '/contains': [1],
  });
  t.ok(performance.now() - from < 30_000, 'it ends');
});

t.test('the size of a schema that many operations use is computed once', async (t) => {
  const schemas = levels(5, eight);
  const first = { $ref: '#/components/schemas/l0' };
  const paths = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`/a${n}`, response(first)]));
  const { result } = await read(t, document(paths, schemas));
  t.equal(result instanceof Error ? result.message : 'read', 'read');
});

t.test('a schema that refers to itself, and one with an example, is no problem', async (t) => {
  const tree = { type: 'object', properties: { left: { $ref: '#/components/schemas/tree' } } };
  const { result } = await read(t, document({ '/a': response({ $ref: '#/components/schemas/tree' }) }, { tree }));
  t.ok(result instanceof Map);
  const given = levels(9, eight);
  const schemas = { ...given, l1: { ...(given.l1 as Node), example: {} } };
  const shown = await read(t, document({ '/a': response({ $ref: '#/components/schemas/l0' }) }, schemas));
  t.ok(shown.result instanceof Map);
});

t.test('a value is not validated against millions of schemas', async (t) => {
  const body = { content: { 'application/json': { schema: { $ref: '#/components/schemas/l0' } } } };
  const schemas = levels(24, (next) => ({ anyOf: [next, next] }));
  await refused(
    t,
    document({ '/a': { post: { requestBody: body, responses: OK } } }, schemas),
    'paths./a.post.requestBody.content.application/json.schema: it applies more than 10000 schemas to one value.',
  );
});

t.test('YAML aliases that stand for billions of values, or for themselves, are refused with their place', async (t) => {
  const start = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths: {}\n';
  const laughs = Array.from({ length: 12 }, (_, n) =>
    n === 0
      ? 'x-l0: &l0 [1,1,1,1,1,1,1,1,1]'
      : `x-l${n}: &l${n} [${Array(9)
          .fill(`*l${n - 1}`)
          .join(',')}]`,
  );
  await refused(
    t,
    `${start}${laughs.join('\n')}\n`,
    'x-l6[3]: its aliases stand for more than 2000000 values; write them out, or use $ref.',
    'contract.yaml',
  );
  await refused(t, `${start}x-a: &a\n  b: *a\n`, 'x-a.b: it contains itself, through an alias.', 'contract.yaml');
});

t.test('a path with thousands of braces is read at once', async (t) => {
  const { result } = await read(t, document({ [`/${'{'.repeat(50_000)}`]: { get: {} } }));
  t.match(result.message, /it declares no response\.$/);
});

t.test('the choices in a pattern are counted', (t) => {
  const cases: [string, number][] = [
    ['^[0-9a-f]{8}-\\d{4}$', 0],
    ['^-?\\d+\\.\\d\\d$', 2],
    ['a|b(c|d)', 2],
    ['[*+|(]\\(\\|', 0],
    ['(?<name>a*)(?:b)(?=c)(?<!d)', 1],
    ['(a+)?b{2,3}', 3],
    ['a+?b*?', 2],
    ['(a|b){3}', Number.POSITIVE_INFINITY],
    ['((a?))*', Number.POSITIVE_INFINITY],
    ['(ab)*', 1],
  ];
  for (const [pattern, choices] of cases) t.equal(choicesIn(pattern), choices, pattern);
  t.end();
});

t.test('a value whose match takes too long is refused with its place, and delays nobody', async (t) => {
  const patterns: [string, string, string, string][] = [
    ['nested', '^(a+)+$', 'aaa', `${'a'.repeat(40)}!`],
    ['alternatives', `^${'(a|a)'.repeat(40)}$`, 'a'.repeat(40), `${'a'.repeat(39)}!`],
    ['ambiguous', '^.*.*.*.*.*x$', 'x', 'a'.repeat(10_000)],
    ['sought', 'a+b', `${'a'.repeat(50)}b`, 'a'.repeat(500_000)],
    ['reference', '^(?=(a+))\\1+$', 'a', `${'a'.repeat(40)}b`],
  ];
  const properties = {
    ...Object.fromEntries(patterns.map(([name, pattern]) => [name, { type: 'string', pattern }])),
    link: { type: 'string', format: 'url' },
  };
  const schema = { type: 'object', properties, patternProperties: { '^(x+)+$': { type: 'string' } } };
  const body = { required: true, content: { 'application/json': { schema } } };
  const list = { requestBody: { content: { 'application/json': { schema: { type: 'array', items: schema } } } } };
  const { result } = await read(
    t,
    document({
      '/hostile': { post: { requestBody: body, responses: OK } },
      '/hostiles': { post: { ...list, responses: OK } },
    }),
  );
  const { app } = await testServer(t, { contracts: result, checkAnswers: false } as never, []);
  const post = async (url: string, json: unknown) => {
    const headers = { host: 'localhost', authorization: 'Bearer sk_conductor_a' };
    const from = performance.now();
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: `/conductor/v1${url}`,
      headers,
      payload: json as object,
    });
    return { statusCode, body: body === '' ? null : JSON.parse(body), ms: performance.now() - from };
  };
  const fine = await post('/hostile', Object.fromEntries(patterns.map(([name, , value]) => [name, value])));
  t.equal(fine.statusCode, 200);
  for (const [name, pattern, , value] of patterns.filter(([name]) => name !== 'reference')) {
    const { statusCode, body, ms } = await post('/hostile', { [name]: value });
    t.equal(statusCode, 400, name);
    t.equal(body.error.message, `Invalid string: must match pattern ${pattern} at "${name}"`);
    t.ok(ms < 20_000, `${name}: ${ms} ms`);
  }
  t.equal((await post('/hostile', { [`${'x'.repeat(40)}!`]: 1 })).statusCode, 200);
  t.equal((await post('/hostile', { link: 'http://a.example/b' })).statusCode, 200);
  const link = await post('/hostile', { link: `http://${':'.repeat(300_000)}!` });
  t.equal(link.body.error.message, 'Invalid URL at "link"');
  t.ok(link.ms < 20_000, `a format: ${link.ms} ms`);
  const many = await post('/hostiles', Array(1000).fill({ nested: `${'a'.repeat(40)}!` }));
  t.equal(many.statusCode, 400);
  t.ok(many.ms < 30_000, `1,000 hostile values: ${many.ms} ms`);
  t.equal((await post('/hostile', { nested: 'aaa' })).statusCode, 200, 'the next one has its full time');
});

t.test('a schema too deep to be checked at the start is left to its operation', async (t) => {
  let deep: object = { type: 'string' };
  for (let level = 0; level < 50_000; level++) deep = { type: 'array', items: deep };
  await t.resolves(checkSchemas({ deep }, [['deep']]));
});

t.test('a schema too deep to be compiled costs its operation only, with 501 and the reason', async (t) => {
  let deep: unknown = { type: 'string' };
  for (let level = 0; level < 1000; level++) deep = { type: 'array', items: deep };
  const body = { required: true, content: { 'application/json': { schema: deep } } };
  const content = document({
    '/deep': { post: { requestBody: body, responses: OK } },
    '/fine': { get: { responses: OK } },
  });
  const { result } = await read(t, content);
  const app = buildServer({ contracts: result });
  t.teardown(() => app.close());
  const headers = { host: 'localhost', authorization: 'Bearer sk_conductor_a' };
  const url = '/conductor/v1/deep';
  for (let round = 0; round < 2; round++) {
    const response = await app.inject({ method: 'POST', url, headers, payload: [] });
    t.equal(response.statusCode, 501);
    t.equal(
      response.json().error.message,
      'This operation cannot be served from contract.json, paths./deep.post.requestBody.content.application/json.schema: it cannot be compiled (Maximum call stack size exceeded).',
    );
  }
  t.equal((await app.inject({ url: '/conductor/v1/fine', headers })).statusCode, 200);
});

t.test('schemas that refer to each other in a long chain are compiled one by one', async (t) => {
  const chain = levels(2000, (next) => ({ type: 'object', properties: { next } }));
  const body = { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/l0' } } } };
  const file = join(
    t.testdir({
      'chain.json': JSON.stringify(document({ '/chain': { post: { requestBody: body, responses: OK } } }, chain)),
    }),
    'chain.json',
  );
  const app = buildServer({ contracts: await readContracts([{ provider: 'conductor', file }], true) });
  t.teardown(() => app.close());
  const post = async (payload: object) => {
    const headers = { host: 'localhost', authorization: 'Bearer sk_conductor_a' };
    const response = await app.inject({ method: 'POST', url: '/conductor/v1/chain', headers, payload });
    return response.statusCode === 200 ? 200 : response.json().error.message;
  };
  let nested: object = {};
  for (let level = 0; level < 100; level++) nested = { next: nested };
  t.equal(await post(nested), 200);
  t.equal(await post({ next: { next: 1 } }), 'Invalid input: expected object, received number at "next.next"');
});
