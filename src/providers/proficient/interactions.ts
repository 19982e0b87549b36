// Proficient interactions: list, create, read, rename, delete. Each is visible to its own user only.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE62 } from '../../core/random-ids.ts';
import type { Database } from '../../core/storage/database.ts';
import { requiredAgent, toAgent } from './agents.ts';
import { forClients, Interaction, Message } from './components.ts';
import { forbidden } from './errors.ts';
import { renderGreeting } from './greetings.ts';
import { storeMessage, toMessage } from './messages.ts';
import { ownInteraction } from './ownership.ts';
import { page, pageQuery } from './paging.ts';
import type { AgentConfigRow, InteractionRow } from './schema.ts';
import { requiredUser, toUser } from './users.ts';

const path = '/interactions/{interaction_id}';
const params = z.object({ interaction_id: z.string() });

export const InteractionsList = z.object({ data: z.array(Interaction), has_more: z.boolean() });

export const InteractionCreateParams = z.object({ agent_id: z.string() });

export const InteractionCreateResponse = z.object({ interaction: Interaction, messages: z.array(Message) });

export const InteractionUpdateParams = z.object({ name: z.string().nullish() });

const interactions_list = forClients({
  operation: 'interactions_list',
  method: 'GET',
  path: '/interactions',
  declared: [403, 404, 500],
  query: z.object({ agent_id: z.string().optional(), ...pageQuery }),
  response: InteractionsList,
  handle({ db, caller, query }) {
    const agentId = query.agent_id || null;
    if (agentId !== null) requiredAgent(db, agentId);
    const { rows, has_more } = page<InteractionRow>(
      db,
      {
        kind: 'interaction',
        table: 'proficient_interactions',
        where: `user_id = ?${agentId === null ? '' : ' and agent_id = ?'}`,
        values: agentId === null ? [caller.userId] : [caller.userId, agentId],
        order: 'desc',
      },
      query,
    );
    return { data: rows.map((row) => toInteraction(db, row)), has_more };
  },
});

const interactions_create = forClients({
  operation: 'interactions_create',
  method: 'POST',
  path: '/interactions',
  declared: [403, 404, 500],
  body: InteractionCreateParams,
  response: InteractionCreateResponse,
  handle({ db, sandbox, caller, body }) {
    const agent = requiredAgent(db, body.agent_id);
    if (agent.active === 0) throw forbidden('The agent is not active.');
    // Agents from fixtures may have no config; then the defaults of a new agent apply.
    const config = db.get<AgentConfigRow>('select * from proficient_agentConfigs where agent_id = ?', agent.id);
    const { initial_turn = 'user', greeting_message = '' } = config ?? {};
    const now = sandbox.clock.now();
    return db.transaction(() => {
      const row = db.get<InteractionRow>(
        `insert into proficient_interactions (id, agent_id, user_id, archived, initial_turn, name, created_at, updated_at)
         values (?, ?, ?, 0, ?, '', ?, ?) returning *`,
        sandbox.ids.next('int_', 36, BASE62),
        agent.id,
        caller.userId,
        initial_turn,
        now,
        now,
      ) as InteractionRow;
      if (initial_turn === 'user' || greeting_message === '')
        return { interaction: toInteraction(db, row), messages: [] };
      const content = renderGreeting(greeting_message, {
        user: toUser(requiredUser(db, caller.userId)),
        agent: toAgent(agent),
      });
      const greeting = storeMessage(sandbox, {
        interaction_id: row.id,
        parent: null,
        sent_by: 'agent',
        content,
        created_at: now,
      });
      return { interaction: toInteraction(db, row), messages: [toMessage(greeting)] };
    });
  },
});

const interactions_get = forClients({
  operation: 'interactions_get',
  method: 'GET',
  path,
  declared: [403, 404, 500],
  params,
  response: Interaction,
  handle: (call) => toInteraction(call.db, ownInteraction(call, call.params.interaction_id)),
});

const interactions_update = forClients({
  operation: 'interactions_update',
  method: 'POST',
  path,
  declared: [403, 404, 500],
  params,
  body: InteractionUpdateParams,
  response: Interaction,
  handle(call) {
    const { db, sandbox, body } = call;
    const row = ownInteraction(call, call.params.interaction_id);
    const name = body.name ?? null;
    if (name === null) return toInteraction(db, row);
    const updated_at = sandbox.clock.now();
    db.run('update proficient_interactions set name = ?, updated_at = ? where id = ?', name, updated_at, row.id);
    return toInteraction(db, { ...row, name, updated_at });
  },
});

const interactions_delete = forClients({
  operation: 'interactions_delete',
  method: 'DELETE',
  path,
  declared: [403, 404, 500, 503],
  params,
  response: Interaction,
  handle: (call) =>
    call.remove(() => {
      const row = ownInteraction(call, call.params.interaction_id);
      const last = toInteraction(call.db, row);
      call.db.run('delete from proficient_interactions where id = ?', row.id);
      return last;
    }),
});

export const INTERACTION_OPERATIONS: readonly Operation[] = [
  interactions_list,
  interactions_create,
  interactions_get,
  interactions_update,
  interactions_delete,
];

/**
 * An interaction in its API form. `total_message_count` is counted on read: greeting, user messages and replies (our
 * choice).
 */
function toInteraction(db: Database, row: InteractionRow): z.input<typeof Interaction> {
  const counted = db.get<{ total: number }>(
    'select count(*) as total from proficient_messages where interaction_id = ?',
    row.id,
  );
  return {
    id: row.id,
    object: 'interaction',
    agent_id: row.agent_id,
    archived: row.archived === 1,
    created_at: row.created_at,
    initial_turn: row.initial_turn,
    name: row.name,
    total_message_count: counted?.total as number,
    updated_at: row.updated_at,
    user_id: row.user_id,
  };
}
