// Proficient: the initial turn of an interaction, and greeting templates.
import t from 'tap';
import { renderGreeting } from '../../../src/providers/proficient/greetings.ts';
import { testServer } from '../../harness.ts';
import { admin, CAMILLE, client, folder, TOMAS, tomas } from './fixtures.ts';

t.test('with an agent without a config the user has the initial turn', async (t) => {
  const { call } = await testServer(t, { fixtures: t.testdir(folder({ agentConfigs: [] })) });
  const { body } = await call('POST', '/proficient/interactions', {
    headers: client('ext-1'),
    json: { agent_id: 'ag_1' },
  });
  t.match(body, { interaction: { initial_turn: 'user', total_message_count: 0 }, messages: [] });
  t.equal((await call('GET', '/proficient/agents/ag_1/config', { headers: admin })).status, 404);
});

t.test('greeting templates can use the API fields of user and agent', (t) => {
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

t.test('the agent greets only if it has the initial turn and a greeting message', async (t) => {
  const { call } = await testServer(t);
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
  t.equal(
    (await call('GET', path, { headers: tomas })).body.initial_turn,
    'agent',
    'later config changes do not affect it',
  );
});
