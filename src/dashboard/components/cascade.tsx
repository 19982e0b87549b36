// A receipt as a tree: deleted rows below their owners, then detached rows.

import type { Receipt } from '../../control/schemas.ts';
import { cascadeOf, type Detachment, detachments, type Group, totalOf } from '../model/cascade.ts';
import { count, number, rowsOf } from '../model/format.ts';
import { resources } from '../state/sandbox.ts';

/** How many ids of a group are listed, and up to how many are expanded. */
const WRITTEN = 100;
const FEW = 3;

/** The rows of a receipt as a tree. */
export function Cascade({ receipt }: { receipt: Receipt }) {
  const staying = detachments(receipt);
  const total = totalOf(receipt.counts);
  return (
    <div class="cascade">
      <h3>
        {receipt.dryRun ? 'Would be deleted' : 'Deleted'} <span class="figures">{count(total, 'row')}</span>
      </h3>
      <ul class="tree">
        <TreeNode group={cascadeOf(receipt, resources.value)} />
      </ul>
      {receipt.truncated && <p class="hint">The first 10,000 rows are listed; the count includes all.</p>}
      <h3>
        {receipt.dryRun ? 'Would be detached' : 'Detached'}{' '}
        <span class="figures">{count(receipt.detached.length, 'row')}</span>
      </h3>
      {staying.length === 0 ? (
        <p class="hint">No other rows refer to these.</p>
      ) : (
        <ul class="tree">
          {staying.map((one) => (
            <Stays key={`${one.resource} ${one.field}`} {...one} />
          ))}
        </ul>
      )}
    </div>
  );
}

function TreeNode({ group: { resource, via, ids, below } }: { group: Group }) {
  return (
    <li>
      <Ids title={resource} note={via === null ? 'named in the request' : `via ${via}`} ids={ids} />
      {below.length > 0 && (
        <ul>
          {below.map((group) => (
            <TreeNode key={`${group.resource} ${group.via}`} group={group} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Stays({ resource, field, ids }: Detachment) {
  return (
    <li>
      <Ids
        title={resource}
        note={field === 'linkedTransactions' ? 'loses its link' : `${field} set to null`}
        ids={ids}
      />
    </li>
  );
}

function Ids({ title, note, ids }: { title: string; note: string; ids: readonly string[] }) {
  return (
    <details open={ids.length <= FEW}>
      <summary>
        {rowsOf(ids.length, title)} <small>{note}</small>
      </summary>
      <ul class="ids">
        {ids.slice(0, WRITTEN).map((id) => (
          <li key={id}>{id}</li>
        ))}
        {ids.length > WRITTEN && <li class="more">and {number(ids.length - WRITTEN)} more</li>}
      </ul>
    </details>
  );
}
