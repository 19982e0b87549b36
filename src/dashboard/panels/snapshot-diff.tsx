// The difference from a snapshot: changed rows by resource, with the fields that differ.

import type { SnapshotDiff } from '../../control/schemas.ts';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import { changesOf, type ResourceChanges, type RowChange } from '../model/diff.ts';
import { listed, number, shortened } from '../model/format.ts';
import { callControl } from '../state/control-plane.ts';
import { sandboxName } from '../state/route.ts';
import { hueOf, resources, rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';

/** How many rows of a resource, and how many characters of a value, are shown. */
const WRITTEN = 50;
const VALUE = 120;

const SIGNS = { inserted: '+', updated: '±', deleted: '−' } as const;

/** The difference between a snapshot and the current rows, kept up to date. */
export function DiffView({ name }: { name: string }) {
  const { value, failure } = useRequest(
    (signal) =>
      callControl<SnapshotDiff>('GET', `/snapshots/${name}/diff`, { query: { sandbox: sandboxName.value }, signal }),
    [name, sandboxName.value, rowsVersion.value],
  );
  if (failure !== undefined) return <Failure>{failure}</Failure>;
  if (value === undefined) return <Loading />;
  const changes = changesOf(value, resources.value);
  if (changes.length === 0) return <Empty>No changes.</Empty>;
  return (
    <div class="diff">
      {changes.map((change) => (
        <Changes key={`${change.provider}/${change.resource}`} change={change} />
      ))}
    </div>
  );
}

function Changes({ change: { provider, resource, inserted, updated, deleted, rows } }: { change: ResourceChanges }) {
  const counts = Object.entries({ inserted, updated, deleted }).filter(([, many]) => many > 0);
  return (
    <details open={rows.length <= 10}>
      <summary>
        <span data-hue={hueOf(provider)}>{resource}</span>{' '}
        <small>{listed(counts.map(([kind, many]) => `${number(many)} ${kind}`))}</small>
      </summary>
      <ul>
        {rows.slice(0, WRITTEN).map((row) => (
          <ChangedRow key={row.id} row={row} />
        ))}
        {rows.length > WRITTEN && <li class="more">and {number(rows.length - WRITTEN)} more</li>}
      </ul>
    </details>
  );
}

function ChangedRow({ row: { kind, id, fields } }: { row: RowChange }) {
  return (
    <li data-kind={kind}>
      <span aria-hidden="true">{SIGNS[kind]}</span> <span class="unseen">{kind}</span> <code>{id}</code>
      {fields.length > 0 && (
        <dl>
          {fields.map(({ field, before, after }) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>
                <del>{shortened(before, VALUE) || 'nothing'}</del> <ins>{shortened(after, VALUE) || 'nothing'}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
