// The command line on commander: commands, options and help pages are made from COMMANDS and their settings.
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands/index.ts';
import { joinReports } from './commands/report-file.ts';
import type { Action, Call, Command as Definition } from './definition.ts';
import { UsageError } from './failures.ts';
import { flagsOf, SettingOption, valuesOf } from './options.ts';
import { variableOf } from './settings.ts';
import type { Environment } from './shell.ts';
import { ownVariables } from './variables.ts';

/** What a command line stands for: an action with its settings and warnings, or a text to print (help, version). */
export type Parsed =
  | ({ readonly name: string; readonly action: Action; readonly warnings: readonly string[] } & Omit<Call, 'shell'>)
  | { readonly text: string };

const VERSION_FLAGS: readonly string[] = ['-v', '--version'];
const VERB_ALIASES: Readonly<Record<string, string>> = { list: 'ls', delete: 'rm' };
const TROUBLE = '2 trouble (wrong usage, no connection, or the server refused)';
const OVERVIEW = `
Without a command, understudy runs start. ls is short for list, rm for delete.
A flag wins over its environment variable: --log-level is also
${variableOf('log-level')}. An empty variable is unset.
Exit codes, as grep and diff use them: 0 yes, 1 no,
${TROUBLE}.`;

/**
 * Reads the command line; flags win over the environment, the environment over defaults.
 *
 * @param width of the terminal in columns, for help; 80 by default
 * @throws UsageError for wrong usage, with the nearest known name or the values that are accepted
 */
export function readCommand(args: readonly string[], environment: Environment, width?: number): Parsed {
  const printed: string[] = [];
  let parsed: Parsed | undefined;
  const { program, declared } = declareCommands({
    writeOut: (part) => void printed.push(part),
    writeErr() {},
    getOutHelpWidth: () => width as number,
  });
  const line = spelledOut(program, joinReports(args));
  const command = targetOf(program, line);
  const [definition, action] = declared.get(command) ?? [];
  // Only the command that runs gets its options: making those of all takes longer than the rest.
  if (definition !== undefined && action !== undefined) {
    addOptions(command, definition, action).action(() => {
      const name = pathOf(command);
      checkArguments(name, command);
      const { environment: own, warnings } = ownVariables(environment);
      const config = valuesOf(command, action, own);
      parsed = { name, action, config, words: command.args, flags: flagsOf(command), warnings };
    });
  }
  try {
    program.parse(line, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(usageSentence(error.message, pathOf(command)));
    // Commander reads -v2 as -v and -2, and stops at the first.
    const isVersion = error.code === 'commander.version' && !line.some((word) => VERSION_FLAGS.includes(word));
    const joined = isVersion ? line.find((word) => word.startsWith('-v')) : undefined;
    if (joined !== undefined) throw new UsageError(`Unknown option '${joined}'; did you mean -v?`);
  }
  return parsed ?? { text: printed.join('') };
}

/** The program with all commands and verbs, still without options; `declared` has what each of them does. */
function declareCommands(output: OutputConfiguration) {
  const declared = new Map<Command, readonly [Definition, Action]>();
  const program = new Command('understudy')
    .usage('[command] [options]')
    .description('A local, stateful stand-in for the APIs of Proficient AI, Pagecall and Conductor.')
    .version(VERSION, VERSION_FLAGS.join(', '), 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command] [verb]', 'show the help of a command or of one of its verbs')
    .addHelpText('after', OVERVIEW)
    .exitOverride()
    .allowExcessArguments()
    .configureHelp({ optionDescription: (option) => option.description })
    .configureOutput(output);
  const declare = (command: Command, definition: Definition, action: Action) => {
    if (action.argument !== undefined) command.arguments(action.argument);
    declared.set(command.description(action.summary), [definition, action]);
  };
  for (const definition of COMMANDS) {
    const { name, alias, summary, actions, examples } = definition;
    const command = program.command(name).summary(summary).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (actions.length === 1) declare(command, definition, actions[0]);
    else {
      command.usage('[verb] [options]').helpCommand(false);
      command.addHelpText('after', `\nWithout a verb: ${actions[0].name}.\n\nExamples:\n  ${examples.join('\n  ')}`);
      for (const action of actions) {
        const verb = command.command(action.name);
        const short = VERB_ALIASES[action.name];
        if (short !== undefined) verb.alias(short);
        declare(verb, definition, action);
      }
    }
  }
  program.command('version').summary('print the version');
  return { program, declared };
}

/**
 * Adds the words that may be left out: `start`, and a command's first verb. `help x` becomes `x --help`, `version`
 * becomes `--version`. A line with an unknown command ends there, so that commander names the nearest one.
 */
function spelledOut(program: Command, args: readonly string[]): string[] {
  if (args[0] === 'version') return ['--version'];
  const line = args[0] === 'help' ? [...args.slice(1), '--help'] : [...args];
  const isFlag = (word = '-') => word.startsWith('-');
  const isAbout = (word = '') => ['-h', '--help', ...VERSION_FLAGS].includes(word);
  if (isAbout(line[0])) return line;
  if (isFlag(line[0])) line.unshift('start');
  const [first = '', second] = line;
  const command = find(program, first);
  if (command === undefined) return [first];
  if (command.commands.length === 0 || isAbout(second)) return line;
  if (isFlag(second)) line.splice(1, 0, (command.commands[0] as Command).name());
  return find(command, line[1] as string) === undefined ? line.slice(0, 2) : line;
}

function find(parent: Command, word: string): Command | undefined {
  return parent.commands.find((one) => one.name() === word || one.aliases().includes(word));
}

/** The command that a line addresses, or its verb; the program where it addresses none. */
function targetOf(program: Command, [first = '', second = '']: readonly string[]): Command {
  const command = find(program, first) ?? program;
  return find(command, second) ?? command;
}

/** A command's name without the program's: `fault add`. */
function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}

/** Gives a command its options and the rest of its help page. */
function addOptions(command: Command, { name, examples }: Definition, { name: verb, settings, exit }: Action): Command {
  for (const [name, one] of Object.entries(settings)) command.addOption(new SettingOption(name, one));
  const words = `understudy ${name} ${verb}`.trim();
  const example = examples.find((line) => line.includes(words));
  const [yes, no] = exit === undefined ? ['done', ''] : [exit.yes, `, 1 ${exit.no}`];
  return command
    .addHelpText('before', `Example:\n  ${example}\n`)
    .addHelpText('after', `\nExit codes: 0 ${yes}${no}, ${TROUBLE}.`);
}

function checkArguments(name: string, { args, registeredArguments }: Command): void {
  const extra = registeredArguments.at(-1)?.variadic ? undefined : args[registeredArguments.length];
  if (extra !== undefined) throw new UsageError(`${name} takes no argument ${extra}; see understudy ${name} --help.`);
}

/** Commander's message as one sentence that ends with the way out. */
function usageSentence(message: string, path: string): string {
  const [what = '', near] = message.replace('error: ', '').split(/\n\(Did you mean |\?\)$/);
  const help = `see ${`understudy ${path}`.trim()} --help.`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}; ${near === undefined ? help : `did you mean ${near}?`}`;
}
