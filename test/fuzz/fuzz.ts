// Runs short random sequences of requests, and shrinks the first failing one to shell lines that reproduce it.
import fc from 'fast-check';
import type { Test } from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { type Draft, drafts, pathGroupOf } from './draft.ts';
import { FuzzServer } from './fuzz-server.ts';
import { mostly } from './hostile.ts';
import { Breach } from './invariants.ts';

/** Maximum and average number of requests between two resets. */
const LONGEST = 120;
const MEAN = 60;
/** Every database is checked after one of this many sequences. */
const THOROUGH = 12;

/** Options of a fuzz. */
export interface FuzzOptions {
  readonly seed: number;
  readonly requests: number;
}

/** Fails the test with the shortest failing sequence of requests; else returns what was called. */
export async function fuzz(t: Test, { seed, requests }: FuzzOptions): Promise<FuzzServer> {
  const server = await FuzzServer.open(t);
  const thorough = mostly(false, [true], THOROUGH - 1);
  const property = fc.asyncProperty(sequences(server), thorough, (drawn, thorough) => play(server, drawn, thorough));
  const from = process.cpuUsage();
  const numRuns = Math.ceil(requests / MEAN);
  // No t.pass per run: tap would store a record of each.
  const details = await fc.check(property, { seed, numRuns, unbiased: true });
  const { user, system } = process.cpuUsage(from);
  const { responseCounts } = server;
  t.comment(`seed ${seed}: ${responseCounts.requests} requests in ${Math.round((user + system) / 1e6)} s of CPU`);
  t.comment(
    `responses by status: ${counts(responseCounts.statuses)}; no complete response: ${counts(responseCounts.ends)}`,
  );
  t.notOk(details.failed, report(details.errorInstance, seed) ?? 'nothing breaks');
  return server;
}

/** Sequences of requests to all targets. */
export function sequences(server: FuzzServer): fc.Arbitrary<Draft[]> {
  const hosts = PROVIDERS.flatMap((provider) => provider.hosts);
  const drawn = server.targets.map((target) => ({
    chapter: pathGroupOf(target),
    draft: { weight: target.weight, arbitrary: drafts(target, server.known, hosts) },
  }));
  // Half of the requests go to the same path group, so that they use what earlier ones created.
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

async function play(server: FuzzServer, drawn: readonly Draft[], thorough: boolean): Promise<void> {
  await server.begin();
  try {
    for (const one of drawn) await server.play(one);
    await server.end(thorough);
  } catch (error) {
    const what = error instanceof Breach ? error.message : String((error as Error).stack);
    throw new Error(
      [
        what,
        `These lines reproduce it, after: understudy start --port ${server.port} --seed fuzz`,
        ...server.sent,
      ].join('\n'),
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
