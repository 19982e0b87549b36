// The rows of one resource: where its provider is, a filter, the table.
import { useEffect, useState } from 'preact/hooks';
import { Copyable } from '../components/copy-button.tsx';
import { Empty } from '../components/placeholders.tsx';
import { RowTable } from '../components/row-table.tsx';
import { number } from '../model/format.ts';
import { resourceOf } from '../model/resource-tree.ts';
import { routeHash } from '../model/route.ts';
import { go, route, sandbox } from '../state/route.ts';
import { resources, sandboxInfo, trees } from '../state/sandbox.ts';

/** How many rows are shown at once. */
const PAGE = 50;
/** How long to wait for the next letter of a filter, in ms. */
const TYPING = 150;

/** The table that the address names; the first one where it names none. */
export function Rows() {
  const [provider, name, text = ''] = route.value.rest;
  const resource = resourceOf(resources.value, provider, name) ?? resources.value[0];
  const address = JSON.stringify([provider, name, text]);
  const [entered, setEntered] = useState({ address, typed: text, filter: text });
  // What was typed at another address is nothing sandboxQuery, from the first frame on.
  const { typed, filter } = entered.address === address ? entered : { typed: text, filter: text };
  useEffect(() => {
    const timer = setTimeout(() => setEntered({ address, typed, filter: typed.trim() }), TYPING);
    return () => clearTimeout(timer);
  }, [address, typed]);
  if (resource === undefined || sandboxInfo.value === null) return null;
  const { baseUrl = '', ...keys } = sandboxInfo.value.providers[resource.provider] ?? {};
  return (
    <>
      <header class="panel-head">
        <h1>
          {resource.name} <small>{resource.title}</small>
        </h1>
        <label class="resource-choice">
          <span class="unseen">Resource</span>
          <select
            value={`${resource.provider}/${resource.name}`}
            onChange={(event) => go('rows', ...event.currentTarget.value.split('/'))}
          >
            {trees.value.map((tree) => (
              <optgroup key={tree.provider} label={tree.title}>
                {tree.branches.map(({ resource: { name, rows } }) => (
                  <option key={name} value={`${tree.provider}/${name}`}>
                    {`${name} (${rows})`}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <input
          type="search"
          placeholder="Filter: text in any column"
          aria-label={`Filter ${resource.name}`}
          value={typed}
          onInput={(event) => setEntered({ address, typed: event.currentTarget.value, filter })}
        />
      </header>
      <p class="access">
        <Copyable text={baseUrl} what={`base URL of ${resource.title}`} />
        {Object.entries(keys).map(([name, key]) => (
          <Copyable key={name} text={key} what={`${name} of ${resource.title}`} />
        ))}
      </p>
      {resource.rows === 0 && filter === '' ? (
        <Empty>
          <p>
            There are no {resource.name} in {sandbox.value}.
          </p>
          <p>
            They come with requests to the provider, with <code>POST /__admin/state</code>, or with a reset to the
            fixtures.
          </p>
        </Empty>
      ) : (
        <RowTable
          key={`${sandbox.value}/${resource.provider}/${resource.name}`}
          resource={resource}
          text={filter}
          size={PAGE}
        />
      )}
    </>
  );
}

/** A link to the rows of a resource, with how many there are. */
export function RowsLink({ provider, name, rows }: { provider: string; name: string; rows: number }) {
  return (
    <a href={routeHash('rows', provider, name)}>
      <span>{name}</span> <b class="figures">{number(rows)}</b>
    </a>
  );
}
