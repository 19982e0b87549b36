// Samples of schemas that are hard to fit, and of some that nothing fits, by a document's responses.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import { testServer } from '../harness.ts';
import { shortOrLong } from '../seeds.ts';

type Node = Record<string, unknown>;

/** Sends one GET for each schema; returns status and body by name. */
async function samplesOf(t: Test, schemas: Node, options: Node = { checkAnswers: true }) {
  const media = (schema: unknown) => ({ content: { 'application/json': { schema } } });
  const paths = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `/${name}`,
      { get: { responses: { 200: { description: '', ...media(schema) } } } },
    ]),
  );
  const document = { openapi: '3.1.0', info: { title: 'A', version: '1' }, paths };
  const file = join(t.testdir({ 'contract.json': JSON.stringify(document) }), 'contract.json');
  const contracts = await readContracts([{ provider: 'conductor', file }]);
  const { call } = await testServer(t, { contracts, ...options } as never, []);
  const found: Record<string, [number, unknown]> = {};
  for (const name of Object.keys(schemas)) {
    const headers = { authorization: 'Bearer sk_conductor_a' };
    const { status, body } = await call('GET', `/conductor/v1/${name}`, { headers });
    found[name] = [status, body];
  }
  return found;
}

t.test('each sample fits its schema', async (t) => {
  const found = await samplesOf(t, {
    script: { type: 'string', pattern: '^\\p{Script=Latin}\\p{ASCII}[\\p{N}]{2}$' },
    least: { type: 'string', pattern: '^[a-z]*x$', minLength: 40 },
    counted: { type: 'string', pattern: '^(ab){2,}$', minLength: 9 },
    format: { type: 'string', format: 'unheard-of', minLength: 12, not: { enum: ['stringstring'] } },
    cut: { type: 'string', maxLength: 3, minLength: 2, not: { const: 'str' } },
    members: {
      type: 'object',
      properties: { a: { const: 1 } },
      required: ['a', 'b'],
      additionalProperties: { type: 'integer', minimum: 7 },
    },
    matching: {
      type: 'object',
      required: ['x-a'],
      patternProperties: { '^x-': { type: 'boolean' } },
      additionalProperties: false,
    },
    trigger: { type: 'object', properties: { a: { type: 'string' }, b: { not: {} } }, dependentRequired: { a: ['b'] } },
    names: { type: 'object', properties: { first: {}, second: {} }, propertyNames: { maxLength: 5 } },
    few: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: { type: 'string' },
      prefixItems: [{ type: 'string' }, { type: 'string' }],
    },
    contained: { type: 'array', items: { type: 'string' }, contains: { const: 'z' }, minItems: 2, maxItems: 2 },
    other: {
      allOf: [
        {
          anyOf: [
            { type: 'string' },
            {
              type: ['object', 'null'],
              required: ['n'],
              properties: { n: { type: 'integer', exclusiveMinimum: 13, exclusiveMaximum: 17, example: {} } },
            },
            { type: 'string', contains: {}, minLength: 5000 },
          ],
        },
      ],
      not: { type: 'string' },
    },
    nested: {
      type: 'object',
      required: ['list'],
      properties: {
        list: {
          type: 'array',
          minItems: 2,
          items: { type: 'object', required: ['n'], properties: { n: { type: 'string', pattern: '^q+$' } } },
        },
      },
    },
    branches: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { type: 'string' } },
      oneOf: [{ not: {} }, { required: ['size'], properties: { size: { type: 'integer' }, kind: { const: 'b' } } }],
    },
    both: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    bounds: { allOf: [{ type: 'number', multipleOf: 3 }, { multipleOf: 5, exclusiveMaximum: -10 }, { minimum: -40 }] },
    any: { type: 'object', minProperties: 1, patternProperties: { '^z$': true }, additionalProperties: false },
    broad: {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 2100 }, (_, n) => [`p${n}`, { type: 'string' }])),
      not: { required: ['p0'] },
    },
    excluded: { type: 'integer', multipleOf: 4, minimum: 5, unevaluatedProperties: false, not: { const: 8 } },
    below: { type: 'integer', allOf: [{ maximum: -7 }, { multipleOf: 4 }, { not: { enum: [-8, -12] } }] },
    longer: { type: 'array', items: { type: 'string' }, allOf: [{ minItems: 3 }, { minItems: 1 }] },
    evaluated: { type: 'array', prefixItems: [{ type: 'integer' }], unevaluatedItems: false, minItems: 1 },
  });
  for (const [name, [status, body]] of Object.entries(found)) t.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
  t.match(found.least?.[1], /^[a-z]{39,}x$/);
  t.match(found.counted?.[1], /^(ab){5,}$/);
  t.match(found.members?.[1], { a: 1, b: Number });
  t.strictSame(found.any?.[1], { z: found.any?.[1] && (found.any[1] as Node).z });
  t.strictSame(found.trigger?.[1], {});
  t.strictSame(found.names?.[1], { first: null });
  t.strictSame(found.bounds?.[1], -15);
});

t.test('each change of a value that is nearly valid is tried', async (t) => {
  const letters = [...'abcdefg'];
  const found = await samplesOf(t, {
    padded: { type: 'string', minLength: 5, example: 'ab' },
    filled: { type: 'string', minLength: 3, example: '' },
    prefix: {
      type: 'array',
      minItems: 3,
      prefixItems: [{ const: 1 }, { const: 2 }],
      items: { const: 3 },
      example: [],
    },
    known: { type: 'object', properties: { a: { const: 1 } }, minProperties: 1, example: {} },
    unnameable: {
      type: 'object',
      minProperties: 1,
      patternProperties: { '^z{20000}$': true },
      additionalProperties: { const: 1 },
      example: {},
    },
    matching: {
      type: 'object',
      required: ['x-a'],
      patternProperties: { '^y-': { const: 1 }, '^x-': { const: 2 } },
      additionalProperties: false,
    },
    multiple: { type: 'integer', allOf: [{ multipleOf: 6, minimum: 7 }, { multipleOf: 3 }], example: 8 },
    merged: {
      type: 'object',
      properties: { kind: { type: 'string' } },
      anyOf: [
        { not: {} },
        { required: letters, properties: Object.fromEntries(letters.map((name, n) => [name, { const: n }])) },
      ],
    },
  });
  t.strictSame(found, {
    padded: [200, 'ababa'],
    filled: [200, 'xxx'],
    prefix: [200, [1, 2, 3]],
    known: [200, { a: 1 }],
    unnameable: [200, { property1: 1 }],
    matching: [200, { 'x-a': 2 }],
    multiple: [200, 12],
    merged: [200, { kind: 'string', a: 0, b: 1, c: 2, d: 3, e: 4, f: 5, g: 6 }],
  });
});

t.test('a schema that nothing fits gets the nearest sample, or a 500 where responses are checked', async (t) => {
  const schemas = {
    never: { type: 'object', required: ['a'], properties: { a: { type: 'string' } }, not: { required: ['a'] } },
    contained: { type: 'array', items: { type: 'string' }, contains: { type: 'integer' }, minItems: 1, maxItems: 1 },
    branches: {
      anyOf: [
        { type: 'array', contains: { const: 1 }, minContains: 3000 },
        { type: 'integer', not: {} },
      ],
    },
    many: {
      type: 'object',
      required: [...'abcdefgh'],
      properties: Object.fromEntries([...'abcdefgh'].map((name) => [name, { type: 'string', not: {} }])),
    },
  };
  t.strictSame(await samplesOf(t, schemas, { checkAnswers: false }), {
    never: [200, { a: 'string' }],
    contained: [200, ['string']],
    branches: [200, [1]],
    many: [200, Object.fromEntries([...'abcdefgh'].map((name) => [name, 'string']))],
  });
  const more = {
    contains: { type: 'array', contains: { const: 1 }, items: { type: 'string' } },
    union: { type: 'string', anyOf: [{ type: 'integer' }, { type: 'boolean' }] },
    refused: { type: 'object', required: ['x'], properties: { x: false } },
    items: { type: 'array', minItems: 2, items: { not: {} } },
    endless: {
      anyOf: [
        { type: 'array', not: {} },
        { type: 'array', minItems: 1e9 },
      ],
    },
  };
  for (const [name, [status]] of Object.entries(await samplesOf(t, more, { checkAnswers: false })))
    t.equal(status, 200, name);
  const { never, contained, branches } = schemas;
  const checked = await samplesOf(t, shortOrLong<Node>({ never }, { never, contained, branches }));
  for (const [name, [status]] of Object.entries(checked)) t.equal(status, 500, name);
});

t.test('schemas that demand huge values, deep ones and hostile patterns end soon', async (t) => {
  const wide = (depth: number): Node =>
    depth === 0
      ? { type: 'string', pattern: '^x$' }
      : {
          type: 'object',
          required: [...'abcde'],
          properties: Object.fromEntries([...'abcde'].map((name) => [name, wide(depth - 1)])),
        };
  const from = performance.now();
  await samplesOf(
    t,
    {
      contains: { type: 'array', contains: { const: 1 }, minContains: 1e9 },
      members: { type: 'object', minProperties: 1e9 },
      characters: { type: 'string', pattern: '^((a{999}){999}){999}$' },
      long: { type: 'string', pattern: '^b+$', minLength: 90_000 },
      nested: { type: 'string', pattern: '^(a+)+$' },
      alternatives: { type: 'string', pattern: `^${'(a|a)'.repeat(40)}$` },
      reference: { type: 'string', pattern: '^(?=(a+))\\1+$' },
      wide: wide(5),
    },
    { checkAnswers: false },
  );
  t.ok(performance.now() - from < 60_000);
});
