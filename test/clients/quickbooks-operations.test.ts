// Every QuickBooks operation through Conductor's official Node SDK, in strict and in example mode; lists to their end.
import Conductor from 'conductor-node';
import t, { type Test } from 'tap';
import type { Operation } from '../../src/core/provider/provider.ts';
import { conductor } from '../../src/providers/conductor/index.ts';
import { listening } from '../harness.ts';
import { everySecond, shortOrLong } from '../seeds.ts';

const OPERATIONS = conductor.operations.filter(({ path }) => path.startsWith('/quickbooks-desktop/'));
/** The end-users of the samples: one of the fixtures, and that of the published examples. */
const END_USERS = { strict: 'end_usr_millrace000002', example: 'end_usr_1234567abcdefg' };
const EXAMPLE_ID = '123ABC-1234567890';

type Mode = keyof typeof END_USERS;
type Json = Record<string, unknown>;
type Method = (...given: unknown[]) => Promise<unknown>;

/** A call of the SDK's own method; null where the SDK has none, and its requests by path must do. */
function ownMethod(client: Conductor, name: string): Method | null {
  const [, ...steps] = name.split('.');
  const method = steps.pop() as string;
  const resource = steps.reduce<unknown>((node, step) => (node as Json | undefined)?.[step], client.qbd);
  const found = (resource as Json | undefined)?.[method];
  return typeof found === 'function' ? (found as Method).bind(resource) : null;
}

/** Calls an operation with its sample; says whether by the SDK's own method. */
async function call(client: Conductor, { operation, method, path }: Operation, mode: Mode) {
  const { id: sampleId, 'Conductor-End-User-Id': _, ...query } = conductor.samples.operations?.[operation] ?? {};
  const id = mode === 'strict' ? sampleId : EXAMPLE_ID;
  const body = conductor.samples.bodies[operation] as Json | undefined;
  const conductorEndUserId = END_USERS[mode];
  const own = ownMethod(client, operation);
  if (own !== null) {
    const given = { conductorEndUserId, ...query, ...body };
    return { own: true, response: await (path.includes('{id}') ? own(id, given) : own(given)) };
  }
  const options = {
    query,
    headers: { 'Conductor-End-User-Id': conductorEndUserId },
    ...(body === undefined ? {} : { body }),
  };
  const send = method.toLowerCase() as 'get' | 'post' | 'delete';
  return { own: false, response: await client[send](path.replace('{id}', String(id)), options) };
}

async function connected(t: Test, mode: Mode) {
  const { url, call } = await listening(t);
  let made = 0;
  /** A client with a sandbox of its own, so that no operation meets what another did. */
  return async () => {
    const name = `one-${made++}`;
    await call('POST', '/__admin/sandboxes', { json: { name, settings: { mode } } });
    const instant = '2025-03-01T12:00:00.000Z';
    await call('PUT', `/__admin/clock?sandbox=${name}`, { json: { action: 'freeze', instant } });
    const apiKey = `sk_conductor_test_sbx_${name}`;
    return new Conductor({ apiKey, baseURL: `${url}/conductor/v1`, maxRetries: 0 });
  };
}

/** In strict mode reports that are not computed are refused, and the fixtures have no inventory sites. */
function refusalOf(name: string, mode: Mode): string | null {
  if (mode === 'example') return null;
  if (name === 'qbd.itemSites.retrieve') return '500';
  return /reports\.(budgetSummary|customSummary|job|payroll\w+|time)$/.test(name) ? '1030' : null;
}

for (const [kind, mode] of (['strict', 'example'] as const).entries()) {
  t.test(`in ${mode} mode the SDK reaches every operation`, async (t) => {
    const open = await connected(t, mode);
    const calls = { own: 0, byPath: 0 };
    const chosen = everySecond(OPERATIONS, kind);
    for (const operation of chosen) {
      const name = operation.operation;
      const done = await call(await open(), operation, mode).catch((error: Error) => error);
      const integrationCode = refusalOf(name, mode);
      if (integrationCode !== null) {
        t.match(done, { status: 502, error: { error: { integrationCode } } }, name);
        continue;
      }
      if (done instanceof Error) {
        t.fail(`${name}: ${done.message}`);
        continue;
      }
      calls[done.own ? 'own' : 'byPath'] += 1;
      t.type(done.response, 'object', name);
      if (mode === 'example' && operation.path.includes('{id}')) {
        const { id, transactionId } = done.response as Json;
        t.equal(id ?? transactionId, EXAMPLE_ID, `${name} has the id that was asked for`);
      }
    }
    const all = mode === 'strict' ? { own: 210, byPath: 39 } : { own: 211, byPath: 45 };
    const refusals = chosen.filter(({ operation }) => refusalOf(operation, mode) !== null);
    t.equal(calls.own + calls.byPath, chosen.length - refusals.length);
    t.strictSame(calls, shortOrLong(calls, all));
  });

  t.test(`in ${mode} mode every list ends, also in pages of one`, async (t) => {
    const open = await connected(t, mode);
    const client = await open();
    const lists = OPERATIONS.filter(({ operation }) => operation.endsWith('.list'));
    for (const { operation } of everySecond(lists, kind)) {
      const list = ownMethod(client, operation);
      if (list === null) continue;
      const { 'Conductor-End-User-Id': _, ...query } = conductor.samples.operations?.[operation] ?? {};
      const given = { conductorEndUserId: END_USERS[mode], ...query };
      const ids: unknown[] = [];
      const pages: object = list({ ...given, limit: 1 });
      // Some lists have no cursor, so the SDK does not page them.
      if (!(Symbol.asyncIterator in pages)) continue;
      for await (const one of pages as AsyncIterable<Json>) {
        ids.push(one.id ?? one.transactionId);
        if (ids.length > 500) break;
      }
      const { data } = (await list(given)) as { data: Json[] };
      t.strictSame(
        ids,
        data.map((one) => one.id ?? one.transactionId),
        operation,
      );
    }
  });
}
