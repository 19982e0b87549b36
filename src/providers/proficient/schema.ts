// Proficient's tables and fixture rows: users, agents, configs, interactions, messages. Foreign keys define the delete
// cascades.
import { z } from 'zod';
import type { Resource, StoredRow } from '../../core/provider/resource.ts';
import { ANTHROPIC_SETTINGS, InteractionParticipant, Model, OPENAI_SETTINGS } from './components.ts';

/** The SQL schema. */
export const SCHEMA = `
create table proficient_users (
  seq integer primary key,
  id text not null unique,
  external_id text not null unique,
  first_name text not null,
  last_name text not null,
  live_mode integer not null,
  created_at integer not null,
  updated_at integer not null
) strict;
create index proficient_users_created on proficient_users (created_at);

create table proficient_agents (
  seq integer primary key,
  id text not null unique,
  active integer not null,
  name text not null,
  description text not null,
  display_name text not null,
  display_description text not null,
  created_at integer not null,
  updated_at integer not null
) strict;
create index proficient_agents_created on proficient_agents (created_at);

create table proficient_agentConfigs (
  seq integer primary key,
  agent_id text not null unique references proficient_agents (id) on delete cascade,
  model text not null,
  initial_turn text not null,
  greeting_message text not null,
  system_message text not null,
  openai text not null,
  anthropic text not null
) strict;

create table proficient_interactions (
  seq integer primary key,
  id text not null unique,
  agent_id text not null references proficient_agents (id) on delete cascade,
  user_id text not null references proficient_users (id) on delete cascade,
  archived integer not null,
  initial_turn text not null,
  name text not null,
  created_at integer not null,
  updated_at integer not null
) strict;
create index proficient_interactions_agent on proficient_interactions (agent_id);
create index proficient_interactions_user on proficient_interactions (user_id, created_at);

-- parent_id has no cascade: threads may be thousands of messages deep, and SQLite limits cascades to about 1,000.
-- Deleting the interaction deletes all its messages.
create table proficient_messages (
  seq integer primary key,
  id text not null unique,
  interaction_id text not null references proficient_interactions (id) on delete cascade,
  parent_id text references proficient_messages (id),
  depth integer not null,
  sent_by text not null,
  content text not null,
  created_at integer not null
) strict;
create index proficient_messages_interaction on proficient_messages (interaction_id, created_at);
create index proficient_messages_parent on proficient_messages (parent_id);
`;

const id = z.string().min(1);

/** Milliseconds since the epoch, in the range of a date. */
const time = z.int().min(-8.64e15).max(8.64e15);

/** The resources, with their rows in the fixture format. The message count of an interaction is computed, not stored. */
export const RESOURCES = [
  {
    name: 'users',
    key: 'id',
    identity: ['id', 'external_id'],
    names: [['first_name', 'last_name']],
    removal: '/users/{id}',
    row: z.strictObject({
      id,
      external_id: z.string().min(1),
      first_name: z.string().default(''),
      last_name: z.string().default(''),
      live_mode: z.boolean().default(true),
      created_at: time,
      updated_at: time,
    }),
  },
  {
    name: 'agents',
    key: 'id',
    removal: '/agents/{id}',
    row: z.strictObject({
      id,
      active: z.boolean().default(false),
      name: z.string().default(''),
      description: z.string().default(''),
      display_name: z.string().default(''),
      display_description: z.string().default(''),
      created_at: time,
      updated_at: time,
    }),
  },
  {
    name: 'agentConfigs',
    key: 'agent_id',
    removal: '/agents/{agent_id}',
    row: z.strictObject({
      agent_id: id,
      model: Model,
      initial_turn: InteractionParticipant.default('user'),
      greeting_message: z.string().default(''),
      system_message: z.string().default(''),
      openai: z.strictObject(OPENAI_SETTINGS).partial().default({}),
      anthropic: z.strictObject(ANTHROPIC_SETTINGS).partial().default({}),
    }),
  },
  {
    name: 'interactions',
    key: 'id',
    removal: '/interactions/{id}',
    row: z.strictObject({
      id,
      agent_id: id,
      user_id: id,
      archived: z.boolean().default(false),
      initial_turn: InteractionParticipant.default('user'),
      name: z.string().default(''),
      created_at: time,
      updated_at: time,
    }),
  },
  {
    name: 'messages',
    key: 'id',
    removal: '/interactions/{interaction_id}',
    row: z.strictObject({
      id,
      interaction_id: id,
      parent_id: id.nullish(),
      depth: z.int().min(0).default(0),
      sent_by: InteractionParticipant,
      content: z.string(),
      created_at: time,
    }),
  },
] as const satisfies readonly Resource[];

export type UserRow = StoredRow<typeof RESOURCES, 'users'>;
export type AgentRow = StoredRow<typeof RESOURCES, 'agents'>;
export type AgentConfigRow = StoredRow<typeof RESOURCES, 'agentConfigs'>;
export type InteractionRow = StoredRow<typeof RESOURCES, 'interactions'>;
export type MessageRow = StoredRow<typeof RESOURCES, 'messages'>;

/** `keys.json`: the keys that strict auth accepts, and the project's HMAC setting. */
export const KEYS = z.strictObject({
  secret_keys: z.array(z.string()),
  publishable_keys: z.array(z.string()),
  hmac: z.strictObject({ enabled: z.boolean(), secret: z.string() }),
});
export type Keys = z.infer<typeof KEYS>;

/** `replies.json`: the agents' replies, of which the first matching rule applies, and their delay. */
export const REPLIES = z.strictObject({
  // The maximum delay of setTimeout.
  reply_delay_ms: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  replies: z.array(
    z.strictObject({ contains: z.string().optional(), text: z.string(), agent_id: z.string().optional() }),
  ),
});
export type Replies = z.infer<typeof REPLIES>;
