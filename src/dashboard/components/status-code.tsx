// A status code that can be told by its colour and read without it.
import { statusKind } from '../model/journal.ts';

/** The status of an answer; null where it was lost. */
export function Status({ status }: { status: number | null }) {
  return (
    <span class="status" data-kind={status === null ? 'failed' : statusKind(status)}>
      {status ?? 'lost'}
    </span>
  );
}
