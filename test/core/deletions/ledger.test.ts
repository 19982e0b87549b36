// The deletion ledger, read from the database file of a sandbox.
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { testServer } from '../../harness.ts';
import { userId, writeLargeFixtures } from '../../large-fixtures.ts';

const key = { authorization: 'Bearer sk_test' };

t.test('a delete records the deleted rows and their foreign keys; resets and errors record nothing', async (t) => {
  const data = t.testdir();
  const { app, call } = await testServer(t, { data });
  const gone = await call('DELETE', '/pagecall/v1/users/user-42', { headers: key });
  await call('DELETE', '/pagecall/v1/users/user-42', { headers: key });
  await call('DELETE', '/proficient/users/u_Alice0000000000000000042', { headers: { ...key, prefer: 'code=503' } });
  await call('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', { headers: key });
  await app.close();
  const db = new Sqlite(join(data, 'default.sqlite'), { readonly: true });
  t.teardown(() => db.close());
  const deletions = db
    .prepare('select request_id, provider, operation, answered, dry_run from deletions order by seq')
    .all();
  t.match(deletions, [
    {
      request_id: gone.headers['x-understudy-request'],
      provider: 'pagecall',
      operation: 'DeleteUser',
      answered: 1,
      dry_run: 0,
    },
    { provider: 'conductor', operation: 'endUsers.delete' },
  ]);
  t.equal(deletions.length, 2);
  const rows = db
    .prepare(
      'select resource, via, detached, count(*) as rows from ledger group by deletion, resource, via, detached order by deletion, resource',
    )
    .all();
  t.strictSame(
    rows.map((row) => ({ ...(row as object) })),
    [
      { resource: 'members', via: 'members.user_id', detached: null, rows: 3 },
      { resource: 'sessions', via: null, detached: 'user_id', rows: 3 },
      { resource: 'users', via: null, detached: null, rows: 1 },
      { resource: 'authSessions', via: 'authSessions.endUserId', detached: null, rows: 1 },
      { resource: 'endUsers', via: null, detached: null, rows: 1 },
      { resource: 'integrationConnections', via: 'integrationConnections.endUserId', detached: null, rows: 1 },
      { resource: 'passthroughRecords', via: 'passthroughRecords.endUserId', detached: null, rows: 1 },
    ],
  );
});

t.test('the last thousand deletions are listed, and older ones are pruned', async (t) => {
  const dir = t.testdir();
  writeLargeFixtures(join(dir, 'fixtures'), 1052);
  const { app, call } = await testServer(t, { fixtures: join(dir, 'fixtures'), data: join(dir, 'data') });
  const ids: string[] = [];
  const remove = async (n: number) => {
    const url = `/conductor/v1/end-users/${userId.conductor(n)}`;
    const { status, headers } = await call('DELETE', url, { headers: key });
    if (status !== 200) t.fail(`delete ${n} returned ${status}`);
    ids.push(headers['x-understudy-request'] as string);
  };
  for (let n = 0; n < 1003; n++) await remove(n);
  const told = (await call('GET', '/__admin/deletions?limit=2000')).body;
  t.strictSame(
    told.deletions.map(({ requestId }: { requestId: string }) => requestId),
    ids.slice(3).reverse(),
  );
  t.strictSame(told.meta, { total: 1000 });
  t.equal((await call('GET', `/__admin/deletions/${ids[2]}`)).status, 404);
  t.match((await call('GET', `/__admin/deletions/${ids[3]}`)).body, {
    root: { resource: 'endUsers', id: userId.conductor(3) },
    counts: { endUsers: 1, integrationConnections: 1, authSessions: 1 },
  });
  t.strictSame((await call('GET', `/__admin/deletions/${ids[1002]}`)).body, told.deletions[0]);
  for (let n = 1003; n < 1052; n++) await remove(n);
  await app.close();
  const db = new Sqlite(join(dir, 'data', 'default.sqlite'), { readonly: true });
  t.teardown(() => db.close());
  t.match(db.prepare('select count(*) as kept, min(seq) as first from deletions').get(), { kept: 1002, first: 51 });
  t.match(db.prepare('select count(distinct deletion) as deletions, count(*) as rows from ledger').get(), {
    deletions: 1002,
    rows: 3 * 1002,
  });
});

t.test('a journal entry tells whether the request has a receipt', async (t) => {
  const { call } = await testServer(t);
  const headers = { authorization: 'Bearer k' };
  const url = '/pagecall/v1/users/user-42';
  await call('DELETE', url, { headers: { ...headers, prefer: 'dry-run' } });
  await call('DELETE', url, { headers });
  await call('DELETE', url, { headers });
  const { requests } = (await call('GET', '/__admin/requests')).body;
  t.strictSame(
    requests.map(({ deletion }: { deletion?: true }) => deletion),
    [undefined, true, true],
    'the second found nothing to delete',
  );
  const one = (await call('GET', `/__admin/requests/${requests[1].id}`)).body;
  t.strictSame(one, requests[1]);
  t.equal((await call('GET', `/__admin/deletions/${one.id}`)).status, 200);
});
