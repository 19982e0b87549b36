// A status code with its colour.
import { statusKind } from '../model/journal.ts';

/** The status of a response; null where the response was lost. */
export function Status({ status }: { status: number | null }) {
  return (
    <span class="status" data-kind={status === null ? 'failed' : statusKind(status)}>
      {status ?? 'lost'}
    </span>
  );
}
