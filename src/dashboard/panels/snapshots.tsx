// Snapshots of the sandbox: made, compared with now, put back, handed out, forgotten.
import { useState } from 'preact/hooks';
import { Confirm } from '../components/confirm-button.tsx';
import { announce } from '../components/live-region.tsx';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import type { Snapshot } from '../model/answers.ts';
import { dayAndTime } from '../model/format.ts';
import { ask, linkTo, sentenceOf } from '../state/control-plane.ts';
import { sandbox } from '../state/route.ts';
import { announceChange, here, refresh } from '../state/sandbox.ts';
import { useAsked } from '../state/use-request.ts';
import { SnapshotDiff } from './snapshot-diff.tsx';

/** The form above the list. */
export function Snapshots() {
  const [name, setName] = useState('');
  const [refused, setRefused] = useState<string>();
  const [turn, setTurn] = useState(0);
  const { value, failure } = useAsked(
    (signal) =>
      ask<{ snapshots: Snapshot[] }>('GET', '/snapshots', { query: { sandbox: sandbox.value, limit: 1000 }, signal }),
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
              await ask('POST', '/snapshots', { query: here(), body: { name } });
              setRefused(undefined);
              setName('');
              announce('The snapshot is made');
              again();
            } catch (error) {
              setRefused(sentenceOf(error));
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
          <p>One keeps rows, receipts and the clock as they are now; later it shows what changed, or brings it back.</p>
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
          question={`Put ${sandbox.value} back to ${name}?`}
          action="Restore"
          onConfirm={async () => {
            await ask('POST', `${path}/restore`, { query: here() });
            announce('The snapshot is restored');
            await Promise.all([refresh(), announceChange()]);
          }}
        />
        <a
          class="quiet"
          href={linkTo(`${path}/export`, here())}
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
            await ask('DELETE', path, { query: here() });
            onGone();
          }}
        />
      </div>
      {compared && <SnapshotDiff name={name} />}
    </li>
  );
}
