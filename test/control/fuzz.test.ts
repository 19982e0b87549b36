// Invalid input to every control route, generated from the control plane's document, is rejected without a crash.
import * as fc from 'fast-check';
import t from 'tap';
import { type RequestOptions, type TestServer, testServer } from '../harness.ts';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

interface Described {
  summary?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Attack {
  method: string;
  url: string;
  ask: RequestOptions;
}

const SAMPLES: Record<string, unknown> = {
  string: 'text',
  number: 7.5,
  boolean: true,
  array: [[]],
  object: { zz: { zz: 1 } },
};

/** The types a schema allows; null when it does not restrict them. */
function types(schema: Schema): Set<string> | null {
  const inner = schema.anyOf ?? schema.oneOf;
  if (inner !== undefined) {
    const each = inner.map(types);
    return each.some((one) => one === null) ? null : new Set(each.flatMap((one) => [...(one as Set<string>)]));
  }
  if (schema.type === undefined) return null;
  return new Set([schema.type].flat().map((type) => (type === 'integer' ? 'number' : type)));
}

/** Values of types that the schema does not allow. */
function wrong(schema: Schema): unknown[] {
  const allowed = types(schema);
  return allowed === null ? [] : Object.entries(SAMPLES).flatMap(([type, value]) => (allowed.has(type) ? [] : [value]));
}

const HEALTH = /^\/__admin\/(health|ready)/;

const BAD_IDS = [
  'nope',
  '%00',
  '%2e%2e',
  '%F0%9F%92%A9',
  'x'.repeat(600),
  '-1',
  '%27%20or%201=1',
  'constructor',
  '__proto__',
];

/** Invalid requests to a route. */
function attacks(method: string, path: string, { requestBody }: Described): fc.Arbitrary<Attack> {
  const ids = fc.constantFrom(...BAD_IDS);
  const bad: fc.Arbitrary<Attack>[] = [];
  const url = path.replace(/\{\w+\}/g, 'nope');
  bad.push(fc.stringMatching(/^z[a-z]{2,8}$/).map((name) => ({ method, url: `${url}?${name}=1`, ask: {} })));
  // Routes under /sandboxes have the name in the path.
  if (!path.startsWith('/__admin/sandboxes'))
    bad.push(fc.constant({ method, url, ask: { headers: { 'x-understudy-sandbox': 'no_name' } } }));
  if (path.includes('{'))
    bad.push(ids.map((id) => ({ method, url: path.replace(/\{\w+\}/, id).replace(/\{\w+\}/g, 'nope'), ask: {} })));
  const schema = requestBody?.content['application/json']?.schema;
  if (schema !== undefined) {
    const roots = wrong(schema);
    if (roots.length > 0) bad.push(fc.constantFrom(...roots).map((json) => ({ method, url, ask: { json } })));
    const closed = [schema, ...(schema.anyOf ?? [])].some(({ additionalProperties }) => additionalProperties === false);
    if (closed)
      bad.push(
        fc
          .tuple(fc.stringMatching(/^z[a-z]{2,8}$/), fc.jsonValue())
          .map(([name, value]) => ({ method, url, ask: { json: { [name]: value } } })),
      );
    const members = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      wrong(inner).map((value) => ({ [name]: value })),
    );
    if (members.length > 0) bad.push(fc.constantFrom(...members).map((json) => ({ method, url, ask: { json } })));
    const raw = fc.constantFrom('{', '[1,', '{"a":1}{', '\u0000', '{"__proto__":1}', '['.repeat(100_000), '"\\ud800"');
    const headers = { 'content-type': 'application/json' };
    bad.push(raw.map((raw) => ({ method, url, ask: { raw, headers } })));
  }
  return fc.oneof(...bad);
}

async function whole({ call }: TestServer): Promise<string> {
  const parts = ['state', 'sandboxes', 'snapshots', 'clock', 'webhooks'];
  const answers = await Promise.all(parts.map((part) => call('GET', `/__admin/${part}`)));
  return JSON.stringify(answers.map(({ body }) => ({ ...body, offsetMs: 0 })));
}

t.test('the document describes every route and its error responses', async (t) => {
  const { app, call } = await testServer(t);
  const { status, body } = await call('GET', '/__admin/openapi.json');
  t.equal(status, 200);
  const described = Object.entries(body.paths as Record<string, Record<string, Described>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method: method.toUpperCase(), ...one })),
  );
  t.strictSame(
    described.map(({ method, path }) => `${method} ${path}`).sort(),
    app.controlRoutes.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).sort(),
  );
  for (const { method, path, summary, responses } of described) {
    // Every method but GET reads a body.
    const refusals = ['400', '403', '404', ...(method === 'GET' ? [] : ['413', '415']), '500'];
    t.match(
      {
        summary,
        answers: Object.keys(responses).filter((status) => /^[23]/.test(status)).length > 0,
        refusals: [...refusals, '413', '415'].filter((status) => status in responses),
        types: refusals.map((status) => Object.keys(responses[status]?.content ?? {})),
      },
      {
        summary: /./,
        answers: true,
        refusals: [...refusals, ...refusals.filter((status) => /41[35]/.test(status))],
        types: refusals.map(() => ['application/problem+json']),
      },
      `${method} ${path}`,
    );
  }
});

t.test(
  'a body that is not JSON gets the documented error even where no body is needed, and unknown routes get 404',
  async (t) => {
    const { call } = await testServer(t);
    const ask = { headers: { 'content-type': 'text/plain' }, raw: 'a' };
    t.equal((await call('DELETE', '/__admin/faults', ask)).status, 415);
    t.equal((await call('POST', '/__admin/faults/nowhere', ask)).status, 404);
  },
);

t.test('the document describes the list of injectable statuses, and a redirect has no body', async (t) => {
  const { call } = await testServer(t);
  const { body: document } = await call('GET', '/__admin/openapi.json');
  const rule = { match: { operation: 'users_delete' }, effect: { status: 409 } };
  const { status, body } = await call('POST', '/__admin/faults', { json: rule });
  t.equal(status, 400);
  t.ok(body.statuses.includes(404));
  for (const name of Object.keys(body)) t.ok(document.components.schemas.Problem.properties[name], name);
  const { status: redirected, headers } = await call('GET', '/__admin/ui?token=none');
  t.strictSame([redirected, headers['content-type']], [303, undefined]);
  t.notOk(document.paths['/__admin/ui'].get.responses['303'].content);
});

t.test('invalid input always gets problem+json and changes nothing', async (t) => {
  const running = await testServer(t);
  const { call } = running;
  await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: '2030-01-01T00:00:00Z' } });
  const { paths } = (await call('GET', '/__admin/openapi.json')).body as {
    paths: Record<string, Record<string, Described>>;
  };
  const before = await whole(running);
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, described] of Object.entries(methods)) {
      await fc.assert(
        fc.asyncProperty(attacks(method.toUpperCase(), path, described), async ({ method, url, ask }) => {
          const answer = await call(method, url, ask);
          const text = `${method} ${url.slice(0, 80)} ${JSON.stringify(ask).slice(0, 200)} ${answer.status}`;
          // Health accepts any query, and routes without a sandbox ignore its name.
          if (method === 'GET' && (HEALTH.test(url) || ask.headers !== undefined) && answer.status === 200) return;
          if (answer.status < 400 || answer.status >= 500)
            throw new Error(`${text} ${JSON.stringify(answer.body).slice(0, 300)}`);
          if (answer.headers['content-type'] !== 'application/problem+json; charset=utf-8')
            throw new Error(`${text} is not problem+json`);
          if (answer.body.status !== answer.status || typeof answer.body.detail !== 'string') throw new Error(text);
        }),
        { numRuns: 15, endOnFailure: true, seed: 4010 },
      );
      t.equal(await whole(running), before, `after ${method} ${path}`);
    }
  }
});
