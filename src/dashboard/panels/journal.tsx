// Journal panel: live list of requests with filters, and the details of the selected one.
import { useState } from 'preact/hooks';
import type { JournalEntry } from '../../control/schemas.ts';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import { Status } from '../components/status-code.tsx';
import { duration, number, timeOfDay } from '../model/format.ts';
import { EVERYTHING, entryAt, filtered, type JournalFilter, pathOf, receivedStatus, tagsOf } from '../model/journal.ts';
import { routeHash } from '../model/route.ts';
import { errorText } from '../state/control-plane.ts';
import { clear, entries, loadOlder, paused, togglePause, total } from '../state/journal.ts';
import { navigate, route } from '../state/route.ts';
import { hueOf, trees } from '../state/sandbox.ts';
import { EntryDetails } from './journal-entry.tsx';

/** List and details; one at a time on a small screen. */
export function Journal() {
  const [filter, setFilter] = useState(EVERYTHING);
  const [failure, setFailure] = useState<string>();
  const known = entries.value;
  const [selected] = route.value.rest;
  const attempt = (work: () => Promise<void>) => async () => {
    setFailure(undefined);
    await work().catch((error) => setFailure(errorText(error)));
  };
  const shown = known === null ? [] : filtered(known, filter);
  return (
    <div class="journal" data-selected={selected !== undefined}>
      <header class="panel-head">
        <h1>Journal</h1>
        <Filter filter={filter} onFilter={setFilter} />
        <button type="button" class="quiet" aria-pressed={paused.value !== null} onClick={attempt(togglePause)}>
          {paused.value === null ? 'Pause' : `Resume (${number(paused.value)} new)`}
        </button>
        <button
          type="button"
          class="quiet"
          disabled={known?.length === 0}
          onClick={attempt(() => clear().then(() => navigate('journal')))}
        >
          Clear
        </button>
      </header>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {known === null && <Loading />}
      {known?.length === 0 && (
        <Empty>
          <p>No requests yet.</p>
          <p>Requests to the base URLs appear here with their responses.</p>
        </Empty>
      )}
      {known !== null && known.length > 0 && (
        <div class="split">
          <div class="list">
            {shown.length === 0 && <Empty>No requests match the filter.</Empty>}
            <List shown={shown} selected={selected} />
            <p class="hint">
              {number(shown.length)} of {number(total.value)} requests{' '}
              {known.length < total.value && (
                <button type="button" class="quiet" onClick={attempt(loadOlder)}>
                  Load older
                </button>
              )}
            </p>
          </div>
          {selected === undefined ? (
            <div class="entry none">
              <Empty>Select a request to see it with its response.</Empty>
            </div>
          ) : (
            <EntryDetails key={selected} id={selected} />
          )}
        </div>
      )}
    </div>
  );
}

function Filter({ filter, onFilter }: { filter: JournalFilter; onFilter(filter: JournalFilter): void }) {
  return (
    <span class="filters">
      <select
        aria-label="Provider"
        value={filter.provider}
        onChange={(event) => onFilter({ ...filter, provider: event.currentTarget.value })}
      >
        <option value="">all providers</option>
        {trees.value.map(({ provider, title }) => (
          <option key={provider} value={provider}>
            {title}
          </option>
        ))}
        <option value="-">no provider</option>
      </select>
      <select
        aria-label="Status"
        value={filter.status}
        onChange={(event) => onFilter({ ...filter, status: event.currentTarget.value })}
      >
        <option value="">all statuses</option>
        <option value="2">2xx</option>
        <option value="3">3xx</option>
        <option value="4">4xx</option>
        <option value="5">5xx</option>
      </select>
      <input
        type="search"
        aria-label="Filter requests"
        placeholder="Filter: URL, operation, body"
        value={filter.text}
        onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
      />
    </span>
  );
}

function List({ shown, selected }: { shown: readonly JournalEntry[]; selected: string | undefined }) {
  return (
    <ol
      class="requests"
      aria-label="Requests"
      onKeyDown={(event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        const next = step === 0 ? undefined : entryAt(shown, selected, step);
        if (next === undefined) return;
        event.preventDefault();
        navigate('journal', next.id);
        document.getElementById(`request-${next.id}`)?.focus();
      }}
    >
      {shown.map((entry) => {
        const {
          id,
          at,
          provider,
          operation,
          durationMs,
          request: { method, url },
          pending,
        } = entry;
        return (
          <li key={id}>
            <a
              id={`request-${id}`}
              href={routeHash('journal', id)}
              aria-current={id === selected ? 'true' : undefined}
              data-hue={hueOf(provider)}
            >
              <Status status={receivedStatus(entry)} pending={pending} />
              <span class="what">
                <b>{method}</b> {pathOf(url)}
              </span>
              <span class="more">
                <time>{timeOfDay(at).slice(0, 8)}</time> {operation ?? 'no operation'} · {duration(durationMs)}
                {tagsOf(entry).map(({ text, warns }) => (
                  <span key={text} class={warns ? 'tag warn' : 'tag'}>
                    {text}
                  </span>
                ))}
              </span>
            </a>
          </li>
        );
      })}
    </ol>
  );
}
