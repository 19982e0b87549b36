// What can be done with a record: delete and void through the API, and edit, lock, delete at the customer's desk.
import { useState } from 'preact/hooks';
import { Confirm } from '../components/confirm-button.tsx';
import { Field } from '../components/field.tsx';
import type { RecordView } from '../model/company-record.ts';
import { deleteRecord, editRecord, setLock } from '../model/desk.ts';
import { doAtDesk } from '../state/company-file.ts';
import { previewDelete } from '../state/deletion.ts';
import { DeskOutcome } from './desk-outcome.tsx';

interface RecordActionsProps {
  readonly endUserId: string;
  readonly id: string;
  readonly view: RecordView;
}

/** The buttons, and what the last one did. */
export function RecordActions({ endUserId, id, view }: RecordActionsProps) {
  const { resource, verbs, locked } = view;
  const [editing, setEditing] = useState(false);
  const preview = (verb: 'delete' | 'void') => previewDelete({ provider: 'conductor', name: resource }, id, verb);
  return (
    <div class="do">
      {verbs.includes('delete') && (
        <fieldset>
          <legend>Through the API</legend>
          <button type="button" class="quiet risky" onClick={() => preview('delete')}>
            Delete…
          </button>
          {verbs.includes('void') && (
            <button type="button" class="quiet risky" onClick={() => preview('void')}>
              Void…
            </button>
          )}
        </fieldset>
      )}
      <fieldset>
        <legend>At the customer's desk</legend>
        <button type="button" class="quiet" aria-expanded={editing} onClick={() => setEditing(!editing)}>
          Edit
        </button>
        <button type="button" class="quiet" onClick={() => doAtDesk(() => setLock(endUserId, id, !locked))}>
          {locked ? 'Unlock' : 'Lock'}
        </button>
        <Confirm
          label="Delete there"
          question="This deletes it behind the API's back."
          action="Delete"
          onConfirm={async () => {
            await doAtDesk(() => deleteRecord(endUserId, id));
          }}
        />
      </fieldset>
      {editing && <EditForm endUserId={endUserId} id={id} onDone={() => setEditing(false)} />}
      <DeskOutcome />
    </div>
  );
}

function EditForm({ endUserId, id, onDone }: { endUserId: string; id: string; onDone(): void }) {
  const [changes, setChanges] = useState('');
  return (
    <form
      class="edit"
      aria-label="Edit at the desk"
      onSubmit={async (event) => {
        event.preventDefault();
        if (await doAtDesk(() => editRecord(endUserId, id, changes))) onDone();
      }}
    >
      <Field label="Changes" hint="JSON as in an update, without revisionNumber; empty: saved as it is">
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={changes}
            placeholder={'{"memo": "Checked by phone"}'}
            onInput={(event) => setChanges(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="main">
        Save
      </button>
    </form>
  );
}
