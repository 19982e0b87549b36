// An open row: all of its fields, and below them the rows it owns.
import type { ComponentChildren } from 'preact';
import type { Resource, Row } from '../model/answers.ts';
import { cellText, rowsOf } from '../model/format.ts';
import type { OwnedGroup } from '../model/resource-tree.ts';
import { routeHash } from '../model/route.ts';
import { previewDelete } from '../state/deletion.ts';
import { Copy } from './copy-button.tsx';
import { Json } from './json.tsx';

/** How many owned rows are shown at once. */
const PAGE = 20;

const TIES = {
  owned: 'go along when it is deleted',
  detached: 'stay, and lose the value',
  loose: 'keep the value',
} as const;

/** Which rows a table shows. */
export interface RowTableProps {
  readonly resource: Resource;
  /** Only rows where this column has this value. */
  readonly owner?: { readonly column: string; readonly value: string };
  /** Only rows with this text in them. */
  readonly text?: string;
  /** How many rows a page has. */
  readonly size: number;
}

interface RowDetailProps {
  readonly resource: Resource;
  readonly row: Row;
  readonly ownedGroups: readonly OwnedGroup[];
  /** Shows the rows it owns; handed in, for tables and details are inside of each other. */
  Table(props: RowTableProps): ComponentChildren;
}

/** Fields, then what it owns. */
export function RowDetail({ resource, row, ownedGroups, Table }: RowDetailProps) {
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
          {resource.title} has no DELETE for {resource.name}: they go with their owner.
        </p>
      ) : (
        <p>
          <button type="button" class="quiet risky" onClick={() => previewDelete(resource, String(row[resource.key]))}>
            Delete…
          </button>
        </p>
      )}
      {ownedGroups.map(({ resource: child, column, value, tie, rows }) => (
        <section class="belonging" key={`${child.name} ${column}`}>
          <h2>
            {rowsOf(rows, child.name)}{' '}
            <small>
              via {child.name}.{column}; they {TIES[tie]}
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
