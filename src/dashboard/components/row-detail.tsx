// Details of a row: all its fields, and the rows it owns.
import type { ComponentChildren } from 'preact';
import type { Resource, Row } from '../../control/schemas.ts';
import { isCompanyRow, isRecord } from '../model/company-record.ts';
import { cellText, count, rowsOf } from '../model/format.ts';
import { type OwnedGroup, rowsIn } from '../model/resource-tree.ts';
import { routeHash } from '../model/route.ts';
import { previewDelete } from '../state/deletion.ts';
import { Copy } from './copy-button.tsx';
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
  const books = ownedGroups.filter((group) => isCompanyRow(group.resource) && group.rows > 0);
  const book = books.length > 0 ? [String(row[resource.key])] : bookOf(resource, row);
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
      {book !== undefined && (
        <p>
          <a href={routeHash('books', ...book)}>Open {book.length > 1 ? 'in ' : ''}the company file</a>
        </p>
      )}
      {ownedGroups
        .filter((group) => !isCompanyRow(group.resource))
        .map((group) => (
          <Belonging key={`${group.resource.name} ${group.column}`} group={group} Table={Table} />
        ))}
      {books.length > 0 && (
        <details>
          <summary>{count(rowsIn(books), 'row')} in the company file, deleted with it</summary>
          {books.map((group) => (
            <Belonging key={group.resource.name} group={group} Table={Table} />
          ))}
        </details>
      )}
    </div>
  );
}

function Belonging({ group, Table }: { group: OwnedGroup } & Pick<RowDetailProps, 'Table'>) {
  const { resource, column, value, tie, rows } = group;
  return (
    <section class="belonging">
      <h2>
        {rowsOf(rows, resource.name)}{' '}
        <small>
          via {resource.name}.{column}; {TIES[tie]}
        </small>
      </h2>
      {rows > 0 && <Table resource={resource} owner={{ column, value }} size={PAGE} />}
    </section>
  );
}

/** The place of a row in a company file. */
function bookOf(resource: Resource, row: Row): string[] | undefined {
  const endUserId = String(row.endUserId);
  if (resource.name === 'companyFiles') return [endUserId];
  return isRecord(resource) ? [endUserId, 'record', String(row[resource.key])] : undefined;
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
