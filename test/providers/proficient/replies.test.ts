// Proficient replies: rules, and asks concurrent with another ask, a deletion or a reset.
import Fastify from 'fastify';
import t from 'tap';
import { mountProvider } from '../../../src/core/http/mount.ts';
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import { reset } from '../../../src/core/sandbox/reset.ts';
import { Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import { proficient } from '../../../src/providers/proficient/index.ts';
import { ROOT, type TestServer, testServer } from '../../harness.ts';
import { alice, CAFE, client, failed, folder, SUBJUNCTIVE } from './fixtures.ts';

t.test('the agent replies with the first matching rule, else with an echo', async (t) => {
  const replies = {
    replies: [
      { contains: 'HELLO', text: 'Only for another agent', agent_id: 'ag_2' },
      { contains: 'HELLO', text: 'Hi {{user.first_name}}', agent_id: 'ag_1' },
      { contains: 'hello', text: 'Never' },
      { contains: 'bye', text: 'Bye' },
    ],
  };
  const { call } = await testServer(t, { fixtures: t.testdir(folder({ replies })) });
  const me = client('ext-1');
  const ask = async (content: string) => {
    const { body } = await call('POST', '/proficient/messages', {
      headers: me,
      json: { interaction_id: 'int_1', content },
    });
    return (
      await call('POST', `/proficient/messages/${body.id}/ask`, { headers: me, json: { interaction_id: 'int_1' } })
    ).body.content;
  };
  t.equal(await ask('Oh, hello there'), 'Hi {{user.first_name}}');
  t.equal(await ask('Goodbye'), 'Bye');
  t.equal(await ask('What?'), 'You said: What?');
  t.equal(await ask(''), 'You said: ');
  const always = await testServer(t, { fixtures: t.testdir(folder({ replies: { replies: [{ text: 'Always' }] } })) });
  t.equal(
    (await always.call('POST', '/proficient/messages/msg_1/ask', { headers: me, json: { interaction_id: 'int_1' } }))
      .body.content,
    'Always',
  );
});

t.test('asking again creates a sibling; asking on an agent’s message or in another interaction fails', async (t) => {
  const { call } = await testServer(t);
  const ask = (id: string, json: object = { interaction_id: SUBJUNCTIVE }) =>
    call('POST', `/proficient/messages/${id}/ask`, { headers: alice, json });
  const {
    body: {
      data: [question, answer],
    },
  } = await call('GET', `/proficient/messages?interaction_id=${SUBJUNCTIVE}`, { headers: alice });
  const replies = [await ask(question.id), await ask(question.id)].map(({ body }) => body);
  for (const reply of replies) {
    t.match(reply, { parent_id: question.id, depth: 1, sent_by: 'agent', content: /^Think of doubt/ });
  }
  t.not(replies[0].id, replies[1].id);
  const { body: interaction } = await call('GET', `/proficient/interactions/${SUBJUNCTIVE}`, { headers: alice });
  t.strictSame([interaction.total_message_count, interaction.updated_at], [8, replies[1].created_at]);
  const conflict = await ask(answer.id);
  t.equal(conflict.status, 409);
  t.strictSame(conflict.body, failed('conflict', 'A reply can only be asked for on a message sent by the user.'));
  for (const interaction_id of ['none', '', CAFE]) {
    const refused = await ask(answer.id, { interaction_id });
    t.equal(refused.status, 404);
    t.strictSame(refused.body, failed('resource_not_found', `No such message in this interaction: ${answer.id}`));
  }
});

const slow = (more: object = {}) =>
  folder({
    replies: { reply_delay_ms: 25, replies: [] },
    messages: ['1', '2'].map((n) => ({
      id: `msg_${n}`,
      interaction_id: 'int_1',
      sent_by: 'user',
      content: n,
      created_at: 1,
    })),
    ...more,
  });
const askOf =
  ({ call }: Pick<TestServer, 'call'>) =>
  (id: string) =>
    call('POST', `/proficient/messages/${id}/ask`, { headers: client('ext-1'), json: { interaction_id: 'int_1' } });

t.test('a message can have one ask at a time, different messages any number', async (t) => {
  const running = await testServer(t, { fixtures: t.testdir(slow()) });
  const ask = askOf(running);
  const [first, second, other] = await Promise.all([ask('msg_1'), ask('msg_1'), ask('msg_2')]);
  t.match(first, { status: 200, body: { content: 'You said: 1', parent_id: 'msg_1', depth: 1 } });
  t.equal(second.status, 409);
  t.strictSame(second.body, failed('conflict', 'A reply to this message is being made already.'));
  t.match(other, { status: 200, body: { content: 'You said: 2' } });
  t.equal((await ask('msg_1')).status, 200, 'allowed again once it is done');
});

t.test('an ask gets 404 and stores nothing when its interaction is deleted meanwhile', async (t) => {
  const running = await testServer(t, { fixtures: t.testdir(slow()) });
  const ask = askOf(running);
  const asked = ask('msg_1');
  t.equal((await ask('msg_1')).status, 409, 'an ask is in progress');
  t.equal(
    (await running.call('DELETE', '/proficient/interactions/int_1', { headers: client('ext-1') })).body
      .total_message_count,
    2,
  );
  const refused = await asked;
  t.equal(refused.status, 404);
  t.strictSame(refused.body, failed('resource_not_found', 'No such message: msg_1'));
});

t.test('an ask started before a reset neither writes to nor blocks the sandbox after it', async (t) => {
  const fixtures = loadFixtures(t.testdir(slow()), `${ROOT}fixtures`, [proficient]);
  const sandboxes = new Sandboxes(fixtures);
  const app = Fastify();
  mountProvider(app, {
    provider: proficient,
    sandboxes,
    checkAnswers: true,
    magicIds: false,
    heldConnections: new Set(),
  });
  t.teardown(() => app.close());
  // light-my-request sends nothing until it is awaited, so the request is made in an async function.
  const ask = async () =>
    app.inject({
      method: 'POST',
      url: '/proficient/messages/msg_1/ask',
      headers: client('ext-1'),
      payload: { interaction_id: 'int_1' },
    });
  const before = ask();
  t.equal((await ask()).statusCode, 409, 'an ask is in progress');
  await reset(sandboxes.find('default'), sandboxes.image('fixtures'), ['state']);
  const after = await ask();
  t.equal((await before).statusCode, 404);
  t.equal(after.statusCode, 200);
  const { data } = (
    await app.inject({ url: '/proficient/messages?interaction_id=int_1', headers: client('ext-1') })
  ).json();
  t.strictSame(
    data.map(({ content }: { content: string }) => content),
    ['1', '2', 'You said: 1'],
  );
});
