// The form that plans a fault; what the server refuses stands at the field it is about.
import { useState } from 'preact/hooks';
import { Choice, Field } from '../components/field.tsx';
import { Json } from '../components/json.tsx';
import { announce } from '../components/live-region.tsx';
import { Failure } from '../components/placeholders.tsx';
import type { ErrorEntry } from '../model/answers.ts';
import {
  EMPTY_FORM,
  errorChoices,
  errorsByField,
  type FaultField,
  type FaultForm,
  keptChoice,
  operationsOf,
  ruleOf,
  WIRE_FAULTS,
} from '../model/fault-form.ts';
import { callControl, errorText, RequestError } from '../state/control-plane.ts';
import { planFault } from '../state/faults.ts';
import { trees } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';

const KINDS = { error: 'an error of the provider', wire: 'a broken answer', delay: 'only a delay' } as const;
const PHASES = { before: 'before anything happens', 'after-commit': 'after the change took effect' } as const;
const MODES = {
  times: 'the next requests',
  skip: 'some later ones',
  always: 'always',
  probability: 'by chance',
} as const;

/** What the form says and what was refused of it. */
export function PlanFault() {
  const [form, setForm] = useState(EMPTY_FORM);
  const [refused, setRefused] = useState<Partial<Record<FaultField, string>>>({});
  const { value, failure } = useRequest(
    (signal) => callControl<{ errors: ErrorEntry[] }>('GET', '/errors', { signal }),
    [],
  );
  const errors = value?.errors ?? [];
  const change = (part: Partial<FaultForm>) => {
    const next = { ...form, ...part };
    // What is not of the provider, or cannot be ordered on the operation, is not kept.
    const known = operationsOf(errors, next.provider).some(({ operation }) => operation === next.operation);
    const operation = known ? next.operation : '';
    const error = keptChoice(errorChoices(errors, { ...next, operation }), next.error);
    setForm({ ...next, operation, error });
    setRefused({});
  };
  return (
    <form
      class="card plan"
      aria-label="Plan a fault"
      onSubmit={async (event) => {
        event.preventDefault();
        try {
          await planFault(ruleOf(form));
          setRefused({});
          announce('The fault is planned');
        } catch (error) {
          setRefused(error instanceof RequestError ? errorsByField(error.problem) : { form: errorText(error) });
        }
      }}
    >
      <h2>Plan a fault</h2>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <Which form={form} errors={errors} refused={refused} change={change} />
      <What form={form} errors={errors} refused={refused} change={change} />
      <When form={form} refused={refused} change={change} />
      {refused.form !== undefined && <Failure>{refused.form}</Failure>}
      <details>
        <summary>The same as a request</summary>
        <p class="line">POST /__admin/faults</p>
        <Json value={ruleOf(form)} name="The rule" />
      </details>
      <button type="submit" class="main">
        Plan the fault
      </button>
    </form>
  );
}

interface PartProps {
  readonly form: FaultForm;
  readonly refused: Partial<Record<FaultField, string>>;
  change(part: Partial<FaultForm>): void;
}

function Which({ form, errors, refused, change }: PartProps & { errors: readonly ErrorEntry[] }) {
  return (
    <div class="fields-row">
      <Field label="Provider" error={refused.provider}>
        {(control) => (
          <select
            {...control}
            value={form.provider}
            onChange={(event) => change({ provider: event.currentTarget.value })}
          >
            <option value="">any</option>
            {trees.value.map(({ provider, title }) => (
              <option key={provider} value={provider}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Operation" error={refused.operation}>
        {(control) => (
          <select
            {...control}
            value={form.operation}
            onChange={(event) => change({ operation: event.currentTarget.value })}
          >
            <option value="">any</option>
            {operationsOf(errors, form.provider).map(({ operation }) => (
              <option key={operation} value={operation}>
                {operation}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Only for the id" hint="left empty: for all" error={refused.id}>
        {(control) => (
          <input {...control} value={form.id} onInput={(event) => change({ id: event.currentTarget.value })} />
        )}
      </Field>
    </div>
  );
}

function What({ form, errors, refused, change }: PartProps & { errors: readonly ErrorEntry[] }) {
  const choices = errorChoices(errors, form);
  return (
    <>
      <Choice legend="What happens" options={KINDS} value={form.kind} onChoose={(kind) => change({ kind })} />
      {form.kind === 'error' && (
        <Field label="Error" hint={choices.find(({ value }) => value === form.error)?.when} error={refused.effect}>
          {(control) => (
            <select {...control} value={form.error} onChange={(event) => change({ error: event.currentTarget.value })}>
              {choices.map(({ value }) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {form.kind === 'wire' && (
        <Field label="On the wire" error={refused.effect}>
          {(control) => (
            <select {...control} value={form.fault} onChange={(event) => change({ fault: event.currentTarget.value })}>
              {Object.entries(WIRE_FAULTS).map(([name, what]) => (
                <option key={name} value={name}>
                  {`${name}: ${what}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {form.kind === 'delay' && refused.effect !== undefined && <Failure>The effect {refused.effect}.</Failure>}
      <Choice legend="When" options={PHASES} value={form.phase} onChoose={(phase) => change({ phase })} />
    </>
  );
}

function When({ form, refused, change }: PartProps) {
  const figure = (label: string, name: 'times' | 'skip' | 'probability' | 'delay', error?: string, hint?: string) => (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          value={form[name]}
          onInput={(event) => change({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Choice legend="How often" options={MODES} value={form.mode} onChoose={(mode) => change({ mode })} />
      <div class="fields-row">
        {form.mode === 'skip' && figure('Let pass', 'skip')}
        {(form.mode === 'times' || form.mode === 'skip') && figure('Times', 'times', refused.mode)}
        {form.mode === 'probability' && figure('Probability', 'probability', refused.mode, '0 to 1')}
        {figure('Delay, ms', 'delay', refused.delay, 'left empty: none')}
      </div>
    </>
  );
}
