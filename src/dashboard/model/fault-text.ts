// A planned fault in words: what it meets, what it does, how often.
import type { Fault, Mode } from './answers.ts';
import { WIRE_FAULTS } from './fault-form.ts';
import { count } from './format.ts';

/** `endUsers.delete of conductor`: which requests it meets. */
export function matchText({ provider, operation, id, ...more }: Fault['match']): string {
  const what = operation === undefined ? 'any operation' : String(operation);
  const rest = Object.entries(more).map(([name, value]) => `, ${name} ${JSON.stringify(value)}`);
  return [
    what,
    provider === undefined || operation !== undefined ? '' : ` of ${provider}`,
    id === undefined ? '' : ` on ${id}`,
    ...rest,
  ].join('');
}

/** `503 unavailable, after 250 ms, once the change is committed`: what it does. */
export function effectText({ effect, delay, phase }: Pick<Fault, 'effect' | 'delay' | 'phase'>): string {
  const parts: string[] = [];
  if (effect !== undefined)
    parts.push('fault' in effect ? (WIRE_FAULTS[effect.fault] ?? effect.fault) : errorEffectText(effect));
  if (delay !== undefined) parts.push(delayText(delay));
  if (phase === 'after-commit') parts.push('after the change took effect');
  return parts.join(', ');
}

function errorEffectText({ status, code }: { status: number; code?: string }): string {
  return code === undefined ? `answers ${status}` : `answers ${status} ${code}`;
}

function delayText(delay: NonNullable<Fault['delay']>): string {
  const { fixedMs, uniformMs, lognormal } = delay as {
    fixedMs?: number;
    uniformMs?: readonly [number, number];
    lognormal?: { median: number };
  };
  if (fixedMs !== undefined) return `${fixedMs} ms late`;
  return uniformMs === undefined ? `about ${lognormal?.median} ms late` : `${uniformMs.join(' to ')} ms late`;
}

/** `the next 2 requests`: how often. */
export function modeText(mode: Mode): string {
  if (mode === 'always') return 'always';
  if ('probability' in mode) return `with probability ${mode.probability}`;
  const next = mode.times === 1 ? 'the next request' : `the next ${count(mode.times, 'request')}`;
  return mode.skip === undefined || mode.skip === 0 ? next : `${next} after ${count(mode.skip, 'other')}`;
}
