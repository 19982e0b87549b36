// The pages of `--help`: an overview, and one for each command, all from what the commands say of themselves.
import { COMMANDS } from './commands/index.ts';
import { presetOf, variableOf } from './config.ts';
import type { Action, Command } from './grammar.ts';
import type { Setting, Settings } from './values.ts';

const INDENT = '  ';
/** Where what is said of a flag begins. */
const COLUMN = 30;

/** The text of `understudy --help`. */
export function overview(): string {
  const lines = COMMANDS.map(({ name, actions, summary }) => {
    const names = actions.length > 1 ? `${name} ${actions.map((one) => one.name).join('|')}` : name;
    const head = `${names} ${actions.length > 1 ? '' : actions[0].argument}`.trim();
    return entry(head, summary);
  });
  return `Understudy: a local, stateful stand-in for the APIs of Proficient AI, Pagecall and Conductor.

Usage:
  understudy <command> [settings]         start is meant when no command is named

Commands:
${lines.join('\n')}

  understudy <command> --help             its settings, with examples
  understudy --version

Exit codes: 0 done, or yes; 1 no (or, of start, that it cannot start); 2 it could not be asked.
A flag wins over its variable: --log-level is also ${variableOf('log-level')}.
`;
}

/** The text of `understudy <command> --help`. */
export function pageOf(command: Command): string {
  const { name, summary, actions, examples, exit } = command;
  const usage = actions.map((action, n) => {
    const word = action.name === '' ? '' : n === 0 ? ` [${action.name}]` : ` ${action.name}`;
    return entry(`understudy ${name}${word} ${action.argument}`.trim(), action.summary);
  });
  return `${[
    `understudy ${name}: ${summary}`,
    `Usage:\n${usage.join('\n')}`,
    ...settingsParts(actions),
    `Examples:\n${examples.map((example) => INDENT + example).join('\n')}`,
    ...(exit === undefined ? [] : [`Exit codes: ${exit}.`]),
    variablesNote(actions),
  ].join('\n\n')}\n`;
}

/** The settings that all actions have, below those that only some have. */
function settingsParts(actions: Command['actions']): string[] {
  const [first] = actions;
  const everywhere = (name: string) => actions.every(({ settings }) => settings[name] !== undefined);
  const parts = new Map<string, [string, Setting<unknown>][]>();
  const own = new Map<string, [string, Setting<unknown>]>();
  for (const action of actions) {
    for (const one of Object.entries(action.settings)) {
      if (!everywhere(one[0])) own.set(`${one[0]} ${one[1].help}`, one);
    }
  }
  for (const one of own.values()) {
    const owners = actions.filter(({ settings }) => settings[one[0]]?.help === one[1].help).map(({ name }) => name);
    const title = `Of ${owners.join(', ')}`;
    parts.set(title, [...(parts.get(title) ?? []), one]);
  }
  const shared = Object.entries(first.settings).filter(([name]) => everywhere(name));
  return [...parts, ['Settings', shared] as const].map(([title, list]) => `${title}:\n${list.map(line).join('\n')}`);
}

function line([name, { value, fallback, help }]: [string, Setting<unknown>]): string {
  const preset = presetOf(fallback) === '' ? '' : ` (default ${presetOf(fallback)})`;
  return entry(`--${name}${value === null ? '' : ` <${value}>`}`, help + preset);
}

function variablesNote(actions: readonly Action[]): string {
  const settings: Settings = Object.assign({}, ...actions.map((one) => one.settings));
  const names = Object.entries(settings).flatMap(([name, { flagOnly }]) => (flagOnly ? [] : [name]));
  return `As variables too: ${names.map(variableOf).join(', ')}.`;
}

/** What a long head leaves no room for begins on a line of its own. */
function entry(head: string, text: string): string {
  const room = COLUMN - INDENT.length;
  const gap = head.length + 2 <= room ? ' '.repeat(room - head.length) : `\n${' '.repeat(COLUMN)}`;
  return `${INDENT}${head}${gap}${text}`;
}
