// Proficient: the cascade of deleted agents and users.
import { join } from 'node:path';
import t from 'tap';
import { openFile } from '../../../src/core/storage/database.ts';
import { testServer } from '../../harness.ts';
import {
  ALICE,
  admin,
  alice,
  CAFE,
  CAMILLE,
  COACH,
  client,
  failed,
  folder,
  GRAMMAR,
  INTERVIEW,
  ids,
  KITCHEN,
  nadi,
  SUBJUNCTIVE,
  tomas,
} from './fixtures.ts';

t.test('deleting an agent deletes its config and all interactions with it', async (t) => {
  const { call } = await testServer(t);
  const messagesOf = async (id: string, headers: Record<string, string>) =>
    (await call('GET', `/proficient/messages?interaction_id=${id}`, { headers })).body.data;
  const [message] = await messagesOf(CAFE, alice);
  const { body: user } = await call('GET', `/proficient/users/${ALICE}`, { headers: admin });
  const { body: agent } = await call('GET', `/proficient/agents/${CAMILLE}`, { headers: admin });
  t.strictSame((await call('DELETE', `/proficient/agents/${CAMILLE}`, { headers: admin })).body, agent);

  const gone = failed('resource_not_found', `No such agent: ${CAMILLE}`);
  for (const [method, path] of [
    ['GET', ''],
    ['POST', ''],
    ['DELETE', ''],
    ['GET', '/config'],
    ['POST', '/config'],
    ['POST', '/activate'],
    ['POST', '/deactivate'],
  ] as const) {
    const refused = await call(method, `/proficient/agents/${CAMILLE}${path}`, {
      headers: admin,
      ...(method === 'POST' ? { json: {} } : {}),
    });
    t.equal(refused.status, 404);
    t.strictSame(refused.body, gone);
  }
  t.strictSame((await call('GET', `/proficient/interactions?agent_id=${CAMILLE}`, { headers: alice })).body, gone);
  t.strictSame(
    (await call('POST', '/proficient/interactions', { headers: alice, json: { agent_id: CAMILLE } })).body,
    gone,
  );
  for (const [id, headers] of [
    [CAFE, alice],
    [INTERVIEW, tomas],
    [KITCHEN, nadi],
  ] as const) {
    t.strictSame(
      (await call('GET', `/proficient/interactions/${id}`, { headers })).body,
      failed('resource_not_found', `No such interaction: ${id}`),
    );
  }
  t.strictSame(
    (await call('GET', `/proficient/messages/${message.id}`, { headers: alice })).body,
    failed('resource_not_found', `No such message: ${message.id}`),
  );
  t.strictSame(ids((await call('GET', '/proficient/interactions', { headers: alice })).body), [SUBJUNCTIVE]);
  t.equal((await messagesOf(SUBJUNCTIVE, alice)).length, 6);
  t.strictSame(ids((await call('GET', '/proficient/agents', { headers: admin })).body), [GRAMMAR, COACH]);
  t.strictSame((await call('GET', `/proficient/users/${ALICE}`, { headers: admin })).body, user);
});

t.test('deleting a user deletes their interactions and messages only', async (t) => {
  const data = t.testdir();
  const { app, call } = await testServer(t, { data });
  const { body: list } = await call('GET', `/proficient/messages?interaction_id=${CAFE}`, { headers: alice });
  const { body: user } = await call('GET', `/proficient/users/${ALICE}`, { headers: admin });
  const { body: agent } = await call('GET', `/proficient/agents/${CAMILLE}`, { headers: admin });
  t.strictSame((await call('DELETE', `/proficient/users/${ALICE}`, { headers: admin })).body, user);
  for (const [method, json] of [['GET'], ['POST', {}], ['DELETE']] as const) {
    t.strictSame(
      (await call(method, `/proficient/users/${ALICE}`, { headers: admin, json })).body,
      failed('resource_not_found', `No such user: ${ALICE}`),
    );
  }
  t.equal((await call('GET', `/proficient/interactions/${CAFE}`, { headers: alice })).status, 404);
  t.equal((await call('GET', `/proficient/messages?interaction_id=${CAFE}`, { headers: alice })).status, 404);
  t.equal((await call('GET', `/proficient/messages/${list.data[0].id}`, { headers: alice })).status, 404);
  t.equal((await call('GET', `/proficient/interactions?starting_after=${CAFE}`, { headers: alice })).status, 404);
  t.equal((await call('GET', `/proficient/interactions/${INTERVIEW}`, { headers: tomas })).body.total_message_count, 5);
  t.strictSame((await call('GET', `/proficient/agents/${CAMILLE}`, { headers: admin })).body, agent);
  t.equal((await call('POST', '/proficient/users', { headers: admin, json: { external_id: 'freed' } })).status, 200);
  await app.close();
  const db = openFile(join(data, 'default.sqlite'));
  t.teardown(() => db.close());
  const count = (table: string) => db.get<{ n: number }>(`select count(*) as n from proficient_${table}`)?.n;
  // Two of eight interactions and 14 of 55 messages were Alice's; her later calls created her again, `freed` is new.
  t.strictSame(['users', 'agents', 'agentConfigs', 'interactions', 'messages'].map(count), [7, 3, 3, 6, 41]);
  t.strictSame(db.all('select resource, via, count(*) as n from ledger group by resource, via order by resource'), [
    { resource: 'interactions', via: 'interactions.user_id', n: 2 },
    { resource: 'messages', via: 'messages.interaction_id', n: 14 },
    { resource: 'users', via: null, n: 1 },
  ]);
  t.strictSame(db.pragma('foreign_key_check'), []);
});

t.test('a thread 5,000 messages deep is deleted with its user in one call', async (t) => {
  const messages = Array.from({ length: 5000 }, (_, depth) => ({
    id: `msg_${depth}`,
    interaction_id: 'int_1',
    parent_id: depth === 0 ? null : `msg_${depth - 1}`,
    depth,
    sent_by: depth % 2 === 0 ? 'user' : 'agent',
    content: '',
    created_at: 1700000000000 + depth,
  }));
  const { call } = await testServer(t, { fixtures: t.testdir(folder({ messages })) });
  const me = client('ext-1');
  t.equal((await call('GET', '/proficient/interactions/int_1', { headers: me })).body.total_message_count, 5000);
  t.equal((await call('DELETE', '/proficient/users/u_1', { headers: admin })).status, 200);
  t.equal((await call('GET', '/proficient/messages/msg_4999', { headers: me })).status, 404);
});
