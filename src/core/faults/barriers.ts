// Barriers: bring two matching requests together, so that races are planned like faults.
import { compilePattern, type Matcher, type Subject } from '../journal/request-pattern.ts';
import { invalidInput } from '../problem.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { requestId } from '../random-ids.ts';
import type { MemoryBudget } from '../storage/memory-budget.ts';
import type { Barrier, PlannedBarrier } from './barrier.ts';
import { mayMatch } from './fault-rules.ts';
import { Meeting, type Pair, type Place } from './meeting.ts';

const SIDES = ['first', 'second'] as const;
type Side = (typeof SIDES)[number];

/** What a barrier takes besides its JSON, and what a pair takes, in bytes. */
const BARRIER_BYTES = 2000;
const PAIR_BYTES = 500;

/** What has become of a pair at a barrier. */
export type BarrierChange = { readonly barrier: string } & Pair;

interface Planned {
  readonly id: string;
  readonly barrier: Barrier & { readonly second: Barrier['first'] };
  readonly matchers: Readonly<Record<Side, Matcher>>;
  /** How many more matching requests each side lets pass. */
  readonly skip: Record<Side, number>;
  /** Oldest first. */
  readonly meetings: Meeting[];
  readonly onChange: (pair: Pair) => void;
  /** What it takes in memory. */
  readonly bytes: number;
}

/** The barriers of one sandbox. A request takes part in one of them: the earliest that has a place for it. */
export class Barriers {
  readonly #barriers = new Map<string, Planned>();
  readonly #memory: MemoryBudget;
  readonly #onChange: (change: BarrierChange) => void;

  /** @param onChange called when a request arrives at a barrier, and when a pair has met or timed out */
  constructor(memory: MemoryBudget, onChange: (change: BarrierChange) => void) {
    this.#memory = memory;
    this.#onChange = onChange;
  }

  /** Adds a barrier. @throws Problem when a side could never match, or there is no memory left for it */
  plan(given: Barrier, providers: readonly Provider[]): PlannedBarrier {
    const barrier = { ...given, second: given.second ?? given.first };
    const matcherOf = (side: Side) => {
      const matcher = compilePattern(barrier[side], providers, side);
      const operations = providers.flatMap((provider) => provider.operations.map((one) => [provider, one] as const));
      if (!operations.some(([provider, one]) => mayMatch(barrier[side], provider, one)))
        throw invalidInput(side, 'matches no operation');
      return matcher;
    };
    const matchers = { first: matcherOf('first'), second: matcherOf('second') };
    const { first, second, times } = barrier;
    // Parsed JSON takes about four times the bytes of its text.
    const bytes = BARRIER_BYTES + times * PAIR_BYTES + JSON.stringify(barrier).length * 4;
    this.#memory.take(bytes);
    const skip = { first: first.skip ?? 0, second: second.skip ?? 0 };
    const id = requestId();
    const onChange = (pair: Pair) => this.#onChange({ barrier: id, ...pair });
    const planned: Planned = { id, barrier, matchers, skip, meetings: [], onChange, bytes };
    this.#barriers.set(planned.id, planned);
    return describe(planned);
  }

  /** The number of barriers. */
  get size(): number {
    return this.#barriers.size;
  }

  /** All barriers, newest first. */
  list(): PlannedBarrier[] {
    return [...this.#barriers.values()].reverse().map(describe);
  }

  /** The barrier with that id. */
  get(id: string): PlannedBarrier | undefined {
    const planned = this.#barriers.get(id);
    return planned && describe(planned);
  }

  /** Removes a barrier, and lets the requests that wait at it go on; false when there is none with that id. */
  remove(id: string): boolean {
    const planned = this.#barriers.get(id);
    if (planned === undefined) return false;
    this.#barriers.delete(id);
    this.#memory.release(planned.bytes);
    for (const meeting of planned.meetings) meeting.release();
    return true;
  }

  /** Removes all barriers, and lets every request that waits go on. */
  clear(): void {
    for (const id of [...this.#barriers.keys()]) this.remove(id);
  }

  /** Gives a request its place at the first barrier that has one for it; null when none has. */
  join(
    subject: Subject & { readonly provider: Provider; readonly operation: Operation },
    requestId: string,
    body: () => unknown,
  ): Place | null {
    for (const planned of this.#barriers.values()) {
      const place = joined(planned, subject, requestId, body);
      if (place !== null) return place;
    }
    return null;
  }
}

function joined(planned: Planned, subject: Subject, requestId: string, body: () => unknown): Place | null {
  const { id, barrier, matchers, skip, meetings, onChange } = planned;
  let meeting = meetings.at(-1);
  if (meeting === undefined || meeting.state !== 'waiting') {
    if (meetings.length === barrier.times) return null;
    meeting = new Meeting({ id, mode: barrier.mode, timeoutMs: barrier.timeoutMs, onChange });
  }
  for (const side of SIDES) {
    if (!meeting.isFree(side) || !matchers[side].matches(subject, body)) continue;
    if (skip[side] > 0) {
      skip[side]--;
      continue;
    }
    if (meetings.at(-1) !== meeting) meetings.push(meeting);
    return meeting.join(side, requestId);
  }
  return null;
}

function describe({ id, barrier, meetings }: Planned): PlannedBarrier {
  // A pair whose only request has left is to come again.
  const pairs = meetings.map(({ pair }) => pair).filter(({ first, second }) => first !== null || second !== null);
  const last = pairs.length === barrier.times ? pairs.at(-1) : undefined;
  return { ...barrier, id, state: last?.state ?? 'waiting', pairs };
}
