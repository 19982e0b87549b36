// A Proficient project from creation to deletion, through all 23 operations.
import t from 'tap';
import { proficient } from '../../../src/providers/proficient/index.ts';
import { type RequestOptions, testServer } from '../../harness.ts';
import { admin, CAMILLE, COACH, client, failed, GRAMMAR } from './fixtures.ts';

t.test('a project is created, used and deleted through all 23 operations', async (t) => {
  const { call } = await testServer(t);
  const walked = new Set<string>();
  const go = async (operation: string, method: string, path: string, ask: RequestOptions) => {
    walked.add(operation);
    const started = Date.now();
    const { status, headers, body } = await call(method, `/proficient${path}`, ask);
    t.equal(status, 200, operation);
    t.equal(headers['content-type'], 'application/json; charset=utf-8');
    const now = (time: number) => t.ok(time >= started && time <= Date.now(), 'a time in milliseconds');
    return { body, now };
  };
  const me = client('newcomer-1');

  // The project's own server creates, finds and names a user.
  const created = await go('users_create', 'POST', '/users', {
    headers: admin,
    json: { external_id: 'newcomer-1', first_name: 'Ines' },
  });
  let user = created.body;
  t.match(user.id, /^u_[0-9A-Za-z]{24}$/);
  created.now(user.created_at);
  t.strictSame(user, {
    id: user.id,
    object: 'user',
    created_at: user.created_at,
    external_id: 'newcomer-1',
    first_name: 'Ines',
    last_name: '',
    live_mode: true,
    updated_at: user.created_at,
  });
  const { body: users } = await go('users_list', 'GET', '/users', { headers: admin });
  t.strictSame(users.data[0], user);
  t.strictSame(Object.keys(users), ['data']);
  t.strictSame(
    users.data.map(({ external_id }: { external_id: string }) => external_id),
    ['newcomer-1', 'web-7f3c91', 'qa-learner-1', 'user-23', 'user-17', 'user-42', 'gtLIK8ELsHTr0Fajg28Ud9eFpJJ3'],
  );
  const renamed = await go('users_update', 'POST', `/users/${user.id}`, { headers: me, json: { last_name: 'Duarte' } });
  renamed.now(renamed.body.updated_at);
  t.strictSame(renamed.body, { ...user, last_name: 'Duarte', updated_at: renamed.body.updated_at });
  user = renamed.body;
  t.strictSame((await go('users_get', 'GET', `/users/${user.id}`, { headers: me })).body, user);

  // An agent is created, configured and activated.
  const made = await go('agents_create', 'POST', '/agents', {
    headers: admin,
    json: {
      model: 'openai.gpt-4',
      name: 'guide',
      display_name: 'Guide',
      initial_turn: 'agent',
      greeting_message: 'Olá {{user.first_name}}, sou {{{ agent.display_name }}}.',
      openai: { temperature: 0.5 },
    },
  });
  let agent = made.body;
  t.match(agent.id, /^ag_[0-9A-Za-z]{24}$/);
  made.now(agent.created_at);
  t.strictSame(agent, {
    id: agent.id,
    object: 'agent',
    active: false,
    description: '',
    display_description: '',
    display_name: 'Guide',
    name: 'guide',
    created_at: agent.created_at,
    updated_at: agent.created_at,
  });
  const config = {
    object: 'agent_config',
    anthropic: {},
    agent_id: agent.id,
    greeting_message: 'Olá {{user.first_name}}, sou {{{ agent.display_name }}}.',
    initial_turn: 'agent',
    model: 'openai.gpt-4',
    openai: { temperature: 0.5 },
    system_message: '',
  };
  t.strictSame((await go('agents_getConfig', 'GET', `/agents/${agent.id}/config`, { headers: admin })).body, config);
  t.strictSame(
    (
      await go('agents_updateConfig', 'POST', `/agents/${agent.id}/config`, {
        headers: admin,
        json: { system_message: 'Be kind.', openai: { top_p: 0.9 }, anthropic: { top_k: -1 } },
      })
    ).body,
    { ...config, system_message: 'Be kind.', openai: { temperature: 0.5, top_p: 0.9 }, anthropic: { top_k: -1 } },
  );
  const labelled = await go('agents_update', 'POST', `/agents/${agent.id}`, {
    headers: admin,
    json: { description: 'Shows people round' },
  });
  t.strictSame(labelled.body, { ...agent, description: 'Shows people round', updated_at: labelled.body.updated_at });
  const on = await go('agents_activate', 'POST', `/agents/${agent.id}/activate`, { headers: admin });
  on.now(on.body.updated_at);
  agent = { ...labelled.body, active: true, updated_at: on.body.updated_at };
  t.strictSame(on.body, agent);
  t.strictSame((await go('agents_get', 'GET', `/agents/${agent.id}`, { headers: me })).body, agent);
  const { body: agents } = await go('agents_list', 'GET', '/agents', { headers: me });
  t.strictSame(agents.data[0], agent);
  t.strictSame(
    agents.data.map(({ id }: { id: string }) => id),
    [agent.id, GRAMMAR, COACH, CAMILLE],
  );

  // The user sends messages to it.
  const opened = await go('interactions_create', 'POST', '/interactions', {
    headers: me,
    json: { agent_id: agent.id },
  });
  const { interaction, messages } = opened.body;
  t.match(interaction.id, /^int_[0-9A-Za-z]{36}$/);
  opened.now(interaction.created_at);
  const conversation = {
    id: interaction.id,
    object: 'interaction',
    agent_id: agent.id,
    archived: false,
    created_at: interaction.created_at,
    initial_turn: 'agent',
    name: '',
    total_message_count: 1,
    updated_at: interaction.created_at,
    user_id: user.id,
  };
  t.match(messages[0].id, /^msg_[0-9A-Za-z]{48}$/);
  const greeting = {
    id: messages[0].id,
    object: 'message',
    content: 'Olá Ines, sou Guide.',
    created_at: interaction.created_at,
    depth: 0,
    interaction_id: interaction.id,
    parent_id: null,
    sent_by: 'agent',
  };
  t.strictSame(opened.body, { interaction: conversation, messages: [greeting] });
  const said = await go('messages_create', 'POST', '/messages', {
    headers: me,
    json: { interaction_id: interaction.id, content: 'Thank you!', parent_id: greeting.id },
  });
  said.now(said.body.created_at);
  t.strictSame(said.body, {
    ...greeting,
    id: said.body.id,
    content: 'Thank you!',
    created_at: said.body.created_at,
    depth: 1,
    parent_id: greeting.id,
    sent_by: 'user',
  });
  const replied = await go('messages_ask', 'POST', `/messages/${said.body.id}/ask`, {
    headers: me,
    json: { interaction_id: interaction.id },
  });
  t.strictSame(replied.body, {
    ...greeting,
    id: replied.body.id,
    content: 'With pleasure. See you at the next lesson!',
    created_at: replied.body.created_at,
    depth: 2,
    parent_id: said.body.id,
  });
  t.strictSame((await go('messages_get', 'GET', `/messages/${replied.body.id}`, { headers: me })).body, replied.body);
  t.strictSame((await go('messages_list', 'GET', `/messages?interaction_id=${interaction.id}`, { headers: me })).body, {
    data: [greeting, said.body, replied.body],
    has_more: false,
  });
  const talked = { ...conversation, total_message_count: 3, updated_at: replied.body.created_at };
  t.strictSame((await go('interactions_get', 'GET', `/interactions/${interaction.id}`, { headers: me })).body, talked);
  const named = await go('interactions_update', 'POST', `/interactions/${interaction.id}`, {
    headers: me,
    json: { name: 'First steps' },
  });
  named.now(named.body.updated_at);
  const last = { ...talked, name: 'First steps', updated_at: named.body.updated_at };
  t.strictSame(named.body, last);
  t.strictSame((await go('interactions_list', 'GET', '/interactions', { headers: me })).body, {
    data: [last],
    has_more: false,
  });

  // Everything is deleted.
  t.strictSame(
    (await go('interactions_delete', 'DELETE', `/interactions/${interaction.id}`, { headers: me })).body,
    last,
  );
  const off = await go('agents_deactivate', 'POST', `/agents/${agent.id}/deactivate`, { headers: admin });
  t.strictSame(off.body, { ...agent, active: false, updated_at: off.body.updated_at });
  t.strictSame((await go('agents_delete', 'DELETE', `/agents/${agent.id}`, { headers: admin })).body, off.body);
  t.strictSame((await go('users_delete', 'DELETE', `/users/${user.id}`, { headers: admin })).body, user);
  for (const path of [`/agents/${agent.id}`, `/users/${user.id}`]) {
    const again = await call('DELETE', `/proficient${path}`, { headers: admin });
    t.equal(again.status, 404);
    t.strictSame(again.body, failed('resource_not_found', `No such ${path.slice(1).replace('s/', ': ')}`));
  }
  t.strictSame([...walked].sort(), proficient.operations.map(({ operation }) => operation).sort());
  t.equal(walked.size, 23);
});
