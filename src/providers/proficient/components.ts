// Schemas shared by Proficient's operations, under their names in the contract, and the two kinds of caller.
import { z } from 'zod';
import { defineOperation } from '../../core/provider/provider.ts';

/** The caller of the Admin API: the project itself. */
export interface Admin {
  readonly userId: null;
  /** The external id of a client that calls an admin operation; such a caller sees and deletes only its own user. */
  readonly onlyUser: string | null;
}
/** The caller of the Client API: a user of the project. */
export interface Client {
  readonly userId: string;
}

/** Operations of the Admin API, of the Client API, and of both (documented). */
export const forAdmins = defineOperation<Admin>();
export const forClients = defineOperation<Client>();
export const forBoth = defineOperation<Admin | Client>();

export const Model = z.enum([
  'anthropic.claude-v1',
  'anthropic.claude-v1-100k',
  'anthropic.claude-instant-v1',
  'anthropic.claude-instant-v1-100k',
  'openai.gpt-4',
  'openai.gpt-3.5-turbo',
  'openai.gpt-3.5-turbo-16k',
]);

export const InteractionParticipant = z.enum(['user', 'agent']);

/** A number whose range is documented in prose only; as a refinement the range stays out of the schema. */
const between = (least: number, most: number) =>
  z.number().refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

/** Model settings as stored; the API also accepts null for each. */
export const OPENAI_SETTINGS = {
  frequency_penalty: between(-2, 2),
  presence_penalty: between(-2, 2),
  temperature: between(0, 2),
  top_p: between(0, 1),
};
export const ANTHROPIC_SETTINGS = {
  temperature: between(0, 1),
  top_k: z.int().refine((value) => value >= -1, 'must be -1 or at least 0'),
  top_p: z.number().refine((value) => value === -1 || (value >= 0 && value <= 1), 'must be -1 or from 0 to 1'),
};

export const OpenAIConfig = z.object({
  frequency_penalty: OPENAI_SETTINGS.frequency_penalty.nullish(),
  presence_penalty: OPENAI_SETTINGS.presence_penalty.nullish(),
  temperature: OPENAI_SETTINGS.temperature.nullish(),
  top_p: OPENAI_SETTINGS.top_p.nullish(),
});
export const AnthropicConfig = z.object({
  temperature: ANTHROPIC_SETTINGS.temperature.nullish(),
  top_k: ANTHROPIC_SETTINGS.top_k.nullish(),
  top_p: ANTHROPIC_SETTINGS.top_p.nullish(),
});

export const User = z.object({
  id: z.string(),
  object: z.literal('user'),
  created_at: z.int(),
  external_id: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  live_mode: z.boolean(),
  updated_at: z.int(),
});

export const Agent = z.object({
  id: z.string(),
  object: z.literal('agent'),
  active: z.boolean(),
  description: z.string(),
  display_description: z.string(),
  display_name: z.string(),
  name: z.string(),
  created_at: z.int(),
  updated_at: z.int(),
});

export const AgentConfig = z.object({
  object: z.literal('agent_config'),
  anthropic: AnthropicConfig,
  agent_id: z.string(),
  greeting_message: z.string(),
  initial_turn: InteractionParticipant,
  model: Model,
  openai: OpenAIConfig,
  system_message: z.string(),
});

export const Interaction = z.object({
  id: z.string(),
  object: z.literal('interaction'),
  agent_id: z.string(),
  archived: z.boolean(),
  created_at: z.int(),
  initial_turn: InteractionParticipant,
  name: z.string(),
  total_message_count: z.int(),
  updated_at: z.int(),
  user_id: z.string(),
});

export const Message = z.object({
  id: z.string(),
  object: z.literal('message'),
  content: z.string(),
  created_at: z.int(),
  depth: z.int(),
  interaction_id: z.string(),
  parent_id: z.string().nullish(),
  sent_by: InteractionParticipant,
});
