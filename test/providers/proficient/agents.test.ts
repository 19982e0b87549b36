// Proficient agents: labels, configs, model settings, and inactive agents.
import t from 'tap';
import { type RequestOptions, testServer } from '../../harness.ts';
import { admin, CAMILLE, COACH, failed, GRAMMAR, INTERVIEW, ORAL, tomas } from './fixtures.ts';

const create = (json: object): RequestOptions => ({ headers: admin, json: { model: 'openai.gpt-4', ...json } });

t.test('a new agent is inactive, and its unset labels and settings are empty', async (t) => {
  const { call } = await testServer(t);
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
    "the agent's updated_at does not change",
  );
});

t.test('labels change one by one; null leaves a label unchanged, an empty string clears it', async (t) => {
  const { call } = await testServer(t);
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

t.test('activating or deactivating an agent twice is idempotent', async (t) => {
  const { call } = await testServer(t);
  for (const [verb, id, active] of [
    ['activate', CAMILLE, true],
    ['deactivate', COACH, false],
  ] as const) {
    const { body: before } = await call('GET', `/proficient/agents/${id}`, { headers: admin });
    t.strictSame((await call('POST', `/proficient/agents/${id}/${verb}`, { headers: admin })).body, before);
    t.equal(before.active, active);
  }
});

t.test('model settings must be within the documented ranges', async (t) => {
  const { call } = await testServer(t);
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

t.test('an inactive agent accepts no new interactions or messages, and everything else works', async (t) => {
  const { call } = await testServer(t);
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
  // Input is validated first, then ids are looked up, then the agent's state is checked.
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
