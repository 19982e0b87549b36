// `understudy sandboxes`: lists the sandboxes of a server, makes one, ends one.
import { isSandboxName } from '../../core/sandbox/sandbox-name.ts';
import type { AuthMode } from '../../core/sandbox/settings.ts';
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { writeTable } from '../table.ts';
import { choice, setting, text, wholeNumber } from '../values.ts';
import { ASKING, Asking, query } from './asking.ts';
import { limitSetting, tellRest } from './lists.ts';

type Source = 'fixtures' | 'empty' | { readonly sandbox: string; readonly snapshot?: string };

interface Shown {
  readonly name: string;
  readonly createdAt: string;
  readonly ttlSeconds?: number;
  readonly settings: { readonly auth: string; readonly mode: string };
}

const YEAR = 366 * 24 * 3600;

const LISTING = { limit: limitSetting, ...ASKING } as const;
const MAKING = {
  from: setting<Source>({
    value: 'fixtures|empty|sandbox[/snapshot]',
    fallback: 'fixtures',
    flagOnly: true,
    read: source,
    help: 'what it holds at first',
  }),
  ttl: setting<number | null>({
    value: 'seconds',
    fallback: null,
    flagOnly: true,
    read: wholeNumber(1, YEAR),
    help: 'how long it lives; by default until it is deleted',
  }),
  auth: setting<AuthMode | null>({
    value: 'spec|strict',
    fallback: null,
    flagOnly: true,
    read: choice('spec', 'strict'),
    help: 'its keys: any that the published contract takes, or known ones; by default as the server was started',
  }),
  mode: setting<'strict' | 'example' | null>({
    value: 'strict|example',
    fallback: null,
    flagOnly: true,
    read: choice('strict', 'example'),
    help: 'example is for SDK suites that were generated from a published document',
  }),
  seed: setting<string | null>({
    value: 'text',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'the same seed draws the same ids',
  }),
  'public-url': setting<string | null>({
    value: 'url',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'what links back to it begin with',
  }),
  ...ASKING,
} as const;

export const sandboxes: Command = {
  name: 'sandboxes',
  summary: 'lists the sandboxes there are, makes one, ends one',
  actions: [
    action({ name: 'list', argument: '', summary: 'lists them, newest first', settings: LISTING, run: list }),
    action({
      name: 'create',
      argument: '[name]',
      summary: 'makes one and prints its name; without one it is drawn',
      settings: MAKING,
      run: create,
    }),
    action({ name: 'delete', argument: '<name>', summary: 'ends one', settings: ASKING, run: remove }),
  ],
  examples: [
    'understudy sandboxes create worker-3 --ttl 600 --auth strict',
    'understudy sandboxes create --from worker-3/before',
    'understudy sandboxes delete worker-3',
  ],
};

async function list(call: Call<typeof LISTING>): Promise<number> {
  const asking = new Asking(call);
  const path = query('/sandboxes', { limit: call.config.limit });
  const answer = await asking.ask<{ sandboxes: Shown[]; meta: { total: number } }>('GET', path);
  if (asking.wroteJson(answer)) return EXIT.done;
  const rows = answer.sandboxes.map(({ name, createdAt, ttlSeconds, settings }) => [
    name,
    createdAt,
    ttlSeconds === undefined ? '' : `${ttlSeconds} s`,
    settings.auth,
    settings.mode,
  ]);
  writeTable(call.shell.out, ['NAME', 'CREATED', 'LIVES', 'AUTH', 'MODE'], rows);
  tellRest(call.shell, rows.length, answer.meta.total);
  return EXIT.done;
}

async function create(call: Call<typeof MAKING>): Promise<number> {
  const { from, ttl, auth, mode, seed, 'public-url': publicUrl } = call.config;
  const [name] = call.words;
  const settings = Object.entries({ auth, mode, seed, publicUrl }).filter(([, value]) => value !== null);
  const asking = new Asking(call);
  // In the query too: a proxy that shares sandboxes out among processes reads no body.
  const made = await asking.ask<Shown>('POST', query('/sandboxes', { sandbox: name ?? null }), {
    body: { from, settings: Object.fromEntries(settings), ttlSeconds: ttl, ...(name === undefined ? {} : { name }) },
  });
  if (!asking.wroteJson(made)) call.shell.out.write(`${made.name}\n`);
  return EXIT.done;
}

async function remove(call: Call<typeof ASKING>): Promise<number> {
  await new Asking(call).ask('DELETE', `/sandboxes/${encodeURIComponent(call.words[0] as string)}`);
  return EXIT.done;
}

function source(word: string): Source {
  if (word === 'fixtures' || word === 'empty') return word;
  const [sandbox = '', snapshot, ...more] = word.split('/');
  if (!isSandboxName(sandbox) || (snapshot !== undefined && !isSandboxName(snapshot)) || more.length > 0) {
    throw new Error('takes fixtures, empty, <sandbox> or <sandbox>/<snapshot>');
  }
  return { sandbox, ...(snapshot === undefined ? {} : { snapshot }) };
}
