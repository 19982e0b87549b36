import Fastify from 'fastify';
import t from 'tap';
import { effectiveContract } from '../../../src/core/contract.ts';
import { loadFixtures } from '../../../src/core/fixtures.ts';
import { mountProvider } from '../../../src/core/mount.ts';
import { reset } from '../../../src/core/reset.ts';
import { Sandboxes } from '../../../src/core/sandboxes.ts';
import { proficient } from '../../../src/providers/proficient/index.ts';
import { ROOT, type World, world } from '../../harness.ts';
import {
  alice,
  CAFE,
  CAMILLE,
  client,
  failed,
  folder,
  GRAMMAR,
  INTERVIEW,
  KITCHEN,
  nadi,
  ORAL,
  SUBJUNCTIVE,
  tomas,
} from './fixtures.ts';

const ids = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);

t.test('interactions are paged newest first, each user their own', async (t) => {
  const { call } = await world(t);
  const list = async (query: string, headers = tomas) =>
    (await call('GET', `/proficient/interactions${query}`, { headers })).body;
  t.strictSame(ids(await list('')), [INTERVIEW, ORAL]);
  const {
    data: [first],
  } = await list('?limit=1');
  t.strictSame(first, {
    id: INTERVIEW,
    object: 'interaction',
    agent_id: CAMILLE,
    archived: false,
    created_at: 1739391300927,
    initial_turn: 'agent',
    name: 'Job interview in French',
    total_message_count: 5,
    updated_at: 1739391419642,
    user_id: 'u_RkfAPOLPSinsElDNf3RalX1N',
  });
  t.equal((await list('?limit=1')).has_more, true);
  t.strictSame(await list(`?limit=1&starting_after=${INTERVIEW}`), {
    data: [(await list('')).data[1]],
    has_more: false,
  });
  t.strictSame(await list(`?starting_after=${ORAL}`), { data: [], has_more: false });
  t.strictSame(ids(await list(`?agent_id=${CAMILLE}&starting_after=&stray=1`)), [INTERVIEW]);
  t.strictSame(ids(await list('?agent_id=')), [INTERVIEW, ORAL]);
  t.strictSame(ids(await list(`?agent_id=${GRAMMAR}`)), []);
  t.strictSame(await list('?agent_id=ag_none'), failed('resource_not_found', 'No such agent: ag_none'));
  for (const cursor of ['int_none', CAFE, `${ORAL}&agent_id=${CAMILLE}`]) {
    t.strictSame(
      await list(`?starting_after=${cursor}`),
      failed('resource_not_found', `No such interaction: ${cursor.split('&')[0]}`),
    );
  }
});

t.test('ties are broken by insertion, in both directions', async (t) => {
  const at = { created_at: 1, updated_at: 1 };
  const many = Array.from({ length: 101 }, (_, n) => n);
  const { call } = await world(t, {
    fixtures: t.testdir(
      folder({
        interactions: many.map((n) => ({ id: `int_${n}`, agent_id: 'ag_1', user_id: 'u_1', ...at })),
        messages: many.map((n) => ({
          id: `msg_${n}`,
          interaction_id: 'int_1',
          sent_by: 'user',
          content: '',
          created_at: 1,
        })),
      }),
    ),
  });
  const walk = async (path: string, limit: string) => {
    const seen: string[] = [];
    for (let more = true; more; ) {
      const after = seen.length > 0 ? `&starting_after=${seen.at(-1)}` : '';
      const { body } = await call('GET', `/proficient${path}${limit}${after}`, { headers: client('ext-1') });
      seen.push(...ids(body));
      more = body.has_more;
    }
    return seen;
  };
  const names = (prefix: string) => many.map((n) => `${prefix}_${n}`);
  t.strictSame(await walk('/interactions?', 'limit=7'), names('int').reverse());
  t.strictSame(await walk('/interactions?', 'limit=100'), names('int').reverse());
  t.strictSame(await walk('/messages?interaction_id=int_1', '&limit=50'), names('msg'));
  t.strictSame(await walk('/messages?interaction_id=int_1', ''), names('msg'));
});

t.test('messages are paged oldest first, twenty at a time', async (t) => {
  const { call } = await world(t);
  const list = async (query: string, headers = nadi) =>
    (await call('GET', `/proficient/messages?${query}`, { headers })).body;
  const { data, has_more } = await list(`interaction_id=${KITCHEN}`);
  t.equal(data.length, 20);
  t.equal(has_more, true);
  t.strictSame(data[0], {
    id: 'msg_33vFxgvoZrdDU3DuZLJMNnPF7ULSxln4mhBuABlQRUlXrVR4',
    object: 'message',
    content: "Hello Nadi, I'm Camille. What shall we practise today?",
    created_at: 1671631800652,
    depth: 0,
    interaction_id: KITCHEN,
    parent_id: null,
    sent_by: 'agent',
  });
  const rest = await list(`interaction_id=${KITCHEN}&starting_after=${data[19].id}`);
  t.strictSame([rest.data.length, rest.has_more], [3, false]);
  t.strictSame(await list(`interaction_id=${KITCHEN}&limit=100`), { data: [...data, ...rest.data], has_more: false });
  t.strictSame(await list('interaction_id=int_none'), failed('resource_not_found', 'No such interaction: int_none'));
  t.strictSame(
    await list(`interaction_id=${CAFE}&starting_after=none`),
    failed('forbidden', 'You may not access this interaction.'),
  );
  t.strictSame(
    await list(`interaction_id=${CAFE}&starting_after=${data[0].id}`, alice),
    failed('resource_not_found', `No such message: ${data[0].id}`),
  );
});

t.test("another user's conversation is forbidden, an unknown one is not found", async (t) => {
  const { call } = await world(t);
  const { body: messages } = await call('GET', `/proficient/messages?interaction_id=${CAFE}`, { headers: alice });
  const { id } = messages.data[1];
  const no = failed('forbidden', 'You may not access this interaction.');
  const cases: [string, string, object | undefined, object][] = [
    ['GET', `/interactions/${CAFE}`, undefined, no],
    ['POST', `/interactions/${CAFE}`, { name: 'mine' }, no],
    ['DELETE', `/interactions/${CAFE}`, undefined, no],
    ['POST', '/messages', { interaction_id: CAFE, content: 'hi', parent_id: 'none' }, no],
    ['GET', `/messages/${id}`, undefined, failed('forbidden', 'You may not access this message.')],
    [
      'POST',
      `/messages/${id}/ask`,
      { interaction_id: 'none' },
      failed('forbidden', 'You may not access this message.'),
    ],
  ];
  for (const [method, path, json, body] of cases) {
    const refused = await call(method, `/proficient${path}`, { headers: tomas, json });
    t.equal(refused.status, 403, `${method} ${path}`);
    t.strictSame(refused.body, body);
    const unknown = await call(method, `/proficient${path.replace(CAFE, 'none').replace(id, 'none')}`, {
      headers: tomas,
      json: json && { ...json, interaction_id: 'none' },
    });
    t.equal(unknown.status, 404);
    t.match(unknown.body, { error: { code: 'resource_not_found', message: /^No such (interaction|message): none$/ } });
  }
  t.strictSame((await call('GET', `/proficient/messages?interaction_id=${CAFE}`, { headers: alice })).body, messages);
});

t.test('messages form a tree: new roots, siblings, parents of either side', async (t) => {
  const { call } = await world(t);
  const say = (json: object) =>
    call('POST', '/proficient/messages', { headers: alice, json: { interaction_id: CAFE, content: 'x', ...json } });
  const { body: before } = await call('GET', `/proficient/messages?interaction_id=${CAFE}`, { headers: alice });
  t.match(await say({}), { status: 200, body: { depth: 0, parent_id: null, sent_by: 'user' } });
  t.match(await say({ parent_id: null, sent_by: 'agent' }), {
    status: 200,
    body: { depth: 0, parent_id: null, sent_by: 'user' },
  });
  for (const parent of before.data) {
    t.match(await say({ parent_id: parent.id }), {
      status: 200,
      body: { depth: parent.depth + 1, parent_id: parent.id },
    });
  }
  const { body: foreign } = await call('GET', `/proficient/messages?interaction_id=${SUBJUNCTIVE}`, { headers: alice });
  for (const parent_id of ['', 'none', foreign.data[0].id]) {
    const refused = await say({ parent_id });
    t.equal(refused.status, 404);
    t.strictSame(refused.body, failed('resource_not_found', `No such message: ${parent_id}`));
  }
  const { body: interaction } = await call('GET', `/proficient/interactions/${CAFE}`, { headers: alice });
  t.equal(interaction.total_message_count, 18);
});

t.test('renaming moves updated_at, an update without a name does not', async (t) => {
  const { call } = await world(t);
  const update = async (json: object) =>
    (await call('POST', `/proficient/interactions/${CAFE}`, { headers: alice, json })).body;
  const { body: interaction } = await call('GET', `/proficient/interactions/${CAFE}`, { headers: alice });
  t.strictSame(await update({}), interaction);
  t.strictSame(await update({ name: null, archived: true }), interaction);
  const same = await update({ name: interaction.name });
  t.ok(same.updated_at > interaction.updated_at);
  t.strictSame(await update({ name: '' }), { ...same, name: '', updated_at: (await update({})).updated_at });
});

t.test('the agent answers by the first rule that fits, else it echoes', async (t) => {
  const replies = {
    replies: [
      { contains: 'HELLO', text: 'Only for another agent', agent_id: 'ag_2' },
      { contains: 'HELLO', text: 'Hi {{user.first_name}}', agent_id: 'ag_1' },
      { contains: 'hello', text: 'Never' },
      { contains: 'bye', text: 'Bye' },
    ],
  };
  const { call } = await world(t, { fixtures: t.testdir(folder({ replies })) });
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
  const always = await world(t, { fixtures: t.testdir(folder({ replies: { replies: [{ text: 'Always' }] } })) });
  t.equal(
    (await always.call('POST', '/proficient/messages/msg_1/ask', { headers: me, json: { interaction_id: 'int_1' } }))
      .body.content,
    'Always',
  );
});

t.test('asking again gives a sibling; asking an agent, or elsewhere, does not work', async (t) => {
  const { call } = await world(t);
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
  ({ call }: Pick<World, 'call'>) =>
  (id: string) =>
    call('POST', `/proficient/messages/${id}/ask`, { headers: client('ext-1'), json: { interaction_id: 'int_1' } });

t.test('one ask at a time on a message, any number on different ones', async (t) => {
  const running = await world(t, { fixtures: t.testdir(slow()) });
  const ask = askOf(running);
  const [first, second, other] = await Promise.all([ask('msg_1'), ask('msg_1'), ask('msg_2')]);
  t.match(first, { status: 200, body: { content: 'You said: 1', parent_id: 'msg_1', depth: 1 } });
  t.equal(second.status, 409);
  t.strictSame(second.body, failed('conflict', 'A reply to this message is being made already.'));
  t.match(other, { status: 200, body: { content: 'You said: 2' } });
  t.equal((await ask('msg_1')).status, 200, 'free again once it is done');
});

t.test('an interaction that disappears while the agent thinks answers 404 and keeps nothing', async (t) => {
  const running = await world(t, { fixtures: t.testdir(slow()) });
  const ask = askOf(running);
  const asked = ask('msg_1');
  t.equal((await ask('msg_1')).status, 409, 'it is running');
  t.equal(
    (await running.call('DELETE', '/proficient/interactions/int_1', { headers: client('ext-1') })).body
      .total_message_count,
    2,
  );
  const refused = await asked;
  t.equal(refused.status, 404);
  t.strictSame(refused.body, failed('resource_not_found', 'No such message: msg_1'));
});

t.test('an ask from before a reset neither reaches nor blocks the world after it', async (t) => {
  const fixtures = loadFixtures(t.testdir(slow()), `${ROOT}fixtures`, [proficient]);
  const sandboxes = new Sandboxes(fixtures);
  const app = Fastify();
  mountProvider(app, { provider: proficient, sandboxes, checkAnswers: true, magicIds: false, hung: new Set() }, () =>
    effectiveContract(`${ROOT}openapi/proficient.json`),
  );
  t.teardown(() => app.close());
  // Light-my-request sends nothing before somebody waits for it; an async function does.
  const ask = async () =>
    app.inject({
      method: 'POST',
      url: '/proficient/messages/msg_1/ask',
      headers: client('ext-1'),
      payload: { interaction_id: 'int_1' },
    });
  const before = ask();
  t.equal((await ask()).statusCode, 409, 'it is running');
  reset(sandboxes.find('default'), sandboxes.image('fixtures'), ['state']);
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
