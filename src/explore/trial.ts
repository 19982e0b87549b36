// One run of the explored code in a sandbox of its own, and what it did there.
import type { ClientVerdict, JournalEntry, Receipt, SnapshotDiff } from '../control/schemas.ts';
import type { Described } from '../library/providers.ts';
import { Sandbox } from '../library/sandbox.ts';
import { type Change, changesOf } from './effects.ts';
import type { Arranged, RivalRequest } from './race.ts';
import type { Ended } from './verdict.ts';
import { createSandbox, type World } from './world.ts';

/** What a run did. */
export interface Trial {
  readonly ended: Ended;
  readonly durationMs: number;
  /** Whether the planned failure happened. */
  readonly reached: boolean;
  /** What another client did in a race; null in others. */
  readonly rival: RivalRequest | null;
  /** Its requests in the order in which they arrived. */
  readonly requests: readonly JournalEntry[];
  /** Oldest first. */
  readonly receipts: readonly Receipt[];
  /** What the client did with failures. */
  readonly clients: readonly ClientVerdict[];
  readonly diff: SnapshotDiff;
  readonly changes: readonly Change[];
}

/** A sandbox and what has happened in it; it has to be deleted. */
export interface TriedSandbox {
  readonly sandbox: Sandbox;
  readonly trial: Trial;
  /** Runs the code again in the same sandbox, without a fault. */
  again(): Promise<Trial>;
}

/** How long the sandbox of an interrupted exploration stays on a server that goes on, in seconds, besides its runs. */
const SPARE_SECONDS = 300;
const START = 'start';

/** Nothing is planned. */
const NO_FAILURE: Arranged = { end: async () => ({ reached: false, rival: null }) };

/** Runs the code in a new sandbox of that name; `arrange` plans the failure of the run in it. */
export async function tryIn(
  world: World,
  name: string,
  limitMs: number,
  arrange: (sandbox: Sandbox) => Promise<Arranged> = async () => NO_FAILURE,
): Promise<TriedSandbox> {
  const { control, seed, origin } = world;
  const described = await createSandbox(control, {
    name,
    from: { sandbox: origin },
    settings: { seed, repeatable: true },
    ttlSeconds: Math.ceil((limitMs * 2) / 1000) + SPARE_SECONDS,
  });
  const sandbox = new Sandbox(control, described);
  await sandbox.snapshot(START);
  const trial = await run(world, sandbox, described, limitMs, await arrange(sandbox));
  return {
    sandbox,
    trial,
    again: async () => {
      await sandbox.faults.clear();
      return await run(world, sandbox, described, limitMs, NO_FAILURE);
    },
  };
}

async function run(
  { control, subject, start }: World,
  sandbox: Sandbox,
  described: Described,
  limitMs: number,
  arranged: Arranged,
): Promise<Trial> {
  const began = performance.now();
  const ended = await subject(sandbox, described.providers, limitMs);
  const durationMs = Math.round(performance.now() - began);
  const { reached, rival } = await arranged.end();
  const diff = await sandbox.diff(START);
  const changes = changesOf(diff, start, (await sandbox.clock.now()).getTime());
  const requests = (await sandbox.requests()).reverse();
  const receipts = (await sandbox.deletions()).reverse();
  const { verdicts: clients } = await control.call<{ verdicts: ClientVerdict[] }>('GET', '/clients', {
    sandbox: sandbox.name,
  });
  return { ended, durationMs, reached, rival, clients, requests, receipts, diff, changes };
}
