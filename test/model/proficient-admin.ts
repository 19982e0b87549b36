// Random steps for Proficient's admin operations: users and agents.
import fc from 'fast-check';
import { expectResponse, type Json, optional, step, which } from './model-runner.ts';
import { ADMIN, type Proficient, shownAgent, shownUser } from './proficient-model.ts';

export const who = fc.constantFrom('ada', 'bo', 'cy');
export const text = fc.constantFrom('', 'tea', 'Grüße 🫖');

export const createUser = step<
  Proficient,
  { external_id: string; first_name: string | undefined; live_mode: boolean | undefined }
>(
  'create a user',
  2,
  null,
  { external_id: who, first_name: optional(text), live_mode: optional(fc.boolean()) },
  async (json, m, call) => {
    const answer = await call('POST', '/proficient/users', { headers: ADMIN, json });
    if (m.userOf(json.external_id) !== undefined) return expectResponse(answer, 400);
    expectResponse(answer, 200, shownUser(m.addUser(answer.body, json)));
  },
);

export const updateUser = step<Proficient, { user: number; last_name: string | undefined }>(
  'update a user',
  1,
  'users',
  { user: which, last_name: optional(text) },
  async ({ user, last_name }, m, call) => {
    const id = m.one('users', 'u_', user);
    const answer = await call('POST', `/proficient/users/${id}`, { headers: ADMIN, json: { last_name } });
    const row = m.users.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    if (last_name !== undefined) Object.assign(row, { last_name, updated_at: m.now });
    expectResponse(answer, 200, shownUser(row));
  },
);

export const deleteUser = step<Proficient, { user: number }>(
  'delete a user',
  2,
  'users',
  { user: which },
  async ({ user }, m, call) => {
    const id = m.one('users', 'u_', user);
    const answer = await call('DELETE', `/proficient/users/${id}`, { headers: ADMIN });
    const row = m.users.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    m.drop('users', (one) => one === row);
    if (m.all('interactions').some(({ user_id }) => user_id === id)) m.saw('interactions were deleted with their user');
    if (!m.broken) m.dropInteractions(({ user_id }) => user_id === id);
    expectResponse(answer, 200, shownUser(row));
  },
);

const LABELS = { name: '', description: '', display_name: '', display_description: '' };
const greeting = fc.constantFrom(undefined, '', 'Hi {{user.first_name}}, I am {{ agent.display_name }}');

export const createAgent = step<
  Proficient,
  {
    initial_turn: string | undefined;
    greeting_message: string | undefined;
    display_name: string | undefined;
  }
>(
  'create an agent',
  2,
  null,
  {
    initial_turn: fc.constantFrom(undefined, 'agent', 'user'),
    greeting_message: greeting,
    display_name: optional(text),
  },
  async (given, m, call) => {
    const json = { model: 'openai.gpt-4', ...given };
    const answer = await call('POST', '/proficient/agents', { headers: ADMIN, json });
    const id = m.fresh(answer.body.id, /^ag_[0-9A-Za-z]{24}$/);
    const labels = { ...LABELS, display_name: given.display_name ?? '' };
    m.agents.set(id, { id, active: false, ...labels, created_at: m.now, updated_at: m.now });
    m.agentConfigs.set(id, {
      agent_id: id,
      model: json.model,
      initial_turn: given.initial_turn ?? 'user',
      greeting_message: given.greeting_message ?? '',
      system_message: '',
      openai: {},
      anthropic: {},
    });
    expectResponse(answer, 200, shownAgent(m.agents.get(id) as Json));
  },
);

export const updateAgent = step<Proficient, { agent: number; name: string | undefined }>(
  'update an agent',
  1,
  'agents',
  { agent: which, name: optional(text) },
  async ({ agent, name }, m, call) => {
    const id = m.one('agents', 'ag_', agent);
    const answer = await call('POST', `/proficient/agents/${id}`, { headers: ADMIN, json: { name } });
    const row = m.agents.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    if (name !== undefined) Object.assign(row, { name, updated_at: m.now });
    expectResponse(answer, 200, shownAgent(row));
  },
);

export const configure = step<Proficient, { agent: number; initial_turn: string; temperature: number | null }>(
  'configure an agent',
  1,
  'agents',
  { agent: which, initial_turn: fc.constantFrom('agent', 'user'), temperature: fc.constantFrom(null, 0, 1.5) },
  async ({ agent, initial_turn, temperature }, m, call) => {
    const id = m.one('agents', 'ag_', agent);
    const json = { initial_turn, openai: { temperature } };
    const answer = await call('POST', `/proficient/agents/${id}/config`, { headers: ADMIN, json });
    const row = m.agentConfigs.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    row.initial_turn = initial_turn;
    if (temperature !== null) row.openai = { temperature };
    expectResponse(answer, 200, { ...row, object: 'agent_config' });
  },
);

export const activate = step<Proficient, { agent: number; active: boolean }>(
  'activate or deactivate an agent',
  5,
  'agents',
  { agent: which, active: fc.constantFrom(true, true, true, false) },
  async ({ agent, active }, m, call) => {
    const id = m.one('agents', 'ag_', agent);
    const verb = active ? 'activate' : 'deactivate';
    const answer = await call('POST', `/proficient/agents/${id}/${verb}`, { headers: ADMIN });
    const row = m.agents.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    if (row.active !== active) Object.assign(row, { active, updated_at: m.now });
    expectResponse(answer, 200, shownAgent(row));
  },
);

export const deleteAgent = step<Proficient, { agent: number }>(
  'delete an agent',
  2,
  'agents',
  { agent: which },
  async ({ agent }, m, call) => {
    const id = m.one('agents', 'ag_', agent);
    const answer = await call('DELETE', `/proficient/agents/${id}`, { headers: ADMIN });
    const row = m.agents.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    m.drop('agents', (one) => one === row);
    m.drop('agentConfigs', ({ agent_id }) => agent_id === id);
    if (m.all('interactions').some(({ agent_id }) => agent_id === id))
      m.saw('interactions were deleted with their agent');
    m.dropInteractions(({ agent_id }) => agent_id === id);
    expectResponse(answer, 200, shownAgent(row));
  },
);
