// One request of the journal: it and its answer side by side, with the fault and the receipt that belong to it.

import { Cascade } from '../components/cascade.tsx';
import { Copyable } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Message } from '../components/message.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { Status } from '../components/status-code.tsx';
import type { Entry, Receipt } from '../model/answers.ts';
import { duration, timeOfDay } from '../model/format.ts';
import { isDryRun } from '../model/journal.ts';
import { routeHash } from '../model/route.ts';
import { callControl } from '../state/control-plane.ts';
import { faults } from '../state/faults.ts';
import { entries } from '../state/journal.ts';
import { sandbox } from '../state/route.ts';
import { hueOf } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';

/** Shows the request of that id; it may be older than those that are loaded. */
export function JournalEntry({ id }: { id: string }) {
  const loaded = entries.value?.find((entry) => entry.id === id);
  const { value, failure } = useRequest(
    async (signal) => {
      const query = { sandbox: sandbox.value };
      const entry = loaded ?? (await callControl<Entry>('GET', `/requests/${id}`, { query, signal }));
      const receipt = entry.deletion ? await callControl<Receipt>('GET', `/deletions/${id}`, { query, signal }) : null;
      return { entry, receipt };
    },
    [id, sandbox.value],
  );
  const entry = loaded ?? value?.entry;
  return (
    <section class="entry" aria-label="Request and answer">
      <a class="back" href={routeHash('journal')}>
        <Icon name="back" /> All requests
      </a>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {entry === undefined && failure === undefined && <Loading />}
      {entry !== undefined && <Exchange entry={entry} receipt={value?.receipt ?? null} />}
    </section>
  );
}

function Exchange({ entry, receipt }: { entry: Entry; receipt: Receipt | null }) {
  const { id, at, provider, operation, durationMs, request, response, fault, nearest, notes } = entry;
  return (
    <>
      <h2 data-hue={hueOf(provider)}>
        <Status status={response.status} /> {operation ?? 'No operation'}
      </h2>
      <p class="facts">
        <time dateTime={at}>{timeOfDay(at)}</time> · {duration(durationMs)} · <Copyable text={id} what="request id" />
      </p>
      {isDryRun(entry) && <p class="note">A dry run: nothing rowsVersion.</p>}
      {fault !== undefined && !isDryRun(entry) && <FaultNote fault={fault} />}
      {nearest !== undefined && (
        <div class="note warn">
          <p>No operation has this method and path. The nearest ones:</p>
          <ul>
            {nearest.map(({ operation, method, path }) => (
              <li key={operation}>
                <code>
                  {method} {path}
                </code>{' '}
                {operation}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="sides">
        <Message
          title="Request"
          line={`${request.method} ${request.url}`}
          headers={request.headers}
          body={request.body}
          truncated={request.bodyTruncated === true}
        />
        <Message
          title="Answer"
          line={String(response.status)}
          headers={response.headers}
          body={response.body}
          truncated={response.bodyTruncated === true}
        />
      </div>
      {notes !== undefined && <Message title="Notes" line="" body={notes} />}
      {receipt !== null && (
        <section class="receipt" aria-label="Receipt">
          <h3>{receipt.dryRun ? 'Receipt of the dry run' : 'Receipt'}</h3>
          {!receipt.answered && <p class="note warn">It took effect, and its answer never reached the client.</p>}
          <Cascade receipt={receipt} />
        </section>
      )}
    </>
  );
}

function FaultNote({ fault }: { fault: string }) {
  const planned = faults.value?.some(({ id }) => id === fault) === true;
  return (
    <p class="note warn">
      {planned ? (
        <>
          Met by a <a href={routeHash('faults', fault)}>planned fault</a>.
        </>
      ) : (
        <>
          Bent on purpose: <code>{fault}</code>
        </>
      )}
    </p>
  );
}
