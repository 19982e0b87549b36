// Settings as commander's options: how they are shown, parsed, and taken from environment variables.
import { type Command, Option } from 'commander';
import { allSettings } from './commands/index.ts';
import type { Action, Call } from './definition.ts';
import { UsageError } from './failures.ts';
import { nearest } from './near.ts';
import { presetOf, VARIABLE_PREFIX, variableOf } from './settings.ts';
import type { Environment } from './shell.ts';
import type { Setting } from './values.ts';

/** A setting as an option; its value is kept under the setting's own name, `no-webhooks` too. */
export class SettingOption extends Option {
  override negate = false;

  constructor(name: string, { value, short, fallback, help, flagOnly, repeatable, read }: Setting<unknown>) {
    const notes = [
      ...(presetOf(fallback) === '' ? [] : [`default ${presetOf(fallback)}`]),
      ...(flagOnly ? [] : [`env ${variableOf(name)}`]),
    ];
    super(
      `${short === undefined ? '' : `-${short}, `}--${name}${value === null ? '' : ` <${value}>`}`,
      notes.length === 0 ? help : `${help} (${notes.join(', ')})`,
    );
    this.default(fallback);
    this.preset('true');
    this.argParser((text: string, earlier: unknown) => {
      const now = readValue(`--${name}`, text, read);
      return repeatable && earlier !== fallback ? [...(earlier as unknown[]), ...(now as unknown[])] : now;
    });
  }

  override attributeName(): string {
    return this.name();
  }
}

/** Reads a flag's or a variable's text. @throws UsageError naming it, and what it accepts */
function readValue<T>(source: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    throw new UsageError(`${source} ${(error as Error).message}, not ${JSON.stringify(text)}.`);
  }
}

/**
 * The values of an action's settings: the flag's, else the variable's, else the default. Commander's own `env()` is not
 * used: it reads only `process.env`, counts an empty variable as set, and turns a switch on for `false`.
 */
export function valuesOf(command: Command, { settings }: Action, environment: Environment): Call['config'] {
  const flags = flagsOf(command);
  for (const [name, { flagOnly, read }] of Object.entries(settings)) {
    const variable = variableOf(name);
    const text = flagOnly || flags.has(name) ? undefined : environment[variable];
    if (text) command.setOptionValueWithSource(name, readValue(variable, text, read), 'env');
  }
  return command.opts();
}

/** The names of the flags that were given. */
export function flagsOf(command: Command): Set<string> {
  return new Set(Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === 'cli'));
}

/** @throws UsageError for a variable with our prefix that no setting has */
export function refuseUnknownVariables(environment: Environment): void {
  const known = allSettings().flatMap(([name, { flagOnly }]) => (flagOnly ? [] : [variableOf(name)]));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(VARIABLE_PREFIX) || text === '' || known.includes(name)) continue;
    // Compared without the prefix that all of them share.
    const [end = '', ...ends] = [name, ...known].map((one) => one.slice(VARIABLE_PREFIX.length));
    const near = nearest(end, ends);
    throw new UsageError(
      `Unknown variable ${name}; ${near ? `did you mean ${VARIABLE_PREFIX}${near}?` : 'see understudy --help.'}`,
    );
  }
}
