// What an erasure check advises: the fewest calls that remove every residue and no row of anybody else.
import t from 'tap';
import { type TestServer, testServer } from '../../harness.ts';
import { type Checked, carryOut, changed, check, KEYS } from './residues.ts';

const NOW = '2025-01-01T00:00:00.000Z';
const PAGECALL = KEYS.pagecall as Record<string, string>;
const ALICES_INTERACTION = 'int_UEiS37KSOh9FAfrAisBZAHbaF2aTn5hToMBl';

const rows = async (call: TestServer['call'], provider: string) =>
  (await call('GET', `/__admin/state?provider=${provider}`)).body[provider];

const room = async (call: TestServer['call'], json: object) =>
  (await call('POST', '/pagecall/v1/rooms', { headers: PAGECALL, json: { type: 'open', ...json } })).body.room
    .id as string;

const join = (call: TestServer['call'], id: string, user_id: string) =>
  call('POST', `/__admin/pagecall/rooms/${id}/join`, { json: { user_id } });

const advice = ({ residues }: Checked) => [...new Set(residues.map(({ erasableBy }) => erasableBy))];

t.test('one DELETE of the user takes seventeen residues at Proficient', async (t) => {
  const { call } = await testServer(t);
  await carryOut(call, 'DELETE /pagecall/v1/users/user-42');
  await carryOut(call, 'DELETE /conductor/v1/end-users/end_usr_alice000000042');
  const found = await check(call, ['user-42'], { linked: false });
  t.equal(found.residues.length, 17);
  t.strictSame(found.plan, ['DELETE /proficient/users/u_Alice0000000000000000042']);
  t.strictSame(advice(found), found.plan);
  await carryOut(call, found.plan[0] as string);
  t.match(await check(call, ['user-42']), { clean: true, plan: [] });
});

t.test('an interaction that is named goes by itself, not with the user whose it is', async (t) => {
  const { call } = await testServer(t);
  const before = await rows(call, 'proficient');
  const found = await check(call, [ALICES_INTERACTION]);
  t.strictSame(found.plan, [`DELETE /proficient/interactions/${ALICES_INTERACTION}`]);
  t.equal((await carryOut(call, found.plan[0] as string)).status, 200);
  t.match(await check(call, [ALICES_INTERACTION]), { clean: true });
  const after = await rows(call, 'proficient');
  t.strictSame([after.users, after.agents], [before.users, before.agents]);
});

t.test('a word about a person in a row of somebody else stays, and what can be done is said', async (t) => {
  const { call } = await testServer(t);
  const headers = { 'x-proficient-api-key': 'pk_test_understudy', 'x-proficient-user-external-id': 'user-42' };
  const said = { interaction_id: ALICES_INTERACTION, content: 'Write to tomas@example.com' };
  const { body } = await call('POST', '/proficient/messages', { headers, json: said });
  const json = { profile_url: 'https://cdn.example.com/tomas@example.com/1' };
  await call('PUT', '/pagecall/v1/users/user-23', { headers: PAGECALL, json });
  const found = await check(call, ['tomas@example.com']);
  t.strictSame(found.plan, [
    'DELETE /proficient/users/u_RkfAPOLPSinsElDNf3RalX1N',
    'DELETE /pagecall/v1/users/user-17',
  ]);
  t.strictSame(found.unerasable, [
    {
      provider: 'proficient',
      resource: 'messages',
      id: body.id,
      fields: ['content'],
      instead:
        `Nothing identifies its owner (interactions ${ALICES_INTERACTION}) as the subject's; DELETE /proficient/interactions/${ALICES_INTERACTION} would remove it; ` +
        'PUT /__admin/state can replace the rows of proficient',
    },
    {
      provider: 'pagecall',
      resource: 'users',
      id: 'user-23',
      fields: ['profile_url'],
      instead:
        "Nothing identifies this row (users user-23) as the subject's; DELETE /pagecall/v1/users/user-23 would remove it; " +
        'PUT /pagecall/v1/users/user-23 can overwrite profile_url; PUT /__admin/state can replace the rows of pagecall',
    },
  ]);
  for (const planned of found.plan) await carryOut(call, planned);
  const rest = await check(call, ['tomas@example.com']);
  t.match(rest, { clean: false, plan: [], unerasable: [{ id: body.id }, { id: 'user-23' }] });
  t.strictSame(advice(rest), [null]);
  await call('PUT', '/pagecall/v1/users/user-23', {
    headers: PAGECALL,
    json: { profile_url: 'https://cdn.example.com/1' },
  });
  t.strictSame(
    (await check(call, ['tomas@example.com'])).residues.map(({ id }) => id),
    [body.id],
    'the call that was named does it',
  );
});

t.test('a room goes when nobody else is in it, and stays when somebody is', async (t) => {
  const { call } = await testServer(t);
  const name = 'Lesson with user-17';
  const [empty, own, shared, history] = [
    await room(call, { name }),
    await room(call, { name }),
    await room(call, { name }),
    await room(call, { name: 'for tomas@example.com' }),
  ];
  await join(call, own as string, 'user-17');
  await join(call, shared as string, 'user-17');
  await join(call, shared as string, 'user-23');
  await call('POST', `/__admin/pagecall/rooms/${history}/join`, { json: {} });
  const found = await check(call, ['user-17']);
  t.strictSame(found.plan, [
    'DELETE /proficient/users/u_RkfAPOLPSinsElDNf3RalX1N',
    'DELETE /pagecall/v1/users/user-17',
    `DELETE /pagecall/v1/rooms/${empty}`,
    `DELETE /pagecall/v1/rooms/${own}`,
    `DELETE /pagecall/v1/rooms/${history}`,
  ]);
  const [stays] = found.unerasable;
  const { members } = await rows(call, 'pagecall');
  const other = members.find(
    (row: { room_id: string; user_id: string }) => row.room_id === shared && row.user_id === 'user-23',
  );
  t.strictSame(stays, {
    provider: 'pagecall',
    resource: 'rooms',
    id: shared,
    fields: ['name'],
    instead:
      `DELETE /pagecall/v1/rooms/${shared} would also delete rows of others, such as members ${other.id}; ` +
      `PUT /pagecall/v1/rooms/${shared} can overwrite name; PUT /__admin/state can replace the rows of pagecall`,
  });
  for (const planned of found.plan) t.equal((await carryOut(call, planned)).status, 200, planned);
  t.strictSame(
    (await check(call, ['user-17'])).residues.map(({ id }) => id),
    [shared],
  );
});

t.test('an agent goes when its interactions are the subject’s or there are none', async (t) => {
  const { call } = await testServer(t);
  const agent = { active: true, created_at: 1, updated_at: 1 };
  const agents = [
    { ...agent, id: 'ag_lonely', name: 'For user-17' },
    { ...agent, id: 'ag_busy', name: 'For user-17' },
  ];
  const interaction = { agent_id: 'ag_busy', created_at: 1, updated_at: 1 };
  const interactions = [
    { ...interaction, id: 'int_1', user_id: 'u_RkfAPOLPSinsElDNf3RalX1N' },
    { ...interaction, id: 'int_2', user_id: 'u_Alice0000000000000000042' },
  ];
  const agentConfigs = agents.map(({ id }) => ({ agent_id: id, model: 'openai.gpt-4' }));
  await call('POST', '/__admin/state', { json: { proficient: { agents, agentConfigs, interactions } } });
  const { plan, unerasable } = await check(call, ['user-17']);
  t.ok(plan.includes('DELETE /proficient/agents/ag_lonely'));
  t.notOk(plan.includes('DELETE /proficient/agents/ag_busy'));
  t.match(unerasable, [
    {
      resource: 'agents',
      id: 'ag_busy',
      instead: /such as interactions int_2; POST \/proficient\/agents\/ag_busy can overwrite name/,
    },
  ]);
  await call('DELETE', '/proficient/users/u_Alice0000000000000000042', {
    headers: KEYS.proficient as Record<string, string>,
  });
  t.ok((await check(call, ['user-17'])).plan.includes('DELETE /proficient/agents/ag_busy'));
});

t.test('two interactions of one agent go by themselves, unless the agent has to go anyway', async (t) => {
  const { call } = await testServer(t);
  const interaction = { agent_id: 'ag_one', user_id: 'u_Alice0000000000000000042', created_at: 1, updated_at: 1 };
  const proficient = {
    agents: [{ id: 'ag_one', name: 'Asked for by bob-1', created_at: 1, updated_at: 1 }],
    agentConfigs: [{ agent_id: 'ag_one', model: 'openai.gpt-4' }],
    interactions: ['int_1', 'int_2'].map((id) => ({ ...interaction, id })),
  };
  await call('POST', '/__admin/state', { json: { proficient } });
  const two = ['DELETE /proficient/interactions/int_1', 'DELETE /proficient/interactions/int_2'];
  t.strictSame((await check(call, ['int_1', 'int_2'])).plan, two);
  const found = await check(call, ['int_1', 'int_2', 'bob-1']);
  t.strictSame(
    [found.plan, advice(found)],
    [['DELETE /proficient/agents/ag_one'], ['DELETE /proficient/agents/ag_one']],
  );
  t.match(await check(call, ['int_1', 'bob-1']), {
    plan: ['DELETE /proficient/interactions/int_1'],
    unerasable: [{ id: 'ag_one' }],
  });
});

t.test(
  'a room whose residues a wider call takes is not listed beside it; rooms take what several of their rows hold',
  async (t) => {
    const { call } = await testServer(t);
    const id = await room(call, { name: 'plain' });
    const pages = [0, 1].map((index) => ({
      id: String(index).repeat(24),
      room_id: id,
      entities: [{ type: 'Image', src: `https://cdn.example/user-99/${index}.png` }],
      size: { width: 1, height: 1 },
      index,
    }));
    await call('POST', '/__admin/state', { json: { pagecall: { pages } } });
    const found = await check(call, ['user-99']);
    t.equal(found.residues.length, 2);
    t.strictSame([found.plan, found.unerasable], [[`DELETE /pagecall/v1/rooms/${id}`], []]);
  },
);

t.test('whoever made a room is somebody: what they made is not nobody’s', async (t) => {
  const { call } = await testServer(t);
  const made = (n: number, created_user_id: string | null) => ({
    id: String(n).repeat(24),
    type: 'open',
    name: 'about user-17',
    created_user_id,
    created_at: NOW,
    updated_at: NOW,
  });
  const rooms = [made(1, 'user-23'), made(2, 'gone-before'), made(3, 'user-17'), made(4, null)];
  await call('POST', '/__admin/state', { json: { pagecall: { rooms } } });
  const { plan, unerasable } = await check(call, ['user-17']);
  const planned = (id: string) => plan.includes(`DELETE /pagecall/v1/rooms/${id}`);
  t.same(
    rooms.map(({ id }) => planned(id)),
    [false, false, true, true],
  );
  t.same(
    unerasable.map(({ id }) => id),
    [rooms[0]?.id, rooms[1]?.id],
  );
  await carryOut(call, 'DELETE /pagecall/v1/users/user-17');
  t.ok(
    (await check(call, ['user-17'])).plan.includes(`DELETE /pagecall/v1/rooms/${rooms[2]?.id}`),
    'also when they are gone',
  );
});

t.test('a row that no request reaches is said to be one', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    db.prepare("update pagecall_pages set room_id = 'gone', entities = ? where seq = 1").run('["user-99"]');
  });
  const { residues, plan, unerasable } = await check(call, ['user-99']);
  t.match(residues, [{ resource: 'pages', field: 'entities[0]', erasableBy: null }]);
  t.strictSame(plan, []);
  t.match(unerasable, [
    {
      instead: 'No request of Pagecall removes this row of pages; PUT /__admin/state can replace the rows of pagecall',
    },
  ]);
});

t.test('what the sandbox itself keeps is cleared last', async (t) => {
  const { call } = await testServer(t);
  await call('GET', '/pagecall/v1/users/user-17', { headers: PAGECALL });
  await call('POST', '/__admin/snapshots', { json: { name: 's' } });
  const include = ['state', 'journal', 'webhooks', 'snapshots'];
  const { plan } = await check(call, ['user-17'], { include });
  t.strictSame(plan, [
    'DELETE /proficient/users/u_RkfAPOLPSinsElDNf3RalX1N',
    'DELETE /pagecall/v1/users/user-17',
    'DELETE /__admin/snapshots/s',
    'DELETE /__admin/requests',
  ]);
  for (const planned of plan) t.ok([200, 204].includes((await carryOut(call, planned)).status), planned);
  t.match(await check(call, ['user-17'], { include }), { clean: true });
});
