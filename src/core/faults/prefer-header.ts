// The fault plan that a request's Prefer header (RFC 7240) asks for.
import { injectableError, type OperationFacts, type ProviderErrors } from '../provider/errors.ts';
import { LONGEST_DELAY } from './delays.ts';
import {
  type Effect,
  type FaultPlan,
  faultPlan,
  namedByIntegration,
  type Phase,
  selectError,
  WIRE_FAULTS,
  type WireFault,
} from './fault-plan.ts';
import { badPreference, type PreferenceName, parsePreferences } from './preferences.ts';

/**
 * The fault plan of a `Prefer` header, or null when it has no preference of ours. Unknown preferences are ignored, as
 * RFC 7240 requires.
 *
 * @throws Problem when a preference of ours has an invalid value, or names an error that the operation cannot return
 */
export function planFromPrefer(
  header: string | undefined,
  errors: ProviderErrors,
  operation: OperationFacts,
): FaultPlan | null {
  if (header === undefined) return null;
  const preferences = parsePreferences(header);
  const applied: string[] = [];
  const take = (name: PreferenceName): string | undefined => {
    const value = preferences.get(name);
    if (value !== undefined) applied.push(value === '' ? name : `${name}=${value}`);
    return value;
  };
  const integration = preferences.get('integration');
  const error = preferences.get('error') ?? namedByIntegration(errors, integration);
  const code = take('code') ?? statusOf(errors, integration, error);
  take('error');
  take('integration');
  const fault = take('fault');
  const delay = take('delay');
  const phase = take('phase');
  const retryAfter = take('retry-after-ms');
  const dryRun = take('dry-run');
  if (applied.length === 0) return null;
  if (code === undefined && integration !== undefined)
    throw badPreference(`integration=${integration}`, `is no integration code; there ${codesOf(errors)}`);
  if (code === undefined && error !== undefined) throw badPreference(`error=${error}`, 'needs code=<status>');
  if (code === undefined && retryAfter !== undefined)
    throw badPreference(`retry-after-ms=${retryAfter}`, 'needs code=<status>');
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { 'retry-after-ms': String(milliseconds('retry-after-ms', retryAfter)) };
  let effect: Effect | null = null;
  if (code !== undefined) {
    if (!/^[1-9]\d\d$/.test(code))
      throw badPreference(`code=${code}`, 'is not an HTTP status; write it as in Prefer: code=503');
    const lenient = isLenient(preferences.get('handling'));
    const entry = selectError(errors, operation, { status: Number(code), error, lenient });
    if (injectableError(errors, operation, entry.status, entry.name) !== entry) applied.push('handling=lenient');
    if (integration !== undefined && entry.integrations?.has(integration) !== true)
      throw badPreference(`integration=${integration}`, `is no integration code of ${entry.name}`);
    effect = { kind: 'error', entry, headers, integration };
  } else if (fault !== undefined) {
    effect = { kind: 'wire', fault: wireFault(fault) };
  }
  if (code !== undefined && fault !== undefined)
    throw badPreference(`fault=${fault}`, 'cannot be combined with code; choose one of them');
  if (dryRun !== undefined && !['', 'true', '1'].includes(dryRun))
    throw badPreference(`dry-run=${dryRun}`, 'takes no value; omit the preference to delete for real');
  if (dryRun !== undefined && operation.method !== 'DELETE' && operation.takesDryRun !== true)
    throw badPreference('dry-run', `is for DELETE only; ${operation.operation} is a ${operation.method}`);
  const at = phase === undefined ? 'before' : phaseOf(phase);
  if (phase !== undefined && code === undefined && fault === undefined && delay === undefined)
    throw badPreference(`phase=${phase}`, 'has no effect by itself; combine it with code, fault or delay');
  const text = applied.join(', ');
  return faultPlan({
    effect,
    phase: at,
    delayMs: delay === undefined ? 0 : milliseconds('delay', delay),
    dryRun: dryRun !== undefined,
    source: text,
    applied: text,
  });
}

/** The status of an error whose integration code is wished for, so that `code` can be left out. */
function statusOf({ catalogue }: ProviderErrors, integration: string | undefined, error: string | undefined) {
  const named = integration === undefined ? undefined : catalogue.find(({ name }) => name === error);
  return named === undefined ? undefined : String(named.status);
}

function codesOf({ catalogue }: ProviderErrors): string {
  const codes = catalogue.flatMap(({ integrations }) => [...(integrations?.keys() ?? [])]);
  return codes.length === 0 ? 'are none here' : `are ${codes.join(', ')}`;
}

/** The wire fault of that name. @throws Problem listing all of them when there is none */
export function wireFault(name: string): WireFault {
  if (WIRE_FAULTS.includes(name as WireFault)) return name as WireFault;
  throw badPreference(`fault=${name}`, `is not a fault; the faults are ${WIRE_FAULTS.join(', ')}`);
}

/** RFC 7240 has `strict` and `lenient`; both leave a declared status as it is. */
function isLenient(handling: string | undefined): boolean {
  if (handling === undefined || handling === 'strict' || handling === 'lenient') return handling === 'lenient';
  throw badPreference(`handling=${handling}`, 'is neither lenient nor strict');
}

function phaseOf(text: string): Phase {
  if (text === 'before' || text === 'after-commit') return text;
  throw badPreference(`phase=${text}`, 'is not a phase; the phases are before and after-commit');
}

function milliseconds(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= LONGEST_DELAY) return Number(text);
  throw badPreference(`${name}=${text}`, `is not a number of milliseconds from 0 to ${LONGEST_DELAY}`);
}
