// Model of the fault form: its fields become a rule, and validation errors are assigned to fields.
import type { ErrorEntry, FaultRule, ProblemDocument, WireFault } from '../../control/schemas.ts';

/** The form's fields as typed. */
export interface FaultForm {
  readonly provider: string;
  readonly operation: string;
  readonly id: string;
  readonly kind: 'error' | 'wire' | 'delay';
  /** Status and code, e.g. `503 unavailable`. */
  readonly error: string;
  readonly fault: WireFault;
  readonly phase: 'before' | 'after-commit';
  readonly mode: 'always' | 'times' | 'skip' | 'probability';
  readonly times: string;
  readonly skip: string;
  readonly probability: string;
  readonly delay: string;
}

export const EMPTY_FORM: FaultForm = {
  provider: '',
  operation: '',
  id: '',
  kind: 'error',
  error: '503',
  fault: 'reset',
  phase: 'before',
  mode: 'times',
  times: '1',
  skip: '1',
  probability: '0.5',
  delay: '',
};

/** The connection faults, and what the client sees. */
export const WIRE_FAULTS: Readonly<Record<WireFault, string>> = {
  reset: 'the connection is reset',
  empty: 'the connection is closed without a response',
  malformed: 'the response is not valid HTTP',
  truncated: 'the response body is cut off',
  hang: 'no response until the client disconnects',
};

/** The rule that a form describes. Input that is not a number is passed on for the server to reject. */
export function ruleOf(form: FaultForm): FaultRule {
  const { provider, operation, id, kind, error, fault, phase, delay } = form;
  const [status = '', code] = error.split(' ');
  const effect = kind === 'error' ? { status: numeric(status), ...(code === undefined ? {} : { code }) } : { fault };
  return {
    match: Object.fromEntries(Object.entries({ provider, operation, id }).filter(([, value]) => value !== '')),
    mode: modeOf(form),
    ...(kind === 'delay' ? {} : { effect }),
    phase,
    ...(delay.trim() === '' ? {} : { delay: { fixedMs: numeric(delay) } }),
  };
}

function modeOf({ mode, times, skip, probability }: FaultForm): FaultRule['mode'] {
  if (mode === 'times') return { times: numeric(times) };
  if (mode === 'skip') return { skip: numeric(skip), times: numeric(times) };
  return mode === 'probability' ? { probability: numeric(probability) } : 'always';
}

/** The number in a text; the text itself where it is not a number, so that the server can reject it. */
function numeric(text: string): number {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? (text as unknown as number) : value;
}

/** An operation and its provider. */
export interface OperationName {
  readonly provider: string;
  readonly operation: string;
}

/** The operations of a provider, or of all providers for ''. Every operation has errors, so the catalogue lists all. */
export function operationsOf(errors: readonly ErrorEntry[], provider: string): OperationName[] {
  const found = new Map<string, OperationName>();
  for (const { provider: name, operation } of errors) {
    if (operation !== null && (provider === '' || provider === name))
      found.set(operation, { provider: name, operation });
  }
  return [...found.values()];
}

/** An option of the error field: its value, and when the provider responds so. */
export interface ErrorChoice {
  readonly value: string;
  readonly when: string;
}

/** The errors of the operation selected; without one, the statuses of all that match. */
export function errorChoices(errors: readonly ErrorEntry[], { provider, operation }: FaultForm): ErrorChoice[] {
  const fitting = errors.filter(
    (one) =>
      one.operation !== null &&
      (provider === '' || one.provider === provider) &&
      (operation === '' || one.operation === operation),
  );
  const found = new Map<string, ErrorChoice>();
  for (const { status, code, when } of fitting.filter(({ status }) => status >= 400)) {
    const value = operation === '' ? String(status) : `${status} ${code}`;
    if (!found.has(value)) found.set(value, { value, when: operation === '' ? '' : when });
  }
  return [...found.values()].sort((a, b) => a.value.localeCompare(b.value, 'en', { numeric: true }));
}

/** The error selected after the options change: the same one, else one with its status, else the last. */
export function keptChoice(choices: readonly ErrorChoice[], chosen: string): string {
  const [status = ''] = chosen.split(' ');
  const kept =
    choices.find(({ value }) => value === chosen) ??
    choices.find(({ value }) => value.startsWith(status)) ??
    choices.at(-1);
  return kept?.value ?? chosen;
}

/** The fields an error can be assigned to; `form` for an error of no field. */
export type FaultField = 'provider' | 'operation' | 'id' | 'effect' | 'mode' | 'delay' | 'form';

const FIELDS: readonly [RegExp, FaultField][] = [
  [/^match\.provider/, 'provider'],
  [/^match\.operation|^match$/, 'operation'],
  [/^match\.id/, 'id'],
  [/^mode/, 'mode'],
  [/^delay/, 'delay'],
  [/^effect/, 'effect'],
];

/** The server's validation errors by field. */
export function errorsByField({
  type,
  detail,
  errors,
}: Pick<ProblemDocument, 'type' | 'detail' | 'errors'>): Partial<Record<FaultField, string>> {
  if (type === 'urn:understudy:undocumented-preference') return { effect: detail };
  if (errors === undefined) return { form: detail };
  const found: Partial<Record<FaultField, string>> = {};
  for (const { path, message } of errors) {
    const [, field = 'form'] = FIELDS.find(([pattern]) => pattern.test(path)) ?? [];
    const sentence = /^Invalid input/.test(message) ? VALUE_RULES[field] : message;
    found[field] ??= sentence ?? message;
  }
  return found;
}

/** For a union of shapes the server's message names no values; these do. */
const VALUE_RULES: Partial<Record<FaultField, string>> = {
  mode: 'takes whole numbers, times from 1 and skip from 0, or a probability from 0 to 1',
  delay: 'takes 0 to 3,600,000 milliseconds',
  effect: 'takes a status from 400 to 599, or a connection fault',
};
