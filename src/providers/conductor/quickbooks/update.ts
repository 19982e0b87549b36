// Update: the same for all resources. What is absent stays, and the revision number must be the current one.
import type { CompanyFile, Json } from './company-file.ts';
import type { Schema } from './contract.ts';
import { sparse } from './create.ts';
import { CODES, notFound, refusal } from './failures.ts';
import { completeName } from './names.ts';
import { readRecord } from './read-record.ts';
import type { Draft, ResourceEntry } from './resource-entry.ts';
import { showObjects } from './show-record.ts';

/** Updates an object and returns it as the response shows it. @throws Failure; nothing is changed then */
export function update(file: CompanyFile, entry: ResourceEntry, shape: Schema, id: string, request: Json): Json {
  const before = file.find(entry.path, id);
  if (before === undefined) throw notFound(id);
  if (before.revisionNumber !== request.revisionNumber) {
    throw refusal(
      CODES.revision,
      `The provided revision number (edit sequence) "${String(request.revisionNumber)}" is out-of-date.`,
    );
  }
  checkClosed(file, entry, before.body);
  const draft: Draft = { file, entry, id, request, record: structuredClone(before.body), before };
  readRecord(draft, shape);
  entry.complete?.(draft);
  completeName(draft);
  checkClosed(file, entry, draft.record);
  const object = file.replace(before, sparse(draft.record));
  entry.stored?.(draft, object);
  return showObjects(file, entry, shape, [object], { linkedTransactions: true })[0] as Json;
}

/** @throws Failure 3171 for a transaction dated on or before the closing date */
function checkClosed(file: CompanyFile, { title }: ResourceEntry, { transactionDate }: Json): void {
  const { closingDate } = file.preference('accounting') as { closingDate?: string | null };
  if (transactionDate === undefined || !closingDate || (transactionDate as string) > closingDate) return;
  throw refusal(
    CODES.changeClosed,
    `There was an error when modifying a ${title}. QuickBooks error message: The date of the transaction is on or before the closing date of the company.`,
  );
}
