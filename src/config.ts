// Every setting once: flag, environment variable, default, help and type. `--help` and the README come from here.
import { parseArgs } from 'node:util';
import { closest } from 'fastest-levenshtein';
import { JOURNAL_SIZE } from './core/journal.ts';
import type { AuthMode } from './core/sandbox.ts';
import { LIMITS } from './core/sandboxes.ts';
import {
  choice,
  hostNames,
  type RootMount,
  rootMounts,
  type Setting,
  setting,
  text,
  token,
  wholeNumber,
} from './values.ts';

/** A flag, variable or command that cannot be used; the message says which, and what would do. */
export class UsageError extends Error {}

/** The settings of a server. */
export const SETTINGS = {
  port: setting({
    value: 'number',
    fallback: 4010,
    read: wholeNumber(0, 65535),
    help: 'port to listen on; 0 takes a free one',
  }),
  host: setting({ value: 'address', fallback: '127.0.0.1', read: text, help: 'address to listen on' }),
  data: setting<string | null>({
    value: 'folder',
    fallback: null,
    read: text,
    help: 'keep sandboxes in this folder, a SQLite file each; without it they live in memory',
  }),
  fixtures: setting<string | null>({
    value: 'folder',
    fallback: null,
    read: text,
    help: 'rows of your own instead of the built-in ones: <folder>/<provider>/<resource>.json',
  }),
  auth: setting<AuthMode>({
    value: 'spec|strict',
    fallback: 'spec',
    read: choice('spec', 'strict'),
    help: 'spec takes any key the published contract takes, strict only known ones',
  }),
  'sandbox-ttl': setting({
    value: 'seconds',
    fallback: LIMITS.idleSeconds,
    read: wholeNumber(1, 31_536_000),
    help: 'how long a sandbox that was made by its first use stays without another',
  }),
  'max-sandboxes': setting({
    value: 'number',
    fallback: LIMITS.most,
    read: wholeNumber(1, 10_000_000),
    help: 'how many sandboxes there may be in memory; those made by first use make room',
  }),
  'open-sandboxes': setting({
    value: 'number',
    fallback: LIMITS.open,
    read: wholeNumber(1, 1_000_000),
    help: 'how many sandboxes are open at a time; the others sleep and wake on use',
  }),
  'explicit-sandboxes': setting({
    value: null,
    fallback: LIMITS.explicit,
    read: (one: string) => choice('true', 'false')(one) === 'true',
    help: 'know only sandboxes that were made with POST /__admin/sandboxes',
  }),
  mount: setting<RootMount[]>({
    value: 'provider=port',
    fallback: [],
    repeatable: true,
    read: rootMounts,
    help: 'also serve one provider at / of another port',
  }),
  'journal-size': setting({
    value: 'number',
    fallback: JOURNAL_SIZE,
    read: wholeNumber(1, 100_000),
    help: 'requests that each sandbox remembers',
  }),
  'admin-port': setting<number | null>({
    value: 'number',
    fallback: null,
    read: wholeNumber(0, 65535),
    help: 'serve /__admin on a port of its own and no longer on --port; 0 takes a free one',
  }),
  'admin-token': setting<string | null>({
    value: 'token',
    fallback: null,
    read: token,
    help: 'what /__admin asks for when --host reaches beyond this machine; without it one is made and printed',
  }),
  'allow-host': setting<readonly string[]>({
    value: 'name',
    fallback: [],
    repeatable: true,
    read: hostNames,
    help: 'also answer /__admin under this host name; local names and names without a dot always work',
  }),
  'no-magic-ids': setting({
    value: null,
    fallback: false,
    read: (one: string) => choice('true', 'false')(one) === 'true',
    help: 'read ids such as u_fail_503 as ids like any other',
  }),
  'no-webhooks': setting({
    value: null,
    fallback: false,
    read: (one: string) => choice('true', 'false')(one) === 'true',
    help: 'send no webhooks, only list them',
  }),
  'log-level': setting({
    value: 'level',
    fallback: 'warn',
    read: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    help: 'how much to log; info shows every request',
  }),
  'check-answers': setting({
    value: null,
    fallback: false,
    read: (one: string) => choice('true', 'false')(one) === 'true',
    help: 'hold every answer against its schema before it is sent',
  }),
} as const;

/** The settings of `understudy wait`. */
export const WAIT_SETTINGS = {
  url: setting<string | null>({
    value: 'url',
    fallback: null,
    read: text,
    help: 'where the server is; by default this host and --port, or --admin-port',
  }),
  timeout: setting({ value: 'seconds', fallback: 30, read: wholeNumber(0, 3600), help: 'how long to wait at most' }),
} as const;

type Settings = Record<string, Setting<unknown>>;
type Values<S extends Settings> = { -readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };
export type Config = Values<typeof SETTINGS>;
export type WaitConfig = Values<typeof WAIT_SETTINGS> & Pick<Config, 'port' | 'admin-port'>;

/** What was asked for on the command line. */
export type Command =
  | { readonly name: 'start'; readonly config: Config }
  | { readonly name: 'wait'; readonly config: WaitConfig }
  | { readonly name: 'help' | 'version' };

const PREFIX = 'UNDERSTUDY_';
const COMMANDS = ['start', 'wait'] as const;
const ALL: Settings = { ...SETTINGS, ...WAIT_SETTINGS };

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return PREFIX + name.toUpperCase().replaceAll('-', '_');
}

/**
 * Reads the command line over the environment over the defaults.
 *
 * @throws UsageError naming an unknown flag, variable or command with the nearest known one, or a bad value
 */
export function readCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Command {
  const given = readFlags(args);
  const command = given.positionals[0] ?? 'start';
  if (given.flags.has('help')) return { name: 'help' };
  if (given.flags.has('version')) return { name: 'version' };
  if (!COMMANDS.includes(command as 'start'))
    throw new UsageError(`There is no command ${command}; did you mean ${closest(command, [...COMMANDS])}?`);
  const extra = given.positionals[1];
  if (extra !== undefined) throw new UsageError(`${command} takes no ${extra}; see understudy --help.`);
  const settings: Settings =
    command === 'wait' ? { ...WAIT_SETTINGS, port: SETTINGS.port, 'admin-port': SETTINGS['admin-port'] } : SETTINGS;
  for (const name of given.flags.keys()) {
    if (settings[name] === undefined)
      throw unknown(
        `--${name}`,
        Object.keys(settings).map((known) => `--${known}`),
        `of ${command}`,
      );
  }
  refuseUnknownVariables(environment);
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, one]) => [
      name,
      settle(name, one, given.flags.get(name), environment[variableOf(name)]),
    ]),
  );
  return { name: command, config: values } as Command;
}

function settle(name: string, one: Setting<unknown>, flag: string | undefined, variable: string | undefined): unknown {
  const [source, given] = flag === undefined ? [variableOf(name), variable] : [`--${name}`, flag];
  if (given === undefined) return one.fallback;
  try {
    return one.read(given);
  } catch (error) {
    throw new UsageError(`${source} ${(error as Error).message}, not ${JSON.stringify(given)}.`);
  }
}

function readFlags(args: readonly string[]): { flags: Map<string, string>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(ALL).map(([name, { value }]) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const known = ['help', 'version', ...Object.keys(ALL)];
    if (!known.includes(token.name))
      throw unknown(
        token.rawName,
        known.map((name) => `--${name}`),
        '',
      );
    const wantsValue = ALL[token.name] !== undefined && ALL[token.name]?.value !== null;
    if (wantsValue && token.value === undefined)
      throw new UsageError(`--${token.name} takes a value: --${token.name} <${ALL[token.name]?.value}>.`);
    if (!wantsValue && token.value !== undefined && ALL[token.name] === undefined)
      throw new UsageError(`--${token.name} takes no value.`);
    const earlier = ALL[token.name]?.repeatable ? flags.get(token.name) : undefined;
    flags.set(token.name, earlier === undefined ? (token.value ?? 'true') : `${earlier},${token.value}`);
  }
  return { flags, positionals };
}

function refuseUnknownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const known = Object.keys(ALL).map(variableOf);
  for (const name of Object.keys(environment)) {
    if (name.startsWith(PREFIX) && !known.includes(name)) throw unknown(name, known, '');
  }
}

function unknown(given: string, known: string[], where: string): UsageError {
  return new UsageError(
    `There is no setting ${given}${where === '' ? '' : ` ${where}`}; did you mean ${closest(given, known)}?`,
  );
}

/** A default as text; '' where a setting has none. */
export function presetOf(fallback: unknown): string {
  return fallback === null || fallback === false || Array.isArray(fallback) ? '' : String(fallback);
}

/** The text of `understudy --help`. */
export function helpText(): string {
  const list = (settings: Settings) =>
    Object.entries(settings)
      .map(([name, { value, fallback, help }]) => {
        const flag = `  --${name}${value === null ? '' : ` <${value}>`}`;
        const preset = presetOf(fallback) === '' ? '' : ` (default ${presetOf(fallback)})`;
        return `${flag.padEnd(26)} ${help}${preset}`;
      })
      .join('\n');
  return `Understudy: a local, stateful stand-in for the APIs of Proficient AI, Pagecall and Conductor.

Usage:
  understudy [start] [settings]   run the sandbox
  understudy wait [settings]      exit 0 as soon as it is healthy, 1 when it is not in time

Settings of start:
${list(SETTINGS)}

Settings of wait:
${list(WAIT_SETTINGS)}

  --help, --version

Each setting is also a variable: --log-level is ${variableOf('log-level')}. A flag wins over its variable.
`;
}
