// What may change of an item that transactions use: its accounts and its base unit.
import type { CompanyFile, Json } from '../company-file.ts';
import { CODES, cannotChange, refusal } from '../failures.ts';
import type { Posting } from '../postings.ts';
import type { Draft } from '../resource-entry.ts';
import { isUsed } from './lists.ts';

/**
 * Accounts of a used item move with the flag that says so, and take past postings along (documented). `detail` names the
 * member of the record that holds the accounts; null for the record itself.
 *
 * @throws Failure 3170 without the flag, 3171 for a transaction in a closed period
 */
export function moveAccounts(
  draft: Draft,
  fields: Readonly<Record<string, string | null>>,
  detail: string | null,
): void {
  const { file, entry, id, request, record, before } = draft;
  if (before === null) return;
  const part = (body: Json) => (detail === null ? body : (body[detail] as Json));
  const asked = (detail === null ? request : request[detail]) as Json;
  for (const [field, flag] of Object.entries(fields)) {
    const from = part(before.body)[field] as { id: string } | undefined;
    const to = part(record)[field] as { id: string } | undefined;
    if (from === undefined || to === undefined || from.id === to.id) continue;
    if (!isUsed(file, id)) continue;
    if (flag === null || asked[flag] !== true) {
      throw cannotChange(entry.title, `The item is used in transactions; "${field}" needs ${flag ?? 'to stay'}.`);
    }
    movePostings(file, id, from.id, to.id);
  }
}

/** Rewrites the postings of an item from one account to another, unless one of them is in a closed period. */
function movePostings(file: CompanyFile, item: string, from: string, to: string): void {
  const { closingDate } = file.preference('accounting') as { closingDate?: string | null };
  const rows = file.db.all<{ object: number }>(
    'select distinct object from conductor_quickbooksPostings where account = ? and item = ?',
    from,
    item,
  );
  for (const object of file.read(rows.map(({ object }) => object))) {
    if (closingDate && String(object.body.transactionDate) <= closingDate) {
      throw refusal(CODES.changeClosed, 'A transaction of the item is dated on or before the closing date.');
    }
    const postings = (object.body.postings as Posting[]).map((posting) =>
      posting.item === item && posting.account === from ? { ...posting, account: to } : posting,
    );
    file.amend(object, { ...object.body, postings });
  }
}

/** The base unit of a used item changes with the flag that says so (documented). @throws Failure 3170 without it */
export function keepBaseUnit({ file, entry, id, request, record, before }: Draft): void {
  const baseOf = ({ unitOfMeasureSet: set }: Json) =>
    set === undefined
      ? undefined
      : (file.find('unit-of-measure-sets', (set as Json).id as string)?.body.baseUnit as Json);
  const base = before === null ? undefined : baseOf(before.body);
  if (base === undefined || base.name === baseOf(record)?.name || request.forceUnitOfMeasureChange === true) return;
  if (isUsed(file, id)) {
    throw cannotChange(
      entry.title,
      'The item is used in transactions; another base unit needs forceUnitOfMeasureChange.',
    );
  }
}
