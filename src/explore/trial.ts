// One run of the explored code in a sandbox of its own, and what it did there.
import type { ClientVerdict, FaultRule, JournalEntry, Receipt, SnapshotDiff } from '../control/schemas.ts';
import type { ControlPlane } from '../library/control-plane.ts';
import { ControlPlaneError } from '../library/control-plane.ts';
import type { Described } from '../library/providers.ts';
import { Sandbox, type SandboxOptions } from '../library/sandbox.ts';
import { type Change, changesOf } from './effects.ts';
import type { Ended } from './verdict.ts';

/** The explored code: runs it to its end in a sandbox. A signal, a time-out and an exit code are results, not errors. */
export type Subject = (sandbox: Sandbox, environment: Described['providers'], limitMs: number) => Promise<Ended>;

/** Where runs take place. */
export interface World {
  readonly control: ControlPlane;
  readonly subject: Subject;
  readonly seed: string;
  /** The sandbox that every run starts as a copy of; its clock is frozen. */
  readonly origin: string;
  /** The time of its clock, in ms since the epoch. */
  readonly start: number;
}

/** What a run did. */
export interface Trial {
  readonly ended: Ended;
  readonly durationMs: number;
  /** Whether the planned fault was injected. */
  readonly reached: boolean;
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

/** Runs the code in a new sandbox of that name; `rule` is the fault of the run. */
export async function tryIn(
  world: World,
  name: string,
  limitMs: number,
  rule: FaultRule | null = null,
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
  const planned = rule === null ? null : await sandbox.faults.add(rule);
  const trial = await run(world, sandbox, described, limitMs);
  const reached = planned !== null && (await sandbox.faults.get(planned.id)).hits > 0;
  return {
    sandbox,
    trial: { ...trial, reached },
    again: async () => {
      await sandbox.faults.clear();
      return await run(world, sandbox, described, limitMs);
    },
  };
}

/** Creates a sandbox; one that an interrupted exploration left under this name is deleted first. */
export async function createSandbox(
  control: ControlPlane,
  options: SandboxOptions & { readonly name: string },
): Promise<Described> {
  const create = async () => await control.call<Described>('POST', '/sandboxes', { body: options });
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof ControlPlaneError) || error.status !== 409) throw error;
    await control.call('DELETE', `/sandboxes/${options.name}`);
    return await create();
  }
}

async function run(
  { control, subject, start }: World,
  sandbox: Sandbox,
  described: Described,
  limitMs: number,
): Promise<Trial> {
  const began = performance.now();
  const ended = await subject(sandbox, described.providers, limitMs);
  const durationMs = Math.round(performance.now() - began);
  const diff = await sandbox.diff(START);
  const requests = (await sandbox.requests()).reverse();
  const receipts = (await sandbox.deletions()).reverse();
  const { verdicts: clients } = await control.call<{ verdicts: ClientVerdict[] }>('GET', '/clients', {
    sandbox: sandbox.name,
  });
  return { ended, durationMs, reached: false, clients, requests, receipts, diff, changes: changesOf(diff, start) };
}
