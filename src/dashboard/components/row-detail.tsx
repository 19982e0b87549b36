// Details of a row: all its fields, and the rows it owns.
import type { ComponentChildren } from 'preact';
import type { Resource, Row } from '../../control/schemas.ts';
import { deskActions } from '../model/desk.ts';
import { cellText, rowsOf } from '../model/format.ts';
import type { OwnedGroup } from '../model/resource-tree.ts';
import { routeHash } from '../model/route.ts';
import { previewDelete } from '../state/deletion.ts';
import { Copy } from './copy-button.tsx';
import { DeskActions } from './desk-actions.tsx';
import { Json } from './json.tsx';

/** How many owned rows are shown at once. */
const PAGE = 20;

const TIES = {
  owned: 'deleted with it',
  detached: 'detached when it is deleted',
  loose: 'unchanged when it is deleted',
} as const;

/** Which rows a table shows. */
export interface RowTableProps {
  readonly resource: Resource;
  /** Only rows where this column has this value. */
  readonly owner?: { readonly column: string; readonly value: string };
  /** Only rows with this text in some column. */
  readonly text?: string;
  /** Rows per page. */
  readonly size: number;
}

interface RowDetailProps {
  readonly resource: Resource;
  readonly row: Row;
  readonly ownedGroups: readonly OwnedGroup[];
  /** The table component for the rows it owns; passed in because tables and details are mutually recursive. */
  Table(props: RowTableProps): ComponentChildren;
}

/** The fields, then the rows it owns. */
export function RowDetail({ resource, row, ownedGroups, Table }: RowDetailProps) {
  const atDesk = deskActions(resource, row);
  return (
    <div class="detail">
      <dl class="fields">
        {resource.columns.map((column) => (
          <div key={column}>
            <dt>{column}</dt>
            <dd>
              <Value resource={resource} column={column} value={row[column]} />
            </dd>
          </div>
        ))}
      </dl>
      {resource.removal.of === 'owner' ? (
        <p class="hint">
          {resource.title} has no DELETE for {resource.name}; they are deleted with their owner.
        </p>
      ) : (
        <p>
          <button type="button" class="quiet risky" onClick={() => previewDelete(resource, String(row[resource.key]))}>
            Delete…
          </button>
        </p>
      )}
      {atDesk.length > 0 && <DeskActions actions={atDesk} />}
      {ownedGroups.map(({ resource: child, column, value, tie, rows }) => (
        <section class="belonging" key={`${child.name} ${column}`}>
          <h2>
            {rowsOf(rows, child.name)}{' '}
            <small>
              via {child.name}.{column}; {TIES[tie]}
            </small>
          </h2>
          {rows > 0 && <Table resource={child} owner={{ column, value }} size={PAGE} />}
        </section>
      ))}
    </div>
  );
}

function Value({ resource, column, value }: { resource: Resource; column: string; value: unknown }) {
  if (value === null || value === undefined) return <span class="nothing">{value === null ? 'null' : 'not set'}</span>;
  if (typeof value === 'object') return <Json value={value} name={column} />;
  const owner = resource.owners.find((one) => one.column === column);
  const text = cellText(value);
  return (
    <span class="copyable">
      {owner === undefined ? (
        <code>{text}</code>
      ) : (
        <a href={routeHash('rows', resource.provider, owner.resource, text)}>
          <code>{text}</code>
        </a>
      )}
      {typeof value === 'string' && <Copy text={text} what={column} />}
    </span>
  );
}
