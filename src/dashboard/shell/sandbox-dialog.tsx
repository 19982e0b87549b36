// Sandbox dialog: switch to another sandbox, create one, reset or delete the current one.
import { useState } from 'preact/hooks';
import type { SandboxInfo } from '../../control/schemas.ts';
import { Confirm } from '../components/confirm-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Choice, Field } from '../components/field.tsx';
import { announce } from '../components/live-region.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { count, dayAndTime, number } from '../model/format.ts';
import { DEFAULT_SANDBOX } from '../model/route.ts';
import { createBody, matching, type Origin } from '../model/sandbox-list.ts';
import { loadBarriers } from '../state/barriers.ts';
import { callControl, errorText } from '../state/control-plane.ts';
import { loadFaults } from '../state/faults.ts';
import { load } from '../state/journal.ts';
import { sandboxName, switchSandbox } from '../state/route.ts';
import { loadSandbox, rowsMayHaveChanged, sandboxInfo, sandboxQuery } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';

/** How many sandboxes are loaded. */
const FETCHED = 2000;

const ORIGINS = { fixtures: 'the fixtures', empty: 'no rows', fork: 'a copy of this one' } as const;

interface SandboxDialogProps {
  onClose(): void;
}

/** The list, the form and the actions. */
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
  switchSandbox(name);
  announce(`Sandbox ${name}`);
  onClose();
}

function Chooser({ onClose }: SandboxDialogProps) {
  const [text, setText] = useState('');
  const { value, failure } = useRequest(
    (signal) =>
      callControl<{ sandboxes: SandboxInfo[]; meta: { total: number } }>('GET', '/sandboxes', {
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
              aria-current={name === sandboxName.value ? 'true' : undefined}
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
  const [rejected, setRejected] = useState<string>();
  return (
    <form
      class="new"
      aria-label="Create a sandbox"
      onSubmit={async (event) => {
        event.preventDefault();
        try {
          const body = createBody(name, from, sandboxName.value);
          // In the query too: a proxy that distributes sandboxes over processes does not read the body.
          const made = await callControl<SandboxInfo>('POST', '/sandboxes', { query: { sandbox: body.name }, body });
          choose(made.name, onClose);
        } catch (error) {
          setRejected(errorText(error));
        }
      }}
    >
      <h3>New sandbox</h3>
      <Field label="Name" hint="letters, digits, hyphens; empty: generated" error={rejected}>
        {(control) => <input {...control} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <Choice<Origin> legend="Initial rows" options={ORIGINS} value={from} onChoose={setFrom} />
      <button type="submit" class="main">
        Create sandbox
      </button>
    </form>
  );
}

function ThisSandbox({ onClose }: SandboxDialogProps) {
  const name = sandboxName.value;
  const reset = (to: 'fixtures' | 'empty') => async () => {
    await callControl('POST', '/reset', { query: sandboxQuery(), body: { to } });
    await Promise.all([loadSandbox(), rowsMayHaveChanged(), load(), loadFaults(), loadBarriers()]);
    announce(`Sandbox ${name} reset`);
    onClose();
  };
  return (
    <section class="this" aria-label={`The sandbox ${name}`}>
      <h3>{name}</h3>
      <div class="actions">
        <Confirm
          label="Reset to the fixtures"
          question="This deletes its rows, faults and requests, and resets its clock."
          action="Reset"
          onConfirm={reset('fixtures')}
        />
        <Confirm
          label="Reset to no rows"
          question="This deletes its rows, faults and requests, and resets its clock."
          action="Empty"
          onConfirm={reset('empty')}
        />
        {name !== DEFAULT_SANDBOX && (
          <Confirm
            label="Delete the sandbox"
            question={`This deletes ${name} and everything in it.`}
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
