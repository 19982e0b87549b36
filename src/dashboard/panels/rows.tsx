// Rows panel: the provider's base URL and keys, a filter, and the table of one resource.
import { useEffect, useState } from 'preact/hooks';
import { Copyable } from '../components/copy-button.tsx';
import { Empty } from '../components/placeholders.tsx';
import { RowTable } from '../components/row-table.tsx';
import { number } from '../model/format.ts';
import { resourceOf } from '../model/resource-tree.ts';
import { routeHash } from '../model/route.ts';
import { navigate, route, sandboxName } from '../state/route.ts';
import { resources, sandboxInfo, trees } from '../state/sandbox.ts';

/** Rows per page. */
const PAGE = 50;
/** Debounce of the filter, in ms. */
const TYPING = 150;

/** The resource in the route; the first one where the route has none. */
export function Rows() {
  const [provider, name, text = ''] = route.value.rest;
  const resource = resourceOf(resources.value, provider, name) ?? resources.value[0];
  const address = JSON.stringify([provider, name, text]);
  const [entered, setEntered] = useState({ address, typed: text, filter: text });
  // A filter typed for another route does not apply, from the first render on.
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
            onChange={(event) => navigate('rows', ...event.currentTarget.value.split('/'))}
          >
            {trees.value.map((tree) => (
              <optgroup key={tree.provider} label={tree.title}>
                {[...tree.nodes.map((node) => node.resource), ...tree.books].map(({ name, rows }) => (
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
            There are no {resource.name} in {sandboxName.value}.
          </p>
          <p>
            Requests to the provider, <code>POST /__admin/state</code> and a reset to the fixtures create them.
          </p>
        </Empty>
      ) : (
        <RowTable
          key={`${sandboxName.value}/${resource.provider}/${resource.name}`}
          resource={resource}
          text={filter}
          size={PAGE}
        />
      )}
    </>
  );
}

/** A link to the rows of a resource, with their number. */
export function RowsLink({ provider, name, rows }: { provider: string; name: string; rows: number }) {
  return (
    <a href={routeHash('rows', provider, name)}>
      <span>{name}</span> <b class="figures">{number(rows)}</b>
    </a>
  );
}
