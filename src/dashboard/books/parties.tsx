// The customers (with their jobs) or vendors of a company file, with what is open of each.
import { useState } from 'preact/hooks';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import type { ListObject } from '../model/books.ts';
import { number } from '../model/format.ts';
import { readList } from '../state/company-file.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { BookTable } from './book-table.tsx';

interface PartiesProps {
  readonly endUserId: string;
  readonly kind: 'customers' | 'vendors';
}

/** All of them, or those whose name has a text. */
export function Parties({ endUserId, kind }: PartiesProps) {
  const [text, setText] = useState('');
  const nameContains = text.trim() === '' ? undefined : text.trim();
  const { value, failure } = useRequest(
    (signal) => readList<ListObject>(endUserId, `qbd.${kind}.list`, { status: 'all', nameContains }, signal),
    [sandboxName.value, rowsVersion.value, endUserId, nameContains],
  );
  return (
    <>
      <input
        type="search"
        class="search"
        placeholder="Name"
        aria-label={`Search ${kind}`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {failure !== undefined && <Failure>{failure}</Failure>}
      {value === undefined && failure === undefined && <Loading />}
      {value?.data.length === 0 && (
        <Empty>
          There are no {kind}
          {nameContains !== undefined && ` with “${nameContains}” in their name`}.
        </Empty>
      )}
      {value !== undefined && value.data.length > 0 && (
        <BookTable
          endUserId={endUserId}
          name={kind}
          columns={kind === 'customers' ? ['Name', '#Balance', '#With jobs'] : ['Name', '#Balance']}
          rows={value.data.map(({ id, name, sublevel = 0, isActive, balance, totalBalance }) => ({
            key: id,
            to: id,
            depth: sublevel,
            cells: [isActive ? name : `${name} (inactive)`, balance, ...(kind === 'customers' ? [totalBalance] : [])],
          }))}
        />
      )}
      {value !== undefined && value.more > 0 && (
        <p class="hint">and {number(value.more)} more; search for a name to see others.</p>
      )}
    </>
  );
}
