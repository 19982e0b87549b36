// Delete and void of transactions: the same for all resources.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { sparse } from './create.ts';
import { isClosed, requireLinkedUnlocked, requireUnlocked } from './desk-rules.ts';
import { CODES, cannotRemove, notFound, refusal } from './failures.ts';
import { unlink } from './links.ts';
import { camelCase } from './operations.ts';
import type { ResourceEntry } from './resource-entry.ts';

/** Deletes a transaction, its postings and its links. @throws Failure; nothing is deleted then */
export function remove(file: CompanyFile, entry: ResourceEntry, id: string): Json {
  const object = removable(file, entry, id, 'delete');
  const linked = unlink(file, object);
  erase(file, object, (object.body.refNumber as string | undefined) ?? null);
  linked();
  return { refNumber: object.body.refNumber ?? null, deleted: true, id };
}

/**
 * Deletes a list object that nothing refers to. The API has no such operation; passthrough and the customer can.
 *
 * @throws Failure 3160 when it is in use; nothing is deleted then
 */
export function removeListObject(file: CompanyFile, entry: ResourceEntry, id: string): { fullName: string } {
  const object = file.find(entry.path, id);
  if (object === undefined) throw notFound(id);
  requireUnlocked(file, entry, object);
  const user = userOf(file, object);
  if (user !== null) {
    throw cannotRemove(id, 'delete', `QuickBooks error message: The ${entry.title} is used by ${user}.`);
  }
  const fullName = (object.body.fullName ?? object.body.name ?? object.body.initial) as string;
  erase(file, object, fullName);
  return { fullName };
}

/** What an object is used by: another object whose body has its id, or the preferences; null for nothing. */
function userOf(file: CompanyFile, { seq, id }: StoredObject): string | null {
  const quoted = JSON.stringify(id);
  const user = file.db.get<{ resource: string; id: string }>(
    'select resource, id from conductor_quickbooksObjects where endUserId = ? and seq <> ? and instr(body, ?) > 0 order by seq',
    file.endUserId,
    seq,
    quoted,
  );
  if (user !== undefined) return `${user.resource} ${user.id}`;
  return JSON.stringify(file.preferences).includes(quoted) ? 'the preferences' : null;
}

/** Deletes an object, and lists it in the feed of deletions. A record that is gone is not open in a window. */
function erase(file: CompanyFile, object: StoredObject, label: string | null): void {
  file.db.run(
    'insert into conductor_quickbooksDeletions (endUserId, resource, id, label, createdAt, deletedAt) values (?, ?, ?, ?, ?, ?)',
    file.endUserId,
    camelCase(object.resource),
    object.id,
    label,
    object.createdAt,
    file.sandbox.clock.iso(),
  );
  file.delete(object);
  const { desk } = file;
  const locked = desk.locked.filter((id) => id !== object.id);
  if (locked.length < desk.locked.length) file.saveDesk({ ...desk, locked });
}

/** Voids a transaction: it stays, without amounts, postings and links. A second void changes nothing (our choice). */
export function voidTransaction(file: CompanyFile, entry: ResourceEntry, id: string): Json {
  const object = removable(file, entry, id, 'void');
  const stored = object.body.voided === true ? object : makeVoid(file, object);
  return {
    id,
    createdAt: file.shown(stored.createdAt),
    updatedAt: file.shown(stored.updatedAt),
    refNumber: stored.body.refNumber ?? null,
    voided: true,
  };
}

function makeVoid(file: CompanyFile, object: StoredObject): StoredObject {
  const linked = unlink(file, object);
  const record = structuredClone(object.body);
  clear(record);
  record.memo = `VOID: ${String(record.memo ?? '')}`.trimEnd();
  record.voided = true;
  delete record.links;
  delete record.postings;
  // They are rows about links.
  delete record.appliedToTransactions;
  delete record.refundAppliedToTransactions;
  const stored = file.replace(object, sparse(record));
  linked();
  return stored;
}

/** Sets every amount and quantity to zero (known of QuickBooks). */
function clear(node: Json): void {
  for (const [key, value] of Object.entries(node)) {
    if (/^(quantity|quantityInvoiced|quantityDifference|valueDifference)$/.test(key)) node[key] = 0;
    else if (/^(subtotal|salesTaxTotal|amountDue)$|amount$/i.test(key) && typeof value === 'string') node[key] = '0.00';
    else if (typeof value === 'object') for (const one of [value].flat()) clear(one as Json);
  }
}

function removable(file: CompanyFile, entry: ResourceEntry, id: string, verb: 'delete' | 'void'): StoredObject {
  const object = file.find(entry.path, id);
  if (object === undefined) throw notFound(id);
  requireUnlocked(file, entry, object);
  requireLinkedUnlocked(file, entry, object);
  if (isClosed(file, object.body.transactionDate as string | undefined)) {
    throw refusal(
      CODES.deletionClosed,
      `Cannot ${verb} the object specified by the id = "${id}". The date of the transaction is on or before the closing date of the company.`,
    );
  }
  entry.removing?.(file, object, verb);
  return object;
}
