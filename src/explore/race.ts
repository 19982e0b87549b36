// Arranges a race: a barrier holds the call until another client, this file, sends its rival.
import type { BarrierRule, JournalEntry, Verdict } from '../control/schemas.ts';
import { CLIENT_HEADER } from '../core/journal/request-digest.ts';
import { Sandbox } from '../library/sandbox.ts';
import type { Call } from './calls.ts';
import { type Change, changesOf } from './effects.ts';
import type { Race } from './failures.ts';
import { patternOf } from './plan.ts';
import { type Copied, copyOf, RIVAL, requestOf, send } from './rival-request.ts';
import { createSandbox, type World } from './world.ts';

/** What the rival did. */
export interface RivalRequest {
  readonly method: string;
  /** From the root of the server. */
  readonly url: string;
  readonly status: number;
  /** The changes that it makes by itself. */
  readonly changes: readonly Change[];
}

/** A failure that is arranged in a sandbox. */
export interface Arranged {
  /** Called when the code has ended: whether the call met its failure, and what the rival of a race did. */
  end(): Promise<{ readonly reached: boolean; readonly rival: RivalRequest | null }>;
}

/** How long the call waits for its rival at most, in ms. */
const LONGEST_WAIT = 60_000;
/** How long a copy of the sandbox may stay after an interruption, in seconds. */
const SPARE_SECONDS = 300;
/** Arranges that another client calls just before a call of the code, or just after its commit. */
export async function arrangeRace(world: World, sandbox: Sandbox, call: Call, race: Race): Promise<Arranged> {
  const { id } = await sandbox.barriers.add(barrierOf(call, race));
  const ended = new AbortController();
  const racing = runRival(world, sandbox, { call, race, barrier: id, ended: ended.signal });
  // It is awaited at the end; until then its error is not unhandled.
  racing.catch(() => {});
  return {
    end: async () => {
      ended.abort();
      const { state } = await sandbox.barriers.get(id);
      await sandbox.barriers.remove(id);
      return { reached: state === 'met', rival: await racing };
    },
  };
}

/** The pair, of which the first side runs first. */
function barrierOf(call: Call, { phase }: Race): BarrierRule {
  const called = { ...patternOf(call), skip: call.occurrence - 1 };
  const rival = { header: { [CLIENT_HEADER]: RIVAL } };
  const [first, second] = phase === 'before' ? [rival, called] : [called, rival];
  return { mode: 'meet', first, second, timeoutMs: LONGEST_WAIT };
}

interface Racing {
  readonly call: Call;
  readonly race: Race;
  /** The id of the barrier. */
  readonly barrier: string;
  /** Aborts when the code has ended. */
  readonly ended: AbortSignal;
}

/** Sends the rival once the call waits; null if the call does not come. */
async function runRival(world: World, sandbox: Sandbox, racing: Racing): Promise<RivalRequest | null> {
  const held = await heldCall(world, sandbox, racing);
  if (held === null) return null;
  const { call, race } = racing;
  const copy = copyOf(held);
  const rival = requestOf(copy, call, race.rival);
  const changes = await changesAlone(world, sandbox, call, race.phase === 'before' ? [] : [copy], rival);
  const status = await send(world.control, sandbox, call, rival);
  return { method: rival.method, url: rival.url, status, changes };
}

/** The call as it waits at the barrier; null if the code ends before. */
async function heldCall(
  { control }: World,
  sandbox: Sandbox,
  { call, barrier, ended }: Racing,
): Promise<JournalEntry | null> {
  const body = { pattern: patternOf(call), count: call.occurrence, timeoutMs: LONGEST_WAIT };
  for (let here = false; !here; ) {
    // Where the server has ended, the next call to it says so.
    const waiting = control.call<Verdict>('POST', '/requests/wait', { sandbox: sandbox.name, body, signal: ended });
    const waited = await waiting.catch(() => null);
    if (waited === null) return null;
    here = waited.passed;
  }
  const { pairs } = await sandbox.barriers.get(barrier);
  // A request is recorded as pending once it has its place.
  const { first, second } = pairs[0] as (typeof pairs)[number];
  return await control.call('GET', `/requests/${first ?? second}`, { sandbox: sandbox.name });
}

/** What the rival changes by itself, tried in a copy of the sandbox in which `before` has been sent. */
async function changesAlone(
  { control, seed, start }: World,
  { name }: Sandbox,
  call: Call,
  before: readonly Copied[],
  rival: Copied,
): Promise<Change[]> {
  const described = await createSandbox(control, {
    name: `${name}-${RIVAL}`,
    from: { sandbox: name },
    settings: { seed, repeatable: true },
    ttlSeconds: SPARE_SECONDS,
  });
  const copy = new Sandbox(control, described);
  for (const request of before) await send(control, copy, call, request);
  await copy.snapshot(RIVAL);
  await send(control, copy, call, rival);
  const changes = changesOf(await copy.diff(RIVAL), start, (await copy.clock.now()).getTime());
  await copy.delete();
  return changes;
}
