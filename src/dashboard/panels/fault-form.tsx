// The form that plans a fault; validation errors are shown at their fields.
import { useState } from 'preact/hooks';
import type { ErrorEntry, WireFault } from '../../control/schemas.ts';
import { Choice, Field } from '../components/field.tsx';
import { Json } from '../components/json.tsx';
import { announce } from '../components/live-region.tsx';
import { Failure } from '../components/placeholders.tsx';
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

const KINDS = { error: 'an error response', wire: 'a connection fault', delay: 'only a delay' } as const;
const PHASES = { before: 'before the operation runs', 'after-commit': 'after the change is committed' } as const;
const MODES = {
  times: 'the next requests',
  skip: 'later requests',
  always: 'every request',
  probability: 'at random',
} as const;

/** The form and its validation errors. */
export function PlanFault() {
  const [form, setForm] = useState(EMPTY_FORM);
  const [rejected, setRejected] = useState<Partial<Record<FaultField, string>>>({});
  const { value, failure } = useRequest(
    (signal) => callControl<{ errors: ErrorEntry[] }>('GET', '/errors', { signal }),
    [],
  );
  const errors = value?.errors ?? [];
  const change = (part: Partial<FaultForm>) => {
    const next = { ...form, ...part };
    // An operation of another provider, or an error the operation does not have, is deselected.
    const known = operationsOf(errors, next.provider).some(({ operation }) => operation === next.operation);
    const operation = known ? next.operation : '';
    const error = keptChoice(errorChoices(errors, { ...next, operation }), next.error);
    setForm({ ...next, operation, error });
    setRejected({});
  };
  return (
    <form
      class="card plan"
      aria-label="Plan a fault"
      onSubmit={async (event) => {
        event.preventDefault();
        try {
          await planFault(ruleOf(form));
          setRejected({});
          announce('Fault planned');
        } catch (error) {
          const problem = error instanceof RequestError ? error.problem : null;
          setRejected(problem === null ? { form: errorText(error) } : errorsByField(problem));
        }
      }}
    >
      <h2>Plan a fault</h2>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <Which form={form} errors={errors} rejected={rejected} change={change} />
      <What form={form} errors={errors} rejected={rejected} change={change} />
      <When form={form} rejected={rejected} change={change} />
      {rejected.form !== undefined && <Failure>{rejected.form}</Failure>}
      <details>
        <summary>As an API request</summary>
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
  readonly rejected: Partial<Record<FaultField, string>>;
  change(part: Partial<FaultForm>): void;
}

function Which({ form, errors, rejected, change }: PartProps & { errors: readonly ErrorEntry[] }) {
  return (
    <div class="fields-row">
      <Field label="Provider" error={rejected.provider}>
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
      <Field label="Operation" error={rejected.operation}>
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
      <Field label="Only this id" hint="empty: any" error={rejected.id}>
        {(control) => (
          <input {...control} value={form.id} onInput={(event) => change({ id: event.currentTarget.value })} />
        )}
      </Field>
    </div>
  );
}

function What({ form, errors, rejected, change }: PartProps & { errors: readonly ErrorEntry[] }) {
  const choices = errorChoices(errors, form);
  return (
    <>
      <Choice legend="Effect" options={KINDS} value={form.kind} onChoose={(kind) => change({ kind })} />
      {form.kind === 'error' && (
        <Field label="Error" hint={choices.find(({ value }) => value === form.error)?.when} error={rejected.effect}>
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
        <Field label="Connection fault" error={rejected.effect}>
          {(control) => (
            <select
              {...control}
              value={form.fault}
              onChange={(event) => change({ fault: event.currentTarget.value as WireFault })}
            >
              {Object.entries(WIRE_FAULTS).map(([name, what]) => (
                <option key={name} value={name}>
                  {`${name}: ${what}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {form.kind === 'delay' && rejected.effect !== undefined && <Failure>The effect {rejected.effect}.</Failure>}
      <Choice legend="When" options={PHASES} value={form.phase} onChoose={(phase) => change({ phase })} />
    </>
  );
}

function When({ form, rejected, change }: PartProps) {
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
        {form.mode === 'skip' && figure('Skip', 'skip')}
        {(form.mode === 'times' || form.mode === 'skip') && figure('Times', 'times', rejected.mode)}
        {form.mode === 'probability' && figure('Probability', 'probability', rejected.mode, '0 to 1')}
        {figure('Delay, ms', 'delay', rejected.delay, 'empty: none')}
      </div>
    </>
  );
}
