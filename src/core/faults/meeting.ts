// One pair of requests at a barrier: who has arrived, who waits, and when it goes on.
import type { Barrier, MeetingState } from './barrier.ts';

/** A request's place at a barrier. */
export interface Place {
  /** The id of the barrier. */
  readonly barrier: string;
  /** Settles when the request goes on; null when it does not wait. */
  readonly turn: Promise<void> | null;
  /** The operation has succeeded. */
  committed(): void;
  /** The request is served, whatever became of it. */
  over(): void;
  /** Called when its client hangs up: the side of a request that waits is free again. Whether it waited. */
  leave(): boolean;
}

type Side = 'first' | 'second';

/** A request that waits. */
interface Waiting {
  readonly timer: NodeJS.Timeout;
  readonly go: () => void;
}

/** A pair as it is described: who has arrived, and what has become of it. */
export type Pair = { readonly state: MeetingState } & Readonly<Record<Side, string | null>>;

/** What a pair needs to know of its barrier. */
export type MeetingRules = Pick<Barrier, 'mode' | 'timeoutMs'> & {
  readonly id: string;
  /** Called when a request arrives, and when the pair has met or timed out. */
  readonly onChange: (pair: Pair) => void;
};

/** A pair of requests, of which at least one has to arrive. */
export class Meeting {
  #state: MeetingState = 'waiting';
  /** The ids of the requests. */
  readonly requests: Record<Side, string | null> = { first: null, second: null };
  readonly #rules: MeetingRules;
  readonly #waiting = new Map<Side, Waiting>();
  #firstCommitted = false;

  constructor(rules: MeetingRules) {
    this.#rules = rules;
  }

  get state(): MeetingState {
    return this.#state;
  }

  /** What has become of it. */
  get pair(): Pair {
    return { state: this.#state, ...this.requests };
  }

  /** Whether a request can still take that side. */
  isFree(side: Side): boolean {
    return this.#state === 'waiting' && this.requests[side] === null;
  }

  /** Gives a side, which must be free, to a request. */
  join(side: Side, requestId: string): Place {
    this.requests[side] = requestId;
    const { id: barrier, mode } = this.#rules;
    const turn = mode === 'meet' ? this.#meet(side) : this.#order(side);
    if (this.#state === 'waiting') this.#change('waiting');
    return {
      barrier,
      turn,
      committed: () => side === 'first' && this.#commit(),
      over: () => side === 'first' && this.#end(),
      leave: () => this.#leave(side),
    };
  }

  /** Lets every request that waits go on. */
  release(): void {
    for (const { go } of [...this.#waiting.values()]) go();
  }

  #meet(side: Side): Promise<void> | null {
    if (this.requests[side === 'first' ? 'second' : 'first'] === null) return this.#wait(side);
    this.#change('met');
    if (side === 'second') {
      (this.#waiting.get('first') as Waiting).go();
      return this.#wait('second');
    }
    // Its time starts again: from here on it waits for the first to run.
    (this.#waiting.get('second') as Waiting).timer.refresh();
    return null;
  }

  #order(side: Side): Promise<void> | null {
    if (side === 'first') return null;
    if (!this.#firstCommitted) return this.#wait('second');
    this.#change('met');
    return null;
  }

  /** What follows a commit of the first: the second runs. */
  #commit(): void {
    this.#firstCommitted = true;
    if (this.requests.second === null) return;
    if (this.#state === 'waiting') this.#change('met');
    this.#waiting.get('second')?.go();
  }

  /** What follows the end of the first: it has had its turn, or, where a commit is awaited, another may take its side. */
  #end(): void {
    if (this.#rules.mode === 'meet') this.#waiting.get('second')?.go();
    else if (!this.#firstCommitted && this.#state === 'waiting') this.requests.first = null;
  }

  #leave(side: Side): boolean {
    const waiting = this.#waiting.get(side);
    if (waiting === undefined) return false;
    waiting.go();
    if (this.#state === 'waiting') this.requests[side] = null;
    return true;
  }

  #change(state: MeetingState): void {
    this.#state = state;
    this.#rules.onChange(this.pair);
  }

  #wait(side: Side): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(side);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#change('timed-out');
        go();
      }, this.#rules.timeoutMs);
      this.#waiting.set(side, { timer, go });
    });
  }
}
