// Describes a barrier: which two requests it brings together, and what has become of its pairs.
import type { PlannedBarrier } from '../../control/schemas.ts';
import { matchText } from './fault-text.ts';
import { count } from './format.ts';

type Planned = Pick<PlannedBarrier, 'mode' | 'first' | 'second' | 'times' | 'timeoutMs' | 'pairs'>;

/** The two requests, e.g. `endUsers.delete, then authSessions.create`. */
export function pairText({ first, second }: Pick<Planned, 'first' | 'second'>): string {
  return `${sideText(first)}, then ${sideText(second)}`;
}

/** Who waits for what, and how long at most. */
export function orderText({ mode, timeoutMs }: Pick<Planned, 'mode' | 'timeoutMs'>): string {
  const rule =
    mode === 'meet' ? 'both wait until the other has arrived' : 'the second waits for the commit of the first';
  return `${rule}, for ${timeoutMs} ms at most`;
}

/** What has become of its pairs, e.g. `1 of 2 pairs met, 1 waiting`. */
export function pairsText({ times, pairs }: Pick<Planned, 'times' | 'pairs'>): string {
  const met = pairs.filter(({ state }) => state === 'met').length;
  const others = (['waiting', 'timed-out'] as const).flatMap((state) => {
    const number = pairs.filter((pair) => pair.state === state).length;
    return number === 0 ? [] : [`${number} ${state === 'waiting' ? 'waiting' : 'timed out'}`];
  });
  return [`${met} of ${count(times, 'pair')} met`, ...others].join(', ');
}

function sideText({ skip = 0, ...match }: Planned['first']): string {
  return skip === 0 ? matchText(match) : `${matchText(match)} after ${count(skip, 'other')}`;
}
