// The list of commands: the command line, the help pages and the tables in the docs are made from it.
import type { Command } from '../definition.ts';
import type { Setting, Settings } from '../values.ts';
import { barrier } from './barrier.ts';
import { clients } from './clients.ts';
import { companyFile } from './company-file.ts';
import { deletions } from './deletions.ts';
import { env } from './env.ts';
import { erasureCheck } from './erasure-check.ts';
import { explore } from './explore/index.ts';
import { fault } from './fault.ts';
import { requests } from './requests/index.ts';
import { reset } from './reset.ts';
import { sandboxes } from './sandboxes.ts';
import { snapshot } from './snapshot.ts';
import { start } from './start.ts';
import { state } from './state.ts';
import { wait } from './wait.ts';

export const COMMANDS: readonly Command[] = [
  start,
  wait,
  env,
  reset,
  state,
  snapshot,
  fault,
  barrier,
  explore,
  erasureCheck,
  deletions,
  requests,
  clients,
  sandboxes,
  companyFile,
];

/** Every setting of every command with its name; several commands may share one. */
export function allSettings(): [string, Setting<unknown>][] {
  return COMMANDS.flatMap(({ actions }) => actions.flatMap(({ settings }) => Object.entries(settings)));
}

/** All settings of a command, of any of its actions. */
export function settingsOf({ actions }: Command): Settings {
  return Object.assign({}, ...actions.map(({ settings }) => settings));
}
