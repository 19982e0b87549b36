// Proficient interactions and messages: paging, ownership, the message tree and renaming.
import t from 'tap';
import { testServer } from '../../harness.ts';
import {
  alice,
  CAFE,
  CAMILLE,
  client,
  failed,
  folder,
  GRAMMAR,
  INTERVIEW,
  ids,
  KITCHEN,
  nadi,
  ORAL,
  SUBJUNCTIVE,
  tomas,
} from './fixtures.ts';

t.test('interactions are paged newest first, for each user separately', async (t) => {
  const { call } = await testServer(t);
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

t.test('ties are broken by insertion order, in both directions', async (t) => {
  const at = { created_at: 1, updated_at: 1 };
  const many = Array.from({ length: 101 }, (_, n) => n);
  const { call } = await testServer(t, {
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
  const { call } = await testServer(t);
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

t.test("another user's interaction gets 403, an unknown one 404", async (t) => {
  const { call } = await testServer(t);
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

t.test('messages form a tree: new roots, siblings, parents sent by user or agent', async (t) => {
  const { call } = await testServer(t);
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

t.test('renaming changes updated_at, an update without a name does not', async (t) => {
  const { call } = await testServer(t);
  const update = async (json: object) =>
    (await call('POST', `/proficient/interactions/${CAFE}`, { headers: alice, json })).body;
  const { body: interaction } = await call('GET', `/proficient/interactions/${CAFE}`, { headers: alice });
  t.strictSame(await update({}), interaction);
  t.strictSame(await update({ name: null, archived: true }), interaction);
  const same = await update({ name: interaction.name });
  t.ok(same.updated_at > interaction.updated_at);
  t.strictSame(await update({ name: '' }), { ...same, name: '', updated_at: (await update({})).updated_at });
});
