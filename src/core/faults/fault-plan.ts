// A fault plan: one fault for one request, however it was asked for. Chosen in choose-fault.ts, injected in inject-fault.ts.
import { Problem } from '../problem.ts';
import type { CatalogueEntry, OperationFacts, ProviderErrors } from '../provider/errors.ts';
import { injectableErrors } from '../provider/errors.ts';

/** What can be done to an answer on the wire. */
export const WIRE_FAULTS = ['reset', 'empty', 'malformed', 'truncated', 'hang'] as const;
export type WireFault = (typeof WIRE_FAULTS)[number];

/** `before`: nothing has happened. `after-commit`: the operation took effect and its answer is lost. */
export type Phase = 'before' | 'after-commit';

/** What comes instead of the answer. */
export type Effect =
  | { readonly kind: 'error'; readonly entry: CatalogueEntry; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'wire'; readonly fault: WireFault };

/** A planned fault for the request at hand. */
export interface FaultPlan {
  /** null when only a delay or a dry run was asked for. */
  readonly effect: Effect | null;
  readonly phase: Phase;
  /** How long the answer waits at the plan's phase, in ms. */
  readonly delayMs: number;
  /** Answer as if it had happened, and change nothing. */
  readonly dryRun: boolean;
  /** Who asked, for `X-Understudy-Fault`: a rule's id or the preference itself. */
  readonly source: string;
  /** The preferences that were honoured, for `Preference-Applied`; null when nobody preferred. */
  readonly applied: string | null;
  /** Called when something else failed first, so that the fault was not injected. */
  notInjected?(): void;
}

/** A fault plan with the fields given, and defaults that do nothing. */
export function faultPlan(given: Partial<FaultPlan> & Pick<FaultPlan, 'source'>): FaultPlan {
  return { effect: null, phase: 'before', delayMs: 0, dryRun: false, applied: null, ...given };
}

/** Which error of a status is meant. */
export interface ErrorSelector {
  readonly status: number;
  /** One of several errors of that status, by name. */
  readonly error?: string | undefined;
  /** Have the status even where nobody declares it. */
  readonly lenient?: boolean | undefined;
}

/**
 * The catalogue entry selected: the first of its status that the operation declares, or the one it names.
 *
 * @throws Problem listing what can be had, when the operation cannot answer so
 */
export function selectError(
  errors: ProviderErrors,
  operation: OperationFacts,
  { status, error, lenient }: ErrorSelector,
): CatalogueEntry {
  const allowed = injectableErrors(errors, operation);
  const entry = allowed.find((one) => one.status === status && (error === undefined || one.name === error));
  if (entry !== undefined) return entry;
  if (lenient && status >= 400 && status < 600) return errors.lenient(status);
  if (status < 400 || status > 599) {
    throw new Problem(
      400,
      'undocumented-preference',
      'Undocumented preference',
      `${status} is no error; only statuses from 400 to 599 can be ordered.`,
    );
  }
  const statuses = [...new Set(allowed.map((one) => one.status))].sort((a, b) => a - b);
  const names = allowed.filter((one) => one.status === status).map((one) => one.name);
  throw new Problem(
    400,
    'undocumented-preference',
    'Undocumented preference',
    names.length > 0
      ? `${operation.operation} answers ${status} with ${names.join(', ')}, not with ${error}; choose one of them.`
      : `${operation.operation} does not answer ${status}; it can be made to answer ${statuses.join(', ')}, or any error status with handling=lenient (lenient: true in a rule).`,
    { operation: operation.operation, statuses },
  );
}
