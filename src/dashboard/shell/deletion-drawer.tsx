// A deletion at the side of the page: what it would do, the button that does it, what it did.

import { Cascade } from '../components/cascade.tsx';
import { Copyable } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Message } from '../components/message.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { Status } from '../components/status-code.tsx';
import type { Removal } from '../model/answers.ts';
import { curlLine, publicUrl } from '../model/delete-request.ts';
import { closeDeletion, confirmDelete, deletion } from '../state/deletion.ts';
import type { Outcome } from '../state/provider-call.ts';
import { sandboxInfo, separateOrigin } from '../state/sandbox.ts';

/** Open while there is something to delete. */
export function DeletionDrawer() {
  const current = deletion.value;
  if (current === null) return null;
  const { provider, resource, id, step, call, preview, outcome, failure } = current;
  const shown = outcome ?? preview;
  return (
    <Dialog
      where="side"
      title={
        <>
          Delete from {resource} <code>{id}</code>
        </>
      }
      onClose={closeDeletion}
    >
      <div class="body">
        {step === 'asking' && <Loading />}
        {call !== null && separateOrigin.value && <FromOutside call={call} provider={provider} />}
        {call !== null && shown !== null && <Steps call={call} shown={shown} />}
        {failure !== null && <Failure>{failure}</Failure>}
      </div>
      <div class="foot">
        {step === 'done' || separateOrigin.value ? (
          <button type="button" class="main" onClick={closeDeletion}>
            Done
          </button>
        ) : (
          <>
            <button
              type="button"
              class="danger"
              disabled={step !== 'asked' || preview?.receipt == null}
              onClick={confirmDelete}
            >
              {step === 'deleting' ? 'Deleting…' : 'Delete for real'}
            </button>
            <button type="button" class="quiet" onClick={closeDeletion}>
              Cancel
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Steps({ call, shown }: { call: Removal; shown: Outcome }) {
  const line = `${call.method} ${call.path}`;
  return (
    <>
      <p class="made">
        <b>{shown.dryRun ? 'Dry run' : 'Deleted for real'}</b>
        <code>{line}</code>
        <Status status={shown.status} />
      </p>
      <p>{said(shown)}</p>
      {shown.receipt !== null && <Cascade receipt={shown.receipt} />}
      <details class="wire" open={shown.receipt === null}>
        <summary>The request and its answer</summary>
        <Message title="Request" line={line} headers={shown.headers} body={null} />
        <Message
          title="Answer"
          line={shown.status === null ? 'none: the connection broke' : String(shown.status)}
          body={shown.body}
        />
      </details>
    </>
  );
}

function said({ dryRun, status, receipt, again }: Outcome): string {
  if (receipt === null)
    return dryRun ? 'No row would go: the answer below says why.' : 'No row went: the answer below says why.';
  if (dryRun) return 'Nothing has rowsVersion yet.';
  if (again) return 'It took effect and its answer was lost; the browser asked again by itself, and got this.';
  if (status === null) return 'It took effect, and its answer was lost.';
  return status < 300 ? 'The rows have left the tables.' : 'It took effect, though the answer says otherwise.';
}

/** With `--admin-port` the providers are another origin, which a page may not call. */
function FromOutside({ call, provider }: { call: Removal; provider: string }) {
  if (sandboxInfo.value === null) return null;
  const url = publicUrl(sandboxInfo.value, provider, call.path);
  return (
    <>
      <p class="note">
        The control plane has a port of its own sandboxQuery, so this page cannot send requests to the providers. In a
        shell you can; what happens appears in the tables and the journal.
      </p>
      <h3>Dry run</h3>
      <Copyable text={curlLine(call, url, true)} what="dry run" />
      <h3>For real</h3>
      <Copyable text={curlLine(call, url, false)} what="DELETE" />
    </>
  );
}
