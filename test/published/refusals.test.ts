// Invalid documents are rejected at the start with file, location and reason.
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { run, sentenceOf, stop } from '../../src/cli/command.ts';
import { readCommand } from '../../src/cli/program.ts';
import { ContractError, contractErrorOf } from '../../src/core/openapi/published/source.ts';
import { readContracts } from '../../src/library/contracts.ts';
import { FILE } from './larger.ts';

type Node = Record<string, unknown>;

const EXAMPLE = 'end_usr_1234567abcdefg';

const OK = { 200: { description: 'Done.' } };
const document = (paths: unknown, more: Node = {}): Node => ({
  openapi: '3.1.0',
  info: { title: 'A', version: '1' },
  paths,
  ...more,
});
const body = (schema: unknown) => ({
  get: { responses: { 200: { description: '', content: { 'application/json': { schema } } } } },
});

const CASES: [string, unknown, string][] = [
  ['Swagger', { swagger: '2.0' }, ', swagger: it is Swagger 2.0; convert it to OpenAPI 3.0 or 3.1 first.'],
  ['no version', { paths: {} }, ', openapi: the version is missing; OpenAPI 3.0 and 3.1 are served.'],
  ['a newer version', { openapi: '4.0.0' }, ', openapi: the version is "4.0.0"; OpenAPI 3.0 and 3.1 are served.'],
  ['a list', [], ': it is not an OpenAPI document.'],
  ['a field too many', { ...document({}), colour: 'red' }, ': "colour" does not belong there.'],
  [
    'a wrong value',
    document({ '/a': { get: { parameters: [{ name: 'x', in: 'body', schema: {} }], responses: OK } } }),
    ', paths./a.get.parameters[0].in: it must be equal to one of the allowed values (query, header, path, cookie).',
  ],
  [
    'a response without its description',
    { ...document({ '/a': { get: { responses: { 200: {} } } } }), openapi: '3.0.3' },
    ", paths./a.get.responses.200: it must have required property 'description'.",
  ],
  ['no response', document({ '/a': { get: {} } }), ', paths./a.get: it declares no response.'],
  [
    'an invalid schema',
    document({ '/a': body({ properties: { b: { type: 'strin' } } }) }),
    ', paths./a.get.responses.200.content.application/json.schema.properties.b.type: it must be equal to one of the allowed values (array, boolean, integer, null, number, object, string).',
  ],
  [
    'an invalid pattern',
    document({ '/a': body({ type: 'string', pattern: '(' }) }),
    ', paths./a.get.responses.200.content.application/json.schema.pattern: it is not a regular expression (Invalid regular expression: /(/u: Unterminated group).',
  ],
  [
    'a dangling reference',
    document({ '/a': body({ $ref: '#/components/schemas/b' }) }),
    ', paths./a.get.responses.200.content.application/json.schema: it refers to #/components/schemas/b, which does not exist.',
  ],
  [
    'a reference that cannot be decoded',
    document({ '/a': body({ $ref: '#/components/%zz' }) }),
    ', paths./a.get.responses.200.content.application/json.schema: it refers to #/components/%zz, which does not exist.',
  ],
  [
    'a reference to an unknown anchor',
    document({ '/a': body({ $ref: '#b' }) }),
    ', paths./a.get.responses.200.content.application/json.schema: it refers to #b, which does not exist.',
  ],
  [
    'a reference to another file',
    document({ '/a': { $ref: 'a.yaml' } }),
    ', paths./a: it refers to a.yaml, outside of the document; bundle it into one file.',
  ],
  [
    'a reference to itself',
    document(
      { '/a': { get: { parameters: [{ $ref: '#/components/parameters/b' }], responses: OK } } },
      { components: { parameters: { b: { $ref: '#/components/parameters/b' } } } },
    ),
    ', paths./a.get.parameters.0: it refers to #/components/parameters/b, which refers back to itself.',
  ],
  [
    'a reference to a value that is not an object',
    document({ '/a': { get: { responses: { 200: { $ref: '#/info/title' } } } } }),
    ', info.title: it is not an object.',
  ],
  [
    'two equivalent paths',
    document({ '/a/{b}': { get: { responses: OK } }, '/a/{c}': { get: { responses: OK } } }),
    ', paths./a/{c}.get: its path is also that of paths./a/{b}.get.',
  ],
  [
    'two operations with the same operationId',
    document({
      '/a': { get: { operationId: 'x', responses: OK } },
      '/b': { get: { operationId: 'x', responses: OK } },
    }),
    ', paths./b.get: its operationId is also that of paths./a.get.',
  ],
  [
    'the operationId of a handler',
    document({ '/a': { get: { operationId: 'endUsers.delete', responses: OK } } }),
    ', paths./a.get: its operationId is also that of endUsers.delete, which has another path here.',
  ],
];

for (const [what, content, end] of CASES) {
  t.test(`${what} is rejected`, async (t) => {
    const file = join(t.testdir({ 'contract.json': JSON.stringify(content) }), 'contract.json');
    await t.rejects(
      readContracts([{ provider: 'conductor', file }]),
      new ContractError(`--contract conductor=${file}${end}`),
    );
  });
}

t.test('a document that nests too deeply is rejected', async (t) => {
  const text = `{"openapi":"3.1.0","info":{"title":"A","version":"1"},"x-deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const file = join(t.testdir({ 'deep.json': text }), 'deep.json');
  await t.rejects(readContracts([{ provider: 'conductor', file }]), {
    message: `--contract conductor=${file}: Maximum call stack size exceeded.`,
  });
});

t.test('files that cannot be read or parsed are rejected', async (t) => {
  const dir = t.testdir({ 'a.json': '{"openapi":', 'a.yaml': 'openapi: [3\nb: }', 'b.yaml': 'a: &a [*b]' });
  const refusal = (file: string, end: RegExp) =>
    t.rejects(readContracts([{ provider: 'pagecall', file }]), { message: end, constructor: ContractError });
  await refusal(join(dir, 'none.json'), /none\.json: there is no such file\.$/);
  await refusal(dir, /: it cannot be read: it is a directory, not a file\.$/);
  await refusal(join(dir, 'a.json'), /a\.json: it is not JSON \(Unexpected end of JSON input\)\.$/);
  await refusal(join(dir, 'a.yaml'), /a\.yaml: it is not YAML \(deficient indentation \(2:1\)\)\.$/);
  await refusal(join(dir, 'b.yaml'), /b\.yaml: it is not YAML \(.+\)\.$/);
});

t.test('a document that cannot be read for lack of file descriptors is rejected with the way out', async (t) => {
  const error = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  t.equal(
    contractErrorOf('pagecall', 'a.json', error).message,
    '--contract pagecall=a.json: too many files and connections are open; raise the limit (ulimit -n).',
  );
});

t.test('--contract takes a provider and a file, and may be repeated', async (t) => {
  const { config } = readCommand(['--contract', 'conductor=a.yaml', '--contract', 'pagecall=b=c.json'], {}) as never;
  t.strictSame((config as Node).contract, [
    { provider: 'conductor', file: 'a.yaml' },
    { provider: 'pagecall', file: 'b=c.json' },
  ]);
  t.throws(() => readCommand(['--contract', 'a.yaml'], {}), {
    message: '--contract takes <provider>=<file>, as in conductor=openapi.yaml, not "a.yaml".',
  });
});

t.test(
  'a start prints the number of added operations, and fails with the reason for an invalid document',
  async (t) => {
    const lines: string[] = [];
    const out = { write: (line: string) => lines.push(line) };
    const quiet = { UNDERSTUDY_LOG_LEVEL: 'silent' };
    const app = (await run(['--port', '0', '--contract', `conductor=${FILE}`], quiet, out)) as FastifyInstance;
    await stop(app);
    t.match(lines.join(''), `11 more operations from ${FILE}\n`);
    const refused = await Promise.resolve(run(['--contract', 'conductor=none.json'], quiet, out)).catch(sentenceOf);
    t.equal(refused, '--contract conductor=none.json: there is no such file.');
    const unknown = await Promise.resolve(run(['--contract', 'conducter=none.json'], quiet, out)).catch(sentenceOf);
    t.equal(unknown, 'Unknown provider conducter in --contract; did you mean conductor?');
  },
);

t.test('a server can run in example mode', async (t) => {
  const out = { write: () => true };
  const args = ['--port', '0', '--mode', 'example', '--contract', `conductor=${FILE}`];
  const app = (await run(args, { UNDERSTUDY_LOG_LEVEL: 'silent' }, out)) as FastifyInstance;
  const headers = { host: 'localhost', authorization: 'Bearer sk_conductor_...', 'conductor-end-user-id': EXAMPLE };
  for (let round = 0; round < 2; round++) {
    const deleted = await app.inject({ method: 'DELETE', url: `/conductor/v1/end-users/${EXAMPLE}`, headers });
    t.equal(deleted.statusCode, 200);
  }
  t.equal((await app.inject({ url: '/conductor/v1/quickbooks-desktop/next/company', headers })).statusCode, 200);
  await stop(app);
});
