// Choosing a sandbox, making one, and what can be done to the one that is looked at.
import { useState } from 'preact/hooks';
import { Confirm } from '../components/confirm-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Choice, Field } from '../components/field.tsx';
import { announce } from '../components/live-region.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import type { Sandbox } from '../model/answers.ts';
import { count, dayAndTime, number } from '../model/format.ts';
import { DEFAULT_SANDBOX } from '../model/route.ts';
import { createBody, matching, type Origin } from '../model/sandbox-list.ts';
import { callControl, errorText } from '../state/control-plane.ts';
import { loadFaults } from '../state/faults.ts';
import { load } from '../state/journal.ts';
import { enter, sandbox } from '../state/route.ts';
import { loadSandbox, rowsMayHaveChanged, sandboxInfo, sandboxQuery } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';

/** How many are fetched to choose from. */
const FETCHED = 2000;

const ORIGINS = { fixtures: 'the fixtures', empty: 'no rows', fork: 'a copy of this one' } as const;

interface SandboxDialogProps {
  onClose(): void;
}

/** The list, the form, the actions. */
export function SandboxDialog({ onClose }: SandboxDialogProps) {
  return (
    <Dialog title="Sandboxes" onClose={onClose}>
      <div class="body">
        <Chooser onClose={onClose} />
        <NewSandbox onClose={onClose} />
        {sandboxInfo.value !== null && <ThisSandbox onClose={onClose} />}
      </div>
    </Dialog>
  );
}

function choose(name: string, onClose: () => void): void {
  enter(name);
  announce(`Sandbox ${name}`);
  onClose();
}

function Chooser({ onClose }: SandboxDialogProps) {
  const [text, setText] = useState('');
  const { value, failure } = useRequest(
    (signal) =>
      callControl<{ sandboxes: Sandbox[]; meta: { total: number } }>('GET', '/sandboxes', {
        query: { limit: FETCHED },
        signal,
      }),
    [],
  );
  const found = matching(value?.sandboxes ?? [], text);
  return (
    <section aria-label="Choose a sandbox">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const [best] = found;
          if (best !== undefined) choose(best.name, onClose);
        }}
      >
        <input
          type="search"
          data-first
          aria-label="Find a sandbox"
          placeholder="Find a sandbox"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </form>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {value === undefined && failure === undefined && <Loading />}
      <ul class="choices">
        {found.map(({ name, createdAt }) => (
          <li key={name}>
            <button
              type="button"
              aria-current={name === sandbox.value ? 'true' : undefined}
              onClick={() => choose(name, onClose)}
            >
              <span>{name}</span> <time dateTime={createdAt}>{dayAndTime(createdAt)}</time>
            </button>
          </li>
        ))}
      </ul>
      {value !== undefined && (
        <p class="hint">
          {found.length < value.meta.total
            ? `${number(found.length)} of ${count(value.meta.total, 'sandbox', 'sandboxes')}`
            : count(value.meta.total, 'sandbox', 'sandboxes')}
        </p>
      )}
    </section>
  );
}

function NewSandbox({ onClose }: SandboxDialogProps) {
  const [name, setName] = useState('');
  const [from, setFrom] = useState<Origin>('fixtures');
  const [refused, setRefused] = useState<string>();
  return (
    <form
      class="new"
      aria-label="Make a sandbox"
      onSubmit={async (event) => {
        event.preventDefault();
        try {
          const body = createBody(name, from, sandbox.value);
          // In the query too: a proxy that shares sandboxes out among processes reads no body.
          const made = await callControl<Sandbox>('POST', '/sandboxes', { query: { sandbox: body.name }, body });
          choose(made.name, onClose);
        } catch (error) {
          setRefused(errorText(error));
        }
      }}
    >
      <h3>Make one</h3>
      <Field label="Name" hint="letters, digits, hyphens; left empty, it gets one" error={refused}>
        {(control) => <input {...control} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <Choice<Origin> legend="With" options={ORIGINS} value={from} onChoose={setFrom} />
      <button type="submit" class="main">
        Make a sandbox
      </button>
    </form>
  );
}

function ThisSandbox({ onClose }: SandboxDialogProps) {
  const name = sandbox.value;
  const reset = (to: 'fixtures' | 'empty') => async () => {
    await callControl('POST', '/reset', { query: sandboxQuery(), body: { to } });
    await Promise.all([loadSandbox(), rowsMayHaveChanged(), load(), loadFaults()]);
    announce(`${name} is reset`);
    onClose();
  };
  return (
    <section class="this" aria-label={`The sandbox ${name}`}>
      <h3>{name}</h3>
      <div class="actions">
        <Confirm
          label="Reset to the fixtures"
          question="Everything in it goes: rows, faults, requests, clock."
          action="Reset"
          onConfirm={reset('fixtures')}
        />
        <Confirm
          label="Reset to no rows"
          question="Everything in it goes: rows, faults, requests, clock."
          action="Empty it"
          onConfirm={reset('empty')}
        />
        {name !== DEFAULT_SANDBOX && (
          <Confirm
            label="Delete the sandbox"
            question={`Nothing is left of ${name}.`}
            action="Delete"
            onConfirm={async () => {
              await callControl('DELETE', `/sandboxes/${encodeURIComponent(name)}`);
              choose(DEFAULT_SANDBOX, onClose);
            }}
          />
        )}
      </div>
    </section>
  );
}
