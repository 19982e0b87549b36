// The examples in the served documents work: every operation, sent as its document describes, succeeds.
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import t, { type Test } from 'tap';
import { authorizations } from '../../src/core/provider/samples.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { type TestResponse, type TestServer, testServer } from '../harness.ts';
import { secured } from '../https.ts';
import { everySecond } from '../seeds.ts';

type Node = Record<string, any>;

interface Described extends Node {
  method: string;
  path: string;
}

const described = (document: Node): Described[] =>
  Object.entries(document.paths as Node).flatMap(([path, item]) =>
    Object.entries(item as Node).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );

/** The headers of the operation's security requirements, with the sample credentials. */
function credentials({ security }: Node, document: Node, keys: Record<string, string>): Record<string, string> {
  const schemes = ((security ?? document.security) as Node[]).flatMap((one) => Object.keys(one));
  return Object.fromEntries(
    schemes.map((name) => {
      const { type, name: header } = document.components.securitySchemes[name];
      return type === 'http' ? ['authorization', `Bearer ${keys[name]}`] : [header, keys[name]];
    }),
  );
}

/** Path and headers filled with the examples of the parameters. */
function filled({ path, parameters = [] }: Described): { url: string; headers: Record<string, string> } {
  const given = (parameters as Node[]).filter(({ example }) => example !== undefined);
  const query = given.filter((one) => one.in === 'query').map(({ name, example }) => `${name}=${example}`);
  return {
    url: `${path.replace(/\{(\w+)\}/g, (_, name) => given.find((one) => one.name === name)?.example)}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: Object.fromEntries(given.filter((one) => one.in === 'header').map(({ name, example }) => [name, example])),
  };
}

/** Operations that are published and refuse every request, with QuickBooks' code: what they show is not emulated. */
const REFUSED: Readonly<Record<string, string>> = {
  'qbd.itemSites.retrieve': '500',
  'qbd.reports.budgetSummary': '1030',
  'qbd.reports.customSummary': '1030',
  'qbd.reports.job': '1030',
  'qbd.reports.payrollDetail': '1030',
  'qbd.reports.payrollSummary': '1030',
  'qbd.reports.time': '1030',
};

for (const [kind, auth] of (['spec', 'strict'] as const).entries()) {
  t.test(`auth=${auth}: every operation of every provider succeeds as documented`, async (t) => {
    const { call } = await testServer(t, { settings: { auth } });
    for (const provider of PROVIDERS) {
      const { body: document } = await call('GET', `/__admin/openapi/${provider.name}.json`);
      const keys = authorizations(provider, 'mine');
      for (const operation of everySecond(described(document), kind)) {
        await call('POST', '/__admin/reset?sandbox=mine');
        const { url, headers } = filled(operation);
        const json = operation.requestBody?.content['application/json'].example;
        const { status, ...answer } = await call(operation.method, new URL(document.servers[0].url).pathname + url, {
          headers: { ...headers, ...credentials(operation, document, keys) },
          ...(json === undefined ? {} : { json }),
        });
        const refused = REFUSED[operation['x-understudy-operation'] as string];
        t.equal(
          status,
          refused === undefined ? 200 : 502,
          `${provider.name} ${operation.operationId} ${JSON.stringify(answer.body).slice(0, 200)}`,
        );
        t.equal(answer.body.error?.integrationCode, refused);
        t.equal(answer.headers['x-understudy-sandbox'], 'mine');
        t.equal(json === undefined, operation.requestBody === undefined, `${operation.operationId} has its body`);
      }
    }
  });
}

t.test('every control operation succeeds with each of its examples, in document order', async (t) => {
  const running = await secured(t, { webhooks: false });
  const { call } = running;
  const { body: document } = await call('GET', '/__admin/openapi.json?sandbox=mine');
  const fits = checker(t, document);
  let chapter = '';
  for (const operation of described(document)) {
    // A stream has no end.
    if (operation.responses['200']?.content?.['text/event-stream']) continue;
    if (operation.tags[0] !== chapter) await call('POST', '/__admin/reset?sandbox=mine');
    chapter = operation.tags[0];
    // Creates entries that can be read.
    const headers = { authorization: 'Bearer pagecall_test_key_sbx_mine' };
    if (/requests|deletions/.test(chapter)) await call('DELETE', '/pagecall/v1/users/user-42', { headers });
    for (const json of examples(operation)) {
      const url = await withIds(t, running, filled(operation).url, operation);
      const answer = await call(operation.method, url, json === undefined ? {} : { json });
      const name = `${operation.method} ${url} ${JSON.stringify(json)}: ${JSON.stringify(answer.body).slice(0, 200)}`;
      t.ok(answer.status >= 200 && answer.status < 300, name);
      fits(operation, answer, name);
    }
  }
});

function examples({ requestBody, method, path }: Described): unknown[] {
  if (requestBody === undefined) return [undefined];
  const { example, examples } = requestBody.content['application/json'] as Node;
  const all = examples === undefined ? [example] : Object.values(examples as Node).map(({ value }) => value);
  if (requestBody.required && all[0] === undefined) throw new Error(`${method} ${path} has no example of its body`);
  return all;
}

/** Ids that are generated at run time. */
async function withIds(t: Test, { call }: TestServer, url: string, { path }: Described): Promise<string> {
  if (!url.includes('undefined')) return url;
  const make: Record<string, () => Promise<string>> = {
    '/__admin/requests/{id}': async () => (await call('GET', '/__admin/requests?sandbox=mine')).body.requests[0].id,
    '/__admin/faults/{id}': async () =>
      (await call('POST', '/__admin/faults?sandbox=mine', { json: { effect: { status: 503 } } })).body.id,
    '/__admin/barriers/{id}': async () =>
      (await call('POST', '/__admin/barriers?sandbox=mine', { json: { first: {} } })).body.id,
    '/__admin/retry-tests/{id}': async () =>
      (await call('POST', '/__admin/retry-tests?sandbox=mine', { json: { instructions: {} } })).body.id,
    '/__admin/webhooks/{id}/redeliver': async () => {
      const headers = { authorization: 'Bearer pagecall_test_key_sbx_mine' };
      const json = { name: 'Room', type: 'public', webhook: { url: 'http://127.0.0.1:9/' } };
      const { room } = (await call('POST', '/pagecall/v1/rooms', { headers, json })).body;
      await call('POST', `/__admin/pagecall/rooms/${room.id}/join?sandbox=mine`, { json: { user_id: 'user-42' } });
      return (await call('GET', '/__admin/webhooks?sandbox=mine')).body.webhooks[0].id;
    },
    '/__admin/deletions/{requestId}': async () =>
      (await call('GET', '/__admin/deletions?sandbox=mine')).body.deletions[0].requestId,
  };
  const id = await make[path]?.();
  t.type(id, 'string', `${path} has an example`);
  return url.replace('undefined', String(id));
}

/** Checks responses against the document. */
function checker(t: Test, document: Node): (operation: Described, answer: TestResponse, name: string) => void {
  const ajv = new Ajv2020({ strict: false });
  (formats as unknown as typeof formats.default)(ajv);
  ajv.addFormat('binary', true);
  ajv.addSchema(document, 'document');
  const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  return ({ method, path, responses }, { status, headers, body }, name) => {
    const [type = ''] = String(headers['content-type'] ?? '').split(';');
    t.ok(responses[status], `${name} is declared`);
    t.same(Object.keys(responses[status].content ?? {}).slice(0, 1), type === '' ? [] : [type], name);
    if (type !== 'application/json') return;
    const place = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    const valid = ajv.validate({ $ref: `document#/${place.map(escaped).join('/')}` }, body);
    t.ok(valid, `${name} ${ajv.errorsText()}`);
  };
}
