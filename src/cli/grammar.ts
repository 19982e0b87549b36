// What a command is: what it does, each with its argument, its settings, its examples. One shape for all of them.
import type { FastifyInstance } from 'fastify';
import type { Shell } from './shell.ts';
import type { Settings, Values } from './values.ts';

/** What somebody asked for, ready to be done. */
export interface Call<S extends Settings = Settings> {
  readonly config: Values<S>;
  /** The arguments. */
  readonly words: readonly string[];
  /** The names of the flags that were given; a setting may also come from its variable. */
  readonly flags: ReadonlySet<string>;
  readonly shell: Shell;
}

/** An exit code, or the server that was started and runs on. */
export type Outcome = number | FastifyInstance;

/** One thing a command does. */
export interface Action<S extends Settings = Settings> {
  /** The word behind the command's; '' for a command that does one thing only. */
  readonly name: string;
  /** `<name>` must be there, `[name]` may be; with `…` behind it there may be several. '' for none. */
  readonly argument: string;
  readonly summary: string;
  readonly settings: S;
  /** Does it. Throws UsageError, StartError or ControlPlaneError with a sentence for people. */
  run(call: Call<S>): Promise<Outcome>;
}

/** A command. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The first is meant when none is named. */
  readonly actions: readonly [Action, ...Action[]];
  /** Whole command lines; the first stands in the README. */
  readonly examples: readonly [string, ...string[]];
  /** What its exit codes mean, where 1 says something. */
  readonly exit?: string;
}

/** Declares an action; what it is called with is typed from its settings. */
export function action<S extends Settings>(one: Action<S>): Action {
  // Only the reader of the command line calls it, with what these very settings read.
  return one as unknown as Action;
}
