// Snapshots of the sandbox: made, compared with now, put back, handed out, forgotten.
import { useState } from 'preact/hooks';
import { Confirm } from '../components/confirm-button.tsx';
import { announce } from '../components/live-region.tsx';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import type { Snapshot } from '../model/answers.ts';
import { dayAndTime } from '../model/format.ts';
import { callControl, controlUrl, errorText } from '../state/control-plane.ts';
import { sandbox } from '../state/route.ts';
import { loadSandbox, rowsMayHaveChanged, sandboxQuery } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { SnapshotDiff } from './snapshot-diff.tsx';

/** The form above the list. */
export function Snapshots() {
  const [name, setName] = useState('');
  const [refused, setRefused] = useState<string>();
  const [turn, setTurn] = useState(0);
  const { value, failure } = useRequest(
    (signal) =>
      callControl<{ snapshots: Snapshot[] }>('GET', '/snapshots', {
        query: { sandbox: sandbox.value, limit: 1000 },
        signal,
      }),
    [sandbox.value, turn],
  );
  const again = () => setTurn((before) => before + 1);
  return (
    <>
      <header class="panel-head">
        <h1>Snapshots</h1>
        <form
          class="inline"
          aria-label="Make a snapshot"
          onSubmit={async (event) => {
            event.preventDefault();
            try {
              await callControl('POST', '/snapshots', { query: sandboxQuery(), body: { name } });
              setRefused(undefined);
              setName('');
              announce('The snapshot is made');
              again();
            } catch (error) {
              setRefused(errorText(error));
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
            Make a snapshot
          </button>
        </form>
      </header>
      {refused !== undefined && <Failure>{refused}</Failure>}
      {failure !== undefined && <Failure>{failure}</Failure>}
      {value === undefined && failure === undefined && <Loading />}
      {value?.snapshots.length === 0 && (
        <Empty>
          <p>There are no snapshots of {sandbox.value}.</p>
          <p>
            One keeps rows, receipts and the clock as they are now; later it shows what rowsVersion, or brings it back.
          </p>
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
          aria-label={`What rowsVersion since ${name}`}
          onClick={() => setCompared(!compared)}
        >
          What rowsVersion since
        </button>
        <Confirm
          label="Restore"
          of={name}
          question={`Put ${sandbox.value} back to ${name}?`}
          action="Restore"
          onConfirm={async () => {
            await callControl('POST', `${path}/restore`, { query: sandboxQuery() });
            announce('The snapshot is restored');
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
          question={`Forget ${name}?`}
          action="Delete"
          onConfirm={async () => {
            await callControl('DELETE', path, { query: sandboxQuery() });
            onGone();
          }}
        />
      </div>
      {compared && <SnapshotDiff name={name} />}
    </li>
  );
}
