// The error catalogue matches the contracts and the providers' responses.
import { join } from 'node:path';
import t from 'tap';
import { effectiveContract } from '../../src/core/openapi/overlay.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ROOT, testServer } from '../harness.ts';
import { partOfOperations } from '../seeds.ts';

interface Entry {
  provider: string;
  operation: string | null;
  status: number;
  code: string;
  body: Record<string, any>;
  source: string;
  onlyByFault: boolean;
}

/** Valid requests for operations whose faults are injected at a checkpoint. */
const ALICE = { 'Conductor-End-User-Id': 'end_usr_alice000000042' };

/** The body without values that differ from request to request. */
function still(body: Record<string, any>): Record<string, any> {
  const { requestId, ...error } = body.error ?? {};
  return requestId === undefined ? body : { ...body, error };
}

t.test('the catalogue has exactly the error statuses that each operation declares', async (t) => {
  const { call } = await testServer(t);
  const { errors, meta } = (await call('GET', '/__admin/errors')).body as { errors: Entry[]; meta: { total: number } };
  t.equal(meta.total, errors.length);
  for (const { name, operations } of PROVIDERS) {
    const contract = effectiveContract(join(ROOT, 'openapi', `${name}.json`));
    for (const { operation, method, path } of operations) {
      const declared = Object.keys(contract.paths[path]?.[method.toLowerCase()]?.responses ?? {})
        .filter((status) => Number(status) >= 400)
        .sort();
      const listed = errors.filter((one) => one.provider === name && one.operation === operation);
      t.strictSame([...new Set(listed.map(({ status }) => String(status)))].sort(), declared, `${name} ${operation}`);
    }
    const catalogue = PROVIDERS.find((one) => one.name === name)?.errors.catalogue ?? [];
    for (const { name: code } of catalogue)
      t.ok(
        errors.some((one) => one.provider === name && one.code === code),
        `${name} ${code}`,
      );
  }
});

t.test('a planned fault returns the body in the catalogue', async (t) => {
  const { call } = await testServer(t);
  const { errors } = (await call('GET', '/__admin/errors')).body as { errors: Entry[] };
  const ordered: unknown[] = [];
  const expected: unknown[] = [];
  const tested = new Set(PROVIDERS.flatMap(({ operations }) => partOfOperations(operations)));
  for (const { provider, operation: name, status, code, body } of errors) {
    const { mount, base, operations, sampleKeys, samples } = PROVIDERS.find(
      (one) => one.name === provider,
    ) as (typeof PROVIDERS)[0];
    const operation = operations.find(({ operation }) => operation === name);
    if (operation === undefined || !tested.has(operation)) continue;
    const path = operation.path
      .replace('{id}', ALICE['Conductor-End-User-Id'])
      .replace(/\{\w+\}/g, 'quickbooks_desktop');
    const headers = {
      ...ALICE,
      authorization: `Bearer ${Object.values(sampleKeys('default'))[0]}`,
      prefer: `code=${status}, error=${code}`,
    };
    // Faults at QuickBooks come after the input is read.
    const { id: _, 'Conductor-End-User-Id': __, ...query } = samples.operations?.[operation.operation] ?? {};
    const json = operation.operation.startsWith('qbd.') ? samples.bodies[operation.operation] : { a: 1 };
    const ask =
      operation.method === 'GET' || operation.method === 'DELETE' || json === undefined
        ? { headers }
        : { headers, json };
    const answer = await call(operation.method, `${mount}${base}${path}?${new URLSearchParams(query)}`, ask);
    if (answer.body.type === 'urn:understudy:undocumented-preference') {
      // Declared by our additions only, so it cannot be injected.
      t.notOk(operation.declared.includes(status), `${name} ${code}`);
      continue;
    }
    ordered.push([name, code, answer.status, still(answer.body)]);
    expected.push([name, code, status, still(body)]);
  }
  t.strictSame(ordered, expected);
  t.ok(ordered.length > 200);
});

t.test('the catalogue can be filtered by provider, and entries name their source', async (t) => {
  const { call } = await testServer(t);
  const { body } = await call('GET', '/__admin/errors?provider=conductor');
  t.ok(body.errors.every((one: Entry) => one.provider === 'conductor'));
  const entry = body.errors.find((one: Entry) => one.operation === 'endUsers.delete' && one.code === 'API_KEY_INVALID');
  t.strictSame(
    { ...entry, body: still(entry.body) },
    {
      provider: 'conductor',
      operation: 'endUsers.delete',
      status: 401,
      code: 'API_KEY_INVALID',
      body: {
        error: {
          message: "Invalid API key provided: ''",
          userFacingMessage: entry.body.error.userFacingMessage,
          type: 'AUTHENTICATION_ERROR',
          code: 'API_KEY_INVALID',
          httpStatusCode: 401,
        },
      },
      source: 'documented',
      when: 'no secret key, or an invalid one',
      onlyByFault: false,
    },
  );
  t.match(
    body.errors.find((one: Entry) => one.code === 'ROUTE_NOT_FOUND'),
    { operation: null, status: 404 },
    'errors outside of operations are listed with operation null',
  );
  t.equal((await call('GET', '/__admin/errors?provider=stripe')).status, 404);
  t.match((await call('GET', '/__admin/errors?what=1')).body, { errors: [{ path: 'what', message: 'unknown field' }] });
});
