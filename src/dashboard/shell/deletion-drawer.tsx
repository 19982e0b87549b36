// Deletion drawer: the dry run, the button that confirms, and the result.

import type { DeleteRequest } from '../../control/schemas.ts';
import { Cascade } from '../components/cascade.tsx';
import { Copyable } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Message } from '../components/message.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { Status } from '../components/status-code.tsx';
import { curlLine, publicUrl } from '../model/delete-request.ts';
import { closeDeletion, confirmDelete, deletion } from '../state/deletion.ts';
import type { Outcome } from '../state/provider-call.ts';
import { sandboxInfo, separateOrigin } from '../state/sandbox.ts';

/** Open while a deletion is in progress. */
export function DeletionDrawer() {
  const current = deletion.value;
  if (current === null) return null;
  const { provider, resource, id, step, request, preview, outcome, failure } = current;
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
        {step === 'previewing' && <Loading />}
        {request !== null && separateOrigin.value && <ShellCommands request={request} provider={provider} />}
        {request !== null && shown !== null && <Result request={request} shown={shown} />}
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
              disabled={step !== 'previewed' || preview?.receipt == null}
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

function Result({ request, shown }: { request: DeleteRequest; shown: Outcome }) {
  const line = `${request.method} ${request.path}`;
  return (
    <>
      <p class="made">
        <b>{shown.dryRun ? 'Dry run' : 'Deleted'}</b>
        <code>{line}</code>
        <Status status={shown.status} />
      </p>
      <p>{resultText(shown)}</p>
      {shown.receipt !== null && <Cascade receipt={shown.receipt} />}
      <details class="wire" open={shown.receipt === null}>
        <summary>Request and response</summary>
        <Message title="Request" line={line} headers={shown.headers} body={null} />
        <Message
          title="Response"
          line={shown.status === null ? 'none: the connection broke' : String(shown.status)}
          body={shown.body}
        />
      </details>
    </>
  );
}

function resultText({ dryRun, status, receipt, retried }: Outcome): string {
  if (receipt === null)
    return dryRun
      ? 'No rows would be deleted; see the response below.'
      : 'No rows were deleted; see the response below.';
  if (dryRun) return 'Nothing has changed yet.';
  if (retried)
    return 'The deletion took effect, but its response was lost; the browser sent the request again and got this one.';
  if (status === null) return 'The deletion took effect, but its response was lost.';
  return status < 300 ? 'The rows are deleted.' : 'The deletion took effect, although the response reports an error.';
}

/** With `--admin-port` the providers are on another origin, to which the page cannot send requests. */
function ShellCommands({ request, provider }: { request: DeleteRequest; provider: string }) {
  if (sandboxInfo.value === null) return null;
  const url = publicUrl(sandboxInfo.value, provider, request.path);
  return (
    <>
      <p class="note">
        The control plane has its own port, so this page cannot send requests to the providers. Run these commands in a
        shell; the tables and the journal show the result.
      </p>
      <h3>Dry run</h3>
      <Copyable text={curlLine(request, url, true)} what="dry run" />
      <h3>DELETE</h3>
      <Copyable text={curlLine(request, url, false)} what="DELETE" />
    </>
  );
}
