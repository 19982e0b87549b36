// The dashboard's trees: resources below their owners, owned rows, and receipts.
import t from 'tap';
import { cascadeOf, countsText, detachments, marksOf, totalOf } from '../../src/dashboard/model/cascade.ts';
import { shownColumns } from '../../src/dashboard/model/columns.ts';
import { ownedGroups, resourceOf, resourceTrees, rowsIn } from '../../src/dashboard/model/resource-tree.ts';
import { QUICKBOOKS_RESOURCES } from '../../src/providers/conductor/quickbooks/index.ts';
import { testServer } from '../harness.ts';
import { receipt, resourcesOf } from './fixtures.ts';

t.test('a resource is below the first owner whose deletion deletes it', async (t) => {
  const trees = resourceTrees(await resourcesOf(t));
  t.strictSame(
    trees.map(({ provider, title, nodes }) => [
      provider,
      title,
      nodes.map(({ depth, resource }) => `${'>'.repeat(depth)}${resource.name}`),
    ]),
    [
      ['proficient', 'Proficient AI', ['users', '>interactions', '>>messages', 'agents', '>agentConfigs']],
      ['pagecall', 'Pagecall', ['users', '>members', 'rooms', '>sessions', '>pages']],
      [
        'conductor',
        'Conductor',
        ['endUsers', '>integrationConnections', '>authSessions', '>passthroughRecords', '>companyFiles'],
      ],
    ],
  );
  const [proficient, , conductor] = trees;
  t.strictSame(proficient?.books, []);
  t.strictSame(
    ['companyFiles', ...(conductor?.books ?? []).map(({ name }) => name)],
    QUICKBOOKS_RESOURCES.map(({ name }) => name),
    'what is kept in company files stands apart',
  );
  t.equal(rowsIn([{ rows: 2 }, { rows: 3 }]), 5);
});

t.test('owned rows are counted by resource, zero included', async (t) => {
  const { call } = await testServer(t);
  const { resources } = (await call('GET', '/__admin/resources')).body;
  const { rows, owned } = (await call('GET', '/__admin/resources/pagecall/users')).body;
  const users = resourceOf(resources, 'pagecall', 'users');
  if (users === undefined) throw new Error('there are users');
  const alice = rows.find((row: { user_id: string }) => row.user_id === 'user-42');
  const mine = ownedGroups(resources, users, alice, owned);
  t.strictSame(
    mine.map(({ resource, column, value, tie, rows }) => [resource.name, column, value, tie, rows]),
    [
      ['members', 'user_id', 'user-42', 'owned', 3],
      ['sessions', 'user_id', 'user-42', 'detached', 3],
    ],
  );
  const nobody = ownedGroups(resources, users, { user_id: 'nobody' }, owned);
  t.strictSame(
    nobody.map(({ rows }) => rows),
    [0, 0],
  );
  t.strictSame(ownedGroups(resources, users, alice, [{ resource: 'wings', column: 'user_id', counts: {} }]), []);
  t.strictSame(ownedGroups(resources, users, alice, [{ resource: 'members', column: 'id', counts: {} }]), []);
});

t.test('a table shows key, identity and owner columns first, at most eight', async (t) => {
  const resources = await resourcesOf(t);
  const shown = (provider: string, name: string, hidden?: string) => {
    const resource = resourceOf(resources, provider, name);
    return resource === undefined ? [] : shownColumns(resource, hidden);
  };
  t.strictSame(shown('conductor', 'endUsers'), ['id', 'sourceId', 'email', 'createdAt', 'companyName']);
  t.strictSame(shown('pagecall', 'members', 'user_id').slice(0, 3), ['id', 'room_id', 'type']);
  t.equal(shown('pagecall', 'rooms').length, 8);
});

t.test('a receipt becomes a tree along the foreign keys', async (t) => {
  const resources = await resourcesOf(t);
  const taken = receipt({
    provider: 'proficient',
    root: { resource: 'users', id: 'u_1' },
    deleted: [
      { resource: 'interactions', id: 'int_1', via: 'interactions.user_id' },
      { resource: 'interactions', id: 'int_2', via: 'interactions.user_id' },
      { resource: 'messages', id: 'msg_1', via: 'messages.interaction_id' },
      { resource: 'users', id: 'u_2', via: null },
      { resource: 'wings', id: 'w_1', via: 'wings.user_id' },
    ],
    counts: { users: 2, interactions: 2, messages: 1 },
  });
  t.strictSame(cascadeOf(taken, resources), {
    resource: 'users',
    via: null,
    ids: ['u_1'],
    below: [
      {
        resource: 'interactions',
        via: 'interactions.user_id',
        ids: ['int_1', 'int_2'],
        below: [{ resource: 'messages', via: 'messages.interaction_id', ids: ['msg_1'], below: [] }],
      },
      { resource: 'users', via: null, ids: ['u_2'], below: [] },
      { resource: 'wings', via: 'wings.user_id', ids: ['w_1'], below: [] },
    ],
  });
  t.equal(countsText(taken.counts), '2 users, 2 interactions and 1 message');
  t.equal(totalOf(taken.counts), 5);
});

t.test('detached rows are grouped by field, and every row of a receipt is marked', async (t) => {
  const taken = receipt({
    deleted: [{ resource: 'members', id: 'm1', via: 'members.user_id' }],
    detached: [
      { resource: 'sessions', id: 's1', field: 'user_id' },
      { resource: 'sessions', id: 's2', field: 'user_id' },
    ],
  });
  t.strictSame(detachments(taken), [{ resource: 'sessions', field: 'user_id', ids: ['s1', 's2'] }]);
  t.strictSame(
    [...marksOf(taken)],
    [
      ['pagecall/sessions/s1', 'stays'],
      ['pagecall/sessions/s2', 'stays'],
      ['pagecall/users/user-42', 'goes'],
      ['pagecall/members/m1', 'goes'],
    ],
  );
});
