// The command line: flags over environment over defaults, and one sentence for each mistake.
import { parseArgs } from 'node:util';
import { closest } from 'fastest-levenshtein';
import { joinReport } from './commands/erasure-output.ts';
import { COMMANDS } from './commands/index.ts';
import { UsageError } from './failures.ts';
import type { Action, Command } from './grammar.ts';
import type { Environment } from './shell.ts';
import type { Setting, Settings, Values } from './values.ts';

export { UsageError } from './failures.ts';
export type { Config } from './settings.ts';

/** What was asked for on the command line. */
export type Asked =
  | {
      /** The command's name, and the action's where it has several: `fault add`. */
      readonly name: string;
      readonly action: Action;
      readonly config: Values<Settings>;
      readonly words: readonly string[];
      readonly flags: ReadonlySet<string>;
    }
  | { readonly name: 'help'; readonly command: Command | null }
  | { readonly name: 'version' };

const PREFIX = 'UNDERSTUDY_';
const ALWAYS = ['help', 'version'];

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return PREFIX + name.toUpperCase().replaceAll('-', '_');
}

/** Every setting of every command, by name; a name that several have is a switch in all of them or in none. */
export function allSettings(): [string, Setting<unknown>][] {
  return COMMANDS.flatMap(({ actions }) => actions.flatMap(({ settings }) => Object.entries(settings)));
}

/**
 * Reads the command line over the environment over the defaults.
 *
 * @throws UsageError naming an unknown flag, variable or command with the nearest known one, or a bad value
 */
export function readCommand(args: readonly string[], environment: Environment): Asked {
  const { flags, positionals } = readFlags(joinReport(args));
  const [first = 'start', second, ...others] = positionals;
  if (first === 'help') return { name: 'help', command: second === undefined ? null : commandNamed(second) };
  if (flags.has('help')) return { name: 'help', command: positionals.length === 0 ? null : commandNamed(first) };
  if (flags.has('version')) return { name: 'version' };
  const command = commandNamed(first);
  const several = command.actions.length > 1;
  const action = several && second !== undefined ? actionNamed(command, second) : command.actions[0];
  const name = several ? `${command.name} ${action.name}` : command.name;
  const words = several || second === undefined ? others : [second, ...others];
  const { settings } = action;
  for (const flag of flags.keys()) if (settings[flag] === undefined) throw unknownFlag(`--${flag}`, settings, name);
  refuseUnknownVariables(environment);
  checkArguments(name, action, words);
  const config = Object.fromEntries(
    Object.entries(settings).map(([one, setting]) => [one, settle(one, setting, flags.get(one), environment)]),
  );
  return { name, action, config, words, flags: new Set(flags.keys()) };
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return command;
  const nearest = closest(name, [...COMMANDS.map((one) => one.name), 'help']);
  throw new UsageError(`There is no command ${name}; did you mean ${nearest}?`);
}

function actionNamed({ name, actions }: Command, word: string): Action {
  const action = actions.find((one) => one.name === word);
  if (action !== undefined) return action;
  const names = actions.map((one) => one.name);
  throw new UsageError(`There is no ${name} ${word}; did you mean ${name} ${closest(word, names)}?`);
}

function checkArguments(name: string, { argument }: Action, words: readonly string[]): void {
  if (argument.startsWith('<') && words.length === 0) {
    throw new UsageError(`${name} takes ${argument}: understudy ${name} ${argument}.`);
  }
  const extra = argument.endsWith('…') ? undefined : words[argument === '' ? 0 : 1];
  if (extra !== undefined) {
    throw new UsageError(`${name} takes no ${extra}; see understudy ${name.split(' ')[0]} --help.`);
  }
}

/** A flag wins over its variable; what may be given several times is read piece by piece. */
function settle(
  name: string,
  { read, fallback, repeatable, flagOnly }: Setting<unknown>,
  given: readonly string[] | undefined,
  environment: Environment,
): unknown {
  const variable = flagOnly ? undefined : environment[variableOf(name)];
  if (given === undefined && variable === undefined) return fallback;
  const [source, texts] = given === undefined ? [variableOf(name), [String(variable)]] : [`--${name}`, given];
  const values = texts.map((text) => {
    try {
      return read(text);
    } catch (error) {
      throw new UsageError(`${source} ${(error as Error).message}, not ${JSON.stringify(text)}.`);
    }
  });
  return repeatable ? values.flat() : values.at(-1);
}

function readFlags(args: readonly string[]): { flags: Map<string, string[]>; positionals: string[] } {
  const known = new Map(allSettings());
  const options = Object.fromEntries(
    [...known].map(([name, { value }]) => [
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
  const flags = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, value, rawName } = token;
    const setting = known.get(name);
    if (setting === undefined && !ALWAYS.includes(name)) {
      const command = COMMANDS.find((one) => one.name === positionals[0]);
      throw unknownFlag(rawName, command === undefined ? Object.fromEntries(known) : settingsOf(command), '');
    }
    if (setting === undefined && value !== undefined) throw new UsageError(`--${name} takes no value.`);
    if (setting?.value != null && value === undefined) {
      throw new UsageError(`--${name} takes a value: --${name} <${setting.value}>.`);
    }
    flags.set(name, [...(flags.get(name) ?? []), value ?? 'true']);
  }
  return { flags, positionals };
}

/** All settings of a command, whichever of its actions has them. */
export function settingsOf({ actions }: Command): Settings {
  return Object.assign({}, ...actions.map(({ settings }) => settings));
}

function unknownFlag(given: string, settings: Settings, of: string): UsageError {
  const known = [...ALWAYS, ...Object.keys(settings)].map((name) => `--${name}`);
  return unknown(given, known, of === '' ? '' : ` of ${of}`);
}

function refuseUnknownVariables(environment: Environment): void {
  const known = allSettings().flatMap(([name, { flagOnly }]) => (flagOnly ? [] : [variableOf(name)]));
  for (const name of Object.keys(environment)) {
    if (name.startsWith(PREFIX) && !known.includes(name)) throw unknown(name, known, '');
  }
}

function unknown(given: string, known: string[], where: string): UsageError {
  return new UsageError(`There is no setting ${given}${where}; did you mean ${closest(given, known)}?`);
}

/** A default as text; '' where a setting has none. */
export function presetOf(fallback: unknown): string {
  return fallback === null || fallback === false || Array.isArray(fallback) ? '' : String(fallback);
}
