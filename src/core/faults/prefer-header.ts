// The Prefer header: the fault plan that a request carries itself.
import { Problem } from '../problem.ts';
import { injectableErrors, type OperationFacts, type ProviderErrors } from '../provider/errors.ts';
import { LONGEST_DELAY } from './delays.ts';
import {
  type Effect,
  type FaultPlan,
  faultPlan,
  type Phase,
  selectError,
  WIRE_FAULTS,
  type WireFault,
} from './fault-plan.ts';

/**
 * The fault plan of a request's `Prefer` header, or null when it has none that concerns us. Preferences of other
 * people are ignored, as RFC 7240 asks.
 *
 * @throws Problem when a preference of ours has a value that cannot be used, or an error is ordered that the
 * operation cannot answer
 */
export function planFromPrefer(
  header: string | undefined,
  errors: ProviderErrors,
  operation: OperationFacts,
): FaultPlan | null {
  if (header === undefined) return null;
  const given = parsePreferences(header);
  const applied: string[] = [];
  const take = (name: string): string | undefined => {
    const value = given.get(name);
    if (value !== undefined) applied.push(value === '' ? name : `${name}=${value}`);
    return value;
  };
  const code = take('code');
  const error = code === undefined ? undefined : take('error');
  const fault = take('fault');
  const delay = take('delay');
  const phase = take('phase');
  const retryAfter = take('retry-after-ms');
  const dryRun = take('dry-run');
  if (applied.length === 0) return null;
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { 'retry-after-ms': String(milliseconds('retry-after-ms', retryAfter)) };
  let effect: Effect | null = null;
  if (code !== undefined) {
    if (!/^[1-9]\d\d$/.test(code))
      throw badPreference(`code=${code}`, 'is no HTTP status; write it as in Prefer: code=503');
    const lenient = given.get('handling') === 'lenient';
    const entry = selectError(errors, operation, { status: Number(code), error, lenient });
    if (!injectableErrors(errors, operation).includes(entry)) applied.push('handling=lenient');
    effect = { kind: 'error', entry, headers };
  } else if (fault !== undefined) {
    effect = { kind: 'wire', fault: wireFault(fault) };
  }
  if (code !== undefined && fault !== undefined)
    throw badPreference(`fault=${fault}`, 'and code cannot be had at once; choose one of them');
  if (dryRun !== undefined && operation.method !== 'DELETE')
    throw badPreference('dry-run', `is for DELETE; ${operation.operation} is a ${operation.method}`);
  const text = applied.join(', ');
  return faultPlan({
    effect,
    phase: phase === undefined ? 'before' : phaseOf(phase),
    delayMs: delay === undefined ? 0 : milliseconds('delay', delay),
    dryRun: dryRun !== undefined,
    source: text,
    applied: text,
  });
}

/** The preferences of a `Prefer` header; names in lower case, values without quotes, parameters dropped. */
function parsePreferences(header: string): Map<string, string> {
  const preferences = new Map<string, string>();
  for (const part of header.split(',')) {
    const [preference = ''] = part.split(';');
    const [name = '', value = ''] = preference.split('=', 2).map((text) => text.trim());
    // The first one given counts (RFC 7240, section 2).
    const key = name.toLowerCase();
    if (key !== '' && !preferences.has(key)) preferences.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  return preferences;
}

/** The wire fault of that name. Throws a Problem listing them when there is none. */
export function wireFault(name: string): WireFault {
  if (WIRE_FAULTS.includes(name as WireFault)) return name as WireFault;
  throw badPreference(`fault=${name}`, `is no fault; there are ${WIRE_FAULTS.join(', ')}`);
}

function phaseOf(text: string): Phase {
  if (text === 'before' || text === 'after-commit') return text;
  throw badPreference(`phase=${text}`, 'is no phase; there are before and after-commit');
}

function milliseconds(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= LONGEST_DELAY) return Number(text);
  throw badPreference(`${name}=${text}`, `is no number of milliseconds from 0 to ${LONGEST_DELAY}`);
}

function badPreference(preference: string, why: string): Problem {
  return new Problem(400, 'bad-preference', 'Bad preference', `${preference} ${why}.`);
}
