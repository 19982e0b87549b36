// Writes the ledger of a large deletion in steps, on a private copy of the database.
import type { Database } from '../storage/database.ts';
import { ranges } from '../storage/table-rows.ts';
import {
  addEntry,
  type DeletionHead,
  ENTRY,
  type Entry,
  lastEntry,
  openReceipt,
  pruneEntries,
  pruneReceipts,
} from './ledger.ts';

/** Rows of a receipt that are copied at a time. */
const COPIED_ROWS = 500;

/** Records what `steps` delete in the receipt of a request, which must be the newest one. */
export function* recordSteps(db: Database, requestId: string, steps: Iterable<void>): Generator<void> {
  db.run('update current_request set deletion = (select seq from deletions where request_id = ?)', requestId);
  yield* steps;
  db.run('update current_request set deletion = null');
  yield* pruneInSteps(db);
}

/** Copies the receipt of a request from one database to another, as that of a dry run. */
export function* copyAsDryRun(from: Database, to: Database, requestId: string): Generator<void> {
  const head = from.get<DeletionHead & { readonly after: number }>(
    `select request_id as requestId, at, provider, operation, provider_request_id as providerRequestId,
      ledger_after as after from deletions where request_id = ?`,
    requestId,
  );
  const { after } = head as { readonly after: number };
  const seq = openReceipt(to, head as DeletionHead, lastEntry(to), 1);
  const sql = `select ${ENTRY} from ledger where seq > ? and seq <= ? order by seq`;
  for (const range of ranges(from, 'ledger', COPIED_ROWS, after)) {
    for (const row of from.all<Entry>(sql, ...range)) addEntry(to, seq, row);
    yield;
  }
  yield* pruneInSteps(to);
}

/** Prunes completely; `recordDeletion` leaves rows to the deletions after it. */
function* pruneInSteps(db: Database): Generator<void> {
  pruneReceipts(db, (db.get('select max(seq) as last from deletions') as { last: number }).last);
  while (pruneEntries(db) > 0) yield;
}
