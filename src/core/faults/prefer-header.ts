// The Prefer header: wishes for one request, by whoever sends it.
import { Problem } from '../problem.ts';
import { type ErrorWords, type OperationFacts, orderable } from '../provider/errors.ts';
import { LONGEST_DELAY } from './delays.ts';
import { type Effect, ordered, type Phase, WIRE_FAULTS, type WireFault, type Wish, wish } from './fault-plan.ts';

/**
 * The wish of a request's `Prefer` header, or null when it has none that concerns us. Preferences of other
 * people are ignored, as RFC 7240 asks.
 *
 * @throws Problem when a preference of ours has a value that cannot be used, or an error is ordered that the
 * operation cannot answer
 */
export function preferredWish(header: string | undefined, words: ErrorWords, operation: OperationFacts): Wish | null {
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
    if (!/^[1-9]\d\d$/.test(code)) throw unusable(`code=${code}`, 'is no HTTP status; write it as in Prefer: code=503');
    const lenient = given.get('handling') === 'lenient';
    const entry = ordered(words, operation, { status: Number(code), error, lenient });
    if (!orderable(words, operation).includes(entry)) applied.push('handling=lenient');
    effect = { kind: 'error', entry, headers };
  } else if (fault !== undefined) {
    effect = { kind: 'wire', fault: wireFault(fault) };
  }
  if (code !== undefined && fault !== undefined)
    throw unusable(`fault=${fault}`, 'and code cannot be had at once; choose one of them');
  if (dryRun !== undefined && operation.method !== 'DELETE')
    throw unusable('dry-run', `is for DELETE; ${operation.operation} is a ${operation.method}`);
  const text = applied.join(', ');
  return wish({
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
  throw unusable(`fault=${name}`, `is no fault; there are ${WIRE_FAULTS.join(', ')}`);
}

function phaseOf(text: string): Phase {
  if (text === 'before' || text === 'after-commit') return text;
  throw unusable(`phase=${text}`, 'is no phase; there are before and after-commit');
}

function milliseconds(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= LONGEST_DELAY) return Number(text);
  throw unusable(`${name}=${text}`, `is no number of milliseconds from 0 to ${LONGEST_DELAY}`);
}

function unusable(preference: string, why: string): Problem {
  return new Problem(400, 'bad-preference', 'Bad preference', `${preference} ${why}.`);
}
