// Overview panel: base URLs, keys and row counts of the providers, and the latest requests and deletions.

import type { Receipt, Resource } from '../../control/schemas.ts';
import { Copyable } from '../components/copy-button.tsx';
import { Empty, Failure } from '../components/placeholders.tsx';
import { Status } from '../components/status-code.tsx';
import { countsText } from '../model/cascade.ts';
import { count, number, timeOfDay } from '../model/format.ts';
import { pathOf, receivedStatus } from '../model/journal.ts';
import { type ProviderTree, rowsIn } from '../model/resource-tree.ts';
import { routeHash } from '../model/route.ts';
import { callControl } from '../state/control-plane.ts';
import { entries } from '../state/journal.ts';
import { sandboxName } from '../state/route.ts';
import { hueOf, rowsVersion, sandboxInfo, trees } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { RowsLink } from './rows.tsx';

/** How many of the latest requests and deletions are shown. */
const RECENT = 8;

/** The overview of a sandbox. */
export function Overview() {
  return (
    <>
      <header class="panel-head">
        <h1>
          {sandboxName.value} <small>sandbox</small>
        </h1>
      </header>
      <div class="cards">
        {trees.value.map((tree) => (
          <ProviderCard key={tree.provider} tree={tree} />
        ))}
      </div>
      <div class="halves">
        <LatestRequests />
        <LatestDeletions />
      </div>
    </>
  );
}

function ProviderCard({ tree: { provider, title, nodes, books } }: { tree: ProviderTree }) {
  const { baseUrl = '', ...keys } = sandboxInfo.value?.providers[provider] ?? {};
  return (
    <section class="card" aria-label={title}>
      <h2 data-hue={hueOf(provider)}>{title}</h2>
      <Copyable text={baseUrl} what={`base URL of ${title}`} />
      <dl class="access-list">
        {Object.entries(keys).map(([name, key]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Copyable text={key} what={`${name} of ${title}`} />
            </dd>
          </div>
        ))}
      </dl>
      <ul class="counts">
        {nodes.map(({ resource: { name, rows } }) => (
          <li key={name}>
            <RowsLink provider={provider} name={name} rows={rows} />
          </li>
        ))}
      </ul>
      {books.length > 0 && <Books provider={provider} books={books} />}
    </section>
  );
}

/** The company files, with what they hold folded. */
function Books({ provider, books }: { provider: string; books: readonly Resource[] }) {
  const kept = books.filter(({ rows }) => rows > 0);
  return (
    <div class="books-card">
      <a href={routeHash('books')}>Company files</a>
      <details>
        <summary>
          {count(rowsIn(books), 'row')} in {number(kept.length)} of {count(books.length, 'resource')}
        </summary>
        <ul class="counts">
          {kept.map(({ name, rows }) => (
            <li key={name}>
              <RowsLink provider={provider} name={name} rows={rows} />
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function LatestRequests() {
  const latest = entries.value?.slice(0, RECENT) ?? [];
  return (
    <section class="card" aria-label="Latest requests">
      <h2>Latest requests</h2>
      {latest.length === 0 ? (
        <Empty>No requests yet. Point your code at a base URL above.</Empty>
      ) : (
        <ul class="lately">
          {latest.map((entry) => (
            <li key={entry.id}>
              <a href={routeHash('journal', entry.id)} data-hue={hueOf(entry.provider)}>
                <time>{timeOfDay(entry.at).slice(0, 8)}</time>
                <span class="what">
                  <b>{entry.request.method}</b> {pathOf(entry.request.url)}
                </span>
                <Status status={receivedStatus(entry)} pending={entry.pending} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function LatestDeletions() {
  const { value, failure } = useRequest(
    (signal) =>
      callControl<{ deletions: Receipt[] }>('GET', '/deletions', {
        query: { sandbox: sandboxName.value, limit: RECENT },
        signal,
      }),
    [sandboxName.value, rowsVersion.value],
  );
  const latest = value?.deletions ?? [];
  return (
    <section class="card" aria-label="Latest deletions">
      <h2>Latest deletions</h2>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {latest.length === 0 ? (
        <Empty>No deletions yet.</Empty>
      ) : (
        <ul class="lately">
          {latest.map(({ requestId, at, provider, root, counts, detached, dryRun, answered }) => (
            <li key={requestId}>
              <a href={routeHash('journal', requestId)} data-hue={hueOf(provider)}>
                <time>{timeOfDay(at).slice(0, 8)}</time>
                <span class="what">
                  <b>{root.id}</b>
                  <small>
                    {countsText(counts)}
                    {detached.length > 0 && `, ${count(detached.length, 'row')} detached`}
                  </small>
                </span>
                {dryRun && <span class="tag">dry run</span>}
                {!answered && <span class="tag warn">response lost</span>}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
