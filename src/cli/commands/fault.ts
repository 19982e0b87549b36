// `understudy fault`: plans failures, lists them with what became of them, takes them away.
import type { PlannedFault } from '../../control/schemas.ts';
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { writeTable } from '../table.ts';
import { ASKING_ONE, Asking, query } from './asking.ts';
import { RULE, ruleOf } from './fault-rule.ts';
import { limitSetting, tellRest } from './lists.ts';

const ADDING = { ...RULE, ...ASKING_ONE } as const;
const LISTING = { limit: limitSetting, ...ASKING_ONE } as const;

export const fault: Command = {
  name: 'fault',
  summary: 'plans failures for the requests that match, lists them, takes them away',
  actions: [
    action({
      name: 'list',
      argument: '',
      summary: 'lists them, newest first, with how often each was delivered',
      settings: LISTING,
      run: list,
    }),
    action({
      name: 'add',
      argument: '[rule|-]',
      summary: 'plans one, by flags or by a whole rule as JSON, and prints its id',
      settings: ADDING,
      run: add,
    }),
    action({ name: 'delete', argument: '<id>', summary: 'takes one away', settings: ASKING_ONE, run: remove }),
    action({ name: 'clear', argument: '', summary: 'takes them all away', settings: ASKING_ONE, run: clear }),
  ],
  examples: [
    'understudy fault add --operation endUsers.delete --times 2 --status 503',
    'understudy fault add --operation endUsers.delete --times 1 --fault reset --phase after-commit',
    'understudy fault add --provider pagecall --delay 100-400',
    `understudy fault add '{"match": {"method": "DELETE"}, "mode": {"skip": 1, "times": 1}, "effect": {"status": 503}}'`,
    'understudy fault list',
  ],
};

async function add(call: Call<typeof ADDING>): Promise<number> {
  const asking = new Asking(call);
  const planned = await asking.ask<PlannedFault>('POST', '/faults', { body: await ruleOf(call) });
  if (!asking.wroteJson(planned)) call.shell.out.write(`${planned.id}\n`);
  return EXIT.done;
}

async function list(call: Call<typeof LISTING>): Promise<number> {
  const asking = new Asking(call);
  const path = query('/faults', { limit: call.config.limit });
  const answer = await asking.ask<{ faults: PlannedFault[]; meta: { total: number } }>('GET', path);
  if (asking.wroteJson(answer)) return EXIT.done;
  const rows = answer.faults.map(({ id, match, effect, delay, phase, mode, hits, spent }) => [
    id,
    words(match) || 'everything',
    [...(effect === undefined ? [] : [words(effect)]), ...(delay === undefined ? [] : [words(delay)])].join(' '),
    phase,
    typeof mode === 'string' ? mode : words(mode),
    String(hits),
    spent ? 'yes' : 'no',
  ]);
  writeTable(call.shell.out, ['ID', 'MATCH', 'EFFECT', 'PHASE', 'MODE', 'HITS', 'SPENT'], rows);
  tellRest(call.shell, rows.length, answer.meta.total);
  return EXIT.done;
}

async function remove(call: Call<typeof ASKING_ONE>): Promise<number> {
  await new Asking(call).ask('DELETE', `/faults/${encodeURIComponent(call.words[0] as string)}`);
  return EXIT.done;
}

async function clear(call: Call<typeof ASKING_ONE>): Promise<number> {
  await new Asking(call).ask('DELETE', '/faults');
  return EXIT.done;
}

/** The members of a part of a rule, e.g. `status 503`. */
function words(part: object): string {
  return Object.entries(part)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
