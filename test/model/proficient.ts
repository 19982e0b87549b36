// Random steps for Proficient: users, agents, interactions and message trees.
import fc from 'fast-check';
import {
  expectResponse,
  type Json,
  type ModelTest,
  optional,
  seldom,
  sequence,
  step,
  wait,
  which,
} from './model-runner.ts';
import {
  activate,
  configure,
  createAgent,
  createUser,
  deleteAgent,
  deleteUser,
  text,
  updateAgent,
  updateUser,
  who,
} from './proficient-admin.ts';
import { Proficient, shownMessage } from './proficient-model.ts';

const open = step<Proficient, { who: string; agent: number }>(
  'open an interaction',
  5,
  'agents',
  { who, agent: which },
  async ({ who, agent }, m, call) => {
    const agent_id = m.one('agents', 'ag_', agent);
    const { answer, user } = await m.as(who, call, 'POST', '/interactions', { agent_id });
    const row = m.agents.get(agent_id);
    if (!row?.active) return expectResponse(answer, row === undefined ? 404 : 403);
    const { initial_turn, greeting_message } = m.agentConfigs.get(agent_id) as Json;
    const interaction = {
      id: m.fresh(answer.body.interaction.id, /^int_[0-9A-Za-z]{36}$/),
      agent_id,
      user_id: user.id,
      archived: false,
      initial_turn,
      name: '',
      created_at: m.now,
      updated_at: m.now,
    };
    m.interactions.set(interaction.id, interaction);
    const greeted = initial_turn === 'agent' && greeting_message !== '';
    const rendered = `Hi ${user.first_name}, I am ${row.display_name}`;
    const messages = greeted ? [m.addMessage(answer.body.messages[0], interaction, null, 'agent', rendered)] : [];
    if (greeted) m.saw('an agent greeted');
    expectResponse(answer, 200, { interaction: m.shownInteraction(interaction), messages: messages.map(shownMessage) });
  },
);

/** The expected status for a caller and a row: 404 without a row, 403 for another user's. */
function barred(row: Json | undefined, owner: string | undefined, user: Json): 404 | 403 | null {
  if (row === undefined) return 404;
  return owner === user.id ? null : 403;
}

/** Mostly the owner of the interaction, sometimes another user. */
function callerOf(m: Proficient, interactionId: string, stranger: boolean): string {
  const owner = m.users.get(m.interactions.get(interactionId)?.user_id)?.external_id;
  return stranger ? (owner === 'ada' ? 'bo' : 'ada') : (owner ?? 'cy');
}

const stranger = fc.constantFrom(false, false, false, false, true);

const rename = step<Proficient, { stranger: boolean; interaction: number; name: string | undefined }>(
  'rename an interaction',
  1,
  'interactions',
  { stranger, interaction: which, name: optional(text) },
  async ({ stranger, interaction, name }, m, call) => {
    const id = m.one('interactions', 'int_', interaction);
    const caller = callerOf(m, id, stranger);
    const { answer, user } = await m.as(caller, call, 'POST', `/interactions/${id}`, { name });
    const row = m.interactions.get(id);
    const refused = barred(row, row?.user_id, user);
    if (row === undefined || refused !== null) return expectResponse(answer, refused ?? 404);
    if (name !== undefined) Object.assign(row, { name, updated_at: m.now });
    expectResponse(answer, 200, m.shownInteraction(row));
  },
);

const deleteInteraction = step<Proficient, { stranger: boolean; interaction: number }>(
  'delete an interaction',
  1,
  'interactions',
  { stranger, interaction: which },
  async ({ stranger, interaction }, m, call) => {
    const id = m.one('interactions', 'int_', interaction);
    const caller = callerOf(m, id, stranger);
    const { answer, user } = await m.as(caller, call, 'DELETE', `/interactions/${id}`);
    const row = m.interactions.get(id);
    const refused = barred(row, row?.user_id, user);
    if (row === undefined || refused !== null) return expectResponse(answer, refused ?? 404);
    const last = m.shownInteraction(row);
    m.dropInteractions((one) => one === row);
    expectResponse(answer, 200, last);
  },
);

const say = step<Proficient, { stranger: boolean; interaction: number; parent: number | undefined; content: string }>(
  'say something',
  6,
  'interactions',
  { stranger, interaction: which, parent: optional(which), content: text },
  async ({ stranger, interaction, parent, content }, m, call) => {
    const interaction_id = m.one('interactions', 'int_', interaction);
    const parent_id = parent === undefined ? undefined : m.one('messages', 'msg_', parent);
    const caller = callerOf(m, interaction_id, stranger);
    const { answer, user } = await m.as(caller, call, 'POST', '/messages', { interaction_id, parent_id, content });
    const row = m.interactions.get(interaction_id);
    const refused = barred(row, row?.user_id, user);
    if (row === undefined || refused !== null) return expectResponse(answer, refused ?? 404);
    const under = parent_id === undefined ? null : m.messages.get(parent_id);
    if (under === undefined || (under !== null && under.interaction_id !== row.id)) return expectResponse(answer, 404);
    if (!m.agents.get(row.agent_id)?.active) return expectResponse(answer, 403);
    expectResponse(answer, 200, shownMessage(m.addMessage(answer.body, row, under, 'user', content)));
  },
);

const ask = step<Proficient, { stranger: boolean; message: number; interaction: number | undefined }>(
  'ask for a reply',
  5,
  'messages',
  { stranger, message: which, interaction: seldom(which) },
  async ({ stranger, message, interaction }, m, call) => {
    const id = m.one('messages', 'msg_', message);
    const asked = m.messages.get(id);
    const said = asked?.interaction_id ?? 'never-was';
    const interaction_id = interaction === undefined ? said : m.one('interactions', 'int_', interaction);
    const caller = callerOf(m, said, stranger);
    const { answer, user } = await m.as(caller, call, 'POST', `/messages/${id}/ask`, { interaction_id });
    const row = m.interactions.get(said);
    const refused = barred(row, row?.user_id, user);
    if (asked === undefined || row === undefined || refused !== null) return expectResponse(answer, refused ?? 404);
    if (interaction_id !== said) return expectResponse(answer, 404);
    if (!m.agents.get(row.agent_id)?.active) return expectResponse(answer, 403);
    if (asked.sent_by === 'agent') return expectResponse(answer, 409);
    m.saw('an agent replied');
    const reply = m.addMessage(answer.body, row, asked, 'agent', `You said: ${asked.content}`);
    expectResponse(answer, 200, shownMessage(reply));
  },
);

const look = step<Proficient, { stranger: boolean; message: number }>(
  'read a message',
  1,
  'messages',
  { stranger, message: which },
  async ({ stranger, message }, m, call) => {
    const id = m.one('messages', 'msg_', message);
    const caller = callerOf(m, m.messages.get(id)?.interaction_id, stranger);
    const { answer, user } = await m.as(caller, call, 'GET', `/messages/${id}`);
    const row = m.messages.get(id);
    const refused = barred(row, m.interactions.get(row?.interaction_id)?.user_id, user);
    if (row === undefined || refused !== null) return expectResponse(answer, refused ?? 404);
    expectResponse(answer, 200, shownMessage(row));
  },
);

/** A user creates an interaction, sends a message and asks for a reply. */
const conversation = sequence<Proficient>(3, [
  createAgent.of({
    initial_turn: 'agent',
    greeting_message: 'Hi {{user.first_name}}, I am {{ agent.display_name }}',
    display_name: 'Tea',
  }),
  activate.of({ agent: 0, active: true }),
  open.of({ who: 'ada', agent: 0 }),
  say.of({ stranger: false, interaction: 0, parent: undefined, content: 'tea' }),
  ask.of({ stranger: false, message: 0, interaction: undefined }),
]);

export const proficient: ModelTest<Proficient> = {
  provider: 'proficient',
  model: Proficient,
  steps: [
    conversation,
    createUser,
    updateUser,
    deleteUser,
    createAgent,
    updateAgent,
    configure,
    activate,
    deleteAgent,
    open,
    rename,
    deleteInteraction,
    say,
    ask,
    look,
    wait<Proficient>(2, fc.constantFrom(1, 1000)),
  ],
  landmarks: [
    'a user was created by a client call',
    'an agent greeted',
    'an agent replied',
    'interactions were deleted with their user',
    'interactions were deleted with their agent',
    'messages were deleted with their interaction',
  ],
};
