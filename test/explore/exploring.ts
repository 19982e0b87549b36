// Explores the commands of commands/account.ts for tests, and returns what was printed.
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ExploredRun } from '../../src/explore/explored-run.ts';
import { type Around, type Ran, typed } from '../cli/shell.ts';
import { ROOT } from '../harness.ts';
import { BARE } from '../process.ts';

const ACCOUNT = join(ROOT, 'test/explore/commands/account.js');

/** The JSON that is printed. */
export interface Printed {
  seed: string;
  command: string[];
  baseline: {
    calls: { operation: string; path: string }[];
    masked: string[];
    differences: string[];
    unmatched: number;
  };
  planned: number;
  possible: number;
  runs: ExploredRun[];
}

/** The explored command: without the variables with which the test runner measures the coverage of processes. */
export const COMMAND = ['env', ...BARE, process.execPath, ACCOUNT];

/** Explores `node account.js <what>`. */
export async function explored(what: string, flags: readonly string[] = [], around: Around = {}): Promise<Ran> {
  const env = { PATH: process.env.PATH, ...around.env };
  return await typed(['explore', ...flags, '--', ...COMMAND, what], { ...around, env });
}

/** The same with `--json`; fails the test unless it exits with 0 or 1. */
export async function exploredJson(t: Test, what: string, flags: readonly string[] = [], around: Around = {}) {
  const { out, err, code } = await explored(what, ['--json', ...flags], around);
  t.equal(err, '');
  return { code, ...(JSON.parse(out) as Printed) };
}

/** What came of runs, by failure and phase. */
export function verdicts(runs: readonly ExploredRun[]): Record<string, string> {
  return Object.fromEntries(
    runs.map(({ call, failure, phase, verdict }) => [`${call.operation} ${failure} ${phase}`, verdict] as const).sort(),
  );
}
