// `understudy sandboxes`: lists the sandboxes of a server, creates them, deletes them.
import type { SandboxInfo } from '../../control/schemas.ts';
import { DEFAULT_SANDBOX, isSandboxName } from '../../core/sandbox/sandbox-name.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { choice, flag, setting, text, wholeNumber } from '../values.ts';
import { CLIENT_SETTINGS, ControlClient, query, sends } from './control-client.ts';
import { limitSetting } from './list-settings.ts';

type Source = 'fixtures' | 'empty' | { readonly sandbox: string; readonly snapshot?: string };

const YEAR = 366 * 24 * 3600;

const LISTING = { limit: limitSetting, ...CLIENT_SETTINGS } as const;
const CREATING = {
  from: setting<Source>({
    value: 'source',
    fallback: 'fixtures',
    flagOnly: true,
    read: source,
    help: 'what it contains at first: fixtures, empty, <sandbox> or <sandbox>/<snapshot>',
  }),
  ttl: flag('seconds', wholeNumber(1, YEAR), 'delete it after this time; by default it lives until it is deleted'),
  auth: flag(
    'spec|strict',
    choice('spec', 'strict'),
    "which keys it accepts: any that the published contract allows, or only known ones; by default the server's setting",
  ),
  mode: flag(
    'strict|example',
    choice('strict', 'example'),
    'example is for SDK suites that are generated from a published document',
  ),
  seed: flag('text', text, 'makes its generated ids repeatable'),
  'public-url': flag('url', text, 'the base of the links in its responses'),
  ...CLIENT_SETTINGS,
} as const;

export const sandboxes: Command = {
  name: 'sandboxes',
  alias: 'sandbox',
  summary: 'List the sandboxes of a server, create them, delete them',
  actions: [
    action({
      name: 'list',
      summary: 'List the sandboxes, newest first, with when they expire',
      settings: LISTING,
      run: list,
    }),
    action({
      name: 'create',
      argument: '[name]',
      summary: 'Create a sandbox and print its name; without a name one is generated',
      settings: CREATING,
      run: create,
    }),
    action({
      name: 'delete',
      argument: '<name>',
      summary: 'Delete a sandbox',
      settings: CLIENT_SETTINGS,
      run: sends('DELETE', ([name]) => `/sandboxes/${name}`),
    }),
  ],
  examples: [
    'understudy sandboxes create worker-3 --ttl 600 --auth strict',
    'understudy sandboxes create --from worker-3/before',
    'understudy sandboxes list',
    'understudy sandboxes delete worker-3',
  ],
};

async function list(call: Call<typeof LISTING>): Promise<number> {
  return await new ControlClient(call).printList(
    'sandboxes',
    ['GET', query('/sandboxes', { limit: call.config.limit })],
    ['NAME', 'CREATED', 'LIVES', 'AUTH', 'MODE'],
    (one: SandboxInfo) => [one.name, one.createdAt, lifeOf(one), one.settings.auth, one.settings.mode],
  );
}

/** How long a sandbox lives, e.g. `until 2026-01-31T12:00:00.000Z (in 58 min)`. */
function lifeOf({ name, expiresAt, ttlSeconds }: SandboxInfo): string {
  if (expiresAt === undefined) return name === DEFAULT_SANDBOX ? 'always' : 'until deleted';
  const seconds = Math.max(0, Math.round((Date.parse(expiresAt) - Date.now()) / 1000));
  const unit = UNITS.find(([size]) => seconds >= 2 * size) ?? ([1, 's'] as const);
  return `until ${expiresAt} (in ${Math.round(seconds / unit[0])} ${unit[1]}${ttlSeconds === undefined ? ' if unused' : ''})`;
}

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

async function create(call: Call<typeof CREATING>): Promise<number> {
  const { from, ttl, auth, mode, seed, 'public-url': publicUrl } = call.config;
  const [name] = call.words;
  const settings = Object.entries({ auth, mode, seed, publicUrl }).filter(([, value]) => value !== null);
  const client = new ControlClient(call);
  // In the query too: a proxy that distributes sandboxes over several servers does not read bodies.
  const created = await client.send<SandboxInfo>('POST', query('/sandboxes', { sandbox: name ?? null }), {
    body: { from, settings: Object.fromEntries(settings), ttlSeconds: ttl, ...(name === undefined ? {} : { name }) },
  });
  if (!client.wroteJson(created)) call.shell.out.write(`${created.name}\n`);
  return EXIT.yes;
}

function source(word: string): Source {
  if (word === 'fixtures' || word === 'empty') return word;
  const [sandbox = '', snapshot, ...more] = word.split('/');
  if (!isSandboxName(sandbox) || (snapshot !== undefined && !isSandboxName(snapshot)) || more.length > 0) {
    throw new Error('takes fixtures, empty, <sandbox> or <sandbox>/<snapshot>');
  }
  return { sandbox, ...(snapshot === undefined ? {} : { snapshot }) };
}
