// Snapshots panel: create, compare, restore, export and delete.
import { useState } from 'preact/hooks';
import type { Snapshot } from '../../control/schemas.ts';
import { Confirm } from '../components/confirm-button.tsx';
import { announce } from '../components/live-region.tsx';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import { dayAndTime } from '../model/format.ts';
import { callControl, controlUrl, errorText } from '../state/control-plane.ts';
import { sandboxName } from '../state/route.ts';
import { loadSandbox, rowsMayHaveChanged, sandboxQuery } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { DiffView } from './snapshot-diff.tsx';

/** The form and the list. */
export function Snapshots() {
  const [name, setName] = useState('');
  const [rejected, setRejected] = useState<string>();
  const [turn, setTurn] = useState(0);
  const { value, failure } = useRequest(
    (signal) =>
      callControl<{ snapshots: Snapshot[] }>('GET', '/snapshots', {
        query: { sandbox: sandboxName.value, limit: 1000 },
        signal,
      }),
    [sandboxName.value, turn],
  );
  const again = () => setTurn((before) => before + 1);
  return (
    <>
      <header class="panel-head">
        <h1>Snapshots</h1>
        <form
          class="inline"
          aria-label="Create snapshot"
          onSubmit={async (event) => {
            event.preventDefault();
            try {
              await callControl('POST', '/snapshots', { query: sandboxQuery(), body: { name } });
              setRejected(undefined);
              setName('');
              announce('Snapshot created');
              again();
            } catch (error) {
              setRejected(errorText(error));
            }
          }}
        >
          <input
            aria-label="Name of the snapshot"
            placeholder="before-offboarding"
            required
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="main">
            Create snapshot
          </button>
        </form>
      </header>
      {rejected !== undefined && <Failure>{rejected}</Failure>}
      {failure !== undefined && <Failure>{failure}</Failure>}
      {value === undefined && failure === undefined && <Loading />}
      {value?.snapshots.length === 0 && (
        <Empty>
          <p>No snapshots of {sandboxName.value} yet.</p>
          <p>A snapshot keeps rows, receipts and the clock; you can compare with it later, or restore it.</p>
        </Empty>
      )}
      <ul class="snapshots">
        {value?.snapshots.map((snapshot) => (
          <SnapshotCard key={snapshot.name} snapshot={snapshot} onGone={again} />
        ))}
      </ul>
    </>
  );
}

function SnapshotCard({ snapshot: { name, createdAt }, onGone }: { snapshot: Snapshot; onGone(): void }) {
  const [compared, setCompared] = useState(false);
  const path = `/snapshots/${name}`;
  return (
    <li class="card">
      <header>
        <h2>{name}</h2>
        <time dateTime={createdAt}>{dayAndTime(createdAt)}</time>
      </header>
      <div class="actions">
        <button
          type="button"
          class="quiet"
          aria-expanded={compared}
          aria-label={`What changed since ${name}`}
          onClick={() => setCompared(!compared)}
        >
          What changed since
        </button>
        <Confirm
          label="Restore"
          of={name}
          question={`Restore ${sandboxName.value} to ${name}?`}
          action="Restore"
          onConfirm={async () => {
            await callControl('POST', `${path}/restore`, { query: sandboxQuery() });
            announce('Snapshot restored');
            await Promise.all([loadSandbox(), rowsMayHaveChanged()]);
          }}
        />
        <a
          class="quiet"
          href={controlUrl(`${path}/export`, sandboxQuery())}
          download={`${name}.sqlite`}
          aria-label={`Export ${name}`}
        >
          Export
        </a>
        <Confirm
          label="Delete"
          of={name}
          question={`Delete ${name}?`}
          action="Delete"
          onConfirm={async () => {
            await callControl('DELETE', path, { query: sandboxQuery() });
            onGone();
          }}
        />
      </div>
      {compared && <DiffView name={name} />}
    </li>
  );
}
