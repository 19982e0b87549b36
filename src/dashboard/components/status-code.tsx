// A status code with its colour.
import { statusKind } from '../model/journal.ts';

/** The status that a client received; null where the response was lost or is pending. */
export function Status({ status, pending = false }: { status: number | null; pending?: boolean | undefined }) {
  return (
    <span class="status" data-kind={status === null ? (pending ? 'moved' : 'failed') : statusKind(status)}>
      {status ?? (pending ? '…' : 'lost')}
    </span>
  );
}
