// The form for a planned fault: what is written in it becomes a rule, what the server refuses finds its field.
import type { ErrorEntry, Problem, Rule } from './answers.ts';

/** The form's fields, as text just as they are typed. */
export interface FaultForm {
  readonly provider: string;
  readonly operation: string;
  readonly id: string;
  readonly kind: 'error' | 'wire' | 'delay';
  /** `503 unavailable`: status and name. */
  readonly error: string;
  readonly fault: string;
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

/** What can be done to an answer on the wire, and what a client sees of it. */
export const WIRE_FAULTS: Readonly<Record<string, string>> = {
  reset: 'the connection is reset',
  empty: 'the connection closes without an answer',
  malformed: 'the answer is not HTTP',
  truncated: 'the answer stops inside its body',
  hang: 'no answer until the client goes',
};

/** The rule that a form describes. Numbers that are none go as they are: the server says what is wrong with them. */
export function ruleOf(form: FaultForm): Rule {
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

function modeOf({ mode, times, skip, probability }: FaultForm): Rule['mode'] {
  if (mode === 'times') return { times: numeric(times) };
  if (mode === 'skip') return { skip: numeric(skip), times: numeric(times) };
  return mode === 'probability' ? { probability: numeric(probability) } : 'always';
}

/** The number a text is; the text itself where it is none, which JSON can carry and the server can refuse. */
function numeric(text: string): number {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? (text as unknown as number) : value;
}

/** An operation's name and the provider it is of. */
export interface OperationName {
  readonly provider: string;
  readonly operation: string;
}

/** The operations of a provider, or of all where it is ''; they are those that have errors, and all have. */
export function operationsOf(errors: readonly ErrorEntry[], provider: string): OperationName[] {
  const found = new Map<string, OperationName>();
  for (const { provider: name, operation } of errors) {
    if (operation !== null && (provider === '' || provider === name))
      found.set(operation, { provider: name, operation });
  }
  return [...found.values()];
}

/** What to choose an error from: value for the form, and when it comes. */
export interface ErrorChoice {
  readonly value: string;
  readonly when: string;
}

/** The errors an operation can answer with; where several operations are meant, the statuses any of them has. */
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

/** The error that stays chosen when the choices change: the same, else one of its status, else the last. */
export function keptChoice(choices: readonly ErrorChoice[], chosen: string): string {
  const [status = ''] = chosen.split(' ');
  const kept =
    choices.find(({ value }) => value === chosen) ??
    choices.find(({ value }) => value.startsWith(status)) ??
    choices.at(-1);
  return kept?.value ?? chosen;
}

/** The form's fields that a refusal can be about; `form` where it is about none of them. */
export type FaultField = 'provider' | 'operation' | 'id' | 'effect' | 'mode' | 'delay' | 'form';

const FIELDS: readonly [RegExp, FaultField][] = [
  [/^match\.provider/, 'provider'],
  [/^match\.operation|^match$/, 'operation'],
  [/^match\.id/, 'id'],
  [/^mode/, 'mode'],
  [/^delay/, 'delay'],
  [/^effect/, 'effect'],
];

/** What the server refused, by the field it is about. */
export function errorsByField({ type, detail, errors }: Problem): Partial<Record<FaultField, string>> {
  if (type === 'urn:understudy:undocumented-preference') return { effect: detail ?? '' };
  if (errors === undefined) return { form: detail ?? 'It was refused.' };
  const found: Partial<Record<FaultField, string>> = {};
  for (const { path, message } of errors) {
    const [, field = 'form'] = FIELDS.find(([pattern]) => pattern.test(path)) ?? [];
    const sentence = /^Invalid input/.test(message) ? VALUE_RULES[field] : message;
    found[field] ??= sentence ?? message;
  }
  return found;
}

/** Of a choice between shapes the server can only say that none fits. */
const VALUE_RULES: Partial<Record<FaultField, string>> = {
  mode: 'takes whole numbers from 1 on for times, from 0 on for skip, and 0 to 1 for a probability',
  delay: 'takes milliseconds from 0 to 3,600,000',
  effect: 'takes a status from 400 to 599, or a fault on the wire',
};
