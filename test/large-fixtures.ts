// Writes a fixture folder with any number of users at all three providers, each with the same rows.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ISO = '2024-01-01T00:00:00.000Z';
const MS = Date.parse(ISO);

/** Number of rows each user owns, by resource. */
export const OWNED = {
  proficient: { interactions: 1, messages: 3 },
  pagecall: { members: 1, sessions: 1 },
  conductor: { integrationConnections: 1, authSessions: 1 },
} as const;

/** The id of the n-th user in each provider's path. */
export const userId = {
  proficient: (n: number) => `u_${pad(n, 24)}`,
  pagecall: (n: number) => `crowd-${n}`,
  conductor: (n: number) => `end_usr_${pad(n, 14)}`,
};

function pad(n: number, length: number): string {
  return String(n).padStart(length, '0');
}

/** Writes fixtures of `size` users into `dir`. */
export function writeLargeFixtures(dir: string, size: number): void {
  const users = Array.from({ length: size }, (_, n) => n);
  const agent = `ag_${pad(1, 24)}`;
  const room = pad(1, 24);
  const interaction = (n: number) => `int_${pad(n, 36)}`;
  const message = (n: number, depth: number) => `msg_${pad(n * 10 + depth, 48)}`;
  const times = { created_at: MS, updated_at: MS };
  const stamps = { created_at: ISO, updated_at: ISO };
  const files: Record<string, Record<string, unknown[]>> = {
    proficient: {
      users: users.map((n) => ({
        id: userId.proficient(n),
        external_id: `crowd-${n}`,
        first_name: 'C',
        last_name: String(n),
        live_mode: true,
        ...times,
      })),
      agents: [
        { id: agent, active: true, name: 'A', description: '', display_name: 'A', display_description: '', ...times },
      ],
      agentConfigs: [
        {
          agent_id: agent,
          model: 'openai.gpt-4',
          initial_turn: 'user',
          greeting_message: '',
          system_message: '',
          openai: {},
          anthropic: {},
        },
      ],
      interactions: users.map((n) => ({
        id: interaction(n),
        agent_id: agent,
        user_id: userId.proficient(n),
        archived: false,
        initial_turn: 'user',
        name: '',
        ...times,
      })),
      messages: users.flatMap((n) =>
        [0, 1, 2].map((depth) => ({
          id: message(n, depth),
          interaction_id: interaction(n),
          parent_id: depth === 0 ? null : message(n, depth - 1),
          depth,
          sent_by: depth === 1 ? 'agent' : 'user',
          content: 'hello',
          created_at: MS,
        })),
      ),
    },
    pagecall: {
      users: users.map((n) => ({
        // No other row has that id: an erasure check looks for it everywhere.
        id: `a${pad(n, 23)}`,
        user_id: userId.pagecall(n),
        default_member_type: 'guest',
        access_token: pad(n, 32),
        metadata: {},
        ...stamps,
      })),
      rooms: [{ id: room, type: 'public', name: 'Hall', ...stamps }],
      members: users.map((n) => ({
        id: pad(n, 24),
        room_id: room,
        user_id: userId.pagecall(n),
        type: 'guest',
        is_blocked: false,
        ...stamps,
      })),
      sessions: users.map((n) => ({
        id: pad(n, 24),
        room_id: room,
        user_id: userId.pagecall(n),
        member_id: pad(n, 24),
        connected_at: ISO,
        disconnected_at: ISO,
      })),
    },
    conductor: {
      endUsers: users.map((n) => ({
        id: userId.conductor(n),
        createdAt: ISO,
        companyName: 'Crowd',
        sourceId: `crowd-${n}`,
        email: `${n}@example.com`,
      })),
      integrationConnections: users.map((n) => ({
        id: `int_conn_${pad(n, 14)}`,
        endUserId: userId.conductor(n),
        createdAt: ISO,
        integrationSlug: 'quickbooks_desktop',
        lastRequestAt: null,
        lastSuccessfulRequestAt: null,
      })),
      authSessions: users.map((n) => ({
        id: `auth_sess_${pad(n, 14)}`,
        endUserId: userId.conductor(n),
        createdAt: ISO,
        clientSecret: `auth_sess_client_secret_${pad(n, 14)}`,
        publishableKey: 'pk_conductor_test',
        expiresAt: ISO,
        redirectUrl: null,
      })),
    },
  };
  for (const [provider, resources] of Object.entries(files)) {
    mkdirSync(join(dir, provider), { recursive: true });
    for (const [name, rows] of Object.entries(resources))
      writeFileSync(join(dir, provider, `${name}.json`), JSON.stringify(rows));
  }
}
