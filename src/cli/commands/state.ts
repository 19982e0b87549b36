// `understudy state`: prints, replaces or extends what a sandbox contains, in the format of fixtures.
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { flag, text } from '../values.ts';
import { ControlClient, query, SANDBOX_SETTINGS } from './control-client.ts';
import { jsonFrom } from './json-input.ts';

const PRINTING = {
  provider: flag('name', text, 'only the rows of this provider'),
  resource: flag('name', text, 'only the rows of this resource, e.g. endUsers'),
  ...SANDBOX_SETTINGS,
} as const;

export const state: Command = {
  name: 'state',
  summary: 'Print, replace or extend what a sandbox contains, in the format of fixtures',
  actions: [
    action({ name: 'get', summary: 'Print the state as JSON', settings: PRINTING, run: get }),
    action({
      name: 'put',
      argument: '<file|->',
      summary: 'Replace all rows of the providers in a JSON file (- reads standard input)',
      settings: SANDBOX_SETTINGS,
      run: (call) => store(call, 'PUT', 'replacing'),
    }),
    action({
      name: 'add',
      argument: '<file|->',
      summary: 'Add the rows of a JSON file (- reads standard input); with --json, print them as they are stored',
      settings: SANDBOX_SETTINGS,
      run: (call) => store(call, 'POST', 'adding'),
    }),
  ],
  examples: [
    'understudy state get --provider conductor --resource endUsers',
    'understudy state put world.json --sandbox worker-3',
    'understudy state add users.json --json',
    'understudy state | understudy state put - --sandbox worker-4',
  ],
};

async function get(call: Call<typeof PRINTING>): Promise<number> {
  const { provider, resource } = call.config;
  const client = new ControlClient(call);
  const state = await client.send('GET', query('/state', { provider, resource }), { doing: 'reading the state' });
  if (!client.wroteJson(state)) call.shell.out.write(`${JSON.stringify(state, null, 2)}\n`);
  return EXIT.yes;
}

async function store(call: Call<typeof SANDBOX_SETTINGS>, method: string, verb: string): Promise<number> {
  const body = await jsonFrom(call.words[0] as string, call.shell);
  const client = new ControlClient(call);
  const doing = `${verb} ${rowsIn(body).toLocaleString('en')} rows`;
  const stored = await client.send(method, '/state', { body, doing });
  if (stored !== undefined) client.wroteJson(stored);
  return EXIT.yes;
}

/** How many rows a state contains; it may be any JSON. */
function rowsIn(state: unknown): number {
  const lists = Object.values(state ?? {}).flatMap((resources) => Object.values(resources ?? {}));
  return lists.reduce<number>((rows, list) => rows + (Array.isArray(list) ? list.length : 0), 0);
}
