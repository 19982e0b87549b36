// A row of a table, collapsed or expanded.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { Owned, Resource, Row } from '../../control/schemas.ts';
import { markKey } from '../model/cascade.ts';
import { isCompanyRow } from '../model/company-record.ts';
import { cellText, compact, count, listed, rowsOf } from '../model/format.ts';
import { type OwnedGroup, ownedGroups, rowsIn } from '../model/resource-tree.ts';
import { marks, previewDelete } from '../state/deletion.ts';
import { resources } from '../state/sandbox.ts';
import { Icon } from './icon.tsx';
import { RowDetail, type RowTableProps } from './row-detail.tsx';

const MARKS = { goes: 'would be deleted', stays: 'would be detached', gone: 'deleted' } as const;

interface RowLineProps {
  readonly resource: Resource;
  readonly row: Row;
  readonly columns: readonly string[];
  readonly owned: readonly Owned[];
  /** The table component for the rows it owns. */
  Table(props: RowTableProps): ComponentChildren;
}

/** The first column expands the row; the last deletes it, where the provider has a DELETE. */
export function RowLine({ resource, row, columns, owned, Table }: RowLineProps) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const id = String(row[resource.key]);
  const mark = marks.value.get(markKey(resource.provider, resource.name, id));
  const mine = ownedGroups(resources.value, resource, row, owned);
  const [, ...others] = columns;
  return (
    <>
      <tr class="row" data-mark={mark}>
        <th scope="row">
          <span class="lead">
            <button
              type="button"
              class="twist"
              aria-expanded={open}
              aria-controls={detail}
              aria-label={`Details of ${id}`}
              onClick={() => setOpen(!open)}
            >
              <Icon name="chevron" />
            </button>
            <span class="id" title={id}>
              {compact(id)}
            </span>
            {mark !== undefined && <em class="mark">{MARKS[mark]}</em>}
          </span>
        </th>
        {owned.length > 0 && <td class="owns">{ownsText(mine)}</td>}
        {others.map((column) => (
          <td key={column} data-kind={typeof row[column]}>
            {compact(cellText(row[column]))}
          </td>
        ))}
        {resource.removal.of === 'row' && (
          <td class="act">
            <button
              type="button"
              class="quiet"
              aria-label={`Delete ${id}…`}
              onClick={() => previewDelete(resource, id)}
            >
              Delete…
            </button>
          </td>
        )}
      </tr>
      {open && (
        <tr class="opened" id={detail} data-mark={mark === 'gone' ? mark : undefined}>
          <td colSpan={columns.length + 2}>
            <RowDetail resource={resource} row={row} ownedGroups={mine} Table={Table} />
          </td>
        </tr>
      )}
    </>
  );
}

function ownsText(mine: readonly OwnedGroup[]): string {
  const some = mine.filter(({ rows }) => rows > 0);
  const books = some.filter(({ resource }) => isCompanyRow(resource));
  const parts = some
    .filter(({ resource }) => !isCompanyRow(resource))
    .map(({ resource, rows }) => rowsOf(rows, resource.name));
  if (books.length > 0) parts.push(`${count(rowsIn(books), 'row')} in the company file`);
  return parts.length === 0 ? '–' : listed(parts);
}
