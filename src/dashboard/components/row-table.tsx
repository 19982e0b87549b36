// A table of a resource's rows, paginated; each row expands to its details and the rows it owns.
import { useState } from 'preact/hooks';
import type { RowsPage } from '../../control/schemas.ts';
import { shownColumns } from '../model/columns.ts';
import { clampOffset } from '../model/pagination.ts';
import { callControl } from '../state/control-plane.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { Pagination } from './pagination.tsx';
import { Empty, Failure, Loading } from './placeholders.tsx';
import type { RowTableProps } from './row-detail.tsx';
import { RowLine } from './table-row.tsx';

/** Loads and shows a page of rows; the page stays the same while rows are inserted and deleted. */
export function RowTable({ resource, owner, text = '', size }: RowTableProps) {
  const [wanted, setOffset] = useState({ offset: 0, text });
  const offset = wanted.text === text ? wanted.offset : 0;
  const { provider, name } = resource;
  const { value: page, failure } = useRequest(
    async (signal) => {
      const query = { sandbox: sandboxName.value, ...owner, ...(text === '' ? {} : { text }), limit: size };
      const read = (from: number) =>
        callControl<RowsPage>('GET', `/resources/${provider}/${name}`, { query: { ...query, offset: from }, signal });
      const found = await read(offset);
      const kept = clampOffset(offset, size, found.meta.total);
      return kept === offset ? { ...found, offset } : { ...(await read(kept)), offset: kept };
    },
    [sandboxName.value, rowsVersion.value, text, offset, owner?.value],
  );
  if (failure !== undefined) return <Failure>{failure}</Failure>;
  if (page === undefined) return <Loading />;
  const { rows, owned, meta } = page;
  if (rows.length === 0) {
    return <Empty>{text === '' ? `There are no ${name}.` : `No ${name} with “${text}” in any column.`}</Empty>;
  }
  const columns = shownColumns(resource, owner?.column);
  const [lead, ...others] = columns;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard. */}
      <section class="table-box" aria-label={`${name}, table`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{lead}</th>
              {owned.length > 0 && <th scope="col">owns</th>}
              {others.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              {resource.removal.of === 'row' && (
                <th scope="col" class="act">
                  <span class="unseen">actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody onKeyDown={moveFocus}>
            {rows.map((row) => (
              <RowLine
                key={String(row[resource.key])}
                resource={resource}
                row={row}
                columns={columns}
                owned={owned}
                Table={RowTable}
              />
            ))}
          </tbody>
        </table>
      </section>
      <Pagination
        what={name}
        offset={page.offset}
        size={size}
        total={meta.total}
        onPage={(to) => setOffset({ offset: to, text })}
      />
    </>
  );
}

/** Arrow keys: up and down move between rows, right expands a row, left collapses it. */
function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const twist = event.target as HTMLElement;
  if (!twist.classList.contains('twist')) return;
  const open = twist.getAttribute('aria-expanded') === 'true';
  const twists = [...event.currentTarget.querySelectorAll<HTMLElement>('.twist')];
  const beside = (step: number) => twists[twists.indexOf(twist) + step]?.focus();
  if (event.key === 'ArrowDown') beside(1);
  else if (event.key === 'ArrowUp') beside(-1);
  else if (event.key === (open ? 'ArrowLeft' : 'ArrowRight')) twist.click();
  else return;
  event.preventDefault();
  // Tables are nested.
  event.stopPropagation();
}
