// A journal entry: request and response side by side, with the fault injected and the receipt.

import type { JournalEntry, Receipt } from '../../control/schemas.ts';
import { Cascade } from '../components/cascade.tsx';
import { Copyable } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Message } from '../components/message.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { Status } from '../components/status-code.tsx';
import { duration, timeOfDay } from '../model/format.ts';
import { receivedStatus } from '../model/journal.ts';
import { routeHash } from '../model/route.ts';
import { callControl } from '../state/control-plane.ts';
import { faults } from '../state/faults.ts';
import { entries } from '../state/journal.ts';
import { sandboxName } from '../state/route.ts';
import { hueOf } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';

/** The entry with this id, which may be older than those loaded. */
export function EntryDetails({ id }: { id: string }) {
  const loaded = entries.value?.find((entry) => entry.id === id);
  const { value, failure } = useRequest(
    async (signal) => {
      const query = { sandbox: sandboxName.value };
      const entry = loaded ?? (await callControl<JournalEntry>('GET', `/requests/${id}`, { query, signal }));
      const receipt = entry.deletion ? await callControl<Receipt>('GET', `/deletions/${id}`, { query, signal }) : null;
      return { entry, receipt };
    },
    [id, sandboxName.value],
  );
  const entry = loaded ?? value?.entry;
  return (
    <section class="entry" aria-label="Request and response">
      <a class="back" href={routeHash('journal')}>
        <Icon name="back" /> All requests
      </a>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {entry === undefined && failure === undefined && <Loading />}
      {entry !== undefined && <Exchange entry={entry} receipt={value?.receipt ?? null} />}
    </section>
  );
}

function Exchange({ entry, receipt }: { entry: JournalEntry; receipt: Receipt | null }) {
  const { id, at, provider, operation, durationMs, request, response, fault, nearest, notes, pending, dryRun } = entry;
  return (
    <>
      <h2 data-hue={hueOf(provider)}>
        <Status status={receivedStatus(entry)} pending={pending} /> {operation ?? 'No operation'}
      </h2>
      <p class="facts">
        <time dateTime={at}>{timeOfDay(at)}</time> · {duration(durationMs)} · <Copyable text={id} what="request id" />
      </p>
      {dryRun && <p class="note">Dry run: nothing changed.</p>}
      {fault !== undefined && !dryRun && <FaultNote fault={fault} />}
      {!entry.delivered && (
        <p class="note warn">
          {pending ? 'The response is pending.' : 'The response never reached the client, or only a part of it.'}
        </p>
      )}
      {nearest !== undefined && (
        <div class="note warn">
          <p>No operation has this method and path. The most similar:</p>
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
          title="Response"
          line={pending ? 'pending' : String(response.status)}
          headers={response.headers}
          body={response.body}
          truncated={response.bodyTruncated === true}
        />
      </div>
      {notes !== undefined && <Message title="Notes" line="" body={notes} />}
      {receipt !== null && (
        <section class="receipt" aria-label="Receipt">
          <h3>{receipt.dryRun ? 'Receipt of the dry run' : 'Receipt'}</h3>
          {!receipt.answered && (
            <p class="note warn">The deletion took effect, but the provider's own response never reached the client.</p>
          )}
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
          A <a href={routeHash('faults', fault)}>planned fault</a> was injected.
        </>
      ) : (
        <>
          Injected fault: <code>{fault}</code>
        </>
      )}
    </p>
  );
}
