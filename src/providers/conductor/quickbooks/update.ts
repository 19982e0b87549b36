// Update: the same for all resources. What is absent stays, and the revision number must be the current one.
import type { CompanyFile, Json } from './company-file.ts';
import type { Schema } from './contract.ts';
import { sparse } from './create.ts';
import { requireStorable, requireUnlocked } from './desk-rules.ts';
import { CODES, notFound, refusal } from './failures.ts';
import { completeName } from './names.ts';
import type { Posting } from './postings.ts';
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
  requireUnlocked(file, entry, before);
  const body = entry.rewritten?.(request, before) ?? request;
  const draft: Draft = { file, entry, id, request: body, record: structuredClone(before.body), before };
  readRecord(draft, shape);
  entry.complete?.(draft);
  completeName(draft);
  requireStorable(draft);
  if (postsSomething(draft.record)) delete draft.record.voided;
  const object = file.replace(before, sparse(draft.record));
  entry.stored?.(draft, object);
  return showObjects(file, entry, shape, [object], { linkedTransactions: true })[0] as Json;
}

/** Whether a record has amounts or quantities: one that was voided has none until an update gives it some. */
function postsSomething({ postings = [] }: { postings?: readonly Posting[] }): boolean {
  return postings.some(({ amount, quantity = 0 }) => amount !== 0 || quantity !== 0);
}
