// Receipts: all deleted rows with their foreign keys, at every provider; list, filters and errors.
import t from 'tap';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { testServer } from '../../harness.ts';
import { ALICE, CONDUCTOR, cases, PAGECALL } from './deletions.ts';

const byId = (a: any, b: any) => (a.resource + a.id).localeCompare(b.resource + b.id);

t.test('every deletion has a receipt of the deleted rows, their foreign keys and the detached rows', async (t) => {
  const all = await cases();
  const deletes = PROVIDERS.flatMap(({ name, operations }) =>
    operations.filter(({ method }) => method === 'DELETE').map(({ operation }) => `${name} ${operation}`),
  );
  const tried = all.map(({ receipt }) => `${receipt.provider} ${receipt.operation}`);
  t.same(
    deletes.filter((one) => !tried.includes(one)),
    [],
    'every operation that deletes is tested',
  );
  const { call } = await testServer(t);
  for (const { method = 'DELETE', url, headers, json, receipt } of all) {
    await call('POST', '/__admin/reset');
    const answer = await call(method, url, { headers, json });
    t.equal(answer.status, 200, url);
    const requestId = answer.headers['x-understudy-request'];
    const { status, body } = await call('GET', `/__admin/deletions/${requestId}`);
    t.equal(status, 200);
    t.match(body.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const own = answer.headers['conductor-request-id'];
    t.strictSame(
      { ...body, deleted: [...body.deleted].sort(byId) },
      {
        requestId,
        ...(own === undefined ? {} : { providerRequestId: own }),
        at: body.at,
        ...receipt,
        deleted: [...receipt.deleted].sort(byId),
        dryRun: false,
        answered: true,
      },
      url,
    );
    t.same(
      [...new Set(body.deleted.map((row: { resource: string }) => row.resource))],
      [...new Set(receipt.deleted.map((row) => (row as { resource: string }).resource))],
      'owners are listed before the rows they own',
    );
    t.strictSame((await call('GET', '/__admin/deletions')).body, { deletions: [body], meta: { total: 1 } });
  }
});

t.test('the list is newest first and can be filtered', async (t) => {
  const { call } = await testServer(t);
  const ids: unknown[] = [];
  for (const [url, headers] of [
    ['/pagecall/v1/users/user-42', PAGECALL],
    ['/pagecall/v1/rooms/678dd8501b9e2a7394a93e87', PAGECALL],
    [`/conductor/v1/end-users/${ALICE.conductor}`, CONDUCTOR],
  ] as const) {
    ids.push((await call('DELETE', url, { headers })).headers['x-understudy-request']);
    t.equal((await call('DELETE', url, { headers })).status >= 400, true, 'a second delete is an error');
  }
  const [first, second, third] = ids;
  const list = async (query: string) => {
    const { body } = await call('GET', `/__admin/deletions${query}`);
    return [body.deletions.map(({ requestId }: { requestId: string }) => requestId), body.meta.total];
  };
  t.same(await list(''), [[third, second, first], 3]);
  t.same(await list('?limit=1'), [[third], 3]);
  t.same(await list('?provider=pagecall'), [[second, first], 2]);
  t.same(await list('?operation=deleteRoom'), [[second], 1]);
  t.same(await list(`?since=${first}`), [[third, second], 2]);
  t.same(await list(`?since=${third}`), [[], 0]);
  t.same(await list('?since=2001-01-01'), [[third, second, first], 3]);
  t.same(await list('?since=2999-01-01T00:00:00%2B02:00'), [[], 0]);
  await call('POST', '/__admin/sandboxes', { json: { name: 'other' } });
  t.same(await list('?sandbox=other'), [[], 0]);
});

t.test('unknown receipts and invalid queries are rejected', async (t) => {
  const { call } = await testServer(t);
  const refused = await call('DELETE', '/pagecall/v1/users/nobody', { headers: PAGECALL });
  const cases: [string, number, RegExp][] = [
    [`/${refused.headers['x-understudy-request']}`, 404, /a request that deleted nothing has no receipt/],
    ['?since=yesterday', 400, /^since: "yesterday" is neither/],
    ['?since=2024-13-01', 400, /^since: /],
    ['?limit=0', 400, /^limit: must be a whole number from 1 to 9999/],
    ['?provider=stripe', 404, /no provider "stripe"/],
    ['?what=1', 400, /^what: unknown field/],
  ];
  for (const [path, status, detail] of cases)
    t.match(await call('GET', `/__admin/deletions${path}`), { status, body: { detail } }, path);
});
