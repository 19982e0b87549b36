// Plays many short sequences of drawn requests, and shrinks the first that breaks something to what somebody can paste.
import fc from 'fast-check';
import type { Test } from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { type Draft, drafts, pathGroupOf } from './draft.ts';
import { Field } from './field.ts';
import { mostly } from './hostile.ts';
import { Breach } from './invariants.ts';

/** How many requests are sent between two beginnings, at most and on the average. */
const LONGEST = 120;
const MEAN = 60;
/** In one of how many sequences every database is looked into at the end. */
const THOROUGH = 12;

/** What to play with. */
export interface Game {
  readonly seed: number;
  readonly requests: number;
}

/** The number in a variable of the environment, or another one. */
export function fromEnvironment(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name}=${text} is no whole number.`);
  return Number(text);
}

/** Fails the test with the shortest sequence of requests that breaks something; else says what was met. */
export async function fuzz(t: Test, { seed, requests }: Game): Promise<Field> {
  const field = await Field.open(t);
  const thorough = mostly(false, [true], THOROUGH - 1);
  const property = fc.asyncProperty(sequences(field), thorough, (drawn, thorough) => play(field, drawn, thorough));
  const from = process.cpuUsage();
  const numRuns = Math.ceil(requests / MEAN);
  // Not t.pass per run: tap would keep a record of every one.
  const details = await fc.check(property, { seed, numRuns, unbiased: true });
  const { user, system } = process.cpuUsage(from);
  const { tally } = field;
  t.comment(`seed ${seed}: ${tally.requests} requests in ${Math.round((user + system) / 1e6)} s of CPU`);
  t.comment(`answers by status: ${counts(tally.statuses)}; no whole answer: ${counts(tally.ends)}`);
  t.notOk(details.failed, report(details.errorInstance, seed) ?? 'nothing breaks');
  return field;
}

/** Sequences of requests to everything a server has. */
export function sequences(field: Field): fc.Arbitrary<Draft[]> {
  const hosts = PROVIDERS.flatMap((provider) => provider.hosts);
  const drawn = field.targets.map((target) => ({
    chapter: pathGroupOf(target),
    draft: { weight: target.weight, arbitrary: drafts(target, field.known, hosts) },
  }));
  // One half is about the same part of the whole: what is made there is met again.
  const all = fc.oneof(...drawn.map(({ draft }) => draft));
  const chapters = [...new Set(drawn.map(({ chapter }) => chapter))];
  return fc.oneof(
    ...chapters.map((one) => {
      const own = drawn.filter(({ chapter }) => chapter === one).map(({ draft }) => draft);
      const either = fc.oneof(all, fc.oneof(...own));
      return {
        weight: own.reduce((sum, { weight }) => sum + weight, 0),
        arbitrary: fc.array(either, { minLength: 1, maxLength: LONGEST, size: 'max' }),
      };
    }),
  );
}

async function play(field: Field, drawn: readonly Draft[], thorough: boolean): Promise<void> {
  await field.begin();
  try {
    for (const one of drawn) await field.play(one);
    await field.end(thorough);
  } catch (error) {
    const what = error instanceof Breach ? error.message : String((error as Error).stack);
    throw new Error(
      [what, `These lines show it, after: understudy start --port ${field.port} --seed fuzz`, ...field.sent].join('\n'),
    );
  }
}

function report(error: unknown, seed: number): string | null {
  return error instanceof Error ? `${error.message}\n(FUZZ_SEED=${seed})` : null;
}

function counts(of: ReadonlyMap<string, number>): string {
  return [...of]
    .sort()
    .map(([name, times]) => `${name} ${times}`)
    .join(', ');
}
