// Every DELETE with every injectable error, planned in each of the four ways, before and after the commit.
import t from 'tap';
import { injectableErrors } from '../../../src/core/provider/errors.ts';
import type { Samples } from '../../../src/core/provider/samples.ts';
import { conductor } from '../../../src/providers/conductor/index.ts';
import { EXAMPLE_END_USER } from '../../../src/providers/conductor/quickbooks/examples.ts';
import { camelCase } from '../../../src/providers/conductor/quickbooks/operations.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { type TestResponse, testServer } from '../../harness.ts';
import { everySecond, partOfOperations } from '../../seeds.ts';

interface Target {
  resource: string;
  id: string;
  headers: Record<string, string>;
}

const secret = { authorization: 'Bearer sk_test' };
const TARGETS: Record<string, Target> = {
  users_delete: { resource: 'users', id: 'u_Alice0000000000000000042', headers: secret },
  agents_delete: { resource: 'agents', id: 'ag_Lad8YCGGiDLiqIZPWRXmc2ix', headers: secret },
  interactions_delete: {
    resource: 'interactions',
    id: 'int_3bbnAY6Y8mnoSoK1sWPMIaJdF08Rf86V4uJj',
    headers: { 'x-proficient-api-key': 'pk_test', 'x-proficient-user-external-id': 'user-42' },
  },
  DeleteUser: { resource: 'users', id: 'user-42', headers: secret },
  deleteRoom: { resource: 'rooms', id: '677b9b9087846ea37e513a97', headers: secret },
  'endUsers.delete': { resource: 'endUsers', id: 'end_usr_alice000000042', headers: secret },
};

for (const { name, path } of conductor.operations.flatMap(({ method, operation: name, path }) =>
  method === 'DELETE' && path.startsWith('/quickbooks-desktop/') ? [{ name, path }] : [],
)) {
  const resource = camelCase(path.split('/')[2] as string);
  const { id } = (conductor.samples.operations as NonNullable<Samples['operations']>)[name] as { id: string };
  TARGETS[name] = { resource, id, headers: { ...secret, 'conductor-end-user-id': EXAMPLE_END_USER } };
}

const DELETES = PROVIDERS.flatMap((provider) =>
  partOfOperations(provider.operations.filter(({ method }) => method === 'DELETE')).map((operation) => ({
    provider,
    operation,
  })),
);

t.test('every DELETE is tested', async (t) => {
  const all = PROVIDERS.flatMap(({ operations }) => operations).filter(({ method }) => method === 'DELETE');
  t.strictSame(all.map(({ operation }) => operation).sort(), Object.keys(TARGETS).sort());
});

for (const [kind, { provider, operation: facts }] of DELETES.entries()) {
  const { operation } = facts;
  const { resource, id, headers } = TARGETS[operation] as Target;

  t.test(`${provider.name} ${operation}`, async (t) => {
    const { call } = await testServer(t);
    const state = async () => {
      const rows = (await call('GET', `/__admin/state?provider=${provider.name}`)).body[provider.name];
      // A request that fails at QuickBooks counts as one, too.
      for (const one of rows.integrationConnections ?? []) delete one.lastRequestAt;
      return rows;
    };
    const receipts = async () => (await call('GET', '/__admin/deletions')).body.deletions;
    const remove = (more: Record<string, string> = {}, which = id) =>
      call('DELETE', provider.mount + provider.base + facts.path.replace(/\{\w+\}/, which), {
        headers: { ...headers, ...more },
      });
    const retryTest = async (instruction: string) => {
      const json = { instructions: { [operation]: [instruction] } };
      const { body } = await call('POST', '/__admin/retry-tests', { json });
      return remove({ 'x-retry-test-id': body.id });
    };
    const rule = async (status: number, phase: string) => {
      const json = { match: { operation }, mode: { times: 1 }, effect: { status }, phase };
      const { body } = await call('POST', '/__admin/faults', { json });
      const answer = await remove();
      t.match((await call('GET', `/__admin/faults/${body.id}`)).body, { hits: 1, spent: true });
      return answer;
    };

    await call('POST', '/__admin/reset');
    const fixtures = await state();
    const rowsOf = (store: Record<string, unknown[]>) => store[resource]?.length ?? 0;
    const listed = (await call('GET', `/__admin/errors?provider=${provider.name}`)).body.errors
      .filter((entry: { operation: string }) => entry.operation === operation)
      .map((entry: { status: number }) => entry.status);
    const statuses = [...new Set(injectableErrors(provider.errors, facts).map(({ status }) => status))];
    t.ok(statuses.includes(500) && statuses.includes(503));

    for (const status of everySecond(statuses, kind)) {
      t.ok(listed.includes(status), `${status} is in the catalogue`);

      const before: Record<string, () => Promise<TestResponse>> = {
        prefer: () => remove({ prefer: `code=${status}` }),
        id: () => remove({}, `somebody_fail_${status}`),
        'retry test': () => retryTest(String(status)),
        rule: () => rule(status, 'before'),
      };
      for (const [way, ask] of Object.entries(before)) {
        const name = `${status} before, by ${way}`;
        await call('POST', '/__admin/reset');
        const answer = await ask();
        t.equal(answer.status, status, name);
        t.ok(answer.headers['x-understudy-fault'], `${name}: the fault was injected`);
        t.strictSame(await state(), fixtures, `${name}: nothing has changed`);
        t.strictSame(await receipts(), [], `${name}: no receipt`);
      }

      const after: Record<string, () => Promise<TestResponse>> = {
        prefer: () => remove({ prefer: `code=${status}, phase=after-commit` }),
        'retry test': () => retryTest(`${status}@after-commit`),
        rule: () => rule(status, 'after-commit'),
      };
      for (const [way, ask] of Object.entries(after)) {
        const name = `${status} after the commit, by ${way}`;
        await call('POST', '/__admin/reset');
        const answer = await ask();
        t.equal(answer.status, status, name);
        t.ok(answer.headers['x-understudy-fault'], `${name}: the fault was injected`);
        const left = await state();
        t.equal(rowsOf(left), rowsOf(fixtures) - 1, `${name}: one row fewer`);
        t.notOk(
          left[resource].some((row: Record<string, unknown>) => row.id === id || row.user_id === id),
          `${name}: the row is gone`,
        );
        const written = await receipts();
        t.equal(written.length, 1, `${name}: one receipt`);
        t.match(
          written[0],
          {
            requestId: answer.headers['x-understudy-request'],
            provider: provider.name,
            operation,
            root: { resource, id },
            dryRun: false,
            answered: false,
          },
          name,
        );
      }
    }
  });
}
