// The command line: flags over environment over defaults, one sentence for each mistake, and the help text.
import { parseArgs } from 'node:util';
import { closest } from 'fastest-levenshtein';
import type { ErasureConfig } from './commands/erasure-check.ts';
import { ERASURE_CHECK_SETTINGS, SETTINGS, WAIT_SETTINGS } from './settings.ts';
import type { Setting } from './values.ts';

/** A flag, variable or command that cannot be used; the message says which, and what would do. */
export class UsageError extends Error {}

type Settings = Record<string, Setting<unknown>>;
type Values<S extends Settings> = { -readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };
export type Config = Values<typeof SETTINGS>;
export type WaitConfig = Values<typeof WAIT_SETTINGS> & Pick<Config, 'port' | 'admin-port'>;

/** What was asked for on the command line. */
export type Command =
  | { readonly name: 'start'; readonly config: Config }
  | { readonly name: 'wait'; readonly config: WaitConfig }
  | { readonly name: 'erasure-check'; readonly config: ErasureConfig; readonly subjects: readonly string[] }
  | { readonly name: 'help' | 'version' };

const PREFIX = 'UNDERSTUDY_';
/** Where a server on this host is, for commands that talk to one. */
const WHERE = { port: SETTINGS.port, 'admin-port': SETTINGS['admin-port'] } as const;

const COMMANDS: Record<string, Settings> = {
  start: SETTINGS,
  wait: { ...WAIT_SETTINGS, ...WHERE },
  'erasure-check': { ...ERASURE_CHECK_SETTINGS, ...WHERE, 'admin-token': SETTINGS['admin-token'] },
};
const ALL: Settings = { ...SETTINGS, ...WAIT_SETTINGS, ...ERASURE_CHECK_SETTINGS };

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
  const settings = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (settings === undefined)
    throw new UsageError(`There is no command ${command}; did you mean ${closest(command, Object.keys(COMMANDS))}?`);
  const [, ...subjects] = given.positionals;
  const [extra] = command === 'erasure-check' ? [] : subjects;
  if (extra !== undefined) throw new UsageError(`${command} takes no ${extra}; see understudy --help.`);
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
  return { name: command, config: values, ...(command === 'erasure-check' ? { subjects } : {}) } as Command;
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
  understudy erasure-check <subject>… [settings]
                                  exit 0 when nothing of a person is left in it, 1 when something is

Settings of start:
${list(SETTINGS)}

Settings of wait:
${list(WAIT_SETTINGS)}

Settings of erasure-check:
${list(ERASURE_CHECK_SETTINGS)}

  --help, --version

Each setting is also a variable: --log-level is ${variableOf('log-level')}. A flag wins over its variable.
`;
}
