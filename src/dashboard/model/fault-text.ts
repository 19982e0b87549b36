// Describes a planned fault: which requests it matches, its effect, and how often it is injected.
import type { PlannedFault } from '../../control/schemas.ts';
import { WIRE_FAULTS } from './fault-form.ts';
import { count } from './format.ts';

/** The requests it matches, e.g. `endUsers.delete on end_usr_1`. */
export function matchText({ provider, operation, id, ...more }: PlannedFault['match']): string {
  const what = operation === undefined ? 'any operation' : operation;
  const rest = Object.entries(more).map(([name, value]) => `, ${name} ${JSON.stringify(value)}`);
  return [
    what,
    provider === undefined || operation !== undefined ? '' : ` of ${provider}`,
    id === undefined ? '' : ` on ${id}`,
    ...rest,
  ].join('');
}

/** Its effect, e.g. `responds 503 unavailable, delayed by 250 ms, after the change is committed`. */
export function effectText({ effect, delay, phase }: Pick<PlannedFault, 'effect' | 'delay' | 'phase'>): string {
  const parts: string[] = [];
  if (effect !== undefined)
    parts.push(
      'fault' in effect
        ? WIRE_FAULTS[effect.fault]
        : ['responds', effect.status, effect.code ?? ''].join(' ').trimEnd(),
    );
  if (delay !== undefined) parts.push(`delayed by ${delayText(delay)}`);
  if (phase === 'after-commit') parts.push('after the change is committed');
  return parts.join(', ');
}

function delayText(delay: NonNullable<PlannedFault['delay']>): string {
  if ('fixedMs' in delay) return `${delay.fixedMs} ms`;
  return 'uniformMs' in delay ? `${delay.uniformMs.join(' to ')} ms` : `about ${delay.lognormal.median} ms`;
}

/** How often, e.g. `the next 2 requests`. */
export function modeText(mode: PlannedFault['mode']): string {
  if (mode === 'always') return 'every request';
  if ('probability' in mode) return `with probability ${mode.probability}`;
  const next = mode.times === 1 ? 'the next request' : `the next ${count(mode.times, 'request')}`;
  return mode.skip === undefined || mode.skip === 0 ? next : `${next} after ${count(mode.skip, 'other')}`;
}
