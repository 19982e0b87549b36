// Proficient agents: list, create, read, update, delete, activate and deactivate.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE62 } from '../../core/random-ids.ts';
import type { Database } from '../../core/storage/database.ts';
import { AgentConfigUpdateParams, insertConfig } from './agent-configs.ts';
import { Agent, forAdmins, forBoth, Model } from './components.ts';
import { notFound } from './errors.ts';
import type { AgentRow } from './schema.ts';

const params = z.object({ agent_id: z.string() });

export const AgentsList = z.object({ data: z.array(Agent) });

export const AgentUpdateParams = z.object({
  description: z.string().nullish(),
  display_description: z.string().nullish(),
  display_name: z.string().nullish(),
  name: z.string().nullish(),
});

/**
 * Labels and config of a new agent. `anthropic` is not declared (documented), so it is ignored like any unknown key.
 */
export const AgentCreateParams = z.object({
  ...AgentUpdateParams.shape,
  ...AgentConfigUpdateParams.omit({ anthropic: true }).shape,
  model: Model,
});

const agents_list = forBoth({
  operation: 'agents_list',
  method: 'GET',
  path: '/agents',
  declared: [500],
  response: AgentsList,
  handle: ({ db }) => ({
    data: db.all<AgentRow>('select * from proficient_agents order by created_at desc, seq desc').map(toAgent),
  }),
});

const agents_create = forAdmins({
  operation: 'agents_create',
  method: 'POST',
  path: '/agents',
  declared: [400, 403, 500],
  body: AgentCreateParams,
  response: Agent,
  handle({ db, sandbox, body }) {
    const now = sandbox.clock.now();
    return db.transaction(() => {
      // A new agent is inactive until it is activated (our choice).
      const row = db.get<AgentRow>(
        `insert into proficient_agents (id, active, name, description, display_name, display_description, created_at, updated_at)
         values (?, 0, ?, ?, ?, ?, ?, ?) returning *`,
        sandbox.ids.next('ag_', 24, BASE62),
        body.name ?? '',
        body.description ?? '',
        body.display_name ?? '',
        body.display_description ?? '',
        now,
        now,
      ) as AgentRow;
      insertConfig(db, row.id, body);
      return toAgent(row);
    });
  },
});

const agents_get = forBoth({
  operation: 'agents_get',
  method: 'GET',
  path: '/agents/{agent_id}',
  declared: [404, 500],
  params,
  response: Agent,
  handle: ({ db, params }) => toAgent(requiredAgent(db, params.agent_id)),
});

const agents_update = forAdmins({
  operation: 'agents_update',
  method: 'POST',
  path: '/agents/{agent_id}',
  declared: [400, 403, 404, 500, 503],
  params,
  body: AgentUpdateParams,
  response: Agent,
  handle({ db, sandbox, params, body }) {
    const labels = [
      body.name ?? null,
      body.description ?? null,
      body.display_name ?? null,
      body.display_description ?? null,
    ];
    const agent = requiredAgent(db, params.agent_id);
    if (labels.every((label) => label === null)) return toAgent(agent);
    return toAgent(
      db.get<AgentRow>(
        `update proficient_agents set name = coalesce(?, name), description = coalesce(?, description),
           display_name = coalesce(?, display_name), display_description = coalesce(?, display_description), updated_at = ?
         where id = ? returning *`,
        ...labels,
        sandbox.clock.now(),
        params.agent_id,
      ) as AgentRow,
    );
  },
});

const agents_delete = forAdmins({
  operation: 'agents_delete',
  method: 'DELETE',
  path: '/agents/{agent_id}',
  declared: [404, 500, 503],
  params,
  response: Agent,
  handle: (call) =>
    call.remove(() => {
      const row = call.db.get<AgentRow>('delete from proficient_agents where id = ? returning *', call.params.agent_id);
      if (row === undefined) throw notFound('agent', call.params.agent_id);
      return toAgent(row);
    }),
});

const agents_activate = activation('activate', 1);
const agents_deactivate = activation('deactivate', 0);

export const AGENT_OPERATIONS: readonly Operation[] = [
  agents_list,
  agents_create,
  agents_get,
  agents_update,
  agents_delete,
  agents_activate,
  agents_deactivate,
];

/** The stored agent. Throws Failure resource_not_found. */
export function requiredAgent(db: Database, id: string): AgentRow {
  const row = db.get<AgentRow>('select * from proficient_agents where id = ?', id);
  if (row === undefined) throw notFound('agent', id);
  return row;
}

/** An agent in its API form, the same for admins and clients (documented). */
export function toAgent(row: AgentRow): z.input<typeof Agent> {
  return {
    id: row.id,
    object: 'agent',
    active: row.active === 1,
    description: row.description,
    display_description: row.display_description,
    display_name: row.display_name,
    name: row.name,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** The operation that sets `active`. It is idempotent; `updated_at` changes only if `active` does (our choice). */
function activation(verb: 'activate' | 'deactivate', active: 0 | 1): Operation {
  return forAdmins({
    operation: `agents_${verb}`,
    method: 'POST',
    path: `/agents/{agent_id}/${verb}`,
    declared: [404, 500, 503],
    params,
    response: Agent,
    handle({ db, sandbox, params }) {
      const row = db.get<AgentRow>(
        'update proficient_agents set updated_at = iif(active = ?, updated_at, ?), active = ? where id = ? returning *',
        active,
        sandbox.clock.now(),
        active,
        params.agent_id,
      );
      if (row === undefined) throw notFound('agent', params.agent_id);
      return toAgent(row);
    },
  });
}
