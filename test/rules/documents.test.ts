// The served documents are valid according to an independent validator, and fully described.
import { isDeepStrictEqual } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { testServer } from '../harness.ts';

type Node = Record<string, any>;

const DOCUMENTS = ['openapi.json', 'openapi.json?sandbox=mine', ...PROVIDERS.map(({ name }) => `openapi/${name}.json`)];

const operationsOf = (document: Node) =>
  Object.entries(document.paths as Node).flatMap(([path, item]) =>
    Object.entries(item as Node).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

t.test('each document is valid OpenAPI of its version, without dangling references', async (t) => {
  const { call } = await testServer(t);
  const validator = new Validator();
  for (const name of DOCUMENTS) {
    const { body } = await call('GET', `/__admin/${name}`);
    t.same(await validator.validate(body), { valid: true }, name);
    t.equal(body.openapi.slice(0, 3), validator.version, name);
  }
  const broken = (await call('GET', '/__admin/openapi.json')).body;
  broken.paths['/__admin/health'].get.responses = {};
  t.equal((await validator.validate(broken)).valid, false, 'the validator rejects an invalid document');
});

t.test('each operation has a tag, a one-line summary, and described parameters', async (t) => {
  const { call } = await testServer(t);
  for (const document of DOCUMENTS) {
    const { body } = await call('GET', `/__admin/${document}`);
    const ids = operationsOf(body).map(({ operation }) => operation.operationId ?? operation['x-understudy-operation']);
    t.equal(new Set(ids).size, ids.length, `${document}: every operation has a name of its own`);
    t.same(
      operationsOf(body).flatMap(({ name, operation }) => complaints(operation, body).map((one) => `${name}: ${one}`)),
      [],
      document,
    );
  }
});

/** The response behind a reference. */
function followed(response: Node, { components }: Node): Node {
  return response.$ref === undefined ? response : components.responses[response.$ref.split('/').at(-1)];
}

/** Operations that are published and not built: their ids and bodies have no examples. */
const ABSENT = new Set(PROVIDERS.flatMap(({ absent }) => absent));

/** Missing descriptions, types and examples. */
function complaints(operation: Node, document: Node): string[] {
  const { summary, tags, parameters = [], responses } = operation;
  const built = !ABSENT.has(operation['x-understudy-operation']);
  const found = [];
  if (!/^[A-Z].{3,100}[^.]$/.test(summary)) found.push(`summary ${summary}`);
  if (tags.length !== 1) found.push(`chapters ${tags}`);
  for (const { name, description, required, example, schema } of parameters) {
    if (!description) found.push(`${name} is not described`);
    if (typeof schema.type !== 'string' && !schema.$ref) found.push(`${name} has no type`);
    // Some ids come into being as things happen; then it says where to look.
    if (built && required && example === undefined && !/Id of|response/.test(description))
      found.push(`${name} has no example`);
  }
  for (const [status, response] of Object.entries(responses as Node)) {
    const { description } = followed(response, document);
    if (!description || description === 'Default Response') found.push(`${status} is not described`);
  }
  return found;
}

t.test("a provider's document marks our additions, with the reason", async (t) => {
  const { call } = await testServer(t);
  const served = async (name: string) => (await call('GET', `/__admin/openapi/${name}.json`)).body;
  const conductor = (await served('conductor')).paths['/end-users/{id}'].delete;
  t.equal(conductor.responses[200].description, 'Confirmation of the deletion.', 'published');
  t.match(conductor.responses[404].description, / Added by Understudy: our choice\.$/);
  t.match(conductor.responses[401].description, / Added by Understudy: the provider's written documentation says so/);
  const pagecall = await served('pagecall');
  t.match(
    pagecall.info.description,
    /schema\.required`: published `\["users"\]`, here `{"required":\["user"\]}`\. Only user is declared/,
  );
  t.match(pagecall.info.description, /A participant joined or left a room/);
  t.match(
    pagecall.components.schemas.User.properties.metadata.description,
    / Added by Understudy: known from the .* SDK/,
  );
  t.equal(pagecall.paths['/users'].get.parameters[0].description.includes('Added by'), false);
  const { components, paths } = await served('proficient');
  t.match(components.securitySchemes.PublishableKey.description, / Added by Understudy/);
  t.same(paths['/interactions'].get.security, [{ PublishableKey: [], UserExternalId: [] }]);
  t.same(paths['/agents'].get.security, [{}, { SecretKeyAuth: [] }, { PublishableKey: [], UserExternalId: [] }]);
});

t.test('every error status is shown with the bodies that come with it, and with no other', async (t) => {
  const { call } = await testServer(t);
  const statusIn = ({ error, status, message }: Node, errors: Node[]) =>
    status ?? error?.httpStatusCode ?? errors.find(({ body }) => isDeepStrictEqual(body, { error, message }))?.status;
  for (const document of DOCUMENTS) {
    const { body } = await call('GET', `/__admin/${document}`);
    const provider = /^openapi\/(\w+)\.json$/.exec(document)?.[1];
    const { errors } = (await call('GET', '/__admin/errors')).body as { errors: Node[] };
    const known = errors
      .filter((one) => one.provider === provider)
      .map((one) => ({ ...one, body: { error: one.body.error, message: one.body.message } }));
    for (const { name, operation } of operationsOf(body)) {
      if (ABSENT.has(operation['x-understudy-operation'])) continue;
      for (const [status, response] of Object.entries(operation.responses as Node)) {
        if (Number(status) < 400) continue;
        const [media] = Object.values(followed(response, body).content) as [Node];
        const values = media.examples
          ? Object.values(media.examples as Node).map(({ value }) => value)
          : [media.example];
        t.ok(values.length > 0, `${document} ${name} ${status}`);
        t.strictSame(
          [...new Set(values.map((value) => String(statusIn(value, known))))],
          [status],
          `${name} ${status}`,
        );
      }
    }
  }
  const { paths } = (await call('GET', '/__admin/openapi/conductor.json')).body;
  const { examples } = paths['/end-users'].post.responses[400].content['application/json'];
  t.strictSame(Object.keys(examples), ['PARAMETER_INVALID', 'RESOURCE_ALREADY_EXISTS']);
  t.equal(examples.RESOURCE_ALREADY_EXISTS.value.error.requestId, 'req_1234567abcdefg');
});

t.test("the control plane's document has described tags, and examples for the requested sandbox", async (t) => {
  const { call } = await testServer(t);
  const { body } = await call('GET', '/__admin/openapi.json?sandbox=mine');
  const chapters = (body.tags as Node[]).map(({ name }) => name);
  t.same(chapters, [...new Set(chapters)]);
  for (const { name, operation } of operationsOf(body))
    t.ok(chapters.includes(operation.tags[0]), `${name}: ${operation.tags}`);
  for (const { description } of body.tags) t.match(description, /\.$/);
  const sandboxOf = (document: Node) => document.paths['/__admin/faults'].post.parameters[0];
  t.match(sandboxOf(body), { name: 'sandbox', example: 'mine' });
  t.equal(sandboxOf((await call('GET', '/__admin/openapi.json')).body).example, undefined);
  t.same(body.paths['/__admin/sandboxes'].post.parameters, [], 'routes without a sandbox have no sandbox parameter');
  const required = (path: string, method: string) => body.paths[`/__admin/${path}`][method].requestBody.required;
  t.same([required('reset', 'post'), required('faults', 'post'), required('state', 'put')], [false, true, true]);
  t.equal((await call('GET', '/__admin/openapi.json?sandbox=no_name')).status, 400);
});
