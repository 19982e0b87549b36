// Proficient agent configs: read, update. Each agent has one, with its model and instructions, created and deleted with
// it.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import type { Database } from '../../core/storage/database.ts';
import { AgentConfig, AnthropicConfig, forAdmins, InteractionParticipant, Model, OpenAIConfig } from './components.ts';
import { notFound } from './errors.ts';
import type { AgentConfigRow } from './schema.ts';

const params = z.object({ agent_id: z.string() });

/** The body of an update; null means unchanged (our choice). */
export const AgentConfigUpdateParams = z.object({
  anthropic: AnthropicConfig.nullish(),
  greeting_message: z.string().nullish(),
  initial_turn: InteractionParticipant.nullish(),
  model: Model.nullish(),
  openai: OpenAIConfig.nullish(),
  system_message: z.string().nullish(),
});

const agents_getConfig = forAdmins({
  operation: 'agents_getConfig',
  method: 'GET',
  path: '/agents/{agent_id}/config',
  declared: [404, 500],
  params,
  response: AgentConfig,
  handle: ({ db, params }) => toConfig(requireConfig(db, params.agent_id)),
});

const agents_updateConfig = forAdmins({
  operation: 'agents_updateConfig',
  method: 'POST',
  path: '/agents/{agent_id}/config',
  declared: [404, 500, 503],
  params,
  body: AgentConfigUpdateParams,
  response: AgentConfig,
  // The agent's updated_at does not change (our choice).
  handle({ db, params, body }) {
    const config = requireConfig(db, params.agent_id);
    return toConfig(
      db.get<AgentConfigRow>(
        `update proficient_agentConfigs set model = coalesce(?, model), initial_turn = coalesce(?, initial_turn),
           greeting_message = coalesce(?, greeting_message), system_message = coalesce(?, system_message), openai = ?, anthropic = ?
         where agent_id = ? returning *`,
        body.model ?? null,
        body.initial_turn ?? null,
        body.greeting_message ?? null,
        body.system_message ?? null,
        merged(config.openai, body.openai),
        merged(config.anthropic, body.anthropic),
        params.agent_id,
      ) as AgentConfigRow,
    );
  },
});

export const AGENT_CONFIG_OPERATIONS: readonly Operation[] = [agents_getConfig, agents_updateConfig];

/** Stores the config of a new agent; omitted settings get their defaults. */
export function insertConfig(
  db: Database,
  agentId: string,
  config: z.infer<typeof AgentConfigUpdateParams> & { model: z.infer<typeof Model> },
): void {
  db.run(
    'insert into proficient_agentConfigs (agent_id, model, initial_turn, greeting_message, system_message, openai, anthropic) values (?, ?, ?, ?, ?, ?, ?)',
    agentId,
    config.model,
    config.initial_turn ?? 'user',
    config.greeting_message ?? '',
    config.system_message ?? '',
    merged('{}', config.openai),
    '{}',
  );
}

/** Merges settings into stored ones (JSON), property by property; null leaves a property unchanged (our choice). */
function merged(stored: string, given: object | null | undefined): string {
  const set = Object.entries(given ?? {}).filter(([, value]) => value !== null);
  return JSON.stringify({ ...JSON.parse(stored), ...Object.fromEntries(set) });
}

function requireConfig(db: Database, agentId: string): AgentConfigRow {
  const row = db.get<AgentConfigRow>('select * from proficient_agentConfigs where agent_id = ?', agentId);
  if (row === undefined) throw notFound('agent', agentId);
  return row;
}

/** A config in its API form: both settings groups are always present; settings never set are omitted (our choice). */
function toConfig(row: AgentConfigRow): z.input<typeof AgentConfig> {
  return {
    object: 'agent_config',
    anthropic: JSON.parse(row.anthropic),
    agent_id: row.agent_id,
    greeting_message: row.greeting_message,
    initial_turn: row.initial_turn,
    model: row.model,
    openai: JSON.parse(row.openai),
    system_message: row.system_message,
  };
}
