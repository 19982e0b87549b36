// The commands, one line each; the command line, help pages and README tables follow this list.
import type { Command } from '../grammar.ts';
import { deletions } from './deletions.ts';
import { env } from './env.ts';
import { erasureCheck } from './erasure-check.ts';
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
  erasureCheck,
  deletions,
  requests,
  sandboxes,
];
