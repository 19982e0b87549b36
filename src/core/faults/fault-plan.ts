// A fault plan: the fault of one request, whatever its source. Chosen in choose-fault.ts, injected in inject-fault.ts.
import { Problem } from '../problem.ts';
import type { CatalogueEntry, OperationFacts, ProviderErrors } from '../provider/errors.ts';
import { injectableError, injectableErrors, lenientError } from '../provider/errors.ts';

/** Faults of the connection; see wire-faults.ts. */
export const WIRE_FAULTS = ['reset', 'empty', 'malformed', 'truncated', 'hang'] as const;
/** A fault of the connection. */
export type WireFault = (typeof WIRE_FAULTS)[number];

/** `before`: the operation does not run. `after-commit`: the operation commits and its response is lost. */
export type Phase = 'before' | 'after-commit';

/** What replaces the response. */
export type Effect =
  | {
      readonly kind: 'error';
      readonly entry: CatalogueEntry;
      readonly headers?: Readonly<Record<string, string>>;
      /** One of the entry's integration codes, in place of its own. */
      readonly integration?: string | undefined;
    }
  | { readonly kind: 'wire'; readonly fault: WireFault };

/** The planned fault of a request. */
export interface FaultPlan {
  /** Null for a delay or a dry run only. */
  readonly effect: Effect | null;
  readonly phase: Phase;
  /** The delay in the plan's phase, in ms. */
  readonly delayMs: number;
  /** Whether to respond as usual but change nothing. */
  readonly dryRun: boolean;
  /** The source, for `X-Understudy-Fault`: a rule's id, the preference, the id suffix or the instruction. */
  readonly source: string;
  /** The applied preferences, for `Preference-Applied`; null when there are none. */
  readonly applied: string | null;
  /** Called when the fault was not injected because something else failed first. */
  notInjected?(): void;
}

/** A fault plan with the given fields; the defaults have no effect. */
export function faultPlan(given: Partial<FaultPlan> & Pick<FaultPlan, 'source'>): FaultPlan {
  return { effect: null, phase: 'before', delayMs: 0, dryRun: false, applied: null, ...given };
}

/** The name of the error that has an integration code, for a wish that does not name one. */
export function namedByIntegration(errors: ProviderErrors, integration: string | undefined): string | undefined {
  if (integration === undefined) return undefined;
  return errors.catalogue.find(({ integrations }) => integrations?.has(integration))?.name;
}

/** Selects an error of an operation. */
export interface ErrorSelector {
  readonly status: number;
  /** The name of one of several errors with that status. */
  readonly error?: string | undefined;
  /** Allow a status that the operation does not declare. */
  readonly lenient?: boolean | undefined;
}

/**
 * The selected catalogue entry: the one named, or the first with that status.
 *
 * @throws Problem listing the possible errors when the operation cannot return the selected one
 */
export function selectError(
  errors: ProviderErrors,
  operation: OperationFacts,
  { status, error, lenient }: ErrorSelector,
): CatalogueEntry {
  const allowed = injectableErrors(errors, operation);
  const entry = injectableError(errors, operation, status, error);
  if (entry !== undefined) return entry;
  if (lenient && status >= 400 && status < 600) {
    const undeclared = lenientError(errors, status, error);
    if (undeclared !== undefined) return undeclared;
    const known = errors.catalogue.filter((one) => one.status === status).map(({ name }) => name);
    throw new Problem(
      400,
      'undocumented-preference',
      `There is no error ${error} of status ${status}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'leave the name out'}.`,
    );
  }
  if (status < 400 || status > 599) {
    throw new Problem(
      400,
      'undocumented-preference',
      `${status} is not an error; only statuses from 400 to 599 can be injected.`,
    );
  }
  const statuses = [...new Set(allowed.map((one) => one.status))].sort((a, b) => a - b);
  const names = allowed.filter((one) => one.status === status).map((one) => one.name);
  throw new Problem(
    400,
    'undocumented-preference',
    names.length > 0
      ? `${operation.operation} returns ${status} with ${names.join(', ')}, not with ${error}; choose one of them.`
      : `${operation.operation} does not return ${status}; it can return ${statuses.join(', ')}, or any error status with handling=lenient (lenient: true in a rule).`,
    { operation: operation.operation, statuses },
  );
}
