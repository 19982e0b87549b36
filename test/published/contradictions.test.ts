// Examples that contradict their schema: how many, and which, a start says.
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { run, stop } from '../../src/cli/command.ts';
import { readContracts } from '../../src/library/contracts.ts';
import { startProcess } from '../process.ts';

type Node = Record<string, unknown>;

const document = (schema: Node, more: Node = {}, parameters: Node[] = []): Node => ({
  openapi: '3.1.0',
  info: { title: 'A', version: '1' },
  paths: {
    '/a': {
      get: {
        parameters,
        responses: { 200: { description: '', content: { 'application/json': { schema, ...more } } } },
      },
    },
  },
  components: {
    schemas: { short: { type: 'string', maxLength: 3, examples: ['abc', 'abcd', 'abcde'] } },
    examples: { long: { value: { name: 'abcdef' } } },
  },
});

async function contradictions(t: Test, content: Node) {
  const file = join(t.testdir({ 'contract.json': JSON.stringify(content) }), 'contract.json');
  const [published] = (await readContracts([{ provider: 'conductor', file }])).values();
  return published?.contradictions;
}

const BODY = 'paths./a.get.responses.200.content.application/json';

t.test(
  'examples are checked in schemas, behind references, and beside the schemas of bodies and parameters',
  async (t) => {
    const $ref = '#/components/schemas/short';
    const schema = {
      type: 'object',
      required: ['id', 'secret'],
      properties: {
        id: { type: 'integer', readOnly: true },
        secret: { type: 'string', writeOnly: true },
        name: { $ref },
        other: { $ref },
        list: { type: 'array', items: { enum: ['a'], example: 'b' } },
        fine: { type: 'number', example: 5 },
        dialect: { type: 'string', pattern: '^\\d\\-\\d$', example: 'x' },
      },
      example: { id: 1 },
    };
    const examples = {
      long: { $ref: '#/components/examples/long' },
      outside: { externalValue: 'a.json' },
      good: { value: { secret: 'a' } },
    };
    const parameter = { name: 'n', in: 'query', schema: { type: 'integer', maximum: 3 }, example: 4 };
    t.strictSame(await contradictions(t, document(schema, { examples }, [parameter])), {
      found: [
        'paths./a.get.parameters[0].example: 4 is greater than 3.',
        `${BODY}.examples.long: String is too long (6 > 3).`,
        `${BODY}.schema.properties.list.items.example: Instance does not match any of ["a"].`,
        'components.schemas.short.examples[1]: String is too long (4 > 3).',
        'components.schemas.short.examples[2]: String is too long (5 > 3).',
      ],
      complete: true,
    });
  },
);

t.test('a pattern that takes for ever does not hold up the start', async (t) => {
  const hostile = { type: 'string', pattern: '^(a+)+$', example: `${'a'.repeat(60)}!` };
  const before = { type: 'string', maxLength: 1, example: 'ab' };
  const from = performance.now();
  const found = await contradictions(t, document({ properties: { hostile, before } }));
  t.ok(performance.now() - from < 60_000);
  t.strictSame(found, {
    found: [`${BODY}.schema.properties.before.example: String is too long (2 > 1).`],
    complete: false,
  });
});

t.test('the start says how many there are, or at least how many, or nothing', async (t) => {
  const hostile = { type: 'string', pattern: '^(a+)+$', example: `${'a'.repeat(60)}!` };
  const documents = {
    proficient: { type: 'string', example: 'ab' },
    pagecall: { type: 'string', maxLength: 1, examples: ['ab', 'a', 'abc'] },
    conductor: { properties: { hostile, before: { type: 'string', maxLength: 1, example: 'ab' } } },
  };
  const dir = t.testdir(
    Object.fromEntries(Object.entries(documents).map(([name, schema]) => [name, JSON.stringify(document(schema))])),
  );
  const lines: string[] = [];
  const out = { write: (line: string) => lines.push(line) };
  const contracts = Object.keys(documents).flatMap((name) => ['--contract', `${name}=${dir}/${name}`]);
  await stop((await run(['--port', '0', ...contracts], { UNDERSTUDY_LOG_LEVEL: 'silent' }, out)) as FastifyInstance);
  t.strictSame(
    lines
      .join('')
      .split('\n')
      .flatMap((line, n, all) => (/more operations/.test(line) ? [all[n + 1]?.trim()] : [])),
    [
      '',
      '2 examples contradict their schema; --log-level info lists them',
      'at least 1 example contradicts its schema; --log-level info lists it',
    ],
  );
});

t.test('the start counts them, and lists them with --log-level info', async (t) => {
  const one = document({ type: 'string', maxLength: 1, example: 'ab' });
  const some = document({ anyOf: [{ $ref: '#/components/schemas/short' }] });
  const dir = t.testdir({ 'one.json': JSON.stringify(one), 'some.json': JSON.stringify(some) });
  const contracts = ['--contract', `conductor=${dir}/one.json`, '--contract', `pagecall=${dir}/some.json`];
  const listing = await startProcess(t, [...contracts, '--log-level', 'info']);
  t.match(listing.banner, ' 1 example contradicts its schema; --log-level info lists it\n');
  t.match(listing.banner, ' 2 examples contradict their schema; --log-level info lists them\n');
  const logged = listing
    .errors()
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ file }) => file !== undefined);
  t.strictSame(
    logged.map(({ provider, file, msg }) => [provider, file, msg]),
    [
      [
        'conductor',
        `${dir}/one.json`,
        `An example contradicts its schema: ${BODY}.schema.example: String is too long (2 > 1).`,
      ],
      [
        'pagecall',
        `${dir}/some.json`,
        'An example contradicts its schema: components.schemas.short.examples[1]: String is too long (4 > 3).',
      ],
      [
        'pagecall',
        `${dir}/some.json`,
        'An example contradicts its schema: components.schemas.short.examples[2]: String is too long (5 > 3).',
      ],
    ],
  );
});
