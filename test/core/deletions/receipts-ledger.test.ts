// Receipts without a server: dry runs, lost responses, and more rows than a receipt lists.
import t from 'tap';
import { markUnanswered, recordDeletion } from '../../../src/core/deletions/ledger.ts';
import { readReceipt, readReceipts } from '../../../src/core/deletions/receipts.ts';
import { Call } from '../../../src/core/http/call.ts';
import type { Operation, Provider } from '../../../src/core/provider/provider.ts';
import { rowsSql } from '../../../src/core/provider/resource.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { alone } from './alone.ts';
import { ALICE } from './deletions.ts';

const HEAD = { at: '2025-01-01T00:00:00.000Z', provider: 'pagecall', operation: 'DeleteUser', providerRequestId: null };

t.test('a dry run returns the response and the receipt of the deletion and changes nothing', async (t) => {
  const sandbox = alone();
  sandbox.webhooks.enabled = false;
  const provider = PROVIDERS.find(({ name }) => name === 'pagecall') as Provider;
  const { handle } = provider.operations.find(({ operation }) => operation === 'DeleteUser') as Operation;
  sandbox.db.execute(`update pagecall_rooms set webhook = '{"url":"http://127.0.0.1:9/"}'`);
  sandbox.db.run('update pagecall_sessions set disconnected_at = null where user_id = ?', 'user-42');
  const state = () =>
    PROVIDERS.flatMap(({ name, resources }) =>
      resources.map((resource) => sandbox.db.all(`select * from ${rowsSql(name, resource)}`)),
    );
  const before = state();
  const remove = (requestId: string, dryRun: boolean) =>
    handle(
      new Call({
        sandbox,
        dryRun,
        deletion: { dryRun },
        requestId,
        caller: null,
        params: { user_id: 'user-42' },
        query: undefined,
        headers: undefined,
        body: undefined,
        operation: { provider: 'pagecall', name: 'DeleteUser' },
        providerRequestId: null,
        publicBase: '',
        checkpointFault: null,
        delayMs: 0,
        entry: null,
      }),
    );
  const played = remove('dry', true);
  t.same(state(), before, 'every row is unchanged');
  t.same(sandbox.webhooks.list(), [], 'no webhook was sent');
  const dry = await readReceipt(sandbox.db, PROVIDERS, 'dry');
  t.match(dry, { dryRun: true, answered: true, counts: { users: 1, members: 3 } });
  const done = remove('wet', false);
  t.strictSame(done, played, 'the same response');
  t.not(sandbox.webhooks.list().length, 0, 'now the webhooks are sent');
  const wet = await readReceipt(sandbox.db, PROVIDERS, 'wet');
  t.same({ ...dry, at: '', requestId: '', dryRun: false }, { ...wet, at: '', requestId: '' });
  t.notSame(state(), before);
});

t.test('a dry run uses no id, works inside a transaction, and leaves no receipt when nothing is deleted', async (t) => {
  const { db, ids } = alone();
  const counter = () => db.get("select value from meta where key = 'id_counter'");
  const before = counter();
  const remove = () => db.run('delete from pagecall_users where user_id = ?', 'user-42');
  const dryRun = true;
  db.transaction(() => {
    recordDeletion(db, { ...HEAD, requestId: 'within' }, () => [ids.next('', 4, 'ab'), remove()], { dryRun });
    db.run('update pagecall_users set name = ? where user_id = ?', 'kept', 'user-17');
  });
  t.same(counter(), before);
  t.same(db.get('select name from pagecall_users where user_id = ?', 'user-17'), { name: 'kept' });
  t.match(await readReceipt(db, PROVIDERS, 'within'), { dryRun: true, counts: { users: 1, members: 3 } });
  const fail = () => {
    remove();
    throw new Error('no');
  };
  t.throws(() => recordDeletion(db, { ...HEAD, requestId: 'failed' }, fail, { dryRun }), { message: 'no' });
  t.throws(() => recordDeletion(db, { ...HEAD, requestId: 'failed' }, fail), { message: 'no' });
  for (const options of [{ dryRun }, {}]) recordDeletion(db, { ...HEAD, requestId: 'nothing' }, () => 0, options);
  t.equal((await readReceipts(db, PROVIDERS, { limit: 10 })).total, 1);
  t.match(db.get('select count(*) as users from pagecall_users where user_id = ?', 'user-42'), { users: 1 });
});

t.test('a receipt marks a lost response; of several rows deleted independently the first is the root', async (t) => {
  const { db } = alone();
  recordDeletion(db, { ...HEAD, requestId: 'lost' }, () => {
    db.run('delete from pagecall_members where user_id = ?', 'user-42');
    db.run('delete from pagecall_users where user_id in (?, ?)', 'user-42', 'external_user_102932');
  });
  markUnanswered(db, 'lost');
  markUnanswered(db, 'unknown');
  const receipt = await readReceipt(db, PROVIDERS, 'lost');
  t.match(receipt, { answered: false, root: { resource: 'users' }, counts: { users: 2, members: 4 } });
  t.same(
    receipt?.deleted.map(({ resource, via }) => [resource, via]),
    [
      ['users', null],
      ['members', null],
      ['members', null],
      ['members', null],
      ['members', 'members.user_id'],
    ],
  );
});

t.test('a receipt lists ten thousand rows and counts all', async (t) => {
  const { db } = alone();
  db.execute(`with recursive n (n) as (select 1 union all select n + 1 from n where n < 10001)
    insert into conductor_passthroughRecords (id, endUserId, at, request, response)
    select 'pass_' || n, '${ALICE.conductor}', '', '{}', '{}' from n`);
  const head = { ...HEAD, provider: 'conductor', operation: 'endUsers.delete', requestId: 'much' };
  recordDeletion(db, head, () => db.run('delete from conductor_endUsers where id = ?', ALICE.conductor));
  const receipt = await readReceipt(db, PROVIDERS, 'much');
  t.match(receipt, { truncated: true, counts: { endUsers: 1, passthroughRecords: 10_002 } });
  t.equal(receipt?.deleted.length, 10_000);
});

t.test('a list of receipts leaves out those that are dropped while it is read', async (t) => {
  const { db } = alone();
  for (const requestId of ['old', 'new']) {
    recordDeletion(db, { ...HEAD, requestId }, () =>
      db.run(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < 40000)
         insert into ledger (deletion, provider, resource, id) select deletion, 'pagecall', 'users', i from n, current_request`,
      ),
    );
  }
  const reading = readReceipts(db, PROVIDERS, { limit: 10 });
  db.run('delete from ledger where deletion = 1');
  t.strictSame(
    (await reading).receipts.map(({ requestId }) => requestId),
    ['new'],
  );
});

t.test(
  'receipts keep 100,000 rows, the oldest are dropped whole, and the newest is kept whatever its size',
  async (t) => {
    const { db } = alone();
    const rows = (count: number) =>
      db.run(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
       insert into ledger (deletion, provider, resource, id) select deletion, 'pagecall', 'users', i from n, current_request`,
      );
    const remove = (requestId: string, count: number) => recordDeletion(db, { ...HEAD, requestId }, () => rows(count));
    const kept = async () =>
      (await readReceipts(db, PROVIDERS, { limit: 10 })).receipts.map(({ requestId, counts }) => [
        requestId,
        counts.users,
      ]);
    remove('a', 40_000);
    remove('b', 40_000);
    remove('c', 900);
    t.strictSame(await kept(), [
      ['c', 900],
      ['b', 40_000],
      ['a', 40_000],
    ]);
    remove('d', 40_000);
    t.strictSame(await kept(), [
      ['d', 40_000],
      ['c', 900],
      ['b', 40_000],
    ]);
    t.strictSame(db.get('select count(*) as rows from ledger'), { rows: 100_900 }, 'the ledger is pruned too');
    remove('e', 150_000);
    t.strictSame(await kept(), [['e', 150_000]]);
    recordDeletion(db, { ...HEAD, requestId: 'f' }, () => rows(2000), { dryRun: true });
    t.strictSame(await kept(), [['f', 2000]]);
    for (let n = 0; n < 12; n++) remove(`next-${n}`, 1001);
    const left = { rows: 2000 + 12 * 1001 };
    t.strictSame(db.get('select count(*) as rows from ledger'), left, 'the rest goes with the next deletions');
  },
);
