// The shape of a command's definition: its actions, each with an argument, settings and what it runs.
import type { FastifyInstance } from 'fastify';
import type { Shell } from './shell.ts';
import type { Settings, Values } from './values.ts';

/** One invocation of an action. */
export interface Call<S extends Settings = Settings> {
  readonly config: Values<S>;
  /** The arguments. */
  readonly words: readonly string[];
  /** The names of the flags that were given; a setting may also come from its variable. */
  readonly flags: ReadonlySet<string>;
  readonly shell: Shell;
}

/** An exit code, or the server that was started and keeps running. */
export type Outcome = number | FastifyInstance;

/** One thing a command does. */
export interface Action<S extends Settings = Settings> {
  /** The verb after the command; '' for a command that does one thing only. */
  readonly name: string;
  /** `<name>` is required, `[name]` is optional, `<name...>` may be several; a blank between one and the next. */
  readonly argument?: string;
  readonly summary: string;
  readonly settings: S;
  /** What exit codes 0 and 1 mean, where the action answers a question; 2 is always trouble. */
  readonly exit?: { readonly yes: string; readonly no: string };
  /** @throws UsageError, StartError or ControlPlaneError with a sentence for people */
  run(call: Call<S>): Promise<Outcome>;
}

/** A command. */
export interface Command {
  readonly name: string;
  /** Its name in the other number: `faults` for `fault`. */
  readonly alias?: string;
  readonly summary: string;
  /** The first one runs when no verb is given. */
  readonly actions: readonly [Action, ...Action[]];
  /** Whole command lines: the first is shown in the docs, the first of each verb on the verb's help page. */
  readonly examples: readonly [string, ...string[]];
}

/** Declares an action; its `run` is typed from its settings. */
export function action<S extends Settings>(one: Action<S>): Action {
  // Only the command line calls it, with values that these very settings read.
  return one as unknown as Action;
}
