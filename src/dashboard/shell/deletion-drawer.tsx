// Deletion drawer: the dry run of a DELETE or void, the button that confirms, and the result.

import { Cascade } from '../components/cascade.tsx';
import { Copyable } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Message } from '../components/message.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { ReopenedList } from '../components/reopened.tsx';
import { Status } from '../components/status-code.tsx';
import { curlLine, type ProviderRequest, publicUrl, type Verb } from '../model/delete-request.ts';
import { closeDeletion, confirmDelete, deletion } from '../state/deletion.ts';
import type { Outcome } from '../state/provider-call.ts';
import { sandboxInfo, separateOrigin } from '../state/sandbox.ts';

const WORDS = {
  delete: { title: 'Delete from', done: 'Deleted', button: 'Delete for real', busy: 'Deleting…' },
  void: { title: 'Void in', done: 'Voided', button: 'Void for real', busy: 'Voiding…' },
} as const;

/** Open while a deletion is in progress. */
export function DeletionDrawer() {
  const current = deletion.value;
  if (current === null) return null;
  const { verb, provider, resource, id, step, request, preview, outcome, failure } = current;
  const words = WORDS[verb];
  const shown = outcome ?? preview;
  return (
    <Dialog
      where="side"
      title={
        <>
          {words.title} {resource} <code>{id}</code>
        </>
      }
      onClose={closeDeletion}
    >
      <div class="body">
        {step === 'previewing' && <Loading />}
        {request !== null && separateOrigin.value && <ShellCommands request={request} provider={provider} />}
        {request !== null && shown !== null && <Result verb={verb} request={request} shown={shown} />}
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
              disabled={step !== 'previewed' || !hasEffect(verb, preview)}
              onClick={confirmDelete}
            >
              {step === 'deleting' ? words.busy : words.button}
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

/** Whether the dry run would have changed something. */
function hasEffect(verb: Verb, preview: Outcome | null): boolean {
  return verb === 'delete' ? preview?.receipt != null : preview?.status === 200;
}

function Result({ verb, request, shown }: { verb: Verb; request: ProviderRequest; shown: Outcome }) {
  const line = `${request.method} ${request.path}`;
  return (
    <>
      <p class="made">
        <b>{shown.dryRun ? 'Dry run' : WORDS[verb].done}</b>
        <code>{line}</code>
        <Status status={shown.status} />
      </p>
      <p>{verb === 'delete' ? resultText(shown) : voidText(shown)}</p>
      {shown.receipt !== null && <Cascade receipt={shown.receipt} />}
      {shown.reopenings.reopened.length > 0 && <ReopenedList {...shown.reopenings} dryRun={shown.dryRun} />}
      <details class="wire" open={!hasEffect(verb, shown)}>
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

function voidText({ dryRun, status }: Outcome): string {
  if (status === null) return 'The response was lost; the record shows whether it took effect.';
  if (status >= 300) return `Nothing ${dryRun ? 'would be' : 'is'} voided; see the response below.`;
  return dryRun ? 'Nothing has changed yet.' : 'It is void: it stays, without amounts, postings and links.';
}

/** With `--admin-port` the providers are on another origin, to which the page cannot send requests. */
function ShellCommands({ request, provider }: { request: ProviderRequest; provider: string }) {
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
      <h3>{request.method}</h3>
      <Copyable text={curlLine(request, url, false)} what={request.method} />
    </>
  );
}
