// `understudy fault`: plans faults, lists them with how often each was injected, deletes them.
import type { PlannedFault } from '../../control/schemas.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { ControlClient, query, SANDBOX_SETTINGS, sends } from './control-client.ts';
import { RULE, ruleOf } from './fault-rule.ts';
import { limitSetting } from './list-settings.ts';
import { membersOf } from './pattern-settings.ts';

const ADDING = { ...RULE, ...SANDBOX_SETTINGS } as const;
const LISTING = { limit: limitSetting, ...SANDBOX_SETTINGS } as const;

export const fault: Command = {
  name: 'fault',
  alias: 'faults',
  summary: 'Plan faults for matching requests, list them, delete them',
  actions: [
    action({
      name: 'list',
      summary: 'List the planned faults, newest first, with how often each was injected',
      settings: LISTING,
      run: list,
    }),
    action({
      name: 'add',
      argument: '[rule|-]',
      summary: 'Plan a fault from flags or from a whole rule as JSON (- reads standard input), and print its id',
      settings: ADDING,
      run: add,
    }),
    action({
      name: 'delete',
      argument: '<id>',
      summary: 'Delete a planned fault',
      settings: SANDBOX_SETTINGS,
      run: sends('DELETE', ([id]) => `/faults/${id}`),
    }),
    action({
      name: 'clear',
      summary: 'Delete all planned faults',
      settings: SANDBOX_SETTINGS,
      run: sends('DELETE', () => '/faults'),
    }),
  ],
  examples: [
    'understudy fault add --operation endUsers.delete --times 2 --status 503',
    'understudy fault add --operation endUsers.delete --times 1 --fault reset --phase after-commit',
    'understudy fault add --provider pagecall --delay 100-400',
    `understudy fault add '{"match": {"method": "DELETE"}, "mode": {"skip": 1, "times": 1}, "effect": {"status": 503}}'`,
    'understudy fault list',
    'understudy fault delete bdyycij3dlkz9ix7',
    'understudy fault clear --sandbox worker-3',
  ],
};

async function add(call: Call<typeof ADDING>): Promise<number> {
  const client = new ControlClient(call);
  const planned = await client.send<PlannedFault>('POST', '/faults', { body: await ruleOf(call) });
  if (!client.wroteJson(planned)) call.shell.out.write(`${planned.id}\n`);
  return EXIT.yes;
}

async function list(call: Call<typeof LISTING>): Promise<number> {
  return await new ControlClient(call).printList(
    'faults',
    ['GET', query('/faults', { limit: call.config.limit })],
    ['ID', 'MATCH', 'EFFECT', 'PHASE', 'MODE', 'HITS', 'SPENT'],
    ({ id, match, effect, delay, phase, mode, hits, spent }: PlannedFault) => [
      id,
      membersOf(match) || 'everything',
      [membersOf(effect), membersOf(delay)].filter(Boolean).join(' '),
      phase,
      typeof mode === 'string' ? mode : membersOf(mode),
      String(hits),
      spent ? 'yes' : 'no',
    ],
  );
}
