// Every deletion at every provider, with the receipt it must create.
import { conductor } from '../../../src/providers/conductor/index.ts';
import { EXAMPLE_END_USER } from '../../../src/providers/conductor/quickbooks/examples.ts';
import { camelCase } from '../../../src/providers/conductor/quickbooks/operations.ts';
import { ROOT } from '../../harness.ts';

const PROFICIENT = { authorization: 'Bearer sk_test_understudy' };
export const PAGECALL = { authorization: 'Bearer pagecall_test_key' };
export const CONDUCTOR = { authorization: 'Bearer sk_conductor_test' };
export const ALICE = {
  proficient: 'u_Alice0000000000000000042',
  pagecall: 'user-42',
  conductor: 'end_usr_alice000000042',
};

type Lines = [resource: string, id: string, via: string][];
const rows = (lines: Lines) => lines.map(([resource, id, via]) => ({ resource, id, via }));

interface Case {
  method?: string;
  url: string;
  headers: Record<string, string>;
  json?: object;
  receipt: { provider: string; operation: string; root: object; deleted: object[]; detached: object[]; counts: object };
}

/** The messages of an interaction in the fixtures, as receipt entries. */
async function messagesOf(...interactions: string[]): Promise<Lines> {
  const { default: messages } = await import(`${ROOT}/fixtures/proficient/messages.json`, { with: { type: 'json' } });
  return interactions.flatMap((interaction) =>
    messages
      .filter((row: { interaction_id: string }) => row.interaction_id === interaction)
      .map((row: { id: string }) => ['messages', row.id, 'messages.interaction_id']),
  );
}

export async function cases(): Promise<Case[]> {
  const alices = ['int_3bbnAY6Y8mnoSoK1sWPMIaJdF08Rf86V4uJj', 'int_UEiS37KSOh9FAfrAisBZAHbaF2aTn5hToMBl'] as const;
  const camilles = [
    'int_53mfKtX0Da6zaJCp5bNnzxDaEg1xptWvQDr2',
    'int_Rlq4r22UrJnKu7WrxNZzmTVVy7V5CYrNyW97',
    'int_WqYZQj4bUHndG8cKuVtWrqHhU1RiAwiTqDbS',
    alices[0],
  ] as const;
  const agent = 'ag_Lad8YCGGiDLiqIZPWRXmc2ix';
  const [ofAlice, ofCamille, ofOne] = await Promise.all([
    messagesOf(...alices),
    messagesOf(...camilles),
    messagesOf(alices[1]),
  ]);
  return [
    {
      url: `/proficient/users/${ALICE.proficient}`,
      headers: PROFICIENT,
      receipt: {
        provider: 'proficient',
        operation: 'users_delete',
        root: { resource: 'users', id: ALICE.proficient },
        deleted: rows([...alices.map((id): Lines[0] => ['interactions', id, 'interactions.user_id']), ...ofAlice]),
        detached: [],
        counts: { users: 1, interactions: 2, messages: ofAlice.length },
      },
    },
    {
      url: `/proficient/agents/${agent}`,
      headers: PROFICIENT,
      receipt: {
        provider: 'proficient',
        operation: 'agents_delete',
        root: { resource: 'agents', id: agent },
        deleted: rows([
          ['agentConfigs', agent, 'agentConfigs.agent_id'],
          ...camilles.map((id): Lines[0] => ['interactions', id, 'interactions.agent_id']),
          ...ofCamille,
        ]),
        detached: [],
        counts: { agents: 1, agentConfigs: 1, interactions: 4, messages: ofCamille.length },
      },
    },
    {
      url: `/proficient/interactions/${alices[1]}`,
      headers: { 'x-proficient-api-key': 'pk_test_understudy', 'x-proficient-user-external-id': 'user-42' },
      receipt: {
        provider: 'proficient',
        operation: 'interactions_delete',
        root: { resource: 'interactions', id: alices[1] },
        deleted: rows(ofOne),
        detached: [],
        counts: { interactions: 1, messages: ofOne.length },
      },
    },
    {
      url: `/pagecall/v1/users/${ALICE.pagecall}`,
      headers: PAGECALL,
      receipt: {
        provider: 'pagecall',
        operation: 'DeleteUser',
        root: { resource: 'users', id: ALICE.pagecall },
        deleted: rows([
          ['members', '675c681099c877188c165eaa', 'members.user_id'],
          ['members', '677b9bcc8f972e8b424acfbc', 'members.user_id'],
          ['members', '67bc5f40d591a7678246b187', 'members.user_id'],
        ]),
        detached: ['675c682e52db3f1e0a035d0b', '67c2da646776ae163a133ce8', '67d06b5c25fd34c8933fcc5d'].map((id) => ({
          resource: 'sessions',
          id,
          field: 'user_id',
        })),
        counts: { users: 1, members: 3 },
      },
    },
    {
      url: '/pagecall/v1/rooms/678dd8501b9e2a7394a93e87',
      headers: PAGECALL,
      receipt: {
        provider: 'pagecall',
        operation: 'deleteRoom',
        root: { resource: 'rooms', id: '678dd8501b9e2a7394a93e87' },
        deleted: rows([
          ['members', '678dd88ccc1ca1237e97eb38', 'members.room_id'],
          ['members', '678dd8c84f5eb6cd72483ca5', 'members.room_id'],
          ['sessions', '6794a8100ae6480e8179d19e', 'sessions.room_id'],
          ['sessions', '6794a900fa6b5726df226b0f', 'sessions.room_id'],
          ['pages', '678dd85098a6b747369b9d77', 'pages.room_id'],
        ]),
        detached: [],
        counts: { rooms: 1, members: 2, sessions: 2, pages: 1 },
      },
    },
    {
      url: `/conductor/v1/end-users/${ALICE.conductor}`,
      headers: CONDUCTOR,
      receipt: {
        provider: 'conductor',
        operation: 'endUsers.delete',
        root: { resource: 'endUsers', id: ALICE.conductor },
        deleted: rows([
          ['integrationConnections', 'int_conn_xx9655wj65ic7b', 'integrationConnections.endUserId'],
          ['authSessions', 'auth_sess_q04ulee4m3wjej', 'authSessions.endUserId'],
          ['passthroughRecords', 'pass_3aoqjelfj0vblp', 'passthroughRecords.endUserId'],
        ]),
        detached: [],
        counts: { endUsers: 1, integrationConnections: 1, authSessions: 1, passthroughRecords: 1 },
      },
    },
    {
      method: 'POST',
      url: '/__admin/conductor/end-users/end_usr_1234567abcdefg/disconnect',
      headers: {},
      json: { remove: true },
      receipt: {
        provider: 'conductor',
        operation: 'disconnect',
        root: { resource: 'integrationConnections', id: 'int_conn_1234567abcdefg' },
        deleted: [],
        detached: [],
        counts: { integrationConnections: 1 },
      },
    },
    ...quickBooksCases(),
  ];
}

/** What the links of a transaction of the fixtures lead to, by the resource that is deleted. */
const LINKED: Readonly<Record<string, string>> = { creditCardRefunds: 'creditMemos', creditMemos: 'creditCardRefunds' };

/** A transaction of each resource of QuickBooks; what is linked to it stays and loses the link. */
function quickBooksCases(): Case[] {
  const { operations = {} } = conductor.samples;
  return conductor.operations.flatMap(({ operation, method, path }): Case[] => {
    if (method !== 'DELETE' || !path.startsWith('/quickbooks-desktop/')) return [];
    const resource = camelCase(path.split('/')[2] as string);
    const idOf = (name: string) => operations[`qbd.${name}.delete`]?.id as string;
    const other = LINKED[resource];
    return [
      {
        url: `/conductor/v1${path.replace('{id}', idOf(resource))}`,
        headers: { ...CONDUCTOR, 'conductor-end-user-id': EXAMPLE_END_USER },
        receipt: {
          provider: 'conductor',
          operation,
          root: { resource, id: idOf(resource) },
          deleted: [],
          detached: other === undefined ? [] : [{ resource: other, id: idOf(other), field: 'linkedTransactions' }],
          counts: { [resource]: 1 },
        },
      },
    ];
  });
}
