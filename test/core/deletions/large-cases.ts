// Every cascading DELETE of the providers, in sandboxes where it takes along more rows than one statement may.
import { CONDUCTOR, PAGECALL } from './deletions.ts';

export type State = Record<string, Record<string, Record<string, unknown>[]>>;

/** A deletion, and rows of one provider for it. */
export interface LargeCase {
  readonly provider: 'proficient' | 'pagecall' | 'conductor';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly state: State;
  /** Rows that the receipt counts as deleted, and as detached. */
  readonly rows: readonly [deleted: number, detached: number];
}

const ISO = '2024-01-01T00:00:00.000Z';
const MS = Date.parse(ISO);
const STAMPS = { created_at: ISO, updated_at: ISO };
const ADMIN = { authorization: 'Bearer sk_test_understudy' };
const range = (length: number) => Array.from({ length }, (_, n) => n);
const hex = (n: number) => n.toString(16).padStart(24, '0');
/** Neither ascending nor descending, so that an order by time differs from the order of the rows. */
const shuffled = (n: number) => (n * 7919) % 1009;

const agent = (id: string) => ({
  id,
  active: true,
  name: 'A',
  description: '',
  display_name: 'A',
  display_description: '',
  created_at: MS,
  updated_at: MS,
});
const user = (id: string, external_id: string) => ({
  id,
  external_id,
  first_name: 'A',
  last_name: 'B',
  live_mode: true,
  created_at: MS,
  updated_at: MS,
});

/** Interactions of one agent and one user; the messages of one follow those of all others. */
function conversations(interactions: number, messages: number): State {
  const of = { agent_id: 'ag_one', user_id: 'u_one', archived: false, initial_turn: 'user', name: '' };
  return {
    proficient: {
      users: [user('u_one', 'one'), user('u_two', 'two')],
      agents: [agent('ag_one'), agent('ag_two')],
      interactions: range(interactions).map((n) => ({
        ...of,
        id: `int_${shuffled(n)}_${n}`,
        created_at: MS + shuffled(n),
        updated_at: MS,
      })),
      messages: range(messages).flatMap((depth) =>
        range(interactions).map((n) => ({
          id: `msg_${shuffled(n)}_${n}_${depth}`,
          interaction_id: `int_${shuffled(n)}_${n}`,
          parent_id: depth === 0 ? null : `msg_${shuffled(n)}_${n}_${depth - 1}`,
          depth,
          sent_by: depth % 2 === 0 ? 'user' : 'agent',
          content: 'hello',
          created_at: MS + shuffled(depth),
        })),
      ),
    },
  };
}

const person = (n: number) => ({
  id: hex(n),
  user_id: `p-${shuffled(n)}-${n}`,
  default_member_type: 'guest',
  access_token: String(n).padStart(32, '0'),
  metadata: {},
  ...STAMPS,
});
const room = (n: number) => ({
  id: hex(n),
  type: 'public',
  name: 'Hall',
  ...(n < 3 ? { webhook: { url: 'http://127.0.0.1:9/' }, meeting_since: ISO } : {}),
  ...STAMPS,
});
const member = (n: number, ofRoom: number, ofUser: number) => ({
  id: hex(n),
  room_id: hex(ofRoom),
  user_id: person(ofUser).user_id,
  type: 'guest',
  is_blocked: false,
  ...STAMPS,
});
/** The first ones are open. */
const session = (n: number, ofRoom: number, ofUser: number) => ({
  id: hex(n),
  room_id: hex(ofRoom),
  user_id: person(ofUser).user_id,
  member_id: hex(n),
  connected_at: ISO,
  disconnected_at: n < 3 ? null : ISO,
});

export const LARGE_CASES: Record<string, LargeCase> = {
  agents_delete: {
    provider: 'proficient',
    url: '/proficient/agents/ag_one',
    headers: ADMIN,
    state: conversations(1400, 3),
    rows: [1 + 1400 * 4, 0],
  },
  users_delete: {
    provider: 'proficient',
    url: '/proficient/users/u_one',
    headers: ADMIN,
    state: conversations(150, 40),
    rows: [1 + 150 * 41, 0],
  },
  interactions_delete: {
    provider: 'proficient',
    url: '/proficient/interactions/int_0_0',
    headers: { 'x-proficient-api-key': 'pk_test_understudy', 'x-proficient-user-external-id': 'one' },
    state: conversations(1, 5300),
    rows: [5301, 0],
  },
  deleteRoom: {
    provider: 'pagecall',
    url: `/pagecall/v1/rooms/${hex(0)}`,
    headers: PAGECALL,
    state: {
      pagecall: {
        users: range(1200).map(person),
        rooms: range(2).map(room),
        members: range(1200).map((n) => member(n, 0, 1199 - n)),
        sessions: range(1200).map((n) => session(n, 0, 1199 - n)),
        pages: range(3000).map((n) => ({
          id: hex(n),
          room_id: hex(0),
          entities: [],
          size: { width: 1, height: 1 },
          index: shuffled(n),
        })),
      },
    },
    rows: [5401, 0],
  },
  DeleteUser: {
    provider: 'pagecall',
    url: `/pagecall/v1/users/${person(0).user_id}`,
    headers: PAGECALL,
    state: {
      pagecall: {
        users: range(2).map(person),
        rooms: range(2600).map(room),
        members: range(2600).map((n) => member(n, 2599 - n, 0)),
        sessions: range(2600).map((n) => session(n, 2599 - n, 0)),
      },
    },
    rows: [2601, 2600],
  },
  'endUsers.delete': {
    provider: 'conductor',
    url: '/conductor/v1/end-users/end_usr_one',
    headers: CONDUCTOR,
    state: {
      conductor: {
        endUsers: ['one', 'two'].map((name) => ({
          id: `end_usr_${name}`,
          createdAt: ISO,
          companyName: 'A',
          sourceId: name,
          email: 'a@example.com',
        })),
        authSessions: range(5300).map((n) => ({
          id: `auth_sess_${shuffled(n)}_${n}`,
          endUserId: 'end_usr_one',
          createdAt: ISO,
          clientSecret: `auth_sess_client_secret_${n}`,
          publishableKey: 'pk_conductor_test',
          expiresAt: ISO,
          redirectUrl: null,
        })),
      },
    },
    rows: [5301, 0],
  },
};

/** A row of another provider; if it is `large`, it alone makes the sandbox large. */
export function padding(provider: LargeCase['provider'], large: boolean): State {
  const text = large ? 'x'.repeat(4.5 * 1024 * 1024) : 'x';
  return provider === 'pagecall'
    ? { proficient: { users: [{ ...user('u_pad', 'pad'), first_name: text }] } }
    : { pagecall: { users: [{ ...person(9999), name: text }] } };
}
