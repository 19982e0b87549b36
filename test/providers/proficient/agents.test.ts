import { join } from 'node:path';
import t from 'tap';
import { openFile } from '../../../src/core/database.ts';
import { renderGreeting } from '../../../src/providers/proficient/greetings.ts';
import { type Ask, world } from '../../harness.ts';
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
  KITCHEN,
  nadi,
  ORAL,
  SUBJUNCTIVE,
  TOMAS,
  tomas,
} from './fixtures.ts';

const create = (json: object): Ask => ({ headers: admin, json: { model: 'openai.gpt-4', ...json } });
const ids = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);

t.test('a fresh agent is inactive and its unset labels and settings are empty', async (t) => {
  const { call } = await world(t);
  const { body: agent } = await call(
    'POST',
    '/proficient/agents',
    create({ name: null, openai: null, initial_turn: null, anthropic: { top_k: 'ignored' }, active: true }),
  );
  t.strictSame(agent, {
    id: agent.id,
    object: 'agent',
    active: false,
    description: '',
    display_description: '',
    display_name: '',
    name: '',
    created_at: agent.created_at,
    updated_at: agent.created_at,
  });
  const config = {
    object: 'agent_config',
    anthropic: {},
    agent_id: agent.id,
    greeting_message: '',
    initial_turn: 'user',
    model: 'openai.gpt-4',
    openai: {},
    system_message: '',
  };
  t.strictSame((await call('GET', `/proficient/agents/${agent.id}/config`, { headers: admin })).body, config);

  const update = async (json: object) =>
    (await call('POST', `/proficient/agents/${agent.id}/config`, { headers: admin, json })).body;
  const set = { ...config, openai: { temperature: 1 }, anthropic: { top_k: 5 } };
  t.strictSame(await update({ openai: { temperature: 1 }, anthropic: { top_k: 5 } }), set);
  t.strictSame(await update({}), set);
  t.strictSame(await update({ openai: { temperature: null, top_p: 0, stray: 1 }, anthropic: null, agent_id: 'x' }), {
    ...set,
    openai: { temperature: 1, top_p: 0 },
  });
  const more = {
    model: 'anthropic.claude-v1',
    initial_turn: 'agent',
    greeting_message: 'Hi',
    system_message: '{{user.first_name}}',
  };
  t.strictSame(await update(more), { ...set, ...more, openai: { temperature: 1, top_p: 0 } });
  t.strictSame(await update({ greeting_message: '', system_message: null }), {
    ...set,
    ...more,
    greeting_message: '',
    openai: { temperature: 1, top_p: 0 },
  });
  t.strictSame(
    (await call('GET', `/proficient/agents/${agent.id}`, { headers: admin })).body,
    agent,
    "the agent's updated_at does not move",
  );
});

t.test('labels change one by one, null leaves them, an empty text clears them', async (t) => {
  const { call } = await world(t);
  const read = async () => (await call('GET', `/proficient/agents/${COACH}`, { headers: admin })).body;
  const update = (json: object) => call('POST', `/proficient/agents/${COACH}`, { headers: admin, json });
  const agent = await read();
  t.strictSame((await update({})).body, agent);
  t.strictSame((await update({ name: null, active: true, model: 'none' })).body, agent);
  const { body } = await update({ name: '', display_name: 'Coach', description: null });
  t.ok(body.updated_at > agent.updated_at);
  t.strictSame(body, { ...agent, name: '', display_name: 'Coach', updated_at: body.updated_at });
  t.strictSame(await read(), body);
});

t.test('switching an agent twice changes nothing the second time', async (t) => {
  const { call } = await world(t);
  for (const [verb, id, active] of [
    ['activate', CAMILLE, true],
    ['deactivate', COACH, false],
  ] as const) {
    const { body: before } = await call('GET', `/proficient/agents/${id}`, { headers: admin });
    t.strictSame((await call('POST', `/proficient/agents/${id}/${verb}`, { headers: admin })).body, before);
    t.equal(before.active, active);
  }
});

t.test('model settings keep to the documented ranges', async (t) => {
  const { call } = await world(t);
  const cases: [string, string, number[], unknown[], string][] = [
    ['openai', 'frequency_penalty', [-2, 2], [-2.1, 2.1], 'must be from -2 to 2'],
    ['openai', 'presence_penalty', [-2, 2], [-2.1, 2.1], 'must be from -2 to 2'],
    ['openai', 'temperature', [0, 2], [-0.1, 2.1], 'must be from 0 to 2'],
    ['openai', 'top_p', [0, 1], [-1, 1.1], 'must be from 0 to 1'],
    ['anthropic', 'temperature', [0, 1], [-0.1, 1.1], 'must be from 0 to 1'],
    ['anthropic', 'top_k', [-1, 0, 500], [-2], 'must be -1 or at least 0'],
    ['anthropic', 'top_k', [], [0.5], 'expected an integer, got a number'],
    ['anthropic', 'top_p', [-1, 0, 1], [-0.5, 1.1], 'must be -1 or from 0 to 1'],
    ['openai', 'top_p', [], ['1'], 'expected a number, got a string'],
  ];
  for (const [group, setting, good, bad, message] of cases) {
    const update = (value: unknown) =>
      call('POST', `/proficient/agents/${GRAMMAR}/config`, { headers: admin, json: { [group]: { [setting]: value } } });
    for (const value of good) t.equal((await update(value)).body[group][setting], value, `${setting} ${value}`);
    for (const value of bad) {
      const refused = await update(value);
      t.equal(refused.status, 400);
      t.strictSame(refused.body, failed('invalid_request', `${group}.${setting}: ${message}`));
    }
  }
  const infinite = await call('POST', '/proficient/agents', {
    headers: { ...admin, 'content-type': 'application/json' },
    raw: '{"model":"openai.gpt-4","openai":{"top_p":1e999}}',
  });
  t.strictSame(infinite.body, failed('invalid_request', 'openai.top_p: expected a finite number'));
  const huge = await call('POST', `/proficient/agents/${GRAMMAR}/config`, {
    headers: admin,
    json: { anthropic: { top_k: 2 ** 60 } },
  });
  t.match(huge.body, { error: { code: 'invalid_request', message: /^anthropic\.top_k: / } });
});

t.test('an inactive agent takes nothing new, and all else goes on', async (t) => {
  const { call } = await world(t);
  const { body: messages } = await call('GET', `/proficient/messages?interaction_id=${ORAL}`, { headers: tomas });
  const inactive = failed('forbidden', 'The agent is not active.');
  const blocked: [string, object][] = [
    ['/interactions', { agent_id: COACH }],
    ['/messages', { interaction_id: ORAL, content: 'Hello?' }],
    [`/messages/${messages.data[0].id}/ask`, { interaction_id: ORAL }],
    [`/messages/${messages.data[1].id}/ask`, { interaction_id: ORAL }],
  ];
  for (const [path, json] of blocked) {
    const refused = await call('POST', `/proficient${path}`, { headers: tomas, json });
    t.equal(refused.status, 403);
    t.strictSame(refused.body, inactive);
  }
  // What a request names is looked up before the agent's state matters, and read before it is looked up.
  const missing: [string, object, number][] = [
    ['/messages', { interaction_id: ORAL, content: '', parent_id: 'none' }, 404],
    [`/messages/${messages.data[0].id}/ask`, { interaction_id: INTERVIEW }, 404],
    ['/interactions/none', { name: 5 }, 400],
    ['/messages', { interaction_id: 'none' }, 400],
  ];
  for (const [path, json, status] of missing) {
    t.equal((await call('POST', `/proficient${path}`, { headers: tomas, json })).status, status);
  }
  t.equal((await call('GET', `/proficient/interactions/${ORAL}`, { headers: tomas })).body.total_message_count, 4);
  t.equal((await call('GET', `/proficient/messages/${messages.data[0].id}`, { headers: tomas })).status, 200);
  t.equal(
    (await call('POST', `/proficient/interactions/${ORAL}`, { headers: tomas, json: { name: '' } })).body.name,
    '',
  );
  t.equal((await call('POST', `/proficient/agents/${COACH}/activate`, { headers: admin })).body.active, true);
  t.equal(
    (await call('POST', '/proficient/messages', { headers: tomas, json: { interaction_id: ORAL, content: '' } })).body
      .content,
    '',
  );
  t.equal((await call('POST', `/proficient/agents/${COACH}/deactivate`, { headers: admin })).body.active, false);
  t.equal((await call('DELETE', `/proficient/interactions/${ORAL}`, { headers: tomas })).body.total_message_count, 5);
});

t.test("an agent takes its config and everyone's interactions with it along", async (t) => {
  const { call } = await world(t);
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

t.test("a user takes their interactions and messages along, and nobody else's", async (t) => {
  const data = t.testdir();
  const { app, call } = await world(t, { data });
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
  // Two of eight interactions and 14 of 55 messages were Alice's; she came back by her own calls, `freed` is new.
  t.strictSame(['users', 'agents', 'agentConfigs', 'interactions', 'messages'].map(count), [7, 3, 3, 6, 41]);
  t.strictSame(db.all('select resource, via, count(*) as n from ledger group by resource, via order by resource'), [
    { resource: 'interactions', via: 'interactions.user_id', n: 2 },
    { resource: 'messages', via: 'messages.interaction_id', n: 14 },
    { resource: 'users', via: null, n: 1 },
  ]);
  t.strictSame(db.pragma('foreign_key_check'), []);
});

t.test('a thread 5,000 messages deep goes with its user in one call', async (t) => {
  const messages = Array.from({ length: 5000 }, (_, depth) => ({
    id: `msg_${depth}`,
    interaction_id: 'int_1',
    parent_id: depth === 0 ? null : `msg_${depth - 1}`,
    depth,
    sent_by: depth % 2 === 0 ? 'user' : 'agent',
    content: '',
    created_at: 1700000000000 + depth,
  }));
  const { call } = await world(t, { fixtures: t.testdir(folder({ messages })) });
  const me = client('ext-1');
  t.equal((await call('GET', '/proficient/interactions/int_1', { headers: me })).body.total_message_count, 5000);
  t.equal((await call('DELETE', '/proficient/users/u_1', { headers: admin })).status, 200);
  t.equal((await call('GET', '/proficient/messages/msg_4999', { headers: me })).status, 404);
});

t.test('an agent whose fixtures give it no config lets the user begin', async (t) => {
  const { call } = await world(t, { fixtures: t.testdir(folder({ agentConfigs: [] })) });
  const { body } = await call('POST', '/proficient/interactions', {
    headers: client('ext-1'),
    json: { agent_id: 'ag_1' },
  });
  t.match(body, { interaction: { initial_turn: 'user', total_message_count: 0 }, messages: [] });
  t.equal((await call('GET', '/proficient/agents/ag_1/config', { headers: admin })).status, 404);
});

t.test('greeting templates show what the API shows of user and agent', (t) => {
  const scope = {
    user: { first_name: '<Ada> $&', live_mode: false, created_at: 5 },
    agent: { display_name: '{{user.first_name}}' },
  };
  for (const [template, text] of [
    ['Hi {{user.first_name}}, {{{ user.first_name }}}!', 'Hi <Ada> $&, <Ada> $&!'],
    ['{{ agent.display_name }}', '{{user.first_name}}'],
    ['{{user.live_mode}} {{user.created_at}}', 'false 5'],
    ['[{{user.nope}}{{user}}{{nobody.x}}{{user.first_name.length}}{{user.constructor}}{{this}}]', '[]'],
    [
      '{{#if user.x}}a{{else}}b{{/if}}{{> part}}{{! note }}{{upper user.x}}',
      '{{#if user.x}}a{{else}}b{{/if}}{{> part}}{{! note }}{{upper user.x}}',
    ],
    ['{{{{user.live_mode}}}} {user.live_mode} {{}}', '{{{{user.live_mode}}}} {user.live_mode} {{}}'],
  ] as const) {
    t.equal(renderGreeting(template, scope), text);
  }
  t.end();
});

t.test('the agent greets only when it speaks first and has something to say', async (t) => {
  const { call } = await world(t);
  const open = async (config: object) => {
    await call('POST', `/proficient/agents/${CAMILLE}/config`, { headers: admin, json: config });
    return (await call('POST', '/proficient/interactions', { headers: tomas, json: { agent_id: CAMILLE } })).body;
  };
  const first = await open({});
  t.match(first, {
    interaction: { initial_turn: 'agent', total_message_count: 1, user_id: TOMAS },
    messages: [{ content: "Hello Tomas, I'm Camille. What shall we practise today?" }],
  });
  t.match(await open({ greeting_message: '' }), {
    interaction: { initial_turn: 'agent', total_message_count: 0 },
    messages: [],
  });
  t.match(await open({ greeting_message: 'Hi', initial_turn: 'user' }), {
    interaction: { initial_turn: 'user', total_message_count: 0 },
    messages: [],
  });
  const path = `/proficient/interactions/${first.interaction.id}`;
  t.equal((await call('GET', path, { headers: tomas })).body.initial_turn, 'agent', 'later changes do not touch it');
});
