// Receipts: what a deletion took along and by which foreign key, whole, at every provider; and deletions only played through.
import t from 'tap';
import { Call } from '../../src/core/call.ts';
import { loadFixtures } from '../../src/core/fixtures.ts';
import { markUnanswered, recordDeletion } from '../../src/core/ledger.ts';
import type { Operation, Provider } from '../../src/core/provider.ts';
import { readReceipt, readReceipts } from '../../src/core/receipts.ts';
import type { Sandbox } from '../../src/core/sandbox.ts';
import { LIMITS, Sandboxes } from '../../src/core/sandboxes.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ROOT, world } from '../harness.ts';

const PROFICIENT = { authorization: 'Bearer sk_test_understudy' };
const PAGECALL = { authorization: 'Bearer pagecall_test_key' };
const CONDUCTOR = { authorization: 'Bearer sk_conductor_test' };
const ALICE = { proficient: 'u_Alice0000000000000000042', pagecall: 'user-42', conductor: 'end_usr_alice000000042' };

type Lines = [resource: string, id: string, via: string][];
const rows = (lines: Lines) => lines.map(([resource, id, via]) => ({ resource, id, via }));

interface Case {
  method?: string;
  url: string;
  headers: Record<string, string>;
  json?: object;
  receipt: { provider: string; operation: string; root: object; deleted: object[]; detached: object[]; counts: object };
}

/** The messages of an interaction in the fixtures, in the form of a receipt. */
async function messagesOf(...interactions: string[]): Promise<Lines> {
  const { default: messages } = await import(`${ROOT}/fixtures/proficient/messages.json`, { with: { type: 'json' } });
  return interactions.flatMap((interaction) =>
    messages
      .filter((row: { interaction_id: string }) => row.interaction_id === interaction)
      .map((row: { id: string }) => ['messages', row.id, 'messages.interaction_id']),
  );
}

const byId = (a: any, b: any) => (a.resource + a.id).localeCompare(b.resource + b.id);

async function cases(): Promise<Case[]> {
  const alices = ['int_3bbnAY6Y8mnoSoK1sWPMIaJdF08Rf86V4uJj', 'int_UEiS37KSOh9FAfrAisBZAHbaF2aTn5hToMBl'] as const;
  const camilles = [
    'int_53mfKtX0Da6zaJCp5bNnzxDaEg1xptWvQDr2',
    'int_Rlq4r22UrJnKu7WrxNZzmTVVy7V5CYrNyW97',
    'int_WqYZQj4bUHndG8cKuVtWrqHhU1RiAwiTqDbS',
    alices[0],
  ] as const;
  const agent = 'ag_Lad8YCGGiDLiqIZPWRXmc2ix';
  const [ofAlice, ofCamille, ofOne] = await Promise.all([
    messagesOf(...alices),
    messagesOf(...camilles),
    messagesOf(alices[1]),
  ]);
  return [
    {
      url: `/proficient/users/${ALICE.proficient}`,
      headers: PROFICIENT,
      receipt: {
        provider: 'proficient',
        operation: 'users_delete',
        root: { resource: 'users', id: ALICE.proficient },
        deleted: rows([...alices.map((id): Lines[0] => ['interactions', id, 'interactions.user_id']), ...ofAlice]),
        detached: [],
        counts: { users: 1, interactions: 2, messages: ofAlice.length },
      },
    },
    {
      url: `/proficient/agents/${agent}`,
      headers: PROFICIENT,
      receipt: {
        provider: 'proficient',
        operation: 'agents_delete',
        root: { resource: 'agents', id: agent },
        deleted: rows([
          ['agentConfigs', agent, 'agentConfigs.agent_id'],
          ...camilles.map((id): Lines[0] => ['interactions', id, 'interactions.agent_id']),
          ...ofCamille,
        ]),
        detached: [],
        counts: { agents: 1, agentConfigs: 1, interactions: 4, messages: ofCamille.length },
      },
    },
    {
      url: `/proficient/interactions/${alices[1]}`,
      headers: { 'x-proficient-api-key': 'pk_test_understudy', 'x-proficient-user-external-id': 'user-42' },
      receipt: {
        provider: 'proficient',
        operation: 'interactions_delete',
        root: { resource: 'interactions', id: alices[1] },
        deleted: rows(ofOne),
        detached: [],
        counts: { interactions: 1, messages: ofOne.length },
      },
    },
    {
      url: `/pagecall/v1/users/${ALICE.pagecall}`,
      headers: PAGECALL,
      receipt: {
        provider: 'pagecall',
        operation: 'DeleteUser',
        root: { resource: 'users', id: ALICE.pagecall },
        deleted: rows([
          ['members', '675c681099c877188c165eaa', 'members.user_id'],
          ['members', '677b9bcc8f972e8b424acfbc', 'members.user_id'],
          ['members', '67bc5f40d591a7678246b187', 'members.user_id'],
        ]),
        detached: ['675c682e52db3f1e0a035d0b', '67c2da646776ae163a133ce8', '67d06b5c25fd34c8933fcc5d'].map((id) => ({
          resource: 'sessions',
          id,
          field: 'user_id',
        })),
        counts: { users: 1, members: 3 },
      },
    },
    {
      url: '/pagecall/v1/rooms/678dd8501b9e2a7394a93e87',
      headers: PAGECALL,
      receipt: {
        provider: 'pagecall',
        operation: 'deleteRoom',
        root: { resource: 'rooms', id: '678dd8501b9e2a7394a93e87' },
        deleted: rows([
          ['members', '678dd88ccc1ca1237e97eb38', 'members.room_id'],
          ['members', '678dd8c84f5eb6cd72483ca5', 'members.room_id'],
          ['sessions', '6794a8100ae6480e8179d19e', 'sessions.room_id'],
          ['sessions', '6794a900fa6b5726df226b0f', 'sessions.room_id'],
          ['pages', '678dd85098a6b747369b9d77', 'pages.room_id'],
        ]),
        detached: [],
        counts: { rooms: 1, members: 2, sessions: 2, pages: 1 },
      },
    },
    {
      url: `/conductor/v1/end-users/${ALICE.conductor}`,
      headers: CONDUCTOR,
      receipt: {
        provider: 'conductor',
        operation: 'endUsers.delete',
        root: { resource: 'endUsers', id: ALICE.conductor },
        deleted: rows([
          ['integrationConnections', 'int_conn_xx9655wj65ic7b', 'integrationConnections.endUserId'],
          ['authSessions', 'auth_sess_q04ulee4m3wjej', 'authSessions.endUserId'],
          ['passthroughRecords', 'pass_3aoqjelfj0vblp', 'passthroughRecords.endUserId'],
        ]),
        detached: [],
        counts: { endUsers: 1, integrationConnections: 1, authSessions: 1, passthroughRecords: 1 },
      },
    },
    {
      method: 'POST',
      url: '/__admin/conductor/end-users/end_usr_1234567abcdefg/disconnect',
      headers: {},
      json: { remove: true },
      receipt: {
        provider: 'conductor',
        operation: 'disconnect',
        root: { resource: 'integrationConnections', id: 'int_conn_1234567abcdefg' },
        deleted: [],
        detached: [],
        counts: { integrationConnections: 1 },
      },
    },
  ];
}

t.test('every deletion has a receipt of all that went, what took it, and what lost its owner', async (t) => {
  const all = await cases();
  const deletes = PROVIDERS.flatMap(({ name, operations }) =>
    operations.filter(({ method }) => method === 'DELETE').map(({ operation }) => `${name} ${operation}`),
  );
  const tried = all.map(({ receipt }) => `${receipt.provider} ${receipt.operation}`);
  t.same(
    deletes.filter((one) => !tried.includes(one)),
    [],
    'no operation that deletes is left out',
  );
  const { call } = await world(t);
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
      'owners come before what they own',
    );
    t.strictSame((await call('GET', '/__admin/deletions')).body, { deletions: [body], meta: { total: 1 } });
  }
});

t.test('the list is newest first and can be narrowed', async (t) => {
  const { call } = await world(t);
  const ids: unknown[] = [];
  for (const [url, headers] of [
    ['/pagecall/v1/users/user-42', PAGECALL],
    ['/pagecall/v1/rooms/678dd8501b9e2a7394a93e87', PAGECALL],
    [`/conductor/v1/end-users/${ALICE.conductor}`, CONDUCTOR],
  ] as const) {
    ids.push((await call('DELETE', url, { headers })).headers['x-understudy-request']);
    t.equal((await call('DELETE', url, { headers })).status >= 400, true, 'and a second time is no deletion');
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
  t.same(await list('?sandbox=other'), [[], 0]);
});

t.test('a receipt that is not there, and a query that makes no sense, are refused', async (t) => {
  const { call } = await world(t);
  const refused = await call('DELETE', '/pagecall/v1/users/nobody', { headers: PAGECALL });
  const cases: [string, number, RegExp][] = [
    [`/${refused.headers['x-understudy-request']}`, 404, /a request that removed nothing has none/],
    ['?since=yesterday', 400, /^since: "yesterday" is neither/],
    ['?since=2024-13-01', 400, /^since: /],
    ['?limit=0', 400, /^limit: must be a whole number from 1 to 9999/],
    ['?provider=stripe', 404, /no provider "stripe"/],
    ['?what=1', 400, /^what: unknown field/],
  ];
  for (const [path, status, detail] of cases)
    t.match(await call('GET', `/__admin/deletions${path}`), { status, body: { detail } }, path);
});

/** A sandbox without a server. */
function alone(): Sandbox {
  const fixtures = loadFixtures(`${ROOT}/fixtures`, `${ROOT}/fixtures`, PROVIDERS);
  const settings = { ...DEFAULT_SETTINGS, seed: 'seed' };
  return new Sandboxes(fixtures, {
    ...LIMITS,
    settings,
    data: null,
    journalSize: 1,
    webhooks: false,
    now: Date.now,
  }).find('alone');
}

const HEAD = { at: '2025-01-01T00:00:00.000Z', provider: 'pagecall', operation: 'DeleteUser', providerRequestId: null };

t.test('a dry run answers and leaves a receipt as the deletion would, and changes nothing', async (t) => {
  const sandbox = alone();
  sandbox.webhooks.enabled = false;
  const provider = PROVIDERS.find(({ name }) => name === 'pagecall') as Provider;
  const { handle } = provider.operations.find(({ operation }) => operation === 'DeleteUser') as Operation;
  sandbox.db.execute(`update pagecall_rooms set webhook = '{"url":"http://127.0.0.1:9/"}'`);
  sandbox.db.run('update pagecall_sessions set disconnected_at = null where user_id = ?', 'user-42');
  const world = () =>
    PROVIDERS.flatMap(({ name, resources }) =>
      resources.map((resource) => sandbox.db.all(`select * from "${name}_${resource.name}"`)),
    );
  const before = world();
  const remove = (requestId: string, dryRun: boolean) =>
    handle(
      new Call({
        sandbox,
        dryRun,
        requestId,
        caller: null,
        params: { user_id: 'user-42' },
        query: undefined,
        headers: undefined,
        body: undefined,
        operation: { provider: 'pagecall', name: 'DeleteUser' },
        providerRequestId: null,
        publicBase: '',
        late: null,
        delayMs: 0,
        entry: null,
      }),
    );
  const played = remove('dry', true);
  t.same(world(), before, 'every row is as it was');
  t.same(sandbox.webhooks.list(), [], 'nobody was told');
  const dry = readReceipt(sandbox.db, PROVIDERS, 'dry');
  t.match(dry, { dryRun: true, answered: true, counts: { users: 1, members: 3 } });
  const done = remove('wet', false);
  t.strictSame(done, played, 'the same answer');
  t.not(sandbox.webhooks.list().length, 0, 'now they are told');
  const wet = readReceipt(sandbox.db, PROVIDERS, 'wet');
  t.same({ ...dry, at: '', requestId: '', dryRun: false }, { ...wet, at: '', requestId: '' });
  t.notSame(world(), before);
});

t.test(
  'a dry run uses up no id, works inside a transaction, and one that removes or does nothing leaves nothing',
  async (t) => {
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
    t.match(readReceipt(db, PROVIDERS, 'within'), { dryRun: true, counts: { users: 1, members: 3 } });
    const fail = () => {
      remove();
      throw new Error('no');
    };
    t.throws(() => recordDeletion(db, { ...HEAD, requestId: 'failed' }, fail, { dryRun }), { message: 'no' });
    t.throws(() => recordDeletion(db, { ...HEAD, requestId: 'failed' }, fail), { message: 'no' });
    for (const options of [{ dryRun }, {}]) recordDeletion(db, { ...HEAD, requestId: 'nothing' }, () => 0, options);
    t.equal(readReceipts(db, PROVIDERS, { limit: 10 }).total, 1);
    t.match(db.get('select count(*) as users from pagecall_users where user_id = ?', 'user-42'), { users: 1 });
  },
);

t.test('a lost answer is noted; of several rows removed side by side the foremost is the root', async (t) => {
  const { db } = alone();
  recordDeletion(db, { ...HEAD, requestId: 'lost' }, () => {
    db.run('delete from pagecall_members where user_id = ?', 'user-42');
    db.run('delete from pagecall_users where user_id in (?, ?)', 'user-42', 'external_user_102932');
  });
  markUnanswered(db, 'lost');
  markUnanswered(db, 'unknown');
  const receipt = readReceipt(db, PROVIDERS, 'lost');
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

t.test('ten thousand rows are listed, and all are counted', async (t) => {
  const { db } = alone();
  db.execute(`with recursive n (n) as (select 1 union all select n + 1 from n where n < 10001)
    insert into conductor_passthroughRecords (id, endUserId, at, request, response)
    select 'pass_' || n, '${ALICE.conductor}', '', '{}', '{}' from n`);
  const head = { ...HEAD, provider: 'conductor', operation: 'endUsers.delete', requestId: 'much' };
  recordDeletion(db, head, () => db.run('delete from conductor_endUsers where id = ?', ALICE.conductor));
  const receipt = readReceipt(db, PROVIDERS, 'much');
  t.match(receipt, { truncated: true, counts: { endUsers: 1, passthroughRecords: 10_002 } });
  t.equal(receipt?.deleted.length, 10_000);
});
