// The command line on commander: commands, options and help pages are made from COMMANDS and their settings.
import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands/index.ts';
import type { Action, Call, Command as Definition } from './definition.ts';
import { UsageError } from './failures.ts';
import { flagsOf, refuseUnknownVariables, SettingOption, valuesOf } from './options.ts';
import { variableOf } from './settings.ts';
import type { Environment } from './shell.ts';

/** What a command line stands for: an action with its settings, or a text to print (help, version). */
export type Parsed =
  | ({ readonly name: string; readonly action: Action } & Omit<Call, 'shell'>)
  | { readonly text: string };

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
  const program = new Command('understudy')
    .usage('[command] [options]')
    .description('A local, stateful stand-in for the APIs of Proficient AI, Pagecall and Conductor.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command] [verb]', 'show the help of a command or of one of its verbs')
    .addHelpText('after', OVERVIEW)
    .exitOverride()
    .allowExcessArguments()
    .configureHelp({ optionDescription: (option) => option.description })
    .configureOutput({
      writeOut: (part) => void printed.push(part),
      writeErr() {},
      getOutHelpWidth: () => width as number,
    });
  const add = (command: Command, definition: Definition, action: Action) =>
    addAction(command, definition, action).action(() => {
      const name = pathOf(command);
      checkArguments(name, command);
      refuseUnknownVariables(environment);
      parsed = {
        name,
        action,
        config: valuesOf(command, action, environment),
        words: command.args,
        flags: flagsOf(command),
      };
    });
  for (const definition of COMMANDS) {
    const { name, alias, summary, actions, examples } = definition;
    const command = program.command(name).summary(summary).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (actions.length === 1) add(command, definition, actions[0]);
    else {
      command.usage('[verb] [options]').helpCommand(false);
      command.addHelpText('after', `\nWithout a verb: ${actions[0].name}.\n\nExamples:\n  ${examples.join('\n  ')}`);
      for (const action of actions) add(command.command(action.name), definition, action);
    }
  }
  program
    .command('version')
    .summary('print the version')
    .action(() => void printed.push(`${VERSION}\n`));
  const line = spelledOut(program, args);
  try {
    program.parse(line, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(usageSentence(error.message, program, line));
  }
  return parsed ?? { text: printed.join('') };
}

/** Adds the words that may be left out: `start`, and a command's first verb. `help x` is `x --help`. */
function spelledOut(program: Command, args: readonly string[]): string[] {
  const line = args[0] === 'help' ? [...args.slice(1), '--help'] : [...args];
  const isFlag = (word = '-') => word.startsWith('-');
  const isAnswered = (word = '') => ['-h', '--help', '-v', '--version'].includes(word);
  if (isAnswered(line[0])) return line;
  if (isFlag(line[0])) line.unshift('start');
  const [first = '', second] = line;
  const command = find(program, first);
  // Commander names the nearest command, unless it is asked for help first.
  if (command === undefined) return [first];
  if (command.commands.length === 0 || isAnswered(second)) return line;
  if (isFlag(second)) line.splice(1, 0, (command.commands[0] as Command).name());
  return find(command, line[1] as string) === undefined ? line.slice(0, 2) : line;
}

function find(parent: Command, word: string): Command | undefined {
  return parent.commands.find((one) => one.name() === word || one.aliases().includes(word));
}

/** A command's name without the program's: `fault add`. */
function pathOf(command: Command): string {
  const parent = command.parent?.parent == null ? '' : `${command.parent.name()} `;
  return parent + command.name();
}

/** Gives a command its options, argument and help page. */
function addAction(command: Command, { name, examples }: Definition, action: Action): Command {
  const { argument, settings, summary, exit } = action;
  const alias = VERB_ALIASES[action.name];
  if (alias !== undefined) command.alias(alias);
  if (argument !== undefined) command.argument(argument);
  for (const [name, one] of Object.entries(settings)) command.addOption(new SettingOption(name, one));
  const words = `understudy ${name} ${action.name}`.trim();
  const example = examples.find((line) => line.includes(words));
  return command
    .description(summary)
    .addHelpText('before', `Example:\n  ${example}\n`)
    .addHelpText(
      'after',
      `\nExit codes: 0 ${exit?.yes ?? 'done'}${exit === undefined ? '' : `, 1 ${exit.no}`}, ${TROUBLE}.`,
    );
}

function checkArguments(name: string, { args, registeredArguments }: Command): void {
  const extra = registeredArguments.at(-1)?.variadic ? undefined : args[registeredArguments.length];
  if (extra !== undefined) throw new UsageError(`${name} takes no argument ${extra}; see understudy ${name} --help.`);
}

/** Commander's message as one sentence that ends with the way out. */
function usageSentence(message: string, program: Command, [first = '', second = '']: readonly string[]): string {
  const [what = '', near] = message.replace('error: ', '').split(/\n\(Did you mean |\?\)$/);
  const command = find(program, first);
  const name = command === undefined ? '' : `${pathOf(find(command, second) ?? command)} `;
  const wayOut = near === undefined ? `see understudy ${name}--help.` : `did you mean ${near}?`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}; ${wayOut}`;
}
