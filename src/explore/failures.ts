// The failures of a call: each error of its catalogue, each way to break or delay its response, and races.
import type { ErrorEntry, FaultRule } from '../control/schemas.ts';
import type { Rival } from './rivals.ts';

/** When a failure happens: before the operation, so that nothing has changed, or after it, so that its response is lost. */
export type Phase = 'before' | 'after-commit';

/** A planned fault of a call. */
export interface Fault {
  /** e.g. `503 UNAVAILABLE`, `reset`, `slow`. */
  readonly name: string;
  readonly phase: Phase;
  /** What the fault rule does, without its match. */
  readonly rule: Pick<FaultRule, 'effect' | 'delay' | 'phase'>;
}

/** Another client calls at the same time: just before the call, or just after it has committed. */
export interface Race {
  /** e.g. `race with DeleteUser`. */
  readonly name: string;
  readonly phase: Phase;
  readonly rival: Rival;
}

/** One failure of a call. */
export type Failure = Fault | Race;

/** How the connection breaks; `hang` holds it until the client gives up. */
const BROKEN = ['reset', 'empty', 'truncated', 'hang'] as const;
/** The delay of a slow response, in ms; no time-out that is usual, so that verdicts do not depend on chance. */
const SLOW = 1500;
/** What a 429 or 503 asks the client to wait, in seconds. */
const RETRY_AFTER = 1;

/**
 * The failures of an operation: before it, errors first, then after its commit, 4xx last.
 *
 * @param errors what the operation can respond with, as `GET /__admin/errors` lists it
 * @param writes whether it changes something. Then its response may be lost after the change too.
 */
export function failuresOf(errors: readonly ErrorEntry[], writes: boolean): Fault[] {
  const found: Omit<Fault, 'phase'>[] = [
    ...errors.map(({ status, code }) => ({
      name: `${status} ${code}`,
      rule: {
        effect: {
          status,
          code,
          lenient: true,
          ...(status === 429 || status === 503 ? { retryAfter: RETRY_AFTER } : {}),
        },
      },
    })),
    ...BROKEN.map((fault) => ({ name: fault, rule: { effect: { fault } } })),
    { name: 'slow', rule: { delay: { fixedMs: SLOW } } },
  ];
  const before = found.map((one) => inPhase(one, 'before'));
  const after = found.map((one) => inPhase(one, 'after-commit'));
  return writes ? [...before, ...after.filter((one) => !isUnlikely(one)), ...after.filter(isUnlikely)] : before;
}

/**
 * Whether a fault is rare: a 4xx says that nothing was done, so after a commit it comes from something in between, such
 * as a gateway.
 */
export function isUnlikely({ phase, rule: { effect } }: Fault): boolean {
  return phase === 'after-commit' && effect !== undefined && 'status' in effect && effect.status < 500;
}

/** The races with a rival, in both orders. */
export function racesWith(rival: Rival): Race[] {
  const name = `race with ${rival.same ? 'the same request' : rival.operation}`;
  return [
    { name, phase: 'before', rival },
    { name, phase: 'after-commit', rival },
  ];
}

function inPhase({ name, rule }: Omit<Fault, 'phase'>, phase: Phase): Fault {
  return { name, phase, rule: { ...rule, phase } };
}
