// Faults by path id, for clients that cannot set headers: an id that ends in `_fail_<status>` or `_delay_<ms>`.
import { injectableError, type OperationFacts, type ProviderErrors } from '../provider/errors.ts';
import { LONGEST_DELAY } from './delays.ts';
import { type FaultPlan, faultPlan } from './fault-plan.ts';

const FAULT_ID = /_(fail|delay)_(\d{1,6})$/;

/** The fault plan in a path's ids, or null. An id with a status that the operation does not declare has no effect. */
export function planFromId(
  parameters: Readonly<Record<string, string>>,
  errors: ProviderErrors,
  operation: OperationFacts,
): FaultPlan | null {
  for (const name in parameters) {
    const id = parameters[name] as string;
    const [, kind, digits] = FAULT_ID.exec(id) ?? [];
    if (kind === undefined) continue;
    const number = Number(digits);
    if (kind === 'delay')
      return number <= LONGEST_DELAY ? faultPlan({ delayMs: number, source: `_delay_${number}` }) : null;
    const entry = injectableError(errors, operation, number);
    if (entry !== undefined) return faultPlan({ effect: { kind: 'error', entry }, source: `_fail_${number}` });
  }
  return null;
}
