// `understudy state`: what a sandbox holds, printed, replaced, added to; in the form fixtures are written in.
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { setting, text } from '../values.ts';
import { ASKING_ONE, Asking, query } from './asking.ts';
import { jsonFrom } from './json-input.ts';

const PARTS = {
  provider: setting<string | null>({
    value: 'name',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'only what belongs to this provider',
  }),
  resource: setting<string | null>({
    value: 'name',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'only the rows of this resource, e.g. endUsers',
  }),
  ...ASKING_ONE,
} as const;

export const state: Command = {
  name: 'state',
  summary: 'prints, replaces or adds to what a sandbox holds, in the form of fixtures',
  actions: [
    action({ name: 'get', argument: '', summary: 'prints it as JSON', settings: PARTS, run: get }),
    action({
      name: 'put',
      argument: '<file|->',
      summary: 'replaces all rows of the providers named in a JSON file, or on standard input',
      settings: ASKING_ONE,
      run: (call) => store(call, 'PUT', 'replacing'),
    }),
    action({
      name: 'add',
      argument: '<file|->',
      summary: 'adds the rows in it; with --json it prints them as they are stored',
      settings: ASKING_ONE,
      run: (call) => store(call, 'POST', 'adding'),
    }),
  ],
  examples: [
    'understudy state --provider conductor --resource endUsers',
    'understudy state put world.json --sandbox worker-3',
    'understudy state --sandbox worker-3 | understudy state put - --sandbox worker-4',
  ],
};

async function get(call: Call<typeof PARTS>): Promise<number> {
  const { provider, resource } = call.config;
  const asking = new Asking(call);
  const held = await asking.ask('GET', query('/state', { provider, resource }), { what: 'reading the state' });
  if (!asking.wroteJson(held)) call.shell.out.write(`${JSON.stringify(held, null, 2)}\n`);
  return EXIT.done;
}

async function store(call: Call<typeof ASKING_ONE>, method: string, doing: string): Promise<number> {
  const body = await jsonFrom(call.words[0] as string, call.shell);
  const asking = new Asking(call);
  const what = `${doing} ${rowsIn(body).toLocaleString('en')} rows`;
  const stored = await asking.ask(method, '/state', { body, what });
  if (stored !== undefined) asking.wroteJson(stored);
  return EXIT.done;
}

/** How many rows a state names, whatever else it may be. */
function rowsIn(world: unknown): number {
  const lists = Object.values(world ?? {}).flatMap((resources) => Object.values(resources ?? {}));
  return lists.reduce<number>((rows, list) => rows + (Array.isArray(list) ? list.length : 0), 0);
}
